/**
 * Writes `data/wireshark-fields.br`: the names of all fields and protocols that Wireshark knows, so that pcapx can say of one
 * that it does not have that it is real. `src/filter/wireshark-fields.ts` reads it. Needs tshark; run it when the version that
 * pcapx is compared with changes:
 *
 *   node scripts/wireshark-fields.mjs
 *
 * Lines in order, each without the parts it shares with the line before, whose number is its first character (from `!`): half of
 * what compressing the plain list gives is left. A part is a run of letters and digits, or one other character.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

/** A line without any shared part. */
const NONE_SHARED = '!'.charCodeAt(0)

const output = execFileSync('tshark', ['-G', 'fields'], { encoding: 'utf8', maxBuffer: 1 << 28 })
// `P, name, abbreviation` and `F, name, abbreviation, type, ...`
const names = new Set(output.split('\n').map((line) => line.split('\t')[2]))
names.delete(undefined)

const lines = []
let before = []
for (const name of [...names].sort()) {
  const parts = name.match(/[A-Za-z0-9]+|[^A-Za-z0-9]/g)
  let shared = 0
  while (shared < parts.length && parts[shared] === before[shared]) shared++
  lines.push(String.fromCharCode(NONE_SHARED + shared) + parts.slice(shared).join(''))
  before = parts
}

const plain = Buffer.from(lines.join('\n'))
const compressed = brotliCompressSync(plain, {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
  },
})
const data = new URL('../data/', import.meta.url)
mkdirSync(data, { recursive: true })
writeFileSync(new URL('wireshark-fields.br', data), compressed)
console.log(`${fileURLToPath(data)}wireshark-fields.br: ${names.size} names in ${compressed.length} octets`)
