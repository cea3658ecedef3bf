/**
 * Radiotap: what the receiver knew of an 802.11 frame (radiotap.org). LINKTYPE_IEEE802_11_RADIOTAP. All little-endian.
 *
 *    0         1      2          4                octets
 *  0 | version | 0    | length   | present (4), more of them while bit 31 is set |
 *    | values, each aligned to its size, in the order of the present bits ...
 *
 * Wireshark writes a second layer, `wlan_radio`, for the same facts in one form whatever the capture header; it has no
 * octets.
 */
import { read16le, read32le } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { computed, u8 } from './field.ts'
import { byLinkType } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'

export const RADIOTAP = protocolId('radiotap')
export const WLAN_RADIO = protocolId('wlan_radio')

const MIN_HEADER_LENGTH = 8

// Octets from the first octet of this header.
const VERSION = 0
const LENGTH = 2
const PRESENT = 4

// Bits of the present word.
const HAS_TIMER = 0x1
const HAS_FLAGS = 0x2
const HAS_MORE_WORDS = 0x8000_0000

/** The timer (TSFT) has 8 octets, aligned to 8. */
const TIMER_LENGTH = 8

// Bits of the Flags value.
const FLAG_FCS_AT_END = 0x10
const FLAG_DATA_PAD = 0x20

/** Octets of the frame check sequence. */
const FCS_LENGTH = 4

const LINKTYPE_IEEE802_11 = 105

/** The Flags value of the header at `at`; 0 if there is none. */
function flagsOf(packet: Packet, at: number): number {
  const bytes = packet.bytes
  const end = Math.min(at + read16le(bytes, at + LENGTH), packet.end)
  const present = read32le(bytes, at + PRESENT)
  if ((present & HAS_FLAGS) === 0) return 0
  let next = at + PRESENT
  while (next + 4 <= end && read32le(bytes, next) >= HAS_MORE_WORDS) next += 4
  next += 4
  // Alignment counts from the header's first octet.
  if ((present & HAS_TIMER) !== 0) next = at + ((next - at + TIMER_LENGTH - 1) & -TIMER_LENGTH) + TIMER_LENGTH
  return next < end ? bytes[next] : 0
}

/** Whether the 802.11 header of layer `layer` is padded to a multiple of four octets. */
export function hasDataPad(packet: Packet, layer: number): boolean {
  return (
    layer >= 2 &&
    packet.layerProtocol[layer - 2] === RADIOTAP &&
    (flagsOf(packet, packet.layerAt[layer - 2]) & FLAG_DATA_PAD) !== 0
  )
}

export const radiotap: Protocol = {
  id: RADIOTAP,
  name: 'radiotap',
  title: 'IEEE 802.11 Radiotap Capture header',
  carriedBy: { linktype: 127, 'sll.hatype': 803 },
  fields: [
    u8('radiotap.version', VERSION, 'Version: 0'),
    computed('uint16', 'radiotap.length', 'Octets in this header', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + LENGTH
      return at + 2 <= packet.layerEnd[layer] && visit(read16le(packet.bytes, at), 0)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(RADIOTAP, at)
    if (packet.end - at < MIN_HEADER_LENGTH) return packet.truncated(RADIOTAP)
    const length = read16le(packet.bytes, at + LENGTH)
    if (length < MIN_HEADER_LENGTH) return packet.malformed(RADIOTAP)
    if (at + length > packet.end) return packet.truncated(RADIOTAP)
    packet.payload = at + length
    const flags = flagsOf(packet, at)
    packet.enter(WLAN_RADIO, packet.payload)
    if ((flags & FLAG_FCS_AT_END) !== 0 && packet.wireEnd - FCS_LENGTH >= packet.payload)
      packet.limit(packet.wireEnd - FCS_LENGTH)
    return byLinkType[LINKTYPE_IEEE802_11]
  },
}

/** Entered by the header that has the facts, never decoded by itself. */
export const wlanRadio: Protocol = {
  id: WLAN_RADIO,
  name: 'wlan_radio',
  title: '802.11 radio information',
  fields: [],

  /** Hot. */
  decode(packet, at) {
    packet.enter(WLAN_RADIO, at)
    return byLinkType[LINKTYPE_IEEE802_11]
  },
}
