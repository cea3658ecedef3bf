/** What the data of each type of resource record consists of, part by part, as Wireshark reads it. */
import { read16 } from '../../../packet/bytes.ts'
import { skipName } from './name.ts'

// Types of records (IANA: DNS Parameters).
export const A = 1
export const NS = 2
export const CNAME = 5
export const SOA = 6
export const NULL = 10
export const PTR = 12
export const HINFO = 13
export const MX = 15
export const TXT = 16
export const RP = 17
export const AFSDB = 18
export const SIG = 24
export const AAAA = 28
export const SRV = 33
export const NAPTR = 35
export const DNAME = 39
export const OPT = 41
export const DS = 43
export const SSHFP = 44
export const RRSIG = 46
export const NSEC = 47
export const DNSKEY = 48
export const NSEC3 = 50
export const NSEC3PARAM = 51
export const TLSA = 52
export const CDS = 59
export const CDNSKEY = 60
export const SVCB = 64
export const HTTPS = 65
export const SPF = 99
export const TSIG = 250
export const IXFR = 251
export const AXFR = 252
export const CAA = 257

// A part is as many octets as a positive number says, or one of these.
/** A domain name. */
const NAME = -1
/** An octet with a length, and as many octets. */
const STRING = -2
/** Two octets with a length, and as many octets. */
const LONG_STRING = -3
/** Strings until the data ends. */
const STRINGS = -4
/** What is left of the data. */
const REST = -5
/** Windows of a bit map of types (RFC 4034 §4.1.2), until the data ends. */
const BIT_MAP = -6
/** Options: code, length, value (RFC 6891 §6.1.2). Parameters of a service binding have the same form (RFC 9460 §2.2). */
const OPTIONS = -7

type Shape = readonly number[]

const NAMES: Shape = [NAME]

const SHAPES = new Map<number, Shape>([
  [A, [4]],
  [NS, NAMES],
  [3, NAMES],
  [4, NAMES],
  [CNAME, NAMES],
  [SOA, [NAME, NAME, 4, 4, 4, 4, 4]],
  [7, NAMES],
  [8, NAMES],
  [9, NAMES],
  [PTR, NAMES],
  [HINFO, [STRING, STRING]],
  [14, [NAME, NAME]],
  [MX, [2, NAME]],
  [TXT, [STRINGS]],
  [RP, [NAME, NAME]],
  [AFSDB, [2, NAME]],
  [21, [2, NAME]],
  [SIG, [2, 1, 1, 4, 4, 4, 2, NAME, REST]],
  [AAAA, [16]],
  [SRV, [2, 2, 2, NAME]],
  [NAPTR, [2, 2, STRING, STRING, STRING, NAME]],
  [36, [2, NAME]],
  [DNAME, NAMES],
  [OPT, [OPTIONS]],
  [DS, [2, 1, 1, REST]],
  [SSHFP, [1, 1, REST]],
  [RRSIG, [2, 1, 1, 4, 4, 4, 2, NAME, REST]],
  [NSEC, [NAME, BIT_MAP]],
  [DNSKEY, [2, 1, 1, REST]],
  [NSEC3, [1, 1, 2, STRING, STRING, BIT_MAP]],
  [NSEC3PARAM, [1, 1, 2, STRING]],
  [TLSA, [1, 1, 1, REST]],
  [CDS, [2, 1, 1, REST]],
  [CDNSKEY, [2, 1, 1, REST]],
  [SVCB, [2, NAME, OPTIONS]],
  [HTTPS, [2, NAME, OPTIONS]],
  [SPF, [STRINGS]],
  [TSIG, [NAME, 6, 2, LONG_STRING, 2, 2, LONG_STRING]],
  [CAA, [1, STRING, REST]],
])

const UNKNOWN: Shape = [REST]

/** Types that Wireshark knows, but whose data is one part here. */
const OPAQUE = [
  NULL,
  11,
  19,
  20,
  22,
  23,
  25,
  26,
  27,
  29,
  30,
  37,
  38,
  42,
  45,
  49,
  55,
  61,
  62,
  63,
  104,
  105,
  106,
  107,
  108,
  109,
  249,
  32_769,
  65_281,
  65_282,
  65_422,
]
for (const type of OPAQUE) SHAPES.set(type, UNKNOWN)

/** Where the part asked for last lies. */
export const part = { at: 0, length: 0 }

/**
 * Hot: whether the data of a record of `type`, `length` octets at `at`, can be read to its last part. Wireshark lets a
 * part run past the data, but not past the message's `end`.
 */
export function dataFits(
  pass: number,
  bytes: Uint8Array,
  message: number,
  type: number,
  at: number,
  length: number,
  end: number,
): boolean {
  return length === 0 || walkParts(pass, bytes, message, type, at, length, end, -1) >= 0
}

/** Leaves in `part` where part `index` of the data lies; false if the data ends before it does. */
export function findPart(
  pass: number,
  bytes: Uint8Array,
  message: number,
  type: number,
  at: number,
  length: number,
  end: number,
  index: number,
): boolean {
  return length > 0 && walkParts(pass, bytes, message, type, at, length, end, index) >= 0
}

/** Hot: one past part `last` (the last of all, if -1), or -1. */
function walkParts(
  pass: number,
  bytes: Uint8Array,
  message: number,
  type: number,
  from: number,
  length: number,
  end: number,
  last: number,
): number {
  const shape = SHAPES.get(type) ?? UNKNOWN
  const until = last < 0 ? shape.length - 1 : last
  let at = from
  for (let i = 0; i <= until; i++) {
    const next = skipPart(pass, bytes, message, shape[i], at, from + length, end)
    if (next < 0) return -1
    part.at = at
    part.length = next - at
    at = next
  }
  return at
}

/** Hot: `dataEnd` is where the record says that its data ends. */
function skipPart(
  pass: number,
  bytes: Uint8Array,
  message: number,
  kind: number,
  at: number,
  dataEnd: number,
  end: number,
): number {
  if (kind > 0) return within(at + kind, end)
  switch (kind) {
    case NAME:
      return skipName(pass, bytes, message, at, end)
    case STRING:
      return at < end ? within(at + 1 + bytes[at], end) : -1
    case LONG_STRING:
      return at + 2 <= end ? within(at + 2 + read16(bytes, at), end) : -1
    case REST:
      return dataEnd < at ? -1 : within(dataEnd, end)
    case STRINGS:
      return skipRepeated(bytes, 1, at, dataEnd, end)
    case BIT_MAP:
      return skipRepeated(bytes, 2, at, dataEnd, end)
    default:
      return skipOptions(bytes, at, dataEnd, end)
  }
}

/** Hot: elements of `header` octets, the last of them a length, until they end with the data exactly. */
function skipRepeated(bytes: Uint8Array, header: number, from: number, dataEnd: number, end: number): number {
  let at = from
  while (at !== dataEnd) {
    if (at + header > end) return -1
    at += header + bytes[at + header - 1]
    if (at > end) return -1
  }
  return at
}

/** Hot. */
function skipOptions(bytes: Uint8Array, from: number, dataEnd: number, end: number): number {
  let at = from
  while (at < dataEnd) {
    if (at + 4 > end) return -1
    at += 4 + read16(bytes, at + 2)
    if (at > end) return -1
  }
  return at
}

/** Hot. */
function within(next: number, end: number): number {
  return next > end ? -1 : next
}

/** Calls `each` with each string of text data: its length octet's place. */
export function eachString(
  bytes: Uint8Array,
  from: number,
  length: number,
  end: number,
  each: (at: number) => boolean,
): boolean {
  let at = from
  while (at !== from + length && at < end) {
    if (each(at)) return true
    at += 1 + bytes[at]
  }
  return false
}

/** Calls `each` with each type that a bit map of types names. */
export function eachTypeIn(
  bytes: Uint8Array,
  from: number,
  dataEnd: number,
  end: number,
  each: (type: number) => boolean,
): boolean {
  let at = from
  while (at !== dataEnd && at + 2 <= end) {
    let type = bytes[at] << 8
    const stop = at + 2 + bytes[at + 1]
    for (at += 2; at < stop; at++) {
      if (at >= end) return false
      for (let bit = 0x80; bit !== 0; bit >>= 1, type++) if ((bytes[at] & bit) !== 0 && each(type)) return true
    }
  }
  return false
}

/** Calls `each` with each option or parameter: code, first octet of its value, the value's length. */
export function eachOption(
  bytes: Uint8Array,
  from: number,
  dataEnd: number,
  end: number,
  each: (code: number, at: number, length: number) => boolean,
): boolean {
  let at = from
  while (at < dataEnd && at + 4 <= end) {
    const length = read16(bytes, at + 2)
    if (each(read16(bytes, at), at + 4, length)) return true
    at += 4 + length
  }
  return false
}

/** The part of a record's data that is a bit map of types, or -1. */
export function bitMapPart(type: number): number {
  return (SHAPES.get(type) ?? UNKNOWN).indexOf(BIT_MAP)
}
/** Whether nothing is known of the data of such a record. */
export function isUnknown(type: number): boolean {
  return !SHAPES.has(type)
}
