/**
 * Where traffic goes: destination address, transport protocol, destination port, as in Wireshark's Statistics, IPv4,
 * Destinations and Ports (`tshark -z dests,tree`), for IPv6 too.
 *
 * A packet counts once, for its innermost IP header. What has no ports of its own (ICMP, a later fragment) is protocol
 * NONE, port 0. Packets without an IP layer are not counted.
 */
import { read16 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { protocolById } from '../protocols/index.ts'
import { IPV4, DESTINATION as V4_DESTINATION } from '../protocols/ipv4.ts'
import { DESTINATION as V6_DESTINATION } from '../protocols/ipv6.ts'
import { AddressTable } from '../tables/address-table.ts'
import { growFloat64 } from '../tables/grow.ts'
import { KeyTable } from '../tables/key-table.ts'
import { TopRows } from '../tables/top-rows.ts'
import type { Analyzer } from './analyzer.ts'
import { formatted } from './formatted-addresses.ts'

export interface DestinationPort {
  readonly port: number
  readonly packets: number
  readonly bytes: number
}

export interface DestinationProtocol {
  /** `TCP`, `UDP`, ...; `NONE` where there are no ports. */
  readonly name: string
  readonly packets: number
  readonly bytes: number
  readonly ports: readonly DestinationPort[]
}

export interface Destination {
  readonly address: string
  readonly packets: number
  readonly bytes: number
  readonly protocols: readonly DestinationProtocol[]
}

/** A destination port over all addresses. */
export interface BusyPort extends DestinationPort {
  readonly protocol: string
  /** Destination addresses that were sent to on this port. */
  readonly destinations: number
}

/**
 * Pairs of an address and a port kept: four million take 170 MB. Who scans the ports of a network sends to more.
 */
const MAX_SERVICES = 1 << 22

export interface DestinationsResult {
  /** Packets with an IP layer. */
  readonly packets: number
  readonly bytes: number
  readonly destinations: readonly Destination[]
  /** Destinations that are not listed. */
  readonly omitted: number
  readonly ports: readonly BusyPort[]
  /**
   * Of the packets above, those to addresses and ports for which there was no room (`MAX_ADDRESSES`, `MAX_SERVICES`): they are in
   * the totals, and of no destination. Null if there was for all.
   */
  readonly others: { readonly packets: number; readonly bytes: number } | null
}

/** An analyzer that looks addresses up, too. */
export interface AddressRows {
  readonly addresses: AddressTable
  /** The row of the packet observed last, if it has an IP layer. */
  readonly lastDestination: number
}

export interface DestinationsOptions {
  /** Destinations listed at most; all, if not given. */
  readonly top?: number
  /** Observes each packet before this one does, and saves it the look-up; merged before it, too. */
  readonly rows?: AddressRows
  /** Addresses, unless `rows` has them, and pairs of an address and a port kept at most. */
  readonly maxAddresses?: number
  readonly maxServices?: number
}

/** Protocol number of "no ports", which no protocol has. */
const NO_TRANSPORT = 0

type State = ReturnType<Destinations['save']>

export class Destinations implements Analyzer<DestinationsResult> {
  readonly needs = []
  readonly #top: number
  readonly #rows: AddressRows | null
  readonly #addresses: AddressTable
  /** Key: row of the address, protocol in the high half and port in the low half. */
  readonly #table: KeyTable
  #packets = new Float64Array(1024)
  #bytes = new Float64Array(1024)

  constructor({ top = Infinity, rows, maxAddresses, maxServices = MAX_SERVICES }: DestinationsOptions = {}) {
    this.#top = top
    this.#rows = rows ?? null
    this.#addresses = rows?.addresses ?? new AddressTable(maxAddresses)
    this.#table = new KeyTable(2, maxServices)
  }

  get hasLeftOut(): boolean {
    return this.#addresses.isFull || this.#table.size >= this.#table.limit
  }

  /** Hot. */
  observe(packet: Packet): void {
    const network = packet.network
    if (network < 0) return
    const bytes = packet.bytes
    const address = this.#rows === null ? this.#lookUp(packet, network) : this.#rows.lastDestination
    const transport = packet.transport
    let service = NO_TRANSPORT
    if (transport > network && packet.layerAt[transport] + 4 <= packet.layerEnd[transport])
      service = (packet.layerProtocol[transport] << 16) | read16(bytes, packet.layerAt[transport] + 2)
    this.#count(address, service, 1, packet.originalLength)
  }

  /** Hot. */
  #lookUp(packet: Packet, network: number): number {
    const at = packet.layerAt[network]
    return packet.layerProtocol[network] === IPV4
      ? this.#addresses.row4(packet.bytes, at + V4_DESTINATION)
      : this.#addresses.row6(packet.bytes, at + V6_DESTINATION)
  }

  merge(later: this): void {
    const theirs = later.#table
    // What they had no room for is in a row of its own, and goes to that of ours.
    for (let row = 0; row < theirs.size; row++)
      this.#count(
        this.#addresses.rowOf(later.#addresses, theirs.word(row, 0)),
        theirs.word(row, 1),
        later.#packets[row],
        later.#bytes[row],
      )
    if (theirs.size >= theirs.limit)
      this.#add(this.#table.limit, later.#packets[theirs.limit], later.#bytes[theirs.limit])
  }

  save() {
    return {
      addresses: this.#addresses.save(),
      table: this.#table.save(),
      packets: this.#packets,
      bytes: this.#bytes,
    }
  }

  load(state: State): void {
    this.#addresses.load(state.addresses)
    this.#table.load(state.table)
    this.#packets = state.packets
    this.#bytes = state.bytes
  }

  /** Most packets first; ties by bytes, then by address, protocol and port. */
  result(): DestinationsResult {
    const sums = { packets: new Float64Array(this.#addresses.size), bytes: new Float64Array(this.#addresses.size) }
    const busy = new Map<number, { packets: number; bytes: number; destinations: number }>()
    const total = { packets: 0, bytes: 0 }
    const rest = this.#rest()
    total.packets += rest.packets
    total.bytes += rest.bytes
    for (let row = 0; row < this.#table.size; row++) {
      const address = this.#table.word(row, 0)
      const service = this.#table.word(row, 1)
      const [packets, bytes] = [this.#packets[row], this.#bytes[row]]
      total.packets += packets
      total.bytes += bytes
      if (address >= sums.packets.length) {
        rest.packets += packets
        rest.bytes += bytes
        continue
      }
      sums.packets[address] += packets
      sums.bytes[address] += bytes
      if (service === NO_TRANSPORT) continue
      const port = at(busy, service, () => ({ packets: 0, bytes: 0, destinations: 0 }))
      port.packets += packets
      port.bytes += bytes
      port.destinations++
    }
    const text = formatted(this.#addresses)
    const top = new TopRows(
      this.#top,
      (a, b) => sums.packets[b] - sums.packets[a] || sums.bytes[b] - sums.bytes[a] || (text(a) < text(b) ? -1 : 1),
    )
    for (let address = 0; address < sums.packets.length; address++) if (sums.packets[address] > 0) top.add(address)
    const rows = top.rows()
    const ports = this.#portsOf(new Set(rows))
    return {
      ...total,
      destinations: rows.map((address) => destination(text(address), ports.get(address)!)),
      omitted: top.offered - rows.length,
      ports: [...busy]
        .map(([service, traffic]) => ({
          protocol: transportName(service >>> 16),
          port: service & 0xffff,
          ...traffic,
        }))
        .sort((a, b) => byTraffic(a, b) || a.port - b.port || (a.protocol < b.protocol ? -1 : 1)),
      others: rest.packets === 0 ? null : rest,
    }
  }

  /** What was sent to addresses and ports for which there was no room in the table. */
  #rest(): { packets: number; bytes: number } {
    const { limit } = this.#table
    return { packets: this.#packets[limit] ?? 0, bytes: this.#bytes[limit] ?? 0 }
  }

  /** The ports of each of these addresses, by protocol. */
  #portsOf(addresses: ReadonlySet<number>): Map<number, Map<number, DestinationPort[]>> {
    const found = new Map<number, Map<number, DestinationPort[]>>()
    for (let row = 0; row < this.#table.size; row++) {
      const address = this.#table.word(row, 0)
      if (!addresses.has(address)) continue
      const service = this.#table.word(row, 1)
      const protocols = at(found, address, () => new Map<number, DestinationPort[]>())
      const ports = at(protocols, service >>> 16, () => [] as DestinationPort[])
      ports.push({ port: service & 0xffff, packets: this.#packets[row], bytes: this.#bytes[row] })
    }
    return found
  }

  #count(address: number, service: number, packets: number, bytes: number): void {
    const table = this.#table
    table.key[0] = address
    table.key[1] = service
    this.#add(table.row(), packets, bytes)
  }

  /** Hot. */
  #add(row: number, packets: number, bytes: number): void {
    if (row >= this.#packets.length) {
      this.#packets = growFloat64(this.#packets, row)
      this.#bytes = growFloat64(this.#bytes, row)
    }
    this.#packets[row] += packets
    this.#bytes[row] += bytes
  }
}

function destination(address: string, byProtocol: Map<number, DestinationPort[]>): Destination {
  const protocols = [...byProtocol]
    .map(([protocol, ports]) => ({
      name: transportName(protocol),
      packets: sum(ports, 'packets'),
      bytes: sum(ports, 'bytes'),
      ports: ports.sort((a, b) => byTraffic(a, b) || a.port - b.port),
    }))
    .sort((a, b) => byTraffic(a, b) || (a.name < b.name ? -1 : 1))
  return { address, packets: sum(protocols, 'packets'), bytes: sum(protocols, 'bytes'), protocols }
}

function transportName(protocol: number): string {
  return protocol === NO_TRANSPORT ? 'NONE' : (protocolById[protocol]?.name ?? '').toUpperCase()
}

function byTraffic(a: { packets: number; bytes: number }, b: { packets: number; bytes: number }): number {
  return b.packets - a.packets || b.bytes - a.bytes
}

function sum(rows: readonly { packets: number; bytes: number }[], column: 'packets' | 'bytes'): number {
  return rows.reduce((total, row) => total + row[column], 0)
}

/** The value at `key`, made if it is not there. */
function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key)
  if (value === undefined) {
    value = make()
    map.set(key, value)
  }
  return value
}
