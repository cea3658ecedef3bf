/**
 * Tunnels through DNS, told by the questions that one client asks about one registered domain. One strange name is nothing; a tunnel
 * has a new one for each packet. It is one, if there are
 *
 *   50 different coded names or more that are longer than any hash (70 octets before the domain), or
 *   20 different names asked for NULL or for a type of private use, or
 *   100 different coded names (30 octets) asked for TXT, CNAME or MX.
 *
 * Content delivery networks, block lists and antivirus ask for shorter names, for addresses. Only UDP is looked at, at any port
 * but those of other protocols with the same format (multicast DNS, LLMNR, NetBIOS).
 */
import { formatIpv4, formatIpv6 } from '../packet/address.ts'
import { read16, read32 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { IPV4, SOURCE as IPV4_SOURCE } from '../protocols/ipv4.ts'
import { SOURCE as IPV6_SOURCE } from '../protocols/ipv6.ts'
import { HEADER_LENGTH } from '../protocols/udp.ts'
import { DnsQueryReader, LONG, ODD_TYPE, TYPED } from './dns-query-reader.ts'

const LEAST_LONG = 50
const LEAST_ODD = 20
const LEAST_TYPED = 100

/** Different names that are told apart, by each reason; there may be more. */
const MAX_NAMES = 128
/** Pairs of client and domain; past that, new ones are not looked at. */
const MAX_PAIRS = 4096

/** Of UDP's header (RFC 768). */
const DESTINATION_PORT = 2

const NETBIOS_NAMES = 137
const MULTICAST_DNS = 5353
const LLMNR = 5355

export interface DnsTunnel {
  readonly client: { readonly address: string; readonly port: number }
  readonly server: { readonly address: string; readonly port: number }
  /** Empty if the names end in no domain. */
  readonly domain: string
  /** The questions that count, their packets' octets, and the octets of data in their names. */
  readonly queries: number
  readonly bytes: number
  readonly dataBytes: number
  readonly firstPacket: number
  readonly what: string
}

interface Pair {
  /** Of the first question. */
  readonly client: { readonly address: string; readonly port: number }
  readonly server: { readonly address: string; readonly port: number }
  readonly domain: string
  readonly example: string
  readonly firstPacket: number
  queries: number
  bytes: number
  dataBytes: number
  /** Hashes of names, up to `MAX_NAMES`; by `REASONS`. */
  readonly names: readonly Set<number>[]
}

const REASONS = [LONG, ODD_TYPE, TYPED] as const
const LEAST = [LEAST_LONG, LEAST_ODD, LEAST_TYPED]
const WORDS = [
  'names too long for any hash',
  'names asked for NULL or a private type',
  'coded names asked for TXT, CNAME or MX',
]

export class DnsTunnels {
  readonly #reader = new DnsQueryReader()
  readonly #pairs = new Map<string, Pair>()

  /** Hot: the packet's transport layer is UDP. */
  observe(packet: Packet): void {
    const layer = packet.transport
    const { bytes } = packet
    const at = packet.layerAt[layer]
    // A question that was cut is none: its type is at its end.
    if (packet.layerEnd[layer] < packet.layerWireEnd[layer]) return
    const port = read16(bytes, at + DESTINATION_PORT)
    if (port === MULTICAST_DNS || port === LLMNR || port === NETBIOS_NAMES) return
    const why = this.#reader.read(bytes, at + HEADER_LENGTH, packet.layerEnd[layer])
    if (why !== 0) this.#note(why, packet)
  }

  /** Not hot: few questions look like that. */
  #note(why: number, packet: Packet): void {
    const domain = this.#reader.domain()
    const [client, server] = addressesOf(packet)
    const key = `${client} ${domain}`
    let pair = this.#pairs.get(key)
    if (pair === undefined) {
      if (this.#pairs.size >= MAX_PAIRS) return
      pair = {
        client: { address: client, port: read16(packet.bytes, packet.layerAt[packet.transport]) },
        server: { address: server, port: read16(packet.bytes, packet.layerAt[packet.transport] + DESTINATION_PORT) },
        domain,
        example: this.#reader.name(),
        firstPacket: packet.number,
        queries: 0,
        bytes: 0,
        dataBytes: 0,
        names: REASONS.map(() => new Set<number>()),
      }
      this.#pairs.set(key, pair)
    }
    pair.queries++
    pair.bytes += packet.originalLength
    pair.dataBytes += this.#reader.dataLength
    for (const [i, reason] of REASONS.entries())
      if ((why & reason) !== 0 && pair.names[i].size < MAX_NAMES) pair.names[i].add(this.#reader.hash)
  }

  /** `later` saw the packets after this one's. */
  merge(later: DnsTunnels): void {
    for (const [key, theirs] of later.#pairs) {
      const ours = this.#pairs.get(key)
      if (ours === undefined) {
        if (this.#pairs.size < MAX_PAIRS) this.#pairs.set(key, theirs)
        continue
      }
      ours.queries += theirs.queries
      ours.bytes += theirs.bytes
      ours.dataBytes += theirs.dataBytes
      for (const [i, names] of ours.names.entries())
        for (const hash of theirs.names[i]) if (names.size < MAX_NAMES) names.add(hash)
    }
  }

  /** In the order of their first packets. */
  result(): DnsTunnel[] {
    const tunnels: DnsTunnel[] = []
    for (const { names, example, ...pair } of this.#pairs.values()) {
      const i = names.findIndex(({ size }, reason) => size >= LEAST[reason])
      if (i < 0) continue
      const { size } = names[i]
      const count = size === MAX_NAMES ? `${size} or more` : String(size)
      tunnels.push({ ...pair, what: `${count} different ${WORDS[i]}, such as ${elide(example)}` })
    }
    return tunnels.sort((a, b) => a.firstPacket - b.firstPacket)
  }
}

/** The first characters of a name; it may hold anything. */
function elide(name: string): string {
  return name.length <= 48 ? name : `${name.slice(0, 45)}...`
}

/** Source and destination of the innermost IP header. */
function addressesOf(packet: Packet): readonly [string, string] {
  const { bytes } = packet
  const at = packet.layerAt[packet.network]
  return packet.layerProtocol[packet.network] === IPV4
    ? [formatIpv4(read32(bytes, at + IPV4_SOURCE)), formatIpv4(read32(bytes, at + IPV4_SOURCE + 4))]
    : [formatIpv6(bytes, at + IPV6_SOURCE), formatIpv6(bytes, at + IPV6_SOURCE + 16)]
}
