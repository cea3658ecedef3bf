/** The VLANs and tunnels that a flow's first packet came through: identifiers that its addresses and ports do not tell. */
import type { Packet } from '../packet/packet.ts'
import type { Field } from '../protocols/field.ts'
import { findField, protocolById } from '../protocols/index.ts'

export interface Tunnel {
  /** Wireshark's name of the protocol. */
  readonly protocol: string
  /** Its identifier of the tunnel; null if the header has none. */
  readonly id: number | null
}

export interface FlowTags {
  /** VLAN identifiers, the outermost first. */
  readonly vlans: readonly number[]
  /** The outermost first. */
  readonly tunnels: readonly Tunnel[]
}

const NO_TAGS: FlowTags = { vlans: [], tunnels: [] }

const VLAN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  vlan: ['vlan.id'],
  // Of two tags in one header the service's comes first (IEEE 802.1ad).
  ieee8021ad: ['ieee8021ad.svid', 'ieee8021ad.cvid', 'ieee8021ad.id'],
}
/** Protocols that carry other packets, and the field that tells one tunnel from another. */
const TUNNEL_FIELDS: Readonly<Record<string, string | null>> = {
  vxlan: 'vxlan.vni',
  geneve: 'geneve.vni',
  gre: 'gre.key',
  erspan: 'erspan.spanid',
  mpls: 'mpls.label',
  pppoes: 'pppoe.session_id',
  gtp: 'gtp.teid',
  ieee8021ah: 'ieee8021ah.isid',
  esp: 'esp.spi',
  l2tp: null,
  capwap: null,
}

/** The first layer with room for a tag before it, besides the link layer and IP. */
export const FIRST_TAGGED = 3

export class FlowTagTable {
  readonly #tags = new Map<number, FlowTags>()

  /** Hot where there are no tags: notes those around layer `layer` of a flow's first packet. */
  note(row: number, packet: Packet, layer: number): void {
    if (layer < FIRST_TAGGED) return
    const tags = tagsOf(packet, layer)
    if (tags.vlans.length > 0 || tags.tunnels.length > 0) this.#tags.set(row, tags)
  }

  of(row: number): FlowTags {
    return this.#tags.get(row) ?? NO_TAGS
  }

  take(row: number, later: FlowTagTable, theirs: number): void {
    const tags = later.#tags.get(theirs)
    if (tags !== undefined) this.#tags.set(row, tags)
  }

  clear(row: number): void {
    this.#tags.delete(row)
  }
}

function tagsOf(packet: Packet, end: number): FlowTags {
  const vlans: number[] = []
  const tunnels: Tunnel[] = []
  for (let layer = 0; layer < end; layer++) {
    const name = protocolById[packet.layerProtocol[layer]]?.name ?? ''
    if (name in VLAN_FIELDS) {
      for (const field of VLAN_FIELDS[name]) {
        const id = read(packet, layer, field)
        if (id !== null) vlans.push(id)
      }
    } else if (name in TUNNEL_FIELDS) tunnels.push({ protocol: name, id: read(packet, layer, TUNNEL_FIELDS[name]) })
    // IP in IP (RFC 2003) has no header of its own.
    else if ((name === 'ip' || name === 'ipv6') && layer + 1 < end) {
      const next = protocolById[packet.layerProtocol[layer + 1]]?.name
      if (next === 'ip' || next === 'ipv6') tunnels.push({ protocol: next, id: null })
    }
  }
  return { vlans, tunnels }
}

function read(packet: Packet, layer: number, name: string | null): number | null {
  const field: Field | undefined = name === null ? undefined : findField(name)?.field
  let found: number | null = null
  field?.each(packet, layer, (value) => {
    found = Number(value)
    return true
  })
  return found
}
