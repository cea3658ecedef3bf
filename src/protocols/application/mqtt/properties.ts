/** Properties of MQTT 5.0 (§2.2.2), and the numbers of variable length that it uses (§1.5.5). */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Item, Scan } from '../../scan.ts'
import { properties } from './items.ts'

const CONTENT_TYPE = 0x03
const SUBSCRIPTION_IDENTIFIER = 0x0b
export const TOPIC_ALIAS = 0x23
const MAXIMUM_QUALITY = 0x24
const USER_PROPERTY = 0x26
/** Octets of the properties that are a number. */
const NUMBERS: Readonly<Record<number, number>> = {
  1: 1,
  2: 4,
  17: 4,
  19: 2,
  23: 1,
  24: 4,
  25: 1,
  33: 2,
  34: 2,
  37: 1,
  39: 4,
  40: 1,
  41: 1,
  42: 1,
}
/** The properties that are text, or octets, behind a length of two octets. */
const TEXTS: readonly number[] = [0x08, 0x09, 0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f]

/** Octets of a number of variable length: seven bits each, the eighth says that another follows. */
const MAX_NUMBER = 4

/** Hot: octets that the number at `at` takes; 0 if its end is not there, -1 if it has none. */
export function numberLength(bytes: Uint8Array, at: number, end: number): number {
  for (let i = 0; i < MAX_NUMBER; i++) {
    if (at + i >= end) return 0
    if (bytes[at + i] < 0x80) return i + 1
  }
  return -1
}

/** Hot: that number. */
export function readNumber(bytes: Uint8Array, at: number, length: number): number {
  let value = 0
  for (let i = length - 1; i >= 0; i--) value = value * 128 + (bytes[at + i] & 0x7f)
  return value
}

/** A number of variable length; returns it, or -1 and the walk ends. */
export function variable(scan: Scan, what: Item): number {
  const length = numberLength(scan.bytes, scan.at, scan.end)
  if (length <= 0) {
    scan.stop()
    return -1
  }
  const value = readNumber(scan.bytes, scan.at, length)
  scan.put(what, what.type === 'uint64' ? BigInt(value) : value)
  scan.skip(length)
  return value
}

/** A length of two octets, and as many octets of text or content. */
export function counted(scan: Scan, length: Item, what: Item): void {
  const octets = scan.two()
  if (scan.need(2)) scan.put(length, octets)
  scan.skip(2)
  scan.add(what, octets)
}

/** The length of all properties, and each of them. */
export function scanProperties(scan: Scan, all: Item): void {
  if (!scan.need(1)) return
  scan.mark(all)
  const length = variable(scan, properties.length)
  if (!scan.need(length)) return
  const outer = scan.end
  const end = scan.at + length
  scan.end = end
  while (scan.going && scan.left > 0) scanProperty(scan)
  if (!scan.going) return
  scan.at = end
  scan.end = outer
}

function scanProperty(scan: Scan): void {
  const id = scan.octet()
  scan.add(properties.id)
  const octets = NUMBERS[id]
  if (octets !== undefined) {
    if (!scan.need(octets)) return
    scan.put(properties.number, numberOf(scan.bytes, scan.at, octets))
    scan.skip(octets)
  } else if (TEXTS.includes(id)) counted(scan, properties.textLength, properties.text)
  else if (id === SUBSCRIPTION_IDENTIFIER) variable(scan, properties.number)
  else if (id === TOPIC_ALIAS) scan.add(properties.topicAlias)
  else if (id === MAXIMUM_QUALITY) scan.add(properties.maximumQuality)
  else if (id === CONTENT_TYPE) {
    const length = scan.two()
    scan.skip(2)
    scan.add(properties.contentType, length)
  } else if (id === USER_PROPERTY) {
    counted(scan, properties.keyLength, properties.key)
    counted(scan, properties.valueLength, properties.value)
  } else scan.add(properties.unknown, scan.left)
}

function numberOf(bytes: Uint8Array, at: number, octets: number): number {
  return octets === 1 ? bytes[at] : octets === 2 ? read16(bytes, at) : read32(bytes, at)
}

/** Hot: where the value of property `wanted` begins among those from `at` to `end`; -1 if it is not there. */
export function findProperty(bytes: Uint8Array, at: number, end: number, wanted: number): number {
  let next = at
  while (next < end) {
    const id = bytes[next]
    if (id === wanted) return next + 1
    const length = valueLength(bytes, next + 1, end, id)
    if (length <= 0) return -1
    next += 1 + length
  }
  return -1
}

/** Hot: octets of the value of property `id`, at `at`; 0 or less if that cannot be told. */
function valueLength(bytes: Uint8Array, at: number, end: number, id: number): number {
  if (NUMBERS[id] !== undefined) return NUMBERS[id]
  if (id === TOPIC_ALIAS) return 2
  if (id === MAXIMUM_QUALITY) return 1
  if (id === SUBSCRIPTION_IDENTIFIER) return numberLength(bytes, at, end)
  if (at + 2 > end || (id !== CONTENT_TYPE && id !== USER_PROPERTY && !TEXTS.includes(id))) return -1
  const key = 2 + read16(bytes, at)
  if (id !== USER_PROPERTY) return key
  return at + key + 2 > end ? -1 : key + 2 + read16(bytes, at + key)
}
