/**
 * CAPWAP: Control And Provisioning of Wireless Access Points, RFC 5415 §4. Data messages carry frames of wireless stations;
 * control messages are named only, and so is what DTLS protects.
 *
 *    0            1                                       octets
 *  0 | ver | type | HLEN 5 bits, radio 5, WBID 5, T F L W M K, reserved 3 |
 *  4 | fragment ID           | offset 13, reserved 3 |
 *  8 | [radio's address] | [wireless information] | data ...
 */
import { read24 } from '../packet/bytes.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { ETHERNET } from './ethernet.ts'
import { bits, flag, u16, when } from './field.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { WLAN } from './wlan.ts'

export const CAPWAP_CONTROL = protocolId('capwap')
export const CAPWAP_DATA = protocolId('capwap.data')

const CONTROL_PORT = 5246
const DATA_PORT = 5247
const HEADER_LENGTH = 8

/** The type in the preamble's low half: 1 is DTLS, the header follows three octets later and is encrypted. */
const TYPE_MASK = 0x0f
// The 24 bits behind the preamble.
const BITS = 1
const LENGTH_SHIFT = 19
const BINDING_SHIFT = 9
const BINDING_MASK = 0x1f
const IEEE_80211 = 1
const NATIVE = 0x100
const FRAGMENT = 0x80
const KEEP_ALIVE = 0x08

/** Octets of the frame control, which access points send in the other order (Wireshark's default as well). */
const FRAME_CONTROL_LENGTH = 2

function isClear(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  return at < packet.layerEnd[layer] && (packet.bytes[at] & TYPE_MASK) === 0
}

const fields = [
  bits('uint8', 'capwap.preamble.version', 0, 1, 0xf0, 'Version'),
  bits('uint8', 'capwap.preamble.type', 0, 1, TYPE_MASK, 'Type', {
    values: { 0: 'CAPWAP Header', 1: 'CAPWAP DTLS Header' },
  }),
  when(isClear, bits('uint24', 'capwap.header.length', BITS, 3, 0xf80000, 'Header Length; in units of 4 octets')),
  when(isClear, bits('uint24', 'capwap.header.rid', BITS, 3, 0x07c000, 'Radio ID')),
  when(isClear, bits('uint24', 'capwap.header.wbid', BITS, 3, 0x003e00, 'Wireless Binding ID')),
  when(isClear, bits('uint24', 'capwap.header.flags', BITS, 3, 0x0001ff, 'Header Flags', { base: 'hex' })),
  when(isClear, flag('capwap.header.flags.t', BITS, 3, NATIVE, 'Payload Type; a native frame')),
  when(isClear, flag('capwap.header.flags.f', BITS, 3, FRAGMENT, 'Fragment')),
  when(isClear, flag('capwap.header.flags.k', BITS, 3, KEEP_ALIVE, 'Keep-Alive')),
  when(isClear, u16('capwap.header.fragment.id', 4, 'Fragment ID')),
]

export const capwapControl: Protocol = {
  id: CAPWAP_CONTROL,
  name: 'capwap',
  title: 'Control And Provisioning of Wireless Access Points - Control',
  carriedBy: { 'udp.port': CONTROL_PORT },
  fields,

  /** Hot. */
  decode(packet, at) {
    packet.enter(CAPWAP_CONTROL, at)
    packet.payload = packet.end
    return NONE
  },
}

export const capwapData: Protocol = {
  id: CAPWAP_DATA,
  name: 'capwap.data',
  title: 'Control And Provisioning of Wireless Access Points - Data',
  carriedBy: { 'udp.port': DATA_PORT },
  fields,

  /** Hot. */
  decode(packet, at) {
    packet.enter(CAPWAP_DATA, at)
    const { bytes } = packet
    packet.payload = packet.end
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(CAPWAP_DATA)
    if ((bytes[at] & TYPE_MASK) !== 0) return NONE
    const header = read24(bytes, at + BITS)
    const payload = at + 4 * (header >> LENGTH_SHIFT)
    if (payload < at + HEADER_LENGTH) return packet.malformed(CAPWAP_DATA)
    if (payload > packet.end) return packet.truncated(CAPWAP_DATA)
    if ((header & KEEP_ALIVE) !== 0) return NONE
    packet.payload = payload
    if ((header & FRAGMENT) !== 0) return DATA
    if ((header & NATIVE) === 0) return ETHERNET
    return ((header >> BINDING_SHIFT) & BINDING_MASK) === IEEE_80211 && swapFrameControl(packet) ? WLAN : DATA
  },
}

/** Hot: rebuilds the 802.11 frame at `payload` in the scratch area, with its frame control in the usual order. */
function swapFrameControl(packet: Packet): boolean {
  const { bytes, payload } = packet
  const length = packet.end - payload
  const at = packet.scratchFree
  if (length < FRAME_CONTROL_LENGTH || at + length > bytes.length) return false
  bytes.copyWithin(at, payload, packet.end)
  bytes[at] = bytes[payload + 1]
  bytes[at + 1] = bytes[payload]
  packet.wireEnd = at + packet.wireEnd - payload
  packet.payload = at
  packet.end = at + length
  packet.scratchFree = packet.end
  return true
}
