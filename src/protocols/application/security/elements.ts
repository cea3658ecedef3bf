/** How a walk goes through DER: elements within elements (X.690), and the values that they hold. */
import type { Item, Scan } from '../../scan.ts'
import { element, readElement } from './asn1.ts'

// Tags of DER (X.690 §8).
export const BOOLEAN = 0x01
export const INTEGER = 0x02
export const BIT_STRING = 0x03
export const OCTET_STRING = 0x04
export const OID = 0x06
export const UTF8_STRING = 0x0c
export const PRINTABLE_STRING = 0x13
export const TELETEX_STRING = 0x14
export const IA5_STRING = 0x16
export const UTC_TIME = 0x17
export const GENERALIZED_TIME = 0x18
export const UNIVERSAL_STRING = 0x1c
export const BMP_STRING = 0x1e
export const SEQUENCE = 0x30
export const SET = 0x31
/** A member told by its number: simple, or made of other elements. */
export const CONTEXT = 0x80
export const CONSTRUCTED_CONTEXT = 0xa0

/** Elements of one sequence that are looked at. */
const MAX_ELEMENTS = 512
/** Numbers of an object identifier that are written out. */
const MAX_NUMBERS = 128

/** Where an element's contents lie. */
export interface Contents {
  readonly tag: number
  readonly at: number
  readonly end: number
}

/** The element at `at`, if it is whole; null otherwise. */
export function elementAt(bytes: Uint8Array, at: number, end: number): Contents | null {
  if (!readElement(bytes, at, end) || element.end > end) return null
  return { tag: element.tag, at: element.at, end: element.end }
}

/** The elements from `at` to `end`, one behind the other, as far as they are whole. */
export function elementsOf(bytes: Uint8Array, at: number, end: number): Contents[] {
  const found: Contents[] = []
  let next = at
  while (next < end && found.length < MAX_ELEMENTS) {
    const each = elementAt(bytes, next, end)
    if (each === null || each.end <= next) break
    found.push(each)
    next = each.end
  }
  return found
}

/** The elements within one. */
export function within(bytes: Uint8Array, { at, end }: Contents): Contents[] {
  return elementsOf(bytes, at, end)
}

/** An object identifier as text (X.690 §8.19). */
export function identifier(bytes: Uint8Array, { at, end }: Contents): string {
  const numbers: number[] = []
  let value = 0
  for (let i = at; i < end && numbers.length < MAX_NUMBERS; i++) {
    value = value * 128 + (bytes[i] & 0x7f)
    if ((bytes[i] & 0x80) !== 0) continue
    if (numbers.length === 0) {
      const root = Math.min(2, Math.floor(value / 40))
      numbers.push(root, value - 40 * root)
    } else numbers.push(value)
    value = 0
  }
  return numbers.join('.')
}

/** Text, whatever alphabet its tag says. */
export function textOf(bytes: Uint8Array, { tag, at, end }: Contents): string {
  const octets = Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.max(0, end - at))
  if (tag === BMP_STRING) {
    let text = ''
    for (let i = 0; i + 2 <= octets.length; i += 2) text += String.fromCharCode(octets.readUInt16BE(i))
    return text
  }
  if (tag === TELETEX_STRING) return octets.toString('latin1')
  return octets.toString('utf8')
}

/** The item has the octets of the contents. */
export function putOctets(scan: Scan, what: Item, { at, end }: Contents): void {
  scan.put(what, at, end - at)
}
