/** The streams of one transport protocol: how they are told apart, and who is the client. See `streams.ts`. */
import { formatIpv4 } from '../packet/address.ts'
import { read32s, viewOf } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { DESTINATION as V4_DESTINATION, SOURCE as V4_SOURCE } from '../protocols/ipv4.ts'
import { ACK, MIN_HEADER_LENGTH, OFFSET_FLAGS, SYN } from '../protocols/tcp.ts'
import { growInt32, growUint8 } from '../tables/grow.ts'
import { idlest } from '../tables/idlest.ts'
import { KeyedRows } from '../tables/keyed-rows.ts'
import { RowSpace } from '../tables/row-space.ts'
import { isSnmp } from './snmp-opening.ts'
import { address6, addressOctets, fillKey6 } from './stream-key.ts'

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

// Columns behind the key, counted from the end of the row, so that they are the same for both versions of IP.
const FACTS = 1
const NUMBER = 2
/** Number of the last packet, modulo 2^32. */
const LAST_SEEN = 3
/** The sequence number that direction 0 began with; before it (`BASE + 1`), that of direction 1. */
const BASE = 4
const COLUMNS = 5
const V4_STRIDE = V4_WIDTH + COLUMNS

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
/** The row's key leads to it: it is in use, and no later stream has the same pair of endpoints. */
const LEADS = 1 << 13

/** Octets of the transport header without which Wireshark numbers no stream: to the window of TCP, all of UDP. */
const TCP_NEEDED = 16
const UDP_NEEDED = 8

const BOTH_BASES = BASE_SET | (BASE_SET << 1)

/** Ports below this are reserved for services (RFC 6335 §6, "System Ports"). */
const FIRST_USER_PORT = 1024

// What a SYN means for the latest stream of its pair.
const SAME = 0
const NEW = 1
const UNDECIDED = 2

/** What `StreamTracker` may be told. */
export interface StreamOptions {
  /** Packets came before the first one that this tracker will see. */
  readonly continues?: boolean
  /** Streams of each transport protocol kept at once; those beyond it that were idle longest are closed out. */
  readonly maxStreams?: number
}

export type TransportStreamsState = ReturnType<TransportStreams['save']>

/** The streams of one transport protocol, each in a row of its own; rows are used again (`StreamOptions.maxStreams`). */
export class TransportStreams {
  /** Streams so far. */
  count = 0
  /** Those of them that were closed out to make room. */
  closed = 0
  readonly #isTcp: boolean
  readonly #continues: boolean
  #maxStreams: number
  readonly #rows = new RowSpace()
  // Keys lead to the latest stream of each pair of endpoints.
  readonly #v4 = new KeyedRows(V4_WIDTH, COLUMNS)
  readonly #v6 = new KeyedRows(V6_WIDTH, COLUMNS)
  /** By row: 0 if it is not in use, else the version of IP. */
  #version = new Uint8Array(512)
  /** The row of the last packet. */
  #last = 0
  readonly #listeners: ((row: number) => void)[] = []
  /**
   * By row, in a part that continues: the sequence number of the SYN that a stream began with (`BEGINS_WITH_SYN`). It need not be
   * the base, which Wireshark does not take from a header that was cut.
   */
  #opening = new Int32Array(512)

  constructor(isTcp: boolean, { continues = false, maxStreams = Infinity }: StreamOptions) {
    this.#isTcp = isTcp
    this.#continues = continues
    this.#maxStreams = maxStreams
  }

  /** One past the highest row: what columns by row must have room for. */
  get size(): number {
    return this.#rows.size
  }

  /** Calls `listener` with the row of each stream that is closed out, before the row is used again. */
  onClose(listener: (row: number) => void): void {
    this.#listeners.push(listener)
  }

  /** Hot: numbers transport layer `layer`, whose addresses are in the IP header at `network`. */
  track(packet: Packet, layer: number, network: number, isV6: boolean): void {
    const bytes = packet.bytes
    const at = packet.layerAt[layer]
    if (at + (this.#isTcp ? TCP_NEEDED : UDP_NEEDED) > packet.layerEnd[layer]) {
      packet.layerStream[layer] = packet.layerRow[layer] = -1
      return
    }
    const table = isV6 ? this.#v6 : this.#v4
    const view = viewOf(bytes)
    let direction: number
    let row: number
    if (isV6) {
      direction = fillKey6(table.key, view, network, at)
      row = table.find()
    } else {
      const source = view.getInt32(network + V4_SOURCE)
      const destination = view.getInt32(network + V4_DESTINATION)
      const ports = view.getInt32(at)
      if (source < destination || (source === destination && ports >>> 16 <= (ports & 0xffff))) {
        direction = 0
        row = this.#find4(source, destination, ports)
      } else {
        direction = 1
        row = this.#find4(destination, source, (ports << 16) | (ports >>> 16))
      }
    }
    const isFirst = row < 0
    if (isFirst) row = this.#begin(isV6, -1, direction, this.#continues ? PROVISIONAL : 0, packet.number)
    const facts = table.words[row * table.stride + table.stride - FACTS]
    if (!this.#isTcp) {
      if (isFirst) {
        if (isSnmp(packet, layer)) table.words[row * table.stride + table.stride - FACTS] |= SPLITS_NEXT
      } else if ((facts & SPLITS_NEXT) !== 0)
        row = this.#begin(isV6, row, direction, this.#continues ? PROVISIONAL : 0, packet.number)
    } else {
      const flags = bytes[at + OFFSET_FLAGS + 1]
      // Most segments have nothing to tell.
      if ((flags & SYN) !== 0 || (facts & BOTH_BASES) !== BOTH_BASES)
        row = this.#segment(packet, layer, row, isV6, direction, isFirst)
    }
    const columns = row * table.stride + table.stride
    table.words[columns - LAST_SEEN] = packet.number
    packet.layerDirection[layer] = direction
    packet.layerRow[layer] = row
    packet.layerStream[layer] = table.words[columns - NUMBER]
    this.#last = row
  }

  /**
   * Hot: the row of a pair of IPv4 endpoints, or -1. Of 89,000 packets of mixed real traffic seven in ten were of the same
   * stream as the one before them, and one in eight of the stream that began next: there no slot of the hash table, which lies
   * somewhere in memory, need be looked at.
   */
  #find4(lower: number, higher: number, ports: number): number {
    const table = this.#v4
    const { words } = table
    let row = this.#last
    for (let tries = 0; tries < 2 && row < this.#rows.size; tries++, row++) {
      const at = row * V4_STRIDE
      if (at + V4_STRIDE > words.length) break
      if (words[at + 2] !== ports || words[at] !== lower || words[at + 1] !== higher) continue
      if ((words[at + V4_STRIDE - FACTS] & LEADS) !== 0) return row
    }
    const { key } = table
    key[0] = lower
    key[1] = higher
    key[2] = ports
    return table.find()
  }

  /** What a segment may change: a new stream for a new SYN, the numbers that the directions began with, who opened it. */
  #segment(packet: Packet, layer: number, latest: number, isV6: boolean, direction: number, isFirst: boolean): number {
    const bytes = packet.bytes
    const at = packet.layerAt[layer]
    const flags = bytes[at + OFFSET_FLAGS + 1]
    const sequence = read32s(bytes, at + 4)
    const isOpening = (flags & (SYN | ACK)) === SYN
    let row = latest
    if (isOpening && !isFirst) {
      const decision = this.#decide(latest, direction, sequence)
      if (decision !== SAME) {
        const provisional = decision === UNDECIDED ? PROVISIONAL : 0
        row = this.#begin(isV6, latest, direction, REUSES_PORTS | provisional, packet.number)
      }
    }
    const table = isV6 ? this.#v6 : this.#v4
    const { words } = table
    const columns = row * table.stride + table.stride
    if (isOpening && (isFirst || row !== latest)) {
      words[columns - FACTS] |= BEGINS_WITH_SYN
      if (this.#continues) this.#setOpening(row, sequence)
    }
    if ((flags & SYN) !== 0) words[columns - FACTS] |= (isOpening ? SYN_SEEN : SYN_ACK_SEEN) << direction
    // Wireshark takes sequence numbers only from segments whose header is there in full.
    const headerLength = (bytes[at + OFFSET_FLAGS] >> 4) * 4
    if (headerLength < MIN_HEADER_LENGTH || at + headerLength > packet.layerEnd[layer]) return row
    this.#setBase(row, direction, (flags & SYN) !== 0 ? sequence : (sequence - 1) | 0)
    if (isOpening) words[columns - FACTS] |= CERTAIN << direction
    if ((flags & ACK) !== 0) this.#setBase(row, 1 - direction, (read32s(bytes, at + 8) - 1) | 0)
    return row
  }

  #setOpening(row: number, sequence: number): void {
    this.#opening = growInt32(this.#opening, row)
    this.#opening[row] = sequence
  }

  /** Whether a SYN belongs to the stream in row `latest` or begins another. */
  #decide(latest: number, direction: number, sequence: number): number {
    const { words } = this.#tableOf(latest)
    const columns = this.#columnsOf(latest)
    const facts = words[columns - FACTS]
    if ((facts & PROVISIONAL) !== 0 && (facts & (CERTAIN << direction)) === 0) return UNDECIDED
    if ((facts & (BASE_SET << direction)) === 0) return SAME
    return words[columns - BASE - direction] === sequence ? SAME : NEW
  }

  #setBase(row: number, direction: number, sequence: number): void {
    const { words } = this.#tableOf(row)
    const columns = this.#columnsOf(row)
    if ((words[columns - FACTS] & (BASE_SET << direction)) !== 0) return
    words[columns - FACTS] |= BASE_SET << direction
    words[columns - BASE - direction] = sequence
  }

  /** Begins a stream of the key just looked up, in a row of its own; `earlier` is the row that was found, or -1. */
  #begin(isV6: boolean, earlier: number, direction: number, facts: number, packetNumber: number): number {
    const table = isV6 ? this.#v6 : this.#v4
    if (earlier >= 0) table.takeKey(table, earlier)
    const isFull = this.#rows.used >= this.#maxStreams
    if (isFull) this.#closeIdlest(packetNumber)
    // What was found may be among those closed, or have moved; or it was found without its slot.
    const found = earlier >= 0 || isFull ? table.find() : -1
    const row = this.#rows.take()
    if (found < 0) table.insert(row)
    else {
      table.words[(found + 1) * table.stride - FACTS] &= ~LEADS
      table.lead(row)
    }
    this.#version = growUint8(this.#version, row)
    this.#version[row] = isV6 ? 6 : 4
    const columns = row * table.stride + table.stride
    table.words[columns - FACTS] = facts | LEADS | (direction === 1 ? FIRST_FROM_HIGHER : 0)
    table.words[columns - NUMBER] = this.count++
    table.words[columns - LAST_SEEN] = packetNumber
    return row
  }

  #closeIdlest(packetNumber: number): void {
    const idleFor = (row: number): number => (this.#version[row] === 0 ? -1 : this.#idleFor(row, packetNumber))
    for (const row of idlest(this.#rows.size, idleFor)) this.#close(row)
  }

  #idleFor(row: number, packetNumber: number): number {
    // Modulo 2^32: the column keeps no more of the number.
    return (packetNumber - this.#tableOf(row).words[this.#columnsOf(row) - LAST_SEEN]) >>> 0
  }

  #close(row: number): void {
    // Backwards: who registered later builds upon those before.
    for (let i = this.#listeners.length - 1; i >= 0; i--) this.#listeners[i](row)
    this.#tableOf(row).remove(row)
    this.#tableOf(row).words[this.#columnsOf(row) - FACTS] &= ~LEADS
    this.#version[row] = 0
    this.#rows.giveBack(row)
    this.closed++
  }

  #tableOf(row: number): KeyedRows {
    return this.#version[row] === 6 ? this.#v6 : this.#v4
  }

  /** Where the columns of the row end: they are counted from there. */
  #columnsOf(row: number): number {
    return (row + 1) * this.#tableOf(row).stride
  }

  /**
   * Absorbs the streams of the part after this one; returns the row here of each of its rows, -1 for rows not in use. Nothing
   * is closed out meanwhile. Exact as long as neither part has closed streams out.
   */
  merge(later: TransportStreams): Int32Array {
    const bound = this.#maxStreams
    this.#maxStreams = Infinity
    const mapping = new Int32Array(later.#rows.size).fill(-1)
    const size = later.#rows.size
    // Streams are numbered as their rows are until one is closed out.
    if (later.closed === 0) for (let theirs = 0; theirs < size; theirs++) mapping[theirs] = this.#absorb(later, theirs)
    else for (const theirs of later.#rowsByNumber()) mapping[theirs] = this.#absorb(later, theirs)
    this.#maxStreams = bound
    this.count += later.closed
    this.closed += later.closed
    return mapping
  }

  #rowsByNumber(): number[] {
    const rows: number[] = []
    for (let row = 0; row < this.#rows.size; row++) if (this.#version[row] !== 0) rows.push(row)
    return rows.sort((a, b) => this.numberOf(a) - this.numberOf(b))
  }

  /** Hot: the row here of the later part's stream in row `theirs`; there may be a million of them. */
  #absorb(later: TransportStreams, theirs: number): number {
    const isV6 = later.#version[theirs] === 6
    const table = isV6 ? this.#v6 : this.#v4
    const from = isV6 ? later.#v6 : later.#v4
    const there = (theirs + 1) * from.stride
    const facts = from.words[there - FACTS]
    const lastSeen = from.words[there - LAST_SEEN]
    table.takeKey(from, theirs)
    const latest = table.find()
    const isFirst = latest < 0
    const direction = (facts & FIRST_FROM_HIGHER) !== 0 ? 1 : 0
    let decision = NEW
    if (isFirst) decision = (facts & PROVISIONAL) !== 0 && this.#continues ? UNDECIDED : NEW
    else if ((facts & PROVISIONAL) !== 0) {
      if (!this.#isTcp) decision = (table.words[this.#columnsOf(latest) - FACTS] & SPLITS_NEXT) !== 0 ? NEW : SAME
      else if ((facts & BEGINS_WITH_SYN) === 0) decision = SAME
      else decision = this.#decide(latest, direction, later.#opening[theirs])
      if (decision === SAME) {
        for (let d = 0; d < 2; d++)
          if ((facts & (BASE_SET << d)) !== 0) this.#setBase(latest, d, from.words[there - BASE - d])
        const added = SYN_SEEN | (SYN_SEEN << 1) | SYN_ACK_SEEN | (SYN_ACK_SEEN << 1) | CERTAIN | (CERTAIN << 1)
        table.words[this.#columnsOf(latest) - FACTS] |= facts & added
        table.words[this.#columnsOf(latest) - LAST_SEEN] = lastSeen
        return latest
      }
    }
    const row = this.#begin(isV6, latest, direction, 0, lastSeen)
    // A UDP stream split off stays provisional as long as the one it was split from is.
    const isUndecided = decision === UNDECIDED || (!this.#isTcp && this.#continues)
    const columns = this.#columnsOf(row)
    const lost = (isUndecided ? 0 : PROVISIONAL) | (isFirst ? 0 : SPLITS_NEXT)
    table.words[columns - FACTS] = (facts & ~lost) | LEADS | (this.#isTcp && !isFirst ? REUSES_PORTS : 0)
    for (let d = 0; d < 2; d++) table.words[columns - BASE - d] = from.words[there - BASE - d]
    if (this.#continues && (facts & BEGINS_WITH_SYN) !== 0) this.#setOpening(row, later.#opening[theirs])
    return row
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    const { count, closed } = this
    const [v4, v6] = [this.#v4.words, this.#v6.words]
    return { count, closed, size: this.#rows.size, version: this.#version, v4, v6, opening: this.#opening }
  }

  /**
   * Takes over what `save` gave of a part, of which `packetsBefore` packets came before. Good for nothing but being merged: no key
   * is found, as each thread hashes in its own way.
   */
  load(state: TransportStreamsState, packetsBefore: number): void {
    this.count = state.count
    this.closed = state.closed
    this.#rows.size = state.size
    this.#version = state.version
    this.#v4.words = state.v4
    this.#v6.words = state.v6
    this.#opening = state.opening
    for (let row = 0; row < state.size; row++) {
      if (this.#version[row] === 0) continue
      const { words, stride } = this.#tableOf(row)
      words[(row + 1) * stride - LAST_SEEN] += packetsBefore
    }
  }

  /** Wireshark's number of the stream in `row`. */
  numberOf(row: number): number {
    // Until a row is used again, streams are numbered as their rows are: no need to look that up, row by row, in all the memory.
    return this.closed === 0 ? row : this.#tableOf(row).words[this.#columnsOf(row) - NUMBER]
  }

  /** Whether the stream began with a SYN on a pair of endpoints that had a stream before. */
  reusesPorts(row: number): boolean {
    return (this.#tableOf(row).words[this.#columnsOf(row) - FACTS] & REUSES_PORTS) !== 0
  }

  /** The direction (see `Packet.layerDirection`) in which the client sends. */
  clientDirection(row: number): number {
    const { words } = this.#tableOf(row)
    const facts = words[this.#columnsOf(row) - FACTS]
    const first = (facts & FIRST_FROM_HIGHER) !== 0 ? 1 : 0
    const syns = (facts / SYN_SEEN) & 3
    // Both sent a SYN: a simultaneous open (RFC 9293 §3.5). The first to send is called the client.
    if (syns !== 0) return syns === 3 ? first : syns - 1
    if ((facts & SYN_ACK_SEEN) !== 0) return 1
    if ((facts & (SYN_ACK_SEEN << 1)) !== 0) return 0
    // A service's port tells more than who happened to speak first after the capture began.
    const ports = words[this.#columnsOf(row) - COLUMNS - 1]
    const lowerIsService = ports >>> 16 < FIRST_USER_PORT
    const higherIsService = (ports & 0xffff) < FIRST_USER_PORT
    return lowerIsService === higherIsService ? first : lowerIsService ? 1 : 0
  }

  /** No SYN and no SYN-ACK was seen: which side is the client is a guess. */
  isGuessed(row: number): boolean {
    const seen = SYN_SEEN | (SYN_SEEN << 1) | SYN_ACK_SEEN | (SYN_ACK_SEEN << 1)
    return (this.#tableOf(row).words[this.#columnsOf(row) - FACTS] & seen) === 0
  }

  /**
   * Copies the stream's key to the first of `words`: the lower endpoint's address, the higher one's, and both ports (the lower
   * endpoint's first). Returns how many words that are: 3, for IPv6 9.
   */
  copyKey(row: number, words: Int32Array): number {
    const { words: all, stride } = this.#tableOf(row)
    const width = stride - COLUMNS
    for (let i = 0; i < width; i++) words[i] = all[row * stride + i]
    return width
  }

  /** The ports of the lower and of the higher endpoint. */
  ports(row: number): readonly [number, number] {
    const ports = this.#tableOf(row).words[this.#columnsOf(row) - COLUMNS - 1]
    return [ports >>> 16, ports & 0xffff]
  }

  /** The addresses of the lower and of the higher endpoint, 4 or 16 octets each. */
  addresses(row: number): readonly [Uint8Array, Uint8Array] {
    const table = this.#tableOf(row)
    return addressOctets(table.words, row * table.stride, this.#version[row] === 6)
  }

  /** The stream's sides: the client sent the SYN or received the SYN-ACK; else it is guessed. */
  endpoints(row: number): StreamEndpoints {
    const table = this.#tableOf(row)
    const { words } = table
    const at = row * table.stride
    const isV6 = this.#version[row] === 6
    const ports = words[at + (isV6 ? 8 : 2)]
    const lower = { address: isV6 ? address6(words, at) : formatIpv4(words[at]), port: ports >>> 16 }
    const higher = { address: isV6 ? address6(words, at + 4) : formatIpv4(words[at + 1]), port: ports & 0xffff }
    const clientDirection = this.clientDirection(row)
    const guessed = this.isGuessed(row)
    return clientDirection === 0
      ? { client: lower, server: higher, clientDirection, guessed }
      : { client: higher, server: lower, clientDirection, guessed }
  }
}
