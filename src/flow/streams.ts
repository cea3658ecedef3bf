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
import { formatIpv4, formatIpv6Words } from '../packet/address.ts'
import { read16, read32s } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { IPV4, DESTINATION as V4_DESTINATION, SOURCE as V4_SOURCE } from '../protocols/ipv4.ts'
import { IPV6, DESTINATION as V6_DESTINATION, SOURCE as V6_SOURCE } from '../protocols/ipv6.ts'
import { ACK, MIN_HEADER_LENGTH, OFFSET_FLAGS, SYN, TCP } from '../protocols/tcp.ts'
import { UDP } from '../protocols/udp.ts'
import { UDP_LITE } from '../protocols/udplite.ts'
import { growInt32, growUint16 } from '../tables/grow.ts'
import { KeyTable } from '../tables/key-table.ts'

/** For each stream of the later part of a capture: its number in the whole. */
export interface StreamMapping {
  readonly tcp: Int32Array
  readonly udp: Int32Array
}

/** The two sides of a stream. */
export interface StreamEndpoints {
  readonly client: { readonly address: string; readonly port: number }
  readonly server: { readonly address: string; readonly port: number }
  /** The direction (see `Packet.layerDirection`) in which the client sends. */
  readonly clientDirection: number
  /** No SYN and no SYN-ACK was seen: who is the client is told by ports and by who spoke first. */
  readonly guessed: boolean
}

// Words of a key: the lower endpoint's address, the higher one's, and both ports (the lower endpoint's first).
const V4_WIDTH = 3
const V6_WIDTH = 9

// Facts about a stream, as bits. Those of a direction are FACT << direction: 0 from the lower endpoint, 1 from the higher.
const BASE_SET = 1 << 0
const SYN_SEEN = 1 << 2
const SYN_ACK_SEEN = 1 << 4
/** The sequence number that the direction began with is known for certain, whatever came before this part. */
const CERTAIN = 1 << 6
/** The first packet came from the higher endpoint. */
const FIRST_FROM_HIGHER = 1 << 8
/** What came before the tracker's part decides whether this is a stream of its own. */
const PROVISIONAL = 1 << 9
/** The first packet is a SYN without ACK. */
const BEGINS_WITH_SYN = 1 << 10
/** The first packet is SNMP: Wireshark begins a stream with the next packet of the pair, once. */
const SPLITS_NEXT = 1 << 11
/** An earlier stream had the same pair of endpoints. */
const REUSES_PORTS = 1 << 12

/** Octets of the transport header without which Wireshark numbers no stream: to the window of TCP, all of UDP. */
const TCP_NEEDED = 16
const UDP_NEEDED = 8

/** Agents, and those that get notifications (RFC 3417 §3.2, §3.3); a message is an ASN.1 SEQUENCE. */
const SNMP_PORT = 161
const SNMP_TRAP_PORT = 162
const ASN1_SEQUENCE = 0x30
const UDP_HEADER_LENGTH = 8

const BOTH_BASES = BASE_SET | (BASE_SET << 1)

/** Ports below this are reserved for services (RFC 6335 §6, "System Ports"). */
const FIRST_USER_PORT = 1024

// What a SYN means for the latest stream of its pair.
const SAME = 0
const NEW = 1
const UNDECIDED = 2

/** The streams of one transport protocol. */
class Streams {
  /** Streams so far. */
  count = 0
  readonly #isTcp: boolean
  readonly #continues: boolean
  readonly #v4 = new KeyTable(V4_WIDTH)
  readonly #v6 = new KeyTable(V6_WIDTH)
  // The latest stream of each pair of endpoints, by row of the table.
  #latest4 = new Int32Array(512)
  #latest6 = new Int32Array(64)
  // Columns by stream.
  #facts = new Uint16Array(512)
  /** Row of the key, doubled, plus 1 for IPv6. */
  #origin = new Int32Array(512)
  /** The sequence number that each direction began with: two for each TCP stream. */
  #base = new Int32Array(1024)

  constructor(isTcp: boolean, continues: boolean) {
    this.#isTcp = isTcp
    this.#continues = continues
  }

  /** Hot: numbers transport layer `layer`, whose addresses are in the IP header at `network`. */
  track(packet: Packet, layer: number, network: number, isV6: boolean): void {
    const bytes = packet.bytes
    const at = packet.layerAt[layer]
    if (at + (this.#isTcp ? TCP_NEEDED : UDP_NEEDED) > packet.layerEnd[layer]) {
      packet.layerStream[layer] = -1
      return
    }
    const table = isV6 ? this.#v6 : this.#v4
    const direction = isV6 ? fillKey6(table.key, bytes, network, at) : fillKey4(table.key, bytes, network, at)
    const known = table.size
    const row = table.row()
    const isFirst = row === known
    let stream: number
    if (isFirst) stream = this.#begin(row, isV6, direction, this.#continues ? PROVISIONAL : 0)
    else stream = isV6 ? this.#latest6[row] : this.#latest4[row]
    if (!this.#isTcp) {
      if (isFirst) {
        if (isSnmp(packet, layer)) this.#facts[stream] |= SPLITS_NEXT
      } else if ((this.#facts[stream] & SPLITS_NEXT) !== 0)
        stream = this.#begin(row, isV6, direction, this.#continues ? PROVISIONAL : 0)
    } else {
      const flags = bytes[at + OFFSET_FLAGS + 1]
      // Most segments have nothing to tell.
      if ((flags & SYN) !== 0 || (this.#facts[stream] & BOTH_BASES) !== BOTH_BASES)
        stream = this.#segment(packet, layer, stream, direction, isFirst)
    }
    packet.layerDirection[layer] = direction
    packet.layerStream[layer] = stream
  }

  /** What a segment may change: a new stream for a new SYN, the numbers that the directions began with, who opened it. */
  #segment(packet: Packet, layer: number, latest: number, direction: number, isFirst: boolean): number {
    const bytes = packet.bytes
    const at = packet.layerAt[layer]
    const flags = bytes[at + OFFSET_FLAGS + 1]
    const sequence = read32s(bytes, at + 4)
    const isOpening = (flags & (SYN | ACK)) === SYN
    let stream = latest
    if (isOpening && !isFirst) {
      const decision = this.#decide(latest, direction, sequence)
      if (decision !== SAME) {
        const origin = this.#origin[latest]
        const provisional = decision === UNDECIDED ? PROVISIONAL : 0
        stream = this.#begin(origin >> 1, (origin & 1) === 1, direction, REUSES_PORTS | provisional)
      }
    }
    if (isOpening && (isFirst || stream !== latest)) {
      this.#facts[stream] |= BEGINS_WITH_SYN
      this.#base[2 * stream + direction] = sequence
    }
    if ((flags & SYN) !== 0) this.#facts[stream] |= (isOpening ? SYN_SEEN : SYN_ACK_SEEN) << direction
    // Wireshark takes sequence numbers only from segments whose header is there in full.
    const headerLength = (bytes[at + OFFSET_FLAGS] >> 4) * 4
    if (headerLength < MIN_HEADER_LENGTH || at + headerLength > packet.layerEnd[layer]) return stream
    this.#setBase(stream, direction, (flags & SYN) !== 0 ? sequence : (sequence - 1) | 0)
    if (isOpening) this.#facts[stream] |= CERTAIN << direction
    if ((flags & ACK) !== 0) this.#setBase(stream, 1 - direction, (read32s(bytes, at + 8) - 1) | 0)
    return stream
  }

  /** Whether a SYN belongs to stream `latest` or begins another. */
  #decide(latest: number, direction: number, sequence: number): number {
    const facts = this.#facts[latest]
    if ((facts & PROVISIONAL) !== 0 && (facts & (CERTAIN << direction)) === 0) return UNDECIDED
    if ((facts & (BASE_SET << direction)) === 0) return SAME
    return this.#base[2 * latest + direction] === sequence ? SAME : NEW
  }

  #setBase(stream: number, direction: number, sequence: number): void {
    if ((this.#facts[stream] & (BASE_SET << direction)) !== 0) return
    this.#facts[stream] |= BASE_SET << direction
    this.#base[2 * stream + direction] = sequence
  }

  #begin(row: number, isV6: boolean, direction: number, facts: number): number {
    const stream = this.count++
    this.#facts = growUint16(this.#facts, stream)
    this.#origin = growInt32(this.#origin, stream)
    if (this.#isTcp) this.#base = growInt32(this.#base, 2 * stream + 1)
    this.#facts[stream] = facts | (direction === 1 ? FIRST_FROM_HIGHER : 0)
    this.#origin[stream] = row * 2 + (isV6 ? 1 : 0)
    this.#setLatest(row, isV6, stream)
    return stream
  }

  #setLatest(row: number, isV6: boolean, stream: number): void {
    if (isV6) {
      this.#latest6 = growInt32(this.#latest6, row)
      this.#latest6[row] = stream
    } else {
      this.#latest4 = growInt32(this.#latest4, row)
      this.#latest4[row] = stream
    }
  }

  /** Absorbs the streams of the part after this one; returns the number here of each of them. */
  merge(later: Streams): Int32Array {
    const mapping = new Int32Array(later.count)
    for (let theirs = 0; theirs < later.count; theirs++) {
      const facts = later.#facts[theirs]
      const origin = later.#origin[theirs]
      const isV6 = (origin & 1) === 1
      const table = isV6 ? this.#v6 : this.#v4
      table.takeKey(isV6 ? later.#v6 : later.#v4, origin >> 1)
      const known = table.size
      const row = table.row()
      const direction = (facts & FIRST_FROM_HIGHER) !== 0 ? 1 : 0
      let decision = NEW
      if (row === known) decision = (facts & PROVISIONAL) !== 0 && this.#continues ? UNDECIDED : NEW
      else if ((facts & PROVISIONAL) !== 0) {
        const latest = isV6 ? this.#latest6[row] : this.#latest4[row]
        if (!this.#isTcp) decision = (this.#facts[latest] & SPLITS_NEXT) !== 0 ? NEW : SAME
        else if ((facts & BEGINS_WITH_SYN) === 0) decision = SAME
        else decision = this.#decide(latest, direction, later.#base[2 * theirs + direction])
        if (decision === SAME) {
          mapping[theirs] = latest
          this.#join(latest, later, theirs)
          continue
        }
      }
      const stream = this.#begin(row, isV6, direction, 0)
      // A UDP stream split off stays provisional as long as the one it was split from is.
      const isUndecided = decision === UNDECIDED || (!this.#isTcp && this.#continues)
      this.#facts[stream] = facts & ~(isUndecided ? 0 : PROVISIONAL) & ~(row === known ? 0 : SPLITS_NEXT)
      if (this.#isTcp) {
        this.#base[2 * stream] = later.#base[2 * theirs]
        this.#base[2 * stream + 1] = later.#base[2 * theirs + 1]
      }
      mapping[theirs] = stream
    }
    return mapping
  }

  /** Adds what the later part knows of a stream that continues `stream`. */
  #join(stream: number, later: Streams, theirs: number): void {
    const facts = later.#facts[theirs]
    for (let direction = 0; direction < 2; direction++)
      if ((facts & (BASE_SET << direction)) !== 0) this.#setBase(stream, direction, later.#base[2 * theirs + direction])
    const added = SYN_SEEN | (SYN_SEEN << 1) | SYN_ACK_SEEN | (SYN_ACK_SEEN << 1) | CERTAIN | (CERTAIN << 1)
    this.#facts[stream] |= facts & added
  }

  /** Whether the stream began with a SYN on a pair of endpoints that had a stream before. */
  reusesPorts(stream: number): boolean {
    return (this.#facts[stream] & REUSES_PORTS) !== 0
  }

  /** The stream's sides: the client sent the SYN or received the SYN-ACK; else it is guessed. */
  endpoints(stream: number): StreamEndpoints {
    const origin = this.#origin[stream]
    const isV6 = (origin & 1) === 1
    const row = origin >> 1
    const table = isV6 ? this.#v6 : this.#v4
    const ports = table.word(row, isV6 ? 8 : 2)
    const lower = { address: isV6 ? address6(table, row, 0) : formatIpv4(table.word(row, 0)), port: ports >>> 16 }
    const higher = { address: isV6 ? address6(table, row, 4) : formatIpv4(table.word(row, 1)), port: ports & 0xffff }
    const facts = this.#facts[stream]
    let direction = (facts & FIRST_FROM_HIGHER) !== 0 ? 1 : 0
    let guessed = false
    if ((facts & (SYN_SEEN | (SYN_SEEN << 1))) === SYN_SEEN) direction = 0
    else if ((facts & (SYN_SEEN | (SYN_SEEN << 1))) === SYN_SEEN << 1) direction = 1
    else if ((facts & SYN_SEEN) !== 0)
      // Both sent a SYN: a simultaneous open (RFC 9293 §3.5). The first to send is called the client.
      direction = (facts & FIRST_FROM_HIGHER) !== 0 ? 1 : 0
    else if ((facts & SYN_ACK_SEEN) !== 0) direction = 1
    else if ((facts & (SYN_ACK_SEEN << 1)) !== 0) direction = 0
    else {
      guessed = true
      // A service's port tells more than who happened to speak first after the capture began.
      if (lower.port < FIRST_USER_PORT && higher.port >= FIRST_USER_PORT) direction = 1
      else if (higher.port < FIRST_USER_PORT && lower.port >= FIRST_USER_PORT) direction = 0
    }
    return direction === 0
      ? { client: lower, server: higher, clientDirection: 0, guessed }
      : { client: higher, server: lower, clientDirection: 1, guessed }
  }
}

/** Numbers the streams of a capture, or of a part of one. */
export class StreamTracker {
  readonly tcp: Streams
  readonly udp: Streams

  /** `continues`: packets came before the first one that this tracker will see. */
  constructor(options: { continues?: boolean } = {}) {
    this.tcp = new Streams(true, options.continues ?? false)
    this.udp = new Streams(false, options.continues ?? false)
  }

  /** Hot: sets `layerStream` and `layerDirection` of each TCP and UDP layer; a stream of -1 means that ports were cut off. */
  track(packet: Packet): void {
    const protocols = packet.layerProtocol
    let network = -1
    let isV6 = false
    for (let layer = 0; layer < packet.layerCount; layer++) {
      const protocol = protocols[layer]
      if (protocol === IPV4 || protocol === IPV6) {
        isV6 = protocol === IPV6
        network = packet.layerAt[layer]
        if (network + (isV6 ? V6_DESTINATION + 16 : V4_DESTINATION + 4) > packet.layerEnd[layer]) network = -1
      } else if (protocol === TCP || protocol === UDP || protocol === UDP_LITE) {
        if (network < 0) packet.layerStream[layer] = -1
        else (protocol === TCP ? this.tcp : this.udp).track(packet, layer, network, isV6)
      }
    }
  }

  /** Absorbs the tracker of the packets after this one's. */
  merge(later: StreamTracker): StreamMapping {
    return { tcp: this.tcp.merge(later.tcp), udp: this.udp.merge(later.udp) }
  }
}

function isSnmpPort(port: number): boolean {
  return port === SNMP_PORT || port === SNMP_TRAP_PORT
}

/** Hot: whether the datagram is an SNMP message, by port and first octet. */
function isSnmp(packet: Packet, layer: number): boolean {
  const { bytes } = packet
  const at = packet.layerAt[layer]
  if (!isSnmpPort(read16(bytes, at)) && !isSnmpPort(read16(bytes, at + 2))) return false
  const payload = at + UDP_HEADER_LENGTH
  return payload < packet.layerEnd[layer] && bytes[payload] === ASN1_SEQUENCE
}

/** Hot: fills the key of a pair of IPv4 endpoints and returns the direction. */
function fillKey4(key: Int32Array, bytes: Uint8Array, network: number, transport: number): number {
  const source = read32s(bytes, network + V4_SOURCE)
  const destination = read32s(bytes, network + V4_DESTINATION)
  const sourcePort = read16(bytes, transport)
  const destinationPort = read16(bytes, transport + 2)
  if (source < destination || (source === destination && sourcePort <= destinationPort)) {
    key[0] = source
    key[1] = destination
    key[2] = (sourcePort << 16) | destinationPort
    return 0
  }
  key[0] = destination
  key[1] = source
  key[2] = (destinationPort << 16) | sourcePort
  return 1
}

/** Hot: the same for IPv6. */
function fillKey6(key: Int32Array, bytes: Uint8Array, network: number, transport: number): number {
  const source = network + V6_SOURCE
  const destination = network + V6_DESTINATION
  const sourcePort = read16(bytes, transport)
  const destinationPort = read16(bytes, transport + 2)
  let order = 0
  for (let i = 0; order === 0 && i < 16; i++) order = bytes[source + i] - bytes[destination + i]
  const direction = order < 0 || (order === 0 && sourcePort <= destinationPort) ? 0 : 1
  const lower = direction === 0 ? source : destination
  const higher = direction === 0 ? destination : source
  for (let i = 0; i < 4; i++) {
    key[i] = read32s(bytes, lower + 4 * i)
    key[4 + i] = read32s(bytes, higher + 4 * i)
  }
  key[8] = direction === 0 ? (sourcePort << 16) | destinationPort : (destinationPort << 16) | sourcePort
  return direction
}

function address6(table: KeyTable, row: number, first: number): string {
  return formatIpv6Words(
    table.word(row, first),
    table.word(row, first + 1),
    table.word(row, first + 2),
    table.word(row, first + 3),
  )
}
