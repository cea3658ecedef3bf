/**
 * Flow export: Cisco NetFlow (RFC 3954 for version 9) and IPFIX, RFC 7011 §3.1 (version 10).
 *
 *    0         2               4  octets
 *  0 | version | count; IPFIX: length |
 *  4 | times, sequence, source ...
 */
import { read16 } from '../../packet/bytes.ts'
import { NONE, type Packet, REJECTED } from '../../packet/packet.ts'
import { u16, when } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'

export const CFLOW = protocolId('cflow')

const VERSION = 0
const COUNT = 2

const IPFIX = 10
const VERSIONS = [1, 5, 7, 8, 9, IPFIX]

/** Hot. */
function isIpfix({ bytes, layerAt }: Packet, layer: number): boolean {
  return read16(bytes, layerAt[layer] + VERSION) === IPFIX
}

export const cflow: Protocol = {
  id: CFLOW,
  name: 'cflow',
  title: 'Cisco NetFlow/IPFIX',
  need: 'dissection',
  carriedBy: { 'udp.application': [2055, 4739, 9996] },
  fields: [
    u16('cflow.version', VERSION, 'Version'),
    when((packet, layer) => !isIpfix(packet, layer), u16('cflow.count', COUNT, 'Count; of flows or sets')),
    when(isIpfix, u16('cflow.len', COUNT, 'Length; of the message, in octets')),
  ],

  /** Hot. */
  decode(packet, at) {
    if (packet.end - at < 4 || !VERSIONS.includes(read16(packet.bytes, at + VERSION))) return REJECTED
    packet.enter(CFLOW, at)
    packet.payload = packet.end
    return NONE
  },
}
