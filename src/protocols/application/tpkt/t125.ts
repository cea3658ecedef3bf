/**
 * T.125: multipoint communication, ITU-T T.125; Remote Desktop sets up its connection with it and with T.124 (GCC) within it.
 * The first messages are in BER, the others in aligned PER, whose first six bits say which.
 */
import { NONE, type Packet } from '../../../packet/packet.ts'
import { computed } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { RDP } from './rdp.ts'

export const T125 = protocolId('t125')
export const T124 = protocolId('t124')

/** Tag of a message in BER: an application tag in two octets, 101 to 104. */
const BER_APPLICATION = 0x7f
const CONNECT_INITIAL = 101
const CONNECT_RESPONSE = 102
const CONNECT_RESULT = 104

// Messages in PER, by their number (T.125 §7, DomainMCSPDU).
const SEND_DATA_REQUEST = 25
const SEND_DATA_INDICATION = 26

/** Those by which Wireshark recognises T.125: erect domain, disconnect, attach user and join channel besides the two above. */
const RECOGNISED = new Set([1, 8, 10, 11, 14, 15, SEND_DATA_REQUEST, SEND_DATA_INDICATION])

/** Object identifier of T.124 (0.0.20.124.0.1) with its length, as GCC's connect data begins. */
const T124_OBJECT = [0x00, 0x05, 0x00, 0x14, 0x7c, 0x00, 0x01]

/** Hot. */
export function isT125(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false
  if (bytes[at] === BER_APPLICATION)
    return at + 2 <= end && bytes[at + 1] >= CONNECT_INITIAL && bytes[at + 1] <= CONNECT_RESULT
  return RECOGNISED.has(bytes[at] >> 2)
}

/** Hot: where GCC's connect data begins; -1 if there is none. */
function findT124(bytes: Uint8Array, at: number, end: number): number {
  for (let from = at; from + T124_OBJECT.length <= end; from++) {
    let i = 0
    while (i < T124_OBJECT.length && bytes[from + i] === T124_OBJECT[i]) i++
    if (i === T124_OBJECT.length) return from
  }
  return -1
}

/** The number of the message: its tag in BER, its choice in PER plus 1000. */
function kindOf(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  if (at + 2 > packet.layerEnd[layer]) return -1
  return packet.bytes[at] === BER_APPLICATION ? packet.bytes[at + 1] : 1000 + (packet.bytes[at] >> 2)
}

export const t125: Protocol = {
  id: T125,
  name: 't125',
  title: 'MULTIPOINT-COMMUNICATION-SERVICE T.125',
  need: 'dissection',
  fields: [
    computed(
      'uint32',
      't125.ConnectMCSPDU',
      'ConnectMCSPDU',
      (packet, layer, visit) => {
        const kind = kindOf(packet, layer)
        return kind >= 0 && kind < 1000 && visit(kind, 0)
      },
      {
        values: { 101: 'connect-initial', 102: 'connect-response', 103: 'connect-additional', 104: 'connect-result' },
      },
    ),
    computed('uint32', 't125.DomainMCSPDU', 'DomainMCSPDU', (packet, layer, visit) => {
      const kind = kindOf(packet, layer)
      return kind >= 1000 && visit(kind - 1000, 0)
    }),
  ],

  /** Hot. */
  decode(packet, at) {
    const { bytes, end, conversation } = packet
    packet.enter(T125, at)
    packet.payload = end
    if (at >= end) return NONE
    if (bytes[at] === BER_APPLICATION) {
      if (at + 1 >= end || bytes[at + 1] > CONNECT_RESPONSE) return NONE
      const gcc = findT124(bytes, at, end)
      if (gcc < 0) return NONE
      packet.enter(T124, gcc)
      conversation?.state.set(T125, true)
      enterUnnamed(packet, RDP, gcc)
      return NONE
    }
    const kind = bytes[at] >> 2
    if (conversation?.state.get(T125) !== true) return NONE
    // Wireshark names Remote Desktop in what the server sends, but shows it in both.
    if (kind === SEND_DATA_REQUEST) enterUnnamed(packet, RDP, at)
    else if (kind === SEND_DATA_INDICATION) packet.enter(RDP, at)
    return NONE
  },
}

/** Hot: a layer that Wireshark shows but does not list in `frame.protocols`. */
function enterUnnamed(packet: Packet, protocol: number, at: number): void {
  packet.layerRepeats[packet.layerCount] = 1
  packet.enter(protocol, at)
  packet.layerRepeats[packet.layerCount - 1] = 1
}

export const t124: Protocol = {
  id: T124,
  name: 't124',
  title: 'GENERIC-CONFERENCE-CONTROL T.124',
  need: 'dissection',
  fields: [],

  /** Hot: the layer is entered by T.125. */
  decode() {
    return NONE
  },
}
