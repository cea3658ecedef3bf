/** JA3 and JA3S: fingerprints of TLS implementations by what their hellos say. */
import { createHash } from 'node:crypto'
import { read16 } from '../../../packet/bytes.ts'
import type { Field, Visit } from '../../field.ts'
import { isGrease } from './grease.ts'
import { eachExtension, RANDOM, SERVER_HELLO, suitesAt, VERSION } from './handshake.ts'
import { each16 } from './lists.ts'
import { message } from './message-field.ts'

const SUPPORTED_GROUPS = 10
const EC_POINT_FORMATS = 11

/** The numbers of JA3 are joined without those that RFC 8701 sets aside to keep implementations tolerant. */
function withoutGrease(numbers: readonly number[]): string {
  return numbers.filter((number) => !isGrease(number)).join('-')
}

/** A JA3 fingerprint before it is hashed. */
function ja3(bytes: Uint8Array, at: number, end: number): string | null {
  if (at + RANDOM > end) return null
  const version = read16(bytes, at + VERSION)
  const types: number[] = []
  const groups: number[] = []
  const formats: number[] = []
  const suites: number[] = []
  const push = (list: number[]) => (value: number) => {
    list.push(value)
    return false
  }
  const block = suitesAt(bytes, at, end)
  if (block < 0) return null
  if (bytes[at] === SERVER_HELLO) suites.push(read16(bytes, block))
  else each16(bytes, block, end - block, push(suites))
  eachExtension(bytes, at, end, (type, value, length) => {
    types.push(type)
    if (type === SUPPORTED_GROUPS) each16(bytes, value, length, push(groups))
    if (type === EC_POINT_FORMATS) for (let i = 1; i < length && i <= bytes[value]; i++) formats.push(bytes[value + i])
    return false
  })
  if (bytes[at] === SERVER_HELLO) return `${version},${suites[0]},${types.join('-')}`
  return `${version},${withoutGrease(suites)},${withoutGrease(types)},${withoutGrease(groups)},${formats.join('-')}`
}

/** JA3 of ClientHellos, JA3S of ServerHellos: in full, and hashed. */
export function fingerprints(name: string, hello: number, label: string): Field[] {
  const read = (convert: (text: string) => string) => (bytes: Uint8Array, at: number, end: number, visit: Visit) => {
    const text = ja3(bytes, at, end)
    return text !== null && visit(convert(text), 0)
  }
  return [
    message(
      'string',
      `${name}_full`,
      [hello],
      `${label} Fullstring`,
      read((text) => text),
    ),
    message(
      'string',
      name,
      [hello],
      `${label}; its MD5`,
      read((text) => createHash('md5').update(text).digest('hex')),
    ),
  ]
}
