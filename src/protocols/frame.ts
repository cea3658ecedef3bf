/**
 * The frame: what the capture says of a packet, before any protocol. A pseudo-layer as in Wireshark: it is never
 * entered into the layer table, and its fields are asked for once for a packet, with layer -1.
 */
import { wiresharkEncapsulation } from '../capture/link-types.ts'
import { NONE, type Packet } from '../packet/packet.ts'
import { computed, type Visit } from './field.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { formatStack } from './stack.ts'

export const FRAME = protocolId('frame')

const NANOSECONDS = 1_000_000_000

/** Hands over the time from (seconds, nanoseconds) to the packet's own, both parts with the sign of the whole. */
function sinceTime(packet: Packet, seconds: number, nanoseconds: number, visit: Visit): boolean {
  let wholeSeconds = packet.seconds - seconds
  let rest = packet.nanoseconds - nanoseconds
  if (wholeSeconds > 0 && rest < 0) {
    wholeSeconds--
    rest += NANOSECONDS
  } else if (wholeSeconds < 0 && rest > 0) {
    wholeSeconds++
    rest -= NANOSECONDS
  }
  return visit(wholeSeconds, rest)
}

export const frame: Protocol = {
  id: FRAME,
  name: 'frame',
  title: 'Frame',
  fields: [
    computed('absolute_time', 'frame.time', 'Time of capture', (packet, _layer, visit) =>
      packet.hasTime ? visit(packet.seconds, packet.nanoseconds) : false,
    ),
    // A relative time to Wireshark too: it is written, and compared, as a number of seconds.
    computed('relative_time', 'frame.time_epoch', 'Time of capture, since 1970 (UTC)', (packet, _layer, visit) =>
      packet.hasTime ? visit(packet.seconds, packet.nanoseconds) : false,
    ),
    computed(
      'relative_time',
      'frame.time_delta',
      'Time since the packet before; 0 for the first',
      (packet, _layer, visit) =>
        packet.hasTime ? sinceTime(packet, packet.previousSeconds, packet.previousNanoseconds, visit) : false,
      { need: 'times' },
    ),
    computed(
      'relative_time',
      'frame.time_relative',
      'Time since the first packet',
      (packet, _layer, visit) =>
        packet.hasTime ? sinceTime(packet, packet.firstSeconds, packet.firstNanoseconds, visit) : false,
      { need: 'times' },
    ),
    computed('uint32', 'frame.number', 'Number of the packet, from 1', (packet, _layer, visit) =>
      visit(packet.number, 0),
    ),
    computed('uint32', 'frame.len', 'Octets on the wire', (packet, _layer, visit) => visit(packet.originalLength, 0)),
    computed('uint32', 'frame.cap_len', 'Octets in the capture', (packet, _layer, visit) =>
      visit(packet.capturedLength, 0),
    ),
    computed('int16', 'frame.encap_type', "Wireshark's number of the link type", (packet, _layer, visit) =>
      visit(wiresharkEncapsulation(packet.linkType), 0),
    ),
    // Negative where the capture knows no interfaces, as in pcap.
    computed(
      'uint32',
      'frame.interface_id',
      'Index of the interface, in pcapng',
      (packet, _layer, visit) => packet.interfaceId >= 0 && visit(packet.interfaceId, 0),
    ),
    computed('string', 'frame.protocols', 'Names of the layers, outermost first', (packet, _layer, visit) =>
      visit(formatStack(packet), 0),
    ),
  ],

  /** Never called. */
  decode() {
    return NONE
  },
}
