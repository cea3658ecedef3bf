/** Says what a file that is not a capture seems to be, and shows how it begins. */
import type { ByteSource } from '../source/source.ts'
import { CaptureError } from './errors.ts'

/** Octets shown. */
const SHOWN = 16
/** Octets that every capture has: pcap's file header is the shorter one. */
const FILE_HEADER = 24

const ESC = 0x1b

/** First octets in hexadecimal, what they mean, and what to do about it. */
const SIGNATURES: readonly (readonly [hex: string, what: string, advice?: string])[] = [
  ['fd377a585a00', 'xz-compressed data', 'decompress it first: xz -dc FILE | pcapx ... -'],
  ['425a68', 'bzip2-compressed data', 'decompress it first: bzip2 -dc FILE | pcapx ... -'],
  ['1f8b', 'gzip data of an unknown method'],
  ['1f9d', 'compress(1) data', 'decompress it first: gzip -dc FILE | pcapx ... -'],
  ['02214c18', 'LZ4 data in the legacy format', 'decompress it first: lz4 -dc FILE | pcapx ... -'],
  ['504b0304', 'a zip archive', 'take the capture out of it first: unzip -p FILE | pcapx ... -'],
  ['504b0506', 'an empty zip archive'],
  ['377abcaf271c', 'a 7-Zip archive', 'take the capture out of it first'],
  ['526172211a07', 'a RAR archive', 'take the capture out of it first'],
  ['7f454c46', 'an ELF program'],
  ['4d5a', 'a Windows program'],
  ['cafebabe', 'a Java class or macOS program'],
  ['cffaedfe', 'a macOS program'],
  ['89504e470d0a1a0a', 'a PNG image'],
  ['ffd8ff', 'a JPEG image'],
  ['47494638', 'a GIF image'],
  ['25504446', 'a PDF document'],
  ['d0cf11e0a1b11ae1', 'an old Microsoft Office document'],
  ['53514c69746520666f726d6174', 'an SQLite database'],
  ['736e6f6f70000000', 'a snoop capture of Solaris', 'convert it first: editcap -F pcap FILE OUTPUT'],
  ['474d4255', 'a Network Monitor 2 capture', 'convert it first: editcap -F pcapng FILE OUTPUT'],
  ['52545353', 'a Network Monitor 1 capture', 'convert it first: editcap -F pcapng FILE OUTPUT'],
  ['5452534e494646206461746120202020', 'a Sniffer capture', 'convert it first: editcap -F pcap FILE OUTPUT'],
  ['2321', 'a script'],
]

/** The same for text, looked for from the first octet that is not white. */
const TEXTS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^<!doctype html|^<html/i, 'HTML'],
  [/^<\?xml|^<[a-z][\w:.-]*[\s>/]/i, 'XML'],
  [/^\{\s*"|^\{\s*\}|^\[\s*[[{"\d]/, 'JSON'],
  [/^-----BEGIN /, 'PEM text, a key or a certificate'],
  [/^\d\d:\d\d:\d\d\.\d+ (IP6?|ARP|STP)\b/, 'the text that tcpdump prints, not what tcpdump -w writes'],
]

/** `first` is as much as a file header takes, or all that there is. */
export function notACapture(source: ByteSource, first: Uint8Array): CaptureError {
  const packed = source.compression === null ? '' : `${source.compression} of `
  if (first.length === 0) {
    const what = packed === '' ? 'is empty: 0 octets, not even a file header' : `is ${packed}an empty file`
    return new CaptureError('not-a-capture', what, { file: source.name, found: 0, expected: FILE_HEADER })
  }
  const [what, hint] = seems(first)
  const begins = `begins with ${hex(first)} "${printable(first)}"`
  return new CaptureError('not-a-capture', `is not a capture: it seems to be ${packed}${what} (${begins})`, {
    file: source.name,
    offset: 0,
    found: `${packed}${what}`,
    expected: 'pcap or pcapng',
    hint,
  })
}

function seems(first: Uint8Array): readonly [what: string, advice?: string] {
  const start = Buffer.from(first.subarray(0, SHOWN)).toString('hex')
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature))
  if (known !== undefined) return [known[1], known[2]]
  if (isText(first)) {
    const text = new TextDecoder()
      .decode(first)
      .replace(/^\uFEFF/, '')
      .trimStart()
    return [TEXTS.find(([pattern]) => pattern.test(text))?.[1] ?? 'text']
  }
  if (first.length < FILE_HEADER && isPcapStart(start)) return ['a capture cut off inside its file header']
  if (start.startsWith('0a0d0d0a')) return ['a pcapng capture whose section header is damaged']
  if (first.every((octet) => octet === 0)) return ['nothing but zeros']
  return ['data of an unknown kind']
}

/** A file header's first octets, with too little behind them. */
function isPcapStart(start: string): boolean {
  return ['a1b2c3d4', 'd4c3b2a1', 'a1b23c4d', '4d3cb2a1', 'a1b2cd34', '34cdb2a1', '0a0d0d0a'].some(
    (magic) => start.startsWith(magic) || magic.startsWith(start),
  )
}

/** Valid UTF-8, but for a character cut at the end, and no control characters but white space and ESC. */
function isText(octets: Uint8Array): boolean {
  for (const octet of octets)
    if (
      (octet < 0x20 && octet !== 9 && octet !== 10 && octet !== 12 && octet !== 13 && octet !== ESC) ||
      octet === 0x7f
    )
      return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(octets, { stream: true })
    return true
  } catch {
    return false
  }
}

function hex(octets: Uint8Array): string {
  const shown = Buffer.from(octets.subarray(0, SHOWN))
    .toString('hex')
    .replace(/..(?=.)/g, '$& ')
  return octets.length > SHOWN ? `${shown} ...` : shown
}

/** Octets that a terminal would act on are never shown. */
function printable(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets.subarray(0, SHOWN))
    text += octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.'
  return text
}
