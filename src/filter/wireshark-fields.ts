/**
 * Whether Wireshark has a field: to say of a name that pcapx does not know that it is real. The names (`data/wireshark-fields.br`,
 * written by `scripts/wireshark-fields.mjs`, which says how) are only read when there is such a name.
 */
import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'

/** The file, from a source file, and from the bundles in `dist/cli/` and `dist/`. */
const PLACES = ['../../data/wireshark-fields.br', '../data/wireshark-fields.br']

const NONE_SHARED = '!'.charCodeAt(0)

/** What `name` is in Wireshark 4.0: the filter name of a field or of a protocol, or neither. */
export function wiresharkKind(name: string): 'field' | 'protocol' | undefined {
  if (!isWiresharkField(name)) return undefined
  return name.replace(/^_ws\./, '').includes('.') ? 'field' : 'protocol'
}

/** Whether Wireshark 4.0 has a field or a protocol of this name. The first time takes 0.1 s. */
export function isWiresharkField(name: string): boolean {
  const wanted = partsOf(name)
  // Lines are sorted: what a line shares with the name can only be seen from the line before, if it shares as much.
  let matched = 0
  for (const line of readLines()) {
    const shared = line.charCodeAt(0) - NONE_SHARED
    if (shared > matched) continue
    matched = shared
    const rest = partsOf(line.slice(1))
    let i = 0
    while (i < rest.length && matched < wanted.length && rest[i] === wanted[matched]) {
      i++
      matched++
    }
    if (i === rest.length && matched === wanted.length) return true
  }
  return false
}

function partsOf(text: string): readonly string[] {
  return text.match(/[A-Za-z0-9]+|[^A-Za-z0-9]/g) ?? []
}

let lines: readonly string[] | undefined

/** The lines of the file; none if an installation lacks it. */
function readLines(): readonly string[] {
  lines ??= decompress()
  return lines
}

function decompress(): readonly string[] {
  for (const place of PLACES) {
    try {
      return brotliDecompressSync(readFileSync(new URL(place, import.meta.url)))
        .toString('latin1')
        .split('\n')
    } catch {
      // Not there: the next place.
    }
  }
  return []
}
