/** Amounts of TCP and UDP streams, as `Flows` counts them: the packets that `tcp.stream == N` selects. */
import type { StreamMapping, StreamTracker } from '../flow/streams.ts'
import type { Packet } from '../packet/packet.ts'
import { headerLength, TCP } from '../protocols/tcp.ts'
import { UDP, HEADER_LENGTH as UDP_HEADER_LENGTH } from '../protocols/udp.ts'
import { UDP_LITE } from '../protocols/udplite.ts'
import { FlowColumns } from './flow-columns.ts'

/** By row of the stream. */
export interface AmountsByStream {
  readonly tcp: FlowColumns
  readonly udp: FlowColumns
}

export class StreamAmounts implements AmountsByStream {
  readonly tcp = new FlowColumns()
  readonly udp = new FlowColumns()

  constructor(streams: StreamTracker) {
    for (const transport of ['tcp', 'udp'] as const) streams[transport].onClose((row) => this[transport].clear(row))
  }

  /** Hot: every transport layer counts; what an error quotes travelled the other way, and carries nothing. */
  observe(packet: Packet): void {
    const protocols = packet.layerProtocol
    for (let layer = 0; layer < packet.layerCount; layer++) {
      const protocol = protocols[layer]
      const isTcp = protocol === TCP
      if (!isTcp && protocol !== UDP && protocol !== UDP_LITE) continue
      const row = packet.layerRow[layer]
      if (row < 0) continue
      const isQuoted = layer >= packet.quotedFrom
      const header = isTcp ? headerLength(packet, layer) : UDP_HEADER_LENGTH
      const payload = isQuoted ? 0 : Math.max(0, packet.layerWireEnd[layer] - packet.layerAt[layer] - header)
      const columns = isTcp ? this.tcp : this.udp
      columns.observe(packet, row, packet.layerDirection[layer] ^ (isQuoted ? 1 : 0), payload)
    }
  }

  merge(later: AmountsByStream, mapping: StreamMapping): void {
    for (const transport of ['tcp', 'udp'] as const)
      for (let row = 0; row < later[transport].count; row++)
        if (later[transport].packetsOf(row) > 0) this[transport].add(mapping[transport][row], later[transport], row)
  }
}
