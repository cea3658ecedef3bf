/**
 * memcached: its `doc/protocol.txt` (text) and "Binary Protocol Revisited", and Couchbase, which took the binary one over
 * ("Couchbase Server Memcached Binary Protocol").
 */
import { read16, read32 } from '../../../packet/bytes.ts'
import { beginsWithOneOf, digitsAt, eitherCase, isOneLineOf, lineLength } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const MEMCACHE_PORT = 11_211
const COUCHBASE_PORT = 11_210
/** Over UDP: request, sequence number, number of datagrams, and two octets that are zero. */
const UDP_HEADER = 8
const HEADER = 24
const REQUEST = 0x80
const RESPONSE = 0x81
const MAX_EXTRAS = 32
const MAX_KEY = 250
const MAX_BODY = 0x2000000
/** JSON, compressed, extended attributes. */
const MAX_DATA_TYPE = 7

/** A key, then flags, time to live and number of octets, all decimal. */
const STORING = ['set ', 'add ', 'replace ', 'append ', 'prepend ', 'cas ']
/** Others may have them; only on memcached's port. */
const SHARED = ['get ', 'gets ', 'delete ', 'incr ', 'decr ', 'touch ', 'stats', 'version', 'flush_all', 'quit', 'end']
const OWN_LINES = ['not_stored', 'stats items', 'stats slabs']
const SHARED_LINES = ['stored', 'deleted', 'not_found', 'exists', 'error', 'ok', 'touched']

export const memcache: Signature = {
  name: 'memcache',
  title: 'Memcache Protocol',
  transport: 'tcp',
  evidence: 'command or reply of memcached',
  begins: [REQUEST, RESPONSE, ...eitherCase([...STORING, ...SHARED, ...OWN_LINES, ...SHARED_LINES])],
  matches: (payload) =>
    isBinary(payload)
      ? payload.hasPort(MEMCACHE_PORT) || !payload.hasPort(COUCHBASE_PORT)
      : isText(payload, 0, payload.hasPort(MEMCACHE_PORT)),
}

export const memcacheOverUdp: Signature = {
  name: 'memcache',
  title: 'Memcache Protocol',
  transport: 'udp',
  evidence: `frame header and command or reply of memcached on port ${MEMCACHE_PORT}`,
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!payload.hasPort(MEMCACHE_PORT) || end - at < UDP_HEADER + 5 || read16(bytes, at + 6) !== 0) return false
    if (read16(bytes, at + 2) >= read16(bytes, at + 4)) return false
    return (
      lineLength(payload, UDP_HEADER) >= 3 || (bytes[at + UDP_HEADER] & 0xfe) === REQUEST || read16(bytes, at + 2) > 0
    )
  },
}

export const couchbase: Signature = {
  name: 'couchbase',
  title: 'Couchbase Protocol',
  transport: 'tcp',
  evidence: `message in memcached's binary format on port ${COUCHBASE_PORT}`,
  begins: [REQUEST, RESPONSE],
  matches: (payload) => payload.hasPort(COUCHBASE_PORT) && isBinary(payload),
}

/** Hot: lengths that fit one another: key and extras are part of the body, and a first message fills its segment. */
function isBinary({ bytes, at, end, length }: Payload): boolean {
  if (end - at < HEADER || (bytes[at] !== REQUEST && bytes[at] !== RESPONSE)) return false
  const key = read16(bytes, at + 2)
  const extras = bytes[at + 4]
  const body = read32(bytes, at + 8)
  if (key > MAX_KEY || extras > MAX_EXTRAS || bytes[at + 5] > MAX_DATA_TYPE || body > MAX_BODY) return false
  // The virtual bucket, or in a response the status; of both hardly more than a kilobyte is in use.
  if (read16(bytes, at + 6) > 0x07ff) return false
  return key + extras <= body && body + HEADER === length
}

/** Hot. */
function isText(payload: Payload, offset: number, isExpected: boolean): boolean {
  const length = lineLength(payload, offset)
  if (length < 2) return false
  if (isStoring(payload, length) || isValue(payload, length) || isOneLineOf(payload, OWN_LINES)) return true
  if (payload.startsWith('STAT pid ')) return true
  return (
    isExpected &&
    (isOneLineOf(payload, SHARED_LINES) || beginsWithOneOf(payload, SHARED) || payload.startsWith('STAT '))
  )
}

/** Hot: "set key 0 900 5": a key without spaces, and three numbers, and perhaps a fourth, or "noreply". */
function isStoring(payload: Payload, length: number): boolean {
  for (const command of STORING)
    if (payload.startsWith(command)) return numbersBehindKey(payload, command.length, length) >= 3
  return false
}

/** Hot: "VALUE key 0 5". */
function isValue(payload: Payload, length: number): boolean {
  return payload.startsWith('VALUE ') && numbersBehindKey(payload, 6, length) >= 2
}

/** Hot: decimal numbers, each with a space before it, behind the key at `offset`. */
function numbersBehindKey(payload: Payload, offset: number, length: number): number {
  let next = payload.indexOf(' ', offset)
  if (next <= offset || next > length || next - offset > MAX_KEY) return 0
  for (let numbers = 0; numbers < 5; numbers++) {
    const digits = digitsAt(payload, next + 1)
    if (!payload.startsWith(' ', next) || digits === 0) return numbers
    next += 1 + digits
    if (next >= length) return numbers + 1
  }
  return 0
}
