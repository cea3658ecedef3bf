/**
 * Streams: which conversation each TCP segment and UDP datagram belongs to, numbered as Wireshark numbers `tcp.stream`
 * and `udp.stream`: in the order of their first packet, every TCP or UDP header of a packet included (those inside
 * tunnels, and those that an ICMP error quotes).
 *
 * One UDP stream is one pair of endpoints; but Wireshark gives the first packet of an SNMP conversation a stream of its own,
 * and so do we, for the numbers to be the same. A TCP stream ends, and another begins on the same pair, when a SYN comes whose
 * sequence number is not the one that its direction of the stream began with (what Wireshark 4.0 does).
 *
 * A part of a capture cannot know what came before it. A tracker made with `continues` therefore begins a provisional
 * stream wherever the decision depends on that, and `merge` takes the decision then.
 */
import type { Packet } from '../packet/packet.ts'
import { IPV4, DESTINATION as V4_DESTINATION } from '../protocols/ipv4.ts'
import { IPV6, DESTINATION as V6_DESTINATION } from '../protocols/ipv6.ts'
import { TCP } from '../protocols/tcp.ts'
import { UDP } from '../protocols/udp.ts'
import { UDP_LITE } from '../protocols/udplite.ts'
import { isPlain, PLAIN_NETWORK, PLAIN_TRANSPORT } from './plain.ts'
import { type StreamOptions, TransportStreams } from './transport-streams.ts'

export type { StreamEndpoints, StreamOptions } from './transport-streams.ts'

/** For each row of the later part of a capture: the row of its stream in the whole. */
export interface StreamMapping {
  readonly tcp: Int32Array
  readonly udp: Int32Array
}

export type StreamTrackerState = ReturnType<StreamTracker['save']>

/** Numbers the streams of a capture, or of a part of one. */
export class StreamTracker {
  readonly tcp: TransportStreams
  readonly udp: TransportStreams

  constructor(options: StreamOptions = {}) {
    this.tcp = new TransportStreams(true, options)
    this.udp = new TransportStreams(false, options)
  }

  /**
   * Hot: sets `layerStream`, `layerRow` and `layerDirection` of each TCP and UDP layer; a stream of -1 means that ports were
   * cut off.
   */
  track(packet: Packet): void {
    const protocols = packet.layerProtocol
    if (isPlain(packet) && protocols[PLAIN_NETWORK] === IPV4 && protocols[PLAIN_TRANSPORT] === TCP) {
      // Who has a transport header has a whole IP header.
      this.tcp.track(packet, PLAIN_TRANSPORT, packet.layerAt[PLAIN_NETWORK], false)
      return
    }
    let network = -1
    let isV6 = false
    for (let layer = 0; layer < packet.layerCount; layer++) {
      const protocol = protocols[layer]
      if (protocol === IPV4 || protocol === IPV6) {
        isV6 = protocol === IPV6
        network = packet.layerAt[layer]
        if (network + (isV6 ? V6_DESTINATION + 16 : V4_DESTINATION + 4) > packet.layerEnd[layer]) network = -1
      } else if (protocol === TCP || protocol === UDP || protocol === UDP_LITE) {
        if (network < 0) packet.layerStream[layer] = packet.layerRow[layer] = -1
        else (protocol === TCP ? this.tcp : this.udp).track(packet, layer, network, isV6)
      }
    }
  }

  /** Absorbs the tracker of the packets after this one's. */
  merge(later: StreamTracker): StreamMapping {
    return { tcp: this.tcp.merge(later.tcp), udp: this.udp.merge(later.udp) }
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return { tcp: this.tcp.save(), udp: this.udp.save() }
  }

  /** Takes over what `save` gave of a part, of which `packetsBefore` packets came before; good for nothing but being merged. */
  load(state: StreamTrackerState, packetsBefore: number): void {
    this.tcp.load(state.tcp, packetsBefore)
    this.udp.load(state.udp, packetsBefore)
  }
}
