/** Items that messages, options and records of ICMPv6 share. */
import { item, type Scan } from '../scan.ts'

export const reserved = item('bytes', 'icmpv6.reserved', 'Reserved')
export const data = item('bytes', 'icmpv6.data', 'Data')
const unknownData = item('bytes', 'icmpv6.unknown_data', 'Unknown Data')
const unknownDataNote = item('none', 'icmpv6.unknown_data.expert', 'Unknown Data (not interpreted)')
/** Wireshark gives options of RPL the same name. */
export const option = item('none', 'icmpv6.opt', 'ICMPv6 Option')
export const invalidLength = item('none', 'icmpv6.invalid_option_length', 'Invalid Option Length')

export const optionReserved = item('none', 'icmpv6.opt.reserved', 'Reserved')
export const optionPadding = item('none', 'icmpv6.opt.padding', 'Padding')

export const common = [
  reserved,
  data,
  unknownData,
  unknownDataNote,
  option,
  invalidLength,
  optionReserved,
  optionPadding,
]

/** What no format accounts for, up to `end`. */
export function unknown(scan: Scan, end: number): void {
  if (!scan.going || scan.at >= end) return
  scan.here(unknownData, end - scan.at)
  scan.mark(unknownDataNote)
}
