/** One value of a field as text, in the notation of `tshark -T fields` (4.0). */
import { formatHex, formatIpv4, formatIpv6, formatMac } from '../packet/address.ts'
import type { Packet } from '../packet/packet.ts'
import type { Field, FieldType } from './field.ts'

/** Digits of a hexadecimal value. */
const HEX_DIGITS: Partial<Record<FieldType, number>> = {
  uint8: 2,
  uint16: 4,
  uint24: 6,
  uint32: 8,
  uint64: 16,
  int8: 2,
  int16: 4,
  int32: 8,
  int64: 16,
}

/** The control characters that tshark escapes; it writes the others, quotes and backslashes as they are. */
const ESCAPES: Record<string, string> = { '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * The text of one value, given as a field's visitor gets it (see `field.ts`). It may hold control characters: whoever
 * shows it on a terminal escapes it.
 */
// biome-ignore lint/suspicious/noExplicitAny: what a value is depends on the field's type.
export function formatValue(field: Field, packet: Packet, value: any, extra: number): string {
  switch (field.type) {
    case 'none':
      return '1'
    case 'protocol':
      return field.description
    case 'boolean':
      return value === 0 ? '0' : '1'
    case 'ipv4':
      return formatIpv4(value)
    case 'ipv6':
      return formatIpv6(packet.bytes, value)
    case 'ether':
      return formatMac(packet.bytes, value)
    case 'eui64':
      return BigInt(value).toString(16).padStart(16, '0').replace(/..\B/g, '$&:')
    case 'bytes':
      // That there are no octets may have a name of its own.
      return extra === 0 ? (field.values?.[0] ?? '<MISSING>') : formatHex(packet.bytes, value, extra)
    case 'string':
      return String(value).replace(/[\b\f\n\r\t]/g, (char) => ESCAPES[char])
    case 'absolute_time':
      // A moment that stands for none has a name.
      return extra === 0 && field.values?.[value] !== undefined ? field.values[value] : formatMoment(value, extra)
    case 'relative_time':
      return formatSeconds(value, extra)
    case 'float':
      return String(Number(value.toPrecision(6)))
    case 'double':
      return String(Number(value.toPrecision(15)))
    default:
      return formatInteger(field, value)
  }
}

function formatInteger({ type, base }: Field, value: number | bigint): string {
  if (base === 'dec') return String(value)
  if (base === 'oct') return value === 0 ? '0' : `0${value.toString(8)}`
  const digits = HEX_DIGITS[type] ?? 8
  // A negative number is shown as the bits that it is stored in.
  return `0x${BigInt.asUintN(4 * digits, BigInt(value))
    .toString(16)
    .padStart(digits, '0')}`
}

/** `-0.250000000`; seconds and nanoseconds both carry the sign of the whole. */
export function formatSeconds(seconds: number, nanoseconds: number): string {
  const sign = seconds < 0 || nanoseconds < 0 ? '-' : ''
  return `${sign}${Math.abs(seconds)}.${String(Math.abs(nanoseconds)).padStart(9, '0')}`
}

/** `Jan  2, 2024 03:04:05.000000006 UTC`; the seconds since 1970 where no calendar reaches. */
function formatMoment(seconds: number, nanoseconds: number): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return formatSeconds(seconds, nanoseconds)
  const day = String(date.getUTCDate()).padStart(2)
  const time = date.toISOString().slice(-13, -5)
  const fraction = String(nanoseconds).padStart(9, '0')
  return `${MONTHS[date.getUTCMonth()]} ${day}, ${date.getUTCFullYear()} ${time}.${fraction} UTC`
}
