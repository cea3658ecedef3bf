/** Octets as `tshark -x` shows them: where, in hexadecimal, and as text. */
import { formatHex } from '../packet/address.ts'

/** Gives a stretch of a line, in hexadecimal or as text, the look of the layer that its octets belong to. */
export type PaintOctets = (text: string, layer: number) => string

/** What belongs to no layer, such as padding. */
export const NO_LAYER = -1

const OCTETS_A_LINE = 16
/** Columns of a line of 16: four digits of offset, and the gaps. */
const FULL_WIDTH = 4 + 2 + 3 * OCTETS_A_LINE - 1 + 3 + OCTETS_A_LINE
/** Digits of an offset, at least. */
export const OFFSET_DIGITS = 4

/**
 * `0010  00 87 50 7c ...   ..P|...`, a line for 16 octets, or for 8 where 16 do not fit. `owners` says for each octet
 * which layer it belongs to, `origin` is the offset of the first.
 */
export function* hexLines(
  bytes: Uint8Array,
  owners: Int16Array,
  width: number,
  paint: PaintOctets,
  origin = 0,
): Generator<string> {
  const step = width >= FULL_WIDTH ? OCTETS_A_LINE : OCTETS_A_LINE / 2
  for (let from = 0; from < bytes.length; from += step) {
    const end = Math.min(from + step, bytes.length)
    let digits = ''
    let text = ''
    // Neighbours of one layer are painted as one.
    for (let at = from; at < end; ) {
      let next = at + 1
      while (next < end && owners[next] === owners[at]) next++
      digits += (at === from ? '' : ' ') + paint(formatHex(bytes, at, next - at, ' '), owners[at])
      text += paint(printable(bytes, at, next), owners[at])
      at = next
    }
    const missing = ' '.repeat(3 * (from + step - end))
    yield `${(origin + from).toString(16).padStart(OFFSET_DIGITS, '0')}  ${digits}${missing}   ${text}`
  }
}

/** ASCII, and a dot for whatever is not a visible character of it. */
function printable(bytes: Uint8Array, at: number, end: number): string {
  let text = ''
  for (; at < end; at++) text += bytes[at] >= 0x20 && bytes[at] < 0x7f ? String.fromCharCode(bytes[at]) : '.'
  return text
}
