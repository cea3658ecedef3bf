/** Whether octets are a whole message in DNS's format, told from them alone: RFC 1035 §4.1. */
import { read16 } from '../../../packet/bytes.ts'

export const DNS_HEADER = 12
const MAX_LABEL = 63
const MAX_NAME = 255
const POINTER = 0xc0
/** More records than this in a message are no message. */
const MAX_RECORDS = 128

// The flags (RFC 1035 §4.1.1): what a query leaves 0 (AA, TC, RA and RCODE), what every message does (OPCODE and Z).
const RESPONSE = 0x8000
const ONLY_IN_RESPONSES = 0x068f
const OPCODE_AND_RESERVED = 0x7840
const RCODE = 0x000f
const LAST_RCODE = 11
/** A query has at most a signature and EDNS's options behind its question. */
const MAX_ADDITIONAL = 2

/** NB of NetBIOS (RFC 1002 §4.2.1.2), assigned to nothing else. */
const NETBIOS_NAME = 32
const LAST_COMMON_TYPE = 65
const INTERNET = 1
const CHAOS = 3
const HESIOD = 4
const ANY = 255

/** Hot: types that are asked for: those of hosts and zones, SPF, TKEY to ANY and CAA, DNSSEC's trust anchors. */
function isType(type: number): boolean {
  if (type >= 1 && type <= LAST_COMMON_TYPE) return type !== NETBIOS_NAME
  return type === 99 || (type >= 249 && type <= 258) || type === 32_768 || type === 32_769
}

/** Hot: one past the name at `at`; 0 if that is no name of printable labels, -1 if it is cut off. */
function nameEnd(bytes: Uint8Array, at: number, end: number, maySkip: boolean): number {
  for (let i = at; i < end; i += bytes[i] + 1) {
    if (bytes[i] === 0) return i + 1
    if (bytes[i] >= POINTER) return maySkip ? i + 2 : 0
    if (bytes[i] > MAX_LABEL || i - at > MAX_NAME) return 0
    for (let letter = i + 1; letter <= i + bytes[i] && letter < end; letter++)
      if (bytes[letter] <= 0x20 || bytes[letter] >= 0x7f) return 0
  }
  return -1
}

/**
 * Hot: whether a message of `length` octets that begins at `at` is a query or response with one question, well-formed to its
 * last octet, or as far as it was captured.
 */
export function isWholeMessage(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (end - at < DNS_HEADER + 5 || read16(bytes, at + 4) !== 1) return false
  const flags = read16(bytes, at + 2)
  if ((flags & OPCODE_AND_RESERVED) !== 0 || (flags & RCODE) > LAST_RCODE) return false
  const answers = read16(bytes, at + 6)
  const additional = read16(bytes, at + 10)
  const records = answers + read16(bytes, at + 8) + additional
  if (records > MAX_RECORDS) return false
  if ((flags & RESPONSE) === 0 && ((flags & ONLY_IN_RESPONSES) !== 0 || records !== additional)) return false
  if ((flags & RESPONSE) === 0 && additional > MAX_ADDITIONAL) return false
  const question = nameEnd(bytes, at + DNS_HEADER, end, false)
  if (question <= 0 || question + 4 > end || !isType(read16(bytes, question))) return false
  const questionClass = read16(bytes, question + 2)
  if (questionClass !== INTERNET && questionClass !== CHAOS && questionClass !== HESIOD && questionClass !== ANY)
    return false
  let record = question + 4
  for (let i = 0; i < records; i++) {
    const fixed = record < end ? nameEnd(bytes, record, end, true) : -1
    // Type, class, time to live and the length of the data; all before was as it should be, if the octets end here.
    if (fixed === 0) return false
    if (fixed < 0 || fixed + 10 > end) return end - at < length && record - at < length
    record = fixed + 10 + read16(bytes, fixed + 8)
  }
  return record - at === length
}
