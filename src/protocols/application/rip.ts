/**
 * RIP: Routing Information Protocol, RFC 2453 §4 (version 2), RFC 1058 §3.1 (version 1).
 *
 *    0         1         2            4  octets
 *  0 | command | version | routing domain |
 *  4 | entries: family (2), route tag (2), address, netmask, next hop, metric (4 each) ...
 */
import { read16, read32 } from '../../packet/bytes.ts'
import { NONE } from '../../packet/packet.ts'
import { computed, type Field, u8, type ValueNames } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'

export const RIP = protocolId('rip')

// Octets from the first octet of the message.
const COMMAND = 0
const VERSION = 1
const HEADER_LENGTH = 4

// Octets from the first octet of an entry.
const FAMILY = 0
const ADDRESS = 4
const METRIC = 16
const ENTRY_LENGTH = 20

const UNSPECIFIED = 0
const INTERNET = 2

const COMMANDS: ValueNames = {
  1: 'Request',
  2: 'Response',
  3: 'Traceon',
  4: 'Traceoff',
  5: 'Vendor specific (Sun)',
}

/** A part of each entry; Wireshark shows none of a family that it does not know, as that of authentication. */
function ofEntry(
  type: 'ipv4' | 'uint16',
  name: string,
  description: string,
  read: (bytes: Uint8Array, at: number) => number,
): Field {
  return computed(type, name, description, ({ bytes, layerAt, layerEnd }, layer, visit) => {
    for (let at = layerAt[layer] + HEADER_LENGTH; at + ENTRY_LENGTH <= layerEnd[layer]; at += ENTRY_LENGTH) {
      const family = read16(bytes, at + FAMILY)
      if ((family === INTERNET || (family === UNSPECIFIED && type !== 'ipv4')) && visit(read(bytes, at), 0)) return true
    }
    return false
  })
}

export const rip: Protocol = {
  id: RIP,
  name: 'rip',
  title: 'Routing Information Protocol',
  need: 'dissection',
  carriedBy: { 'udp.application': 520 },
  fields: [
    u8('rip.command', COMMAND, 'Command', { values: COMMANDS }),
    u8('rip.version', VERSION, 'Version', { values: { 1: 'RIPv1', 2: 'RIPv2' } }),
    ofEntry('uint16', 'rip.family', 'Address Family', (bytes, at) => read16(bytes, at + FAMILY)),
    ofEntry('ipv4', 'rip.ip', 'IP Address; of the network', (bytes, at) => read32(bytes, at + ADDRESS)),
    ofEntry('uint16', 'rip.metric', 'Metric; hops to the network', (bytes, at) => read32(bytes, at + METRIC)),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(RIP, at)
    packet.payload = packet.end
    return at + HEADER_LENGTH > packet.end ? packet.truncated(RIP) : NONE
  },
}
