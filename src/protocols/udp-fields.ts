/** What UDP and UDP-Lite have in common behind their headers: the state of the checksum, the stream, its times, the data. */
import type { Packet } from '../packet/packet.ts'
import { CHECKSUM_ILLEGAL, checksumStatusNames } from './checksum.ts'
import { absent, computed, type Each, type Field } from './field.ts'
import { streamField } from './stream-field.ts'

/** Octets in the header of both. */
const UDP_HEADER_LENGTH = 8

/**
 * One past the data. The datagram's own length may be less than what IP carries; Wireshark's payload is all of that.
 */
function dataEnd(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  if (layer === 0) return end
  // What was put together from fragments lies elsewhere than the layer around it.
  const assembly = packet.assemblyOf(layer - 1)
  if (assembly !== null) return Math.max(end, assembly.at + assembly.length)
  return packet.layerAt[layer - 1] < at ? Math.max(end, packet.layerEnd[layer - 1]) : end
}

/** Where the data of a datagram begins that has some, and was captured to it; -1 otherwise. */
function dataAt(packet: Packet, layer: number, isSound: (packet: Packet, layer: number) => boolean): number {
  const at = packet.layerAt[layer] + UDP_HEADER_LENGTH
  return at < dataEnd(packet, layer) && isSound(packet, layer) ? at : -1
}

const NANOSECONDS_PER_SECOND = 1_000_000_000

function timeField(name: string, description: string, isFirst: boolean): Field {
  const each: Each = (packet, layer, visit) => {
    const { number } = packet.layerTimes
    if (number[layer] <= 0) return false
    const { seconds, nanoseconds, previousSeconds, previousNanoseconds } = packet.layerTimes
    let whole = packet.seconds - (isFirst ? seconds[layer] : previousSeconds[layer])
    let part = packet.nanoseconds - (isFirst ? nanoseconds[layer] : previousNanoseconds[layer])
    // Both have the sign of the whole.
    if (whole > 0 && part < 0) {
      whole--
      part += NANOSECONDS_PER_SECOND
    } else if (whole < 0 && part > 0) {
      whole++
      part -= NANOSECONDS_PER_SECOND
    }
    return visit(whole, part)
  }
  return computed('relative_time', name, description, each, { need: 'udpTimes' })
}

/**
 * The fields. `checksumStatus` is one of `CHECKSUM_*`, or -1 where the checksum was not captured; `isSound` says whether Wireshark
 * reads on behind the length.
 */
export function datagramFields(
  checksumStatus: (packet: Packet, layer: number) => number,
  isSound: (packet: Packet, layer: number) => boolean,
): readonly Field[] {
  return [
    computed(
      'none',
      'udp.checksum.zero',
      'Illegal checksum value (0)',
      (packet, layer, visit) => checksumStatus(packet, layer) === CHECKSUM_ILLEGAL && visit(0, 0),
    ),
    computed(
      'uint8',
      'udp.checksum.status',
      'Checksum Status',
      (packet, layer, visit) => {
        const status = checksumStatus(packet, layer)
        return status >= 0 && visit(status, 0)
      },
      { values: checksumStatusNames },
    ),
    streamField('udp.stream'),
    // A preference has to say that checksums are to be verified.
    absent('uint16', 'udp.checksum_calculated', 'Calculated Checksum', { base: 'hex' }),
    absent('none', 'udp.checksum.bad', 'Bad checksum'),
    timeField('udp.time_relative', 'Time since first frame; of the stream', true),
    timeField('udp.time_delta', 'Time since previous frame; of the stream', false),
    computed('bytes', 'udp.payload', 'Payload', (packet, layer, visit) => {
      const at = dataAt(packet, layer, isSound)
      return at >= 0 && visit(at, dataEnd(packet, layer) - at)
    }),
    // Only a dissector of PDUs in datagrams, or IPFIX of processes, would tell.
    absent('uint32', 'udp.pdu.size', 'PDU Size'),
    absent('uint32', 'udp.proc.srcuid', 'Source process user ID'),
    absent('uint32', 'udp.proc.srcpid', 'Source process ID'),
    absent('string', 'udp.proc.srcuname', 'Source process user name'),
    absent('string', 'udp.proc.srccmd', 'Source process name'),
    absent('uint32', 'udp.proc.dstuid', 'Destination process user ID'),
    absent('uint32', 'udp.proc.dstpid', 'Destination process ID'),
    absent('string', 'udp.proc.dstuname', 'Destination process user name'),
    absent('string', 'udp.proc.dstcmd', 'Destination process name'),
  ]
}
