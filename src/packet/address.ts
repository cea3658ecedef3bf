/** Addresses as text. Not hot: called for what is shown, never for each packet. */
import { read16, read32 } from './bytes.ts'

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'))

/** Octets as hexadecimal digits, `separator` between octets. */
export function formatHex(bytes: Uint8Array, at: number, length: number, separator = ''): string {
  let text = ''
  for (let i = 0; i < length; i++) text += (i === 0 ? '' : separator) + HEX[bytes[at + i]]
  return text
}

/** `00:00:5e:00:53:01` */
export function formatMac(bytes: Uint8Array, at: number): string {
  return formatHex(bytes, at, 6, ':')
}

/** `192.0.2.1`, of an unsigned (or signed) 32-bit number. */
export function formatIpv4(address: number): string {
  return `${(address >>> 24) & 255}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`
}

/** RFC 5952: lower case, the longest run of two or more zero groups as `::`; IPv4-mapped and -compatible ends as dotted quads. */
export function formatIpv6(bytes: Uint8Array, at: number): string {
  let bestAt = -1
  let bestLength = 1
  for (let i = 0; i < 8; i++) {
    let n = 0
    while (i + n < 8 && read16(bytes, at + 2 * (i + n)) === 0) n++
    if (n > bestLength) {
      bestAt = i
      bestLength = n
    }
    if (n > 0) i += n - 1
  }
  // inet_ntop, and so tshark, writes ::ffff:192.0.2.1 and ::192.0.2.1, but ::1 and :: as they are.
  const dotted =
    bestAt === 0 && (bestLength === 6 || (bestLength === 5 && read16(bytes, at + 10) === 0xffff))
      ? formatIpv4(read32(bytes, at + 12))
      : null
  let text = ''
  const groups = dotted === null ? 8 : 6
  for (let i = 0; i < groups; i++) {
    if (i === bestAt) {
      text += '::'
      i += bestLength - 1
      continue
    }
    if (text !== '' && !text.endsWith(':')) text += ':'
    text += read16(bytes, at + 2 * i).toString(16)
  }
  if (dotted !== null) text += (text.endsWith(':') ? '' : ':') + dotted
  return text
}

/** The same of an address given as four words of 32 bits, as tables keep it. */
export function formatIpv6Words(...words: readonly [number, number, number, number]): string {
  const octets = new Uint8Array(16)
  const view = new DataView(octets.buffer)
  for (const [i, word] of words.entries()) view.setInt32(4 * i, word)
  return formatIpv6(octets, 0)
}
