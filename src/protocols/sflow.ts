/**
 * sFlow version 5: the first octets of sampled packets, and counters (sflow.org, "sFlow Version 5", July 2004).
 * The sampled packets are decoded, as layers that the packet only tells of. Older versions are named only.
 *
 *    0         4              8 or 20                                  octets
 *  0 | version | address type | agent's address | sub-agent | sequence | uptime | samples | sample ...
 *
 * A sample: | format | length | sequence | source | rate | pool | drops | input | output | records | record ...
 * A record: | format | length | data ... , of a raw header: | protocol | frame length | stripped | header length | header ...
 */
import { read32 } from '../packet/bytes.ts'
import { MAX_LAYERS, NONE, type Packet } from '../packet/packet.ts'
import { DATA } from './data.ts'
import { ETHERNET } from './ethernet.ts'
import { computed, u32, type Visit, when } from './field.ts'
import { IPV4 } from './ipv4.ts'
import { IPV6 } from './ipv6-id.ts'
import { type Protocol, protocolId, registered } from './protocol.ts'

export const SFLOW = protocolId('sflow')

const VERSION = 0
const ADDRESS_TYPE = 4
const ADDRESS = 8
const VERSION_5 = 5
const VERSIONS: readonly number[] = [2, 4, VERSION_5]
const IPV4_AGENT = 1
const IPV6_AGENT = 2

// Octets from the end of the agent's address.
const SUB_AGENT = 0
const SEQUENCE = 4
const UPTIME = 8
const SAMPLES = 12
const FIRST_SAMPLE = 16

/** Octets of the format and the length before each sample and each record. */
const ELEMENT_HEADER_LENGTH = 8
const FLOW_SAMPLE = 1
const EXPANDED_FLOW_SAMPLE = 3
/** Where the number of records stands in either kind of flow sample; the records follow it. */
const RECORDS = 28
const EXPANDED_RECORDS = 40
const RAW_HEADER = 1
/** Within a raw header record. */
const FRAME_LENGTH = 4
const STRIPPED = 8
const HEADER_LENGTH = 12
const HEADER = 16

/** What a raw header begins with, by its protocol number. */
const HEADER_PROTOCOLS: Readonly<Record<number, number>> = { 1: ETHERNET, 11: IPV4, 12: IPV6 }

/** Sampled packets decoded of one datagram. */
const MAX_SAMPLES = 64
/** A decoder may enter this many layers before the loop looks again. */
const LAYERS_PER_DECODER = 4

/** Where the agent's address ends; -1 if it is of no known type. */
function addressEnd(packet: Packet, at: number): number {
  const type = read32(packet.bytes, at + ADDRESS_TYPE)
  if (type === IPV4_AGENT) return at + ADDRESS + 4
  return type === IPV6_AGENT ? at + ADDRESS + 16 : -1
}

function isAgent(type: number): (packet: Packet, layer: number) => boolean {
  return (packet, layer) => {
    const at = packet.layerAt[layer]
    return at + ADDRESS <= packet.layerEnd[layer] && read32(packet.bytes, at + ADDRESS_TYPE) === type
  }
}

/** A number `offset` octets behind the agent's address. */
function behindAddress(name: string, offset: number, description: string) {
  return computed('uint32', name, description, (packet: Packet, layer: number, visit: Visit) => {
    const at = packet.layerAt[layer]
    if (at + ADDRESS > packet.layerEnd[layer]) return false
    const end = addressEnd(packet, at)
    return end >= 0 && end + offset + 4 <= packet.layerEnd[layer] && visit(read32(packet.bytes, end + offset), 0)
  })
}

export const sflow: Protocol = {
  id: SFLOW,
  name: 'sflow',
  title: 'InMon sFlow',
  carriedBy: { 'udp.port': 6343 },
  fields: [
    u32('sflow_245.version', VERSION, 'Datagram version'),
    u32('sflow_245.agenttype', ADDRESS_TYPE, 'Agent address type'),
    when(
      isAgent(IPV4_AGENT),
      computed('ipv4', 'sflow_245.agent', 'Agent address', (packet, layer, visit) => {
        const at = packet.layerAt[layer] + ADDRESS
        return at + 4 <= packet.layerEnd[layer] && visit(read32(packet.bytes, at), 0)
      }),
    ),
    when(
      isAgent(IPV6_AGENT),
      computed('ipv6', 'sflow_245.agent.v6', 'Agent address', (packet, layer, visit) => {
        const at = packet.layerAt[layer] + ADDRESS
        return at + 16 <= packet.layerEnd[layer] && visit(at, 16)
      }),
    ),
    behindAddress('sflow_245.sub_agent_id', SUB_AGENT, 'Sub-agent ID'),
    behindAddress('sflow_245.sequence_number', SEQUENCE, 'Sequence number'),
    behindAddress('sflow_245.sysuptime', UPTIME, 'SysUptime; milliseconds'),
    behindAddress('sflow_245.numsamples', SAMPLES, 'NumSamples'),
  ],

  /** Hot. */
  decode(packet, at) {
    const { end, wireEnd } = packet
    const version = end - at < VERSION + 4 ? 0 : read32(packet.bytes, at + VERSION)
    if (!VERSIONS.includes(version)) return DATA
    packet.enter(SFLOW, at)
    packet.payload = end
    if (end - at < ADDRESS) return packet.truncated(SFLOW)
    if (version !== VERSION_5) return NONE
    const address = addressEnd(packet, at)
    if (address < 0 || address + FIRST_SAMPLE > end) return NONE
    let sample = address + FIRST_SAMPLE
    let left = Math.min(read32(packet.bytes, address + SAMPLES), MAX_SAMPLES)
    while (left-- > 0 && sample + ELEMENT_HEADER_LENGTH <= end) {
      const format = read32(packet.bytes, sample)
      const next = sample + ELEMENT_HEADER_LENGTH + read32(packet.bytes, sample + 4)
      if (format === FLOW_SAMPLE || format === EXPANDED_FLOW_SAMPLE)
        decodeRecords(packet, sample, format === FLOW_SAMPLE ? RECORDS : EXPANDED_RECORDS, Math.min(next, end))
      sample = next
    }
    packet.end = end
    packet.wireEnd = wireEnd
    packet.payload = end
    return NONE
  },
}

/** Hot: decodes the sampled packets of the flow sample at `sample`, which ends at `end`. */
function decodeRecords(packet: Packet, sample: number, records: number, end: number): void {
  const { bytes } = packet
  const count = sample + ELEMENT_HEADER_LENGTH + records
  if (count + 4 > end) return
  let left = Math.min(read32(bytes, count), MAX_SAMPLES)
  let record = count + 4
  while (left-- > 0 && record + ELEMENT_HEADER_LENGTH <= end) {
    const data = record + ELEMENT_HEADER_LENGTH
    if (read32(bytes, record) === RAW_HEADER && data + HEADER <= end) decodeHeader(packet, data, end)
    record = data + read32(bytes, record + 4)
  }
}

/** Hot: decodes a sampled packet, of which only the first octets are there. */
function decodeHeader(packet: Packet, data: number, end: number): void {
  const { bytes } = packet
  let next: number = HEADER_PROTOCOLS[read32(bytes, data)] ?? NONE
  const length = read32(bytes, data + HEADER_LENGTH)
  const at = data + HEADER
  packet.end = Math.min(end, at + length)
  const onWire = read32(bytes, data + FRAME_LENGTH) - read32(bytes, data + STRIPPED)
  packet.wireEnd = Math.max(packet.end, at + Math.min(Math.max(onWire, 0), 0x10_0000))
  packet.payload = at
  packet.quote()
  while (next !== NONE && packet.layerCount <= MAX_LAYERS - LAYERS_PER_DECODER)
    next = registered[next]?.decode(packet, packet.payload) ?? NONE
}
