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
import type { Analyzer } from './analyzer.ts'
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
  readonly ports: readonly PortTraffic[]
}

const PORTS = 65_536

export class Endpoints implements Analyzer<EndpointsResult> {
  readonly needs = []
  readonly #addresses = new AddressTable()
  readonly #traffic = new TrafficColumns()
  // Traffic by port, for each transport protocol that occurs.
  readonly #ports = new Map<number, TrafficColumns>()
  #lastTransport = -1
  #lastPorts = new TrafficColumns()

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
      traffic.ensure(this.#addresses.size)
      traffic.count(source, destination, length)
    } else {
      const source = this.#addresses.row6(bytes, at + V6_SOURCE)
      const destination = this.#addresses.row6(bytes, at + V6_DESTINATION)
      traffic.ensure(this.#addresses.size)
      traffic.count(source, destination, length)
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
    for (let row = 0; row < later.#addresses.size; row++) {
      const here = this.#addresses.rowOf(later.#addresses, row)
      this.#traffic.ensure(this.#addresses.size)
      this.#traffic.add(here, later.#traffic, row)
    }
    for (const [protocol, theirs] of later.#ports) {
      const ours = this.#portsOf(protocol)
      for (const port of theirs.used()) ours.add(port, theirs, port)
    }
  }

  /** Most packets first; ties by bytes, then by address or port. */
  result(): EndpointsResult {
    const endpoints: EndpointTraffic[] = []
    for (let row = 0; row < this.#addresses.size; row++)
      endpoints.push(
        this.#traffic.describe(row, (packets, bytes, txPackets, txBytes) => ({
          address: this.#addresses.format(row),
          packets,
          bytes,
          txPackets,
          txBytes,
          rxPackets: packets - txPackets,
          rxBytes: bytes - txBytes,
        })),
      )
    endpoints.sort((a, b) => b.packets - a.packets || b.bytes - a.bytes || (a.address < b.address ? -1 : 1))
    const ports: PortTraffic[] = []
    for (const [id, columns] of this.#ports) {
      const protocol = protocolById[id]?.name ?? ''
      for (const port of columns.used())
        ports.push(
          columns.describe(port, (packets, bytes, txPackets, txBytes) => ({
            protocol,
            port,
            packets,
            bytes,
            txPackets,
            txBytes,
            rxPackets: packets - txPackets,
            rxBytes: bytes - txBytes,
          })),
        )
    }
    ports.sort(
      (a, b) => b.packets - a.packets || b.bytes - a.bytes || a.port - b.port || (a.protocol < b.protocol ? -1 : 1),
    )
    return { endpoints, ports }
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
