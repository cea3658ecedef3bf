/**
 * Who talks, and on which ports: traffic by IP address, and by port.
 *
 * A packet counts for the source and the destination of its innermost IP header; tunnels are looked into, and each packet
 * counts once. Packets without an IP layer are not counted. Of the packet that an ICMP error quotes nothing is counted.
 */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { protocolById } from '../protocols/index.ts'
import { IPV4, DESTINATION as V4_DESTINATION, SOURCE as V4_SOURCE } from '../protocols/ipv4.ts'
import { DESTINATION as V6_DESTINATION, SOURCE as V6_SOURCE } from '../protocols/ipv6.ts'
import { AddressTable } from '../tables/address-table.ts'
import { TopRows } from '../tables/top-rows.ts'
import type { Analyzer } from './analyzer.ts'
import type { AddressRows } from './destinations.ts'
import { formatted } from './formatted-addresses.ts'
import { type Traffic, TrafficColumns } from './traffic-columns.ts'

export interface EndpointTraffic extends Traffic {
  readonly address: string
}

export interface PortTraffic extends Traffic {
  /** Wireshark's name of the transport protocol: `tcp`, `udp`, `sctp`, ... */
  readonly protocol: string
  readonly port: number
}

export interface EndpointsResult {
  readonly endpoints: readonly EndpointTraffic[]
  /** Addresses that are not listed. */
  readonly omitted: number
  readonly ports: readonly PortTraffic[]
  /** Of all addresses together for which there was no room (`MAX_ADDRESSES`); null if there was for all. */
  readonly others: Traffic | null
}

const PORTS = 65_536

type State = ReturnType<Endpoints['save']>

export interface EndpointsOptions {
  /** Addresses listed at most; all, if not given. */
  readonly top?: number
  /** Addresses kept at most. */
  readonly maxAddresses?: number
}

export class Endpoints implements Analyzer<EndpointsResult>, AddressRows {
  readonly needs = []
  readonly #addresses: AddressTable
  lastDestination = -1
  readonly #top: number
  readonly #traffic = new TrafficColumns()
  // Traffic by port, for each transport protocol that occurs.
  readonly #ports = new Map<number, TrafficColumns>()
  #lastTransport = -1
  #lastPorts = new TrafficColumns()

  constructor({ top = Infinity, maxAddresses }: EndpointsOptions = {}) {
    this.#top = top
    this.#addresses = new AddressTable(maxAddresses)
  }

  get hasLeftOut(): boolean {
    return this.#addresses.isFull
  }

  get addresses(): AddressTable {
    return this.#addresses
  }

  /** Hot. */
  observe(packet: Packet): void {
    const network = packet.network
    if (network < 0) return
    const bytes = packet.bytes
    const at = packet.layerAt[network]
    const length = packet.originalLength
    const traffic = this.#traffic
    if (packet.layerProtocol[network] === IPV4) {
      const source = this.#addresses.row4(bytes, at + V4_SOURCE)
      const destination = this.#addresses.row4(bytes, at + V4_DESTINATION)
      traffic.ensure(this.#addresses.size + 1)
      traffic.count(source, destination, length)
      this.lastDestination = destination
    } else {
      const source = this.#addresses.row6(bytes, at + V6_SOURCE)
      const destination = this.#addresses.row6(bytes, at + V6_DESTINATION)
      traffic.ensure(this.#addresses.size + 1)
      traffic.count(source, destination, length)
      this.lastDestination = destination
    }
    const transport = packet.transport
    if (transport < network) return
    const ports = packet.layerAt[transport]
    if (ports + 4 > packet.layerEnd[transport]) return
    const protocol = packet.layerProtocol[transport]
    if (protocol !== this.#lastTransport) this.#lastPorts = this.#portsOf(protocol)
    this.#lastPorts.count(read16(bytes, ports), read16(bytes, ports + 2), length)
  }

  merge(later: this): void {
    const theirs = later.#addresses
    const last = theirs.isFull ? theirs.others : theirs.size - 1
    for (let row = 0; row <= last; row++) {
      const here = this.#addresses.rowOf(theirs, row)
      this.#traffic.ensure(this.#addresses.size + 1)
      this.#traffic.add(here, later.#traffic, row)
    }
    for (const [protocol, columns] of later.#ports) {
      const ours = this.#portsOf(protocol)
      for (const port of columns.used()) ours.add(port, columns, port)
    }
  }

  save() {
    return {
      addresses: this.addresses.save(),
      traffic: this.#traffic.save(),
      ports: [...this.#ports].map(([protocol, columns]) => ({ protocol, columns: columns.save() })),
    }
  }

  load(state: State): void {
    this.addresses.load(state.addresses)
    this.#traffic.load(state.traffic)
    for (const { protocol, columns } of state.ports) this.#portsOf(protocol).load(columns)
  }

  /** Most packets first; ties by bytes, then by address or port. */
  result(): EndpointsResult {
    const text = formatted(this.#addresses)
    const top = new TopRows(this.#top, (a, b) => this.#traffic.compare(a, b) || (text(a) < text(b) ? -1 : 1))
    for (let row = 0; row < this.#addresses.size; row++) top.add(row)
    const rows = top.rows()
    const endpoints = rows.map((row) =>
      this.#traffic.describe(row, (...traffic) => ({ address: text(row), ...trafficOf(...traffic) })),
    )
    const ports: PortTraffic[] = []
    for (const [id, columns] of this.#ports) {
      const protocol = protocolById[id]?.name ?? ''
      for (const port of columns.used())
        ports.push(columns.describe(port, (...traffic) => ({ protocol, port, ...trafficOf(...traffic) })))
    }
    ports.sort(
      (a, b) => b.packets - a.packets || b.bytes - a.bytes || a.port - b.port || (a.protocol < b.protocol ? -1 : 1),
    )
    return { endpoints, omitted: top.offered - rows.length, ports, others: this.#others() }
  }

  #others(): Traffic | null {
    const { others, isFull } = this.#addresses
    if (!isFull) return null
    const traffic = this.#traffic.describe(others, trafficOf)
    return traffic.packets === 0 ? null : traffic
  }

  #portsOf(protocol: number): TrafficColumns {
    let columns = this.#ports.get(protocol)
    if (columns === undefined) {
      columns = new TrafficColumns()
      columns.ensure(PORTS)
      this.#ports.set(protocol, columns)
    }
    this.#lastTransport = protocol
    this.#lastPorts = columns
    return columns
  }
}

function trafficOf(packets: number, bytes: number, txPackets: number, txBytes: number): Traffic {
  return {
    packets,
    bytes,
    txPackets,
    txBytes,
    rxPackets: packets - txPackets,
    rxBytes: bytes - txBytes,
  }
}
