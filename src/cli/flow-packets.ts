/** Which packets are of the chosen streams; and which only turn out to be, the earlier fragments of a datagram. */
import type { StreamName } from '../flow/stream-name.ts'
import type { StreamTracker } from '../flow/streams.ts'
import type { Packet } from '../packet/packet.ts'
import { IPV4 } from '../protocols/ipv4.ts'
import { FRAGMENT } from '../protocols/ipv6-extension.ts'
import { TCP } from '../protocols/tcp.ts'
import { UDP } from '../protocols/udp.ts'
import { UDP_LITE } from '../protocols/udplite.ts'
import { type Side, streamFilter } from './stream-selection.ts'

/** A chosen stream that packets of were met. */
interface Met {
  /** Of the stream, in the tracker. */
  readonly row: number
  /** The direction in which the client sends, as it was known at the first packet. */
  readonly clientDirection: number
}

export class FlowPackets {
  readonly #names: readonly StreamName[]
  readonly #side: Side
  readonly #met: Readonly<Record<StreamName['protocol'], Map<number, Met | null>>> = {
    tcp: new Map(),
    udp: new Map(),
  }

  constructor(names: readonly StreamName[], side: Side) {
    this.#names = names
    this.#side = side
    for (const { protocol, stream } of names) this.#met[protocol].set(stream, null)
  }

  /**
   * Hot: whether a TCP or UDP header in the packet is of a chosen stream and side. As for the display filter `tcp.stream`, every
   * header counts: outside and inside of tunnels, and in what an ICMP error quotes.
   */
  includes(packet: Packet, streams: StreamTracker): boolean {
    for (let layer = 0; layer < packet.layerCount; layer++) {
      const protocol = packet.layerProtocol[layer]
      if (protocol === TCP) {
        if (this.#isChosen('tcp', packet, layer, streams)) return true
      } else if ((protocol === UDP || protocol === UDP_LITE) && this.#isChosen('udp', packet, layer, streams))
        return true
    }
    return false
  }

  #isChosen(protocol: StreamName['protocol'], packet: Packet, layer: number, streams: StreamTracker): boolean {
    const number = packet.layerStream[layer]
    const met = this.#met[protocol].get(number)
    if (met === undefined) return false
    const row = packet.layerRow[layer]
    if (met === null) this.#met[protocol].set(number, { row, clientDirection: streams[protocol].clientDirection(row) })
    if (this.#side === 'both') return true
    const isClient = packet.layerDirection[layer] === streams[protocol].clientDirection(row)
    return isClient === (this.#side === 'client')
  }

  /** Those that no packet was of. */
  get missing(): readonly StreamName[] {
    return this.#names.filter(({ protocol, stream }) => this.#met[protocol].get(stream) === null)
  }

  /** Streams of which the client is a guess, or became known only after packets of theirs had been taken. */
  doubtful(streams: StreamTracker): readonly StreamName[] {
    if (this.#side === 'both') return []
    return this.#names.filter(({ protocol, stream }) => {
      const met = this.#met[protocol].get(stream)
      if (met === null || met === undefined) return false
      const { clientDirection, guessed } = streams[protocol].endpoints(met.row)
      return protocol === 'tcp' && (guessed || clientDirection !== met.clientDirection)
    })
  }

  /** What selects the same packets in Wireshark, but for the earlier fragments. */
  filter(streams: StreamTracker): string {
    const parts = this.#names.map((name) => this.#filterOf(name, streams))
    return parts.length === 1
      ? parts[0]
      : parts.map((part) => (part.includes(' and ') ? `(${part})` : part)).join(' or ')
  }

  #filterOf(name: StreamName, streams: StreamTracker): string {
    const { protocol } = name
    const met = this.#met[protocol].get(name.stream)
    const stream = streamFilter(name)
    if (this.#side === 'both' || met === null || met === undefined) return stream
    const { address, port } = streams[protocol].endpoints(met.row)[this.#side]
    const ip = address.includes(':') ? 'ipv6' : 'ip'
    return `${stream} and ${ip}.src eq ${address} and ${protocol}.srcport eq ${port}`
  }
}

/** IPv4: where flags and offset of a fragment are, and the bits of both that make it one (RFC 791 §3.1). */
const FRAGMENT_FIELD = 6
const FRAGMENT_BITS = 0x3fff
/** The same in IPv6's fragment header (RFC 8200 §4.5). */
const FRAGMENT_FIELD_6 = 2
const FRAGMENT_BITS_6 = 0xfff9

/** Whether the layer is an IP header of the packet itself that says that a fragment follows. */
function isFragment(packet: Packet, layer: number): boolean {
  const protocol = packet.layerProtocol[layer]
  if ((protocol !== IPV4 && protocol !== FRAGMENT) || layer >= packet.quotedFrom) return false
  const at = packet.layerAt[layer] + (protocol === IPV4 ? FRAGMENT_FIELD : FRAGMENT_FIELD_6)
  if (at + 2 > packet.layerEnd[layer]) return false
  const bits = (packet.bytes[at] << 8) | packet.bytes[at + 1]
  return (bits & (protocol === IPV4 ? FRAGMENT_BITS : FRAGMENT_BITS_6)) !== 0
}

/** Hot: whether the packet holds a fragment of a datagram that it does not complete. */
export function isOpenFragment(packet: Packet): boolean {
  for (let layer = 0; layer < packet.layerCount; layer++)
    if (isFragment(packet, layer) && packet.assemblyOf(layer) === null) return true
  return false
}

const NONE: readonly number[] = []

/** Hot: numbers of the earlier packets whose fragments this one completed to datagrams. */
export function earlierFragments(packet: Packet): readonly number[] {
  let numbers: Set<number> | null = null
  for (let layer = 0; layer < packet.layerCount; layer++) {
    if (!isFragment(packet, layer)) continue
    numbers ??= new Set()
    for (const { number } of packet.assemblyOf(layer)?.fragments ?? []) numbers.add(number)
  }
  if (numbers === null) return NONE
  numbers.delete(packet.number)
  return [...numbers]
}
