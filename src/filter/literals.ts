/** Literals to constants: the text of a value, read as the kind of the field that it is compared with. */
import { createRequire } from 'node:module'
import type { Address4, Address6 } from 'ip-address'
import type { Field, FieldType } from '../protocols/field.ts'
import type { Constant } from './checked.ts'

/** What is wrong with a literal, for `FilterError`. */
export interface Mistake {
  readonly message: string
  readonly hint?: string
}

export type Result = Constant | Mistake

export function isMistake(result: Result): result is Mistake {
  return 'message' in result
}

/** The least and the greatest value of each integer type. */
const LIMITS: Partial<Record<FieldType, readonly [bigint, bigint]>> = {
  uint8: [0n, 0xffn],
  uint16: [0n, 0xffffn],
  uint24: [0n, 0xffffffn],
  uint32: [0n, 0xffffffffn],
  framenum: [0n, 0xffffffffn],
  uint64: [0n, 2n ** 64n - 1n],
  eui64: [0n, 2n ** 64n - 1n],
  int8: [-128n, 127n],
  int16: [-32_768n, 32_767n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
}

/** An integer in C's notation: decimal, 0x, 0b, or octal by a leading zero. Undefined if it is none. */
export function parseInteger(text: string): bigint | undefined {
  const [, sign, digits] = /^(-?)(0[xX][0-9A-Fa-f]+|0[bB][01]+|[0-9]+)$/.exec(text) ?? []
  if (digits === undefined) return undefined
  const octal = /^0[0-9]+$/.test(digits)
  if (octal && !/^[0-7]+$/.test(digits)) return undefined
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits)
  return sign === '-' ? -value : value
}

/** An integer, within the limits of `field` if one is given (a calculation has none). */
export function integer(text: string, field: Field | undefined): Result {
  const value = parseInteger(text)
  const name = field?.name ?? 'the number'
  if (value === undefined) {
    const range = /^(\w+)-(\w+)$/.exec(text)
    if (range !== null && parseInteger(range[1]) !== undefined && parseInteger(range[2]) !== undefined)
      return { message: `${text} is not a number`, hint: `a range is written in a set: in {${range[1]}..${range[2]}}` }
    if (/^0[0-9]+$/.test(text)) return { message: `${text} is not a number`, hint: 'a leading 0 means octal' }
    if (/^-?\d+\.\d+$/.test(text)) return { message: `${name} is a whole number, and ${text} is not` }
    return { message: `${text} is not a number` }
  }
  const limits = field === undefined ? undefined : LIMITS[field.type]
  if (limits !== undefined && value < limits[0])
    return { message: `${text} is too small for ${name}`, hint: `its smallest value is ${limits[0]}` }
  if (limits !== undefined && value > limits[1])
    return { message: `${text} is too big for ${name}`, hint: `its largest value is ${limits[1]}` }
  return { kind: 'integer', value: Number(value) }
}

export function wide(text: string, field: Field | undefined): Result {
  const result = integer(text, field)
  return isMistake(result) ? result : { kind: 'wide', value: parseInteger(text) as bigint }
}

export function float(text: string): Result {
  const value = parseInteger(text)
  if (value !== undefined) return { kind: 'float', value: Number(value) }
  if (!/^-?\d*\.?\d+([eE]-?\d+)?$/.test(text)) return { message: `${text} is not a number` }
  return { kind: 'float', value: Number(text) }
}

/** True and false, as a word or as a number: every number but 0 is true. */
export function boolean(text: string): Result {
  // "Set" and "Not set" are what Wireshark shows for a flag.
  const words = ['false', 'not set', 'true', 'set']
  const index = words.indexOf(text.toLowerCase())
  if (index >= 0) return { kind: 'boolean', value: index >> 1 }
  const value = parseInteger(text)
  if (value === undefined) return { message: `${text} is neither true nor false`, hint: 'use 1 or 0, or True or False' }
  return { kind: 'boolean', value: value === 0n ? 0 : 1 }
}

/** The value that Wireshark gives this name, whatever the case; undefined if there is none. */
export function valueName(text: string, field: Field | undefined): number | undefined {
  if (field?.values === undefined) return undefined
  const wanted = text.toLowerCase()
  const { whole, short } = namesOf(field)
  return whole.get(wanted) ?? short.get(wanted)
}

/** Names in small letters, and what stands before a remark in parentheses: "a" for "A (Host Address)". */
interface ValueNames {
  readonly whole: Map<string, number>
  readonly short: Map<string, number>
}

const valueNames = new WeakMap<Field, ValueNames>()

function namesOf(field: Field): ValueNames {
  let names = valueNames.get(field)
  if (names === undefined) {
    names = { whole: new Map(), short: new Map() }
    for (const [value, name] of Object.entries(field.values ?? {})) {
      const lower = name.toLowerCase()
      if (!names.whole.has(lower)) names.whole.set(lower, Number(value))
      for (let at = lower.indexOf(' ('); at >= 0; at = lower.indexOf(' (', at + 1)) {
        const short = lower.slice(0, at)
        if (!names.short.has(short)) names.short.set(short, Number(value))
      }
    }
    valueNames.set(field, names)
  }
  return names
}

// Loading the library takes 10 ms, which a filter without addresses need not pay.
let library: { Address4: typeof Address4; Address6: typeof Address6 } | undefined
function addresses(): { Address4: typeof Address4; Address6: typeof Address6 } {
  library ??= createRequire(import.meta.url)('ip-address') as { Address4: typeof Address4; Address6: typeof Address6 }
  return library
}

/** Four numbers, none of them with a leading zero: what most addresses look like, and lists of them are long. */
const PLAIN_IPV4 = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/

export function ipv4(text: string): Result {
  const plain = PLAIN_IPV4.exec(text)
  if (plain !== null) {
    const [a, b, c, d] = [Number(plain[1]), Number(plain[2]), Number(plain[3]), Number(plain[4])]
    const value = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
    if (a < 256 && b < 256 && c < 256 && d < 256) return { kind: 'ipv4', first: value, last: value }
  }
  if (/^\d+\.\d+\.\d+\.\d+(\/\d+)?$/.test(text)) {
    try {
      const address = new (addresses().Address4)(text)
      const value = address.toArray().reduce((sum, octet) => sum * 256 + octet, 0)
      const size = 2 ** (32 - address.subnetMask)
      const first = value - (value % size)
      return { kind: 'ipv4', first, last: first + size - 1 }
    } catch {
      // Said below.
    }
  }
  const bits = Number(/\/(\d+)$/.exec(text)?.[1])
  if (bits > 32) return { message: `${text} is not an IPv4 subnet`, hint: 'the prefix has at most 32 bits' }
  const hint = text.includes(':')
    ? 'this is an IPv6 address: compare it with ipv6.addr, ipv6.src or ipv6.dst'
    : /[A-Za-z]/.test(text)
      ? 'host names are not looked up: write the address'
      : 'four numbers from 0 to 255: 10.0.0.1 or 10.0.0.0/8'
  return { message: `${text} is not an IPv4 address`, hint }
}

export function ipv6(text: string): Result {
  if (text.includes(':')) {
    try {
      const address = new (addresses().Address6)(text)
      const octets = new Uint8Array(16)
      const value = address.toUnsignedByteArray()
      octets.set(value, 16 - value.length)
      return { kind: 'ipv6', octets, bits: address.subnetMask }
    } catch {
      // Said below.
    }
  }
  const bits = Number(/\/(\d+)$/.exec(text)?.[1])
  if (bits > 128) return { message: `${text} is not an IPv6 subnet`, hint: 'the prefix has at most 128 bits' }
  const hint = /^\d+\.\d+\.\d+\.\d+/.test(text)
    ? 'this is an IPv4 address: compare it with ip.addr, ip.src or ip.dst'
    : 'for example 2001:db8::1 or fe80::/10'
  return { message: `${text} is not an IPv6 address`, hint }
}

export function ether(text: string): Result {
  const octets = parseOctets(text)
  if (octets?.length === 6) return { kind: 'ether', octets, bits: 48 }
  const hint = 'six octets: 00:00:5e:00:53:01, 00-00-5e-00-53-01 or 0000.5e00.5301'
  return { message: `${text} is not an Ethernet address`, hint }
}

export function bytes(text: string): Result {
  const octets = parseOctets(text)
  if (octets !== undefined) return { kind: 'bytes', octets, bits: 8 * octets.length }
  if (/^0[xX]/.test(text)) return { message: `${text} is more than one octet`, hint: 'write the octets: 0d:0a' }
  return { message: `${text} is not a sequence of octets`, hint: 'hexadecimal octets (0d:0a) or a string ("text")' }
}

/** Octets in hexadecimal with `:`, `-`, `.` or nothing between them; a lone digit, or `0x` and one octet, is an octet too. */
function parseOctets(text: string): Uint8Array | undefined {
  const digits = /^:[0-9A-Fa-f]/.test(text) ? text.slice(1) : text
  if (/^0[xX][0-9A-Fa-f]{1,2}$/.test(digits)) return Uint8Array.of(Number(digits))
  if (/^[0-9A-Fa-f]$/.test(digits)) return Uint8Array.of(Number.parseInt(digits, 16))
  for (const separator of [':', '-', '.']) {
    const pieces = digits.split(separator)
    const size = pieces[0].length
    const even = pieces.every((piece) => piece.length === size && /^[0-9A-Fa-f]+$/.test(piece))
    if (even && (size === 2 || size === 4 || (pieces.length === 1 && size % 2 === 0)))
      return Uint8Array.from(Buffer.from(pieces.join(''), 'hex'))
    if (pieces.length > 1 && pieces.every((piece) => /^[0-9A-Fa-f]{1,2}$/.test(piece)))
      return Uint8Array.from(pieces, (piece) => Number.parseInt(piece, 16))
  }
  return undefined
}

/** Seconds, with up to nine decimals. */
export function seconds(text: string): Result {
  const [, sign, whole, decimals = ''] = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text) ?? []
  if (whole === undefined || Number(whole) > Number.MAX_SAFE_INTEGER)
    return { message: `${text} is not a time`, hint: 'seconds, with at most nine decimals: 0.25' }
  const factor = sign === '-' ? -1 : 1
  // `+ 0` turns -0 into 0.
  return {
    kind: 'time',
    seconds: factor * Number(whole) + 0,
    nanoseconds: factor * Number(decimals.padEnd(9, '0')) + 0,
  }
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

const DATE = /^(?:(\d{4})-(\d\d?)-(\d\d?)|([A-Za-z]{3})\s+(\d\d?),\s*(\d{4}))/
const TIME_OF_DAY = /^(?:[T\s]\s*(\d\d?)(?::(\d\d)(?::(\d\d)(?:\.(\d{1,9})\d*)?)?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?$/

/** A moment as ISO 8601 has it (`2024-07-04 12:34:56.789`), or as Wireshark shows it (`Jul 4, 2024 12:34:56`); in UTC. */
export function moment(text: string): Result {
  const mistake = { message: `${text} is not a date and time`, hint: 'for example "2024-07-04 12:34:56.789", in UTC' }
  const date = DATE.exec(text.trim())
  if (date === null) return mistake
  const time = TIME_OF_DAY.exec(text.trim().slice(date[0].length))
  // Wireshark wants the time of day behind the name of a month.
  if (time === null || (date[4] !== undefined && time[3] === undefined)) return mistake
  const month = date[2] === undefined ? MONTHS.indexOf(date[4].toLowerCase()) : Number(date[2]) - 1
  const [year, day] = [Number(date[1] ?? date[6]), Number(date[3] ?? date[5])]
  const [hours, minutes, seconds] = [time[1], time[2], time[3]].map((part) => Number(part ?? 0))
  if (month < 0 || month > 11 || day < 1 || day > 31 || hours > 23 || minutes > 59 || seconds > 60) return mistake
  const [, sign, zoneHours, zoneMinutes] = /^([+-])(\d\d):?(\d\d)$/.exec(time[5] ?? '') ?? []
  const offset = sign === undefined ? 0 : Number(`${sign}1`) * (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60
  return {
    kind: 'time',
    seconds: Date.UTC(year, month, day, hours, minutes, seconds) / 1000 - offset,
    nanoseconds: Number((time[4] ?? '').padEnd(9, '0')),
  }
}
