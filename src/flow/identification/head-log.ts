/**
 * The first octets of the first payloads of each stream, kept by a part of a capture that others come before: its streams may have begun
 * there, and what names a stream depends on what came first.
 *
 * There may be a million streams, so what is kept lies behind each other in a few large chunks, and each payload names the one before
 * it of its stream.
 */
import { NONE } from '../../packet/packet.ts'
import { growInt32 } from '../../tables/grow.ts'
import { Payload } from '../signatures/payload.ts'
import { ENOUGH } from './openings.ts'
import { readPorts } from './probe.ts'

/** Payloads of each side that are looked at; of what comes in pieces, the pieces count as one. */
export const MAX_PAYLOADS = 6

/** Payloads of one side kept at most, pieces included. */
const MAX_KEPT = MAX_PAYLOADS + ENOUGH

/** Of both sides, and what the layers below decoded. */
const MAX_HEADS = 2 * MAX_KEPT + 1

/** Both ports, as a transport header begins with them. */
export const PORTS_LENGTH = 4

/** One payload as it was kept. */
export class Head {
  direction = 0
  sequence = 0
  /** The number of its packet. */
  packet = 0
  /** Not `NONE`: the payload was decoded as this protocol by the layers below, and there are no octets. */
  protocol = NONE
  readonly payload = new Payload()
  /** Where both ports stand in the payload's bytes. */
  portsAt = 0
}

// Words of a row.
/** Where the stream's last payload is kept; 0: nowhere. */
const LAST = 0
/** How many are kept, in bits: see below. */
const COUNTS = 1
const ROW_WORDS = 2

// Payloads of a direction, and those of them that are no pieces: counted from bit BIT + direction * BITS on.
const KEPT_BITS = 7
const KEPT_MASK = 0x7f
const LONG_BIT = 14
const LONG_BITS = 3
const LONG_MASK = 0x07
/** One that was decoded is kept. */
const HAS_DECODED = 1 << 20

// Words of a payload; both ports and the octets stand behind them.
const PREVIOUS = 0
const PACKET = 1
const SEQUENCE = 2
/** Octets of the payload on the wire. */
const LENGTH = 3
/** Octets kept, direction, and protocol. */
const META = 4
const HEADER_WORDS = 5
const OCTETS_MASK = 0xffff
const DIRECTION_BIT = 16
const PROTOCOL_BIT = 17

// A place is the number of a word, counted through all chunks. No payload goes on from one chunk into the next.
const CHUNK_BITS = 18
const CHUNK_WORDS = 1 << CHUNK_BITS
const CHUNK_MASK = CHUNK_WORDS - 1
/** Beyond these 8 GB, which a place does not reach, nothing is kept. */
const MAX_CHUNKS = 2 ** (31 - CHUNK_BITS)
/** 0 is no place. */
const FIRST = 1

export type HeadLogState = ReturnType<HeadLog['save']>

export class HeadLog {
  /** What `read` read. */
  readonly head = new Head()
  /** One past the highest row in the log. */
  #count = 0
  #rows = new Int32Array(64 * ROW_WORDS)
  #chunks: Int32Array<ArrayBuffer>[] = []
  /** The same memory. */
  #octets: Uint8Array[] = []
  /** Where the next payload goes. */
  #end = FIRST
  /** Words of payloads that were forgotten. */
  #freed = 0
  /** Where the payloads of the row last found are, the last one first. */
  readonly #found = new Int32Array(MAX_HEADS)
  #foundCount = 0
  /** What has to be added to the numbers of packets. */
  #packetsBefore = 0

  /**
   * Hot: keeps a payload, whose ports stand at `portsAt`, unless as many of its direction are kept as may be looked at: the pieces of an
   * opening are not counted among them.
   */
  add(
    row: number,
    payload: Payload,
    portsAt: number,
    direction: number,
    sequence: number,
    packet: number,
    protocol: number,
  ): void {
    if (this.#chunks.length >= MAX_CHUNKS) return
    if (row >= this.#count) this.#grow(row)
    const rows = this.#rows
    const at = row * ROW_WORDS
    const counts = rows[at + COUNTS]
    if (protocol !== NONE) {
      if ((counts & HAS_DECODED) !== 0) return
      rows[at + COUNTS] = counts | HAS_DECODED
    } else {
      const kept = direction * KEPT_BITS
      const long = LONG_BIT + direction * LONG_BITS
      if (((counts >> kept) & KEPT_MASK) >= MAX_KEPT || ((counts >> long) & LONG_MASK) >= MAX_PAYLOADS) return
      rows[at + COUNTS] = counts + (1 << kept) + (payload.length >= ENOUGH ? 1 << long : 0)
    }
    const octets = payload.end - payload.at
    const place = this.#allocate(wordsFor(octets))
    const chunk = this.#chunks[place >> CHUNK_BITS]
    const word = place & CHUNK_MASK
    chunk[word + PREVIOUS] = rows[at + LAST]
    chunk[word + PACKET] = packet
    chunk[word + SEQUENCE] = sequence
    chunk[word + LENGTH] = payload.length
    chunk[word + META] = octets | (direction << DIRECTION_BIT) | (protocol << PROTOCOL_BIT)
    rows[at + LAST] = place
    // Loops: `set` wants an object made for the part of an array.
    const to = this.#octets[place >> CHUNK_BITS]
    const from = payload.bytes
    let next = (word + HEADER_WORDS) * 4
    for (let i = portsAt; i < portsAt + PORTS_LENGTH; i++) to[next++] = from[i]
    for (let i = payload.at; i < payload.end; i++) to[next++] = from[i]
  }

  /** Looks up the payloads of a stream; returns how many there are, to `read` them by number. */
  find(row: number): number {
    let count = 0
    let place = row < this.#count ? this.#rows[row * ROW_WORDS + LAST] : 0
    for (; place !== 0; place = this.#chunks[place >> CHUNK_BITS][place & CHUNK_MASK]) this.#found[count++] = place
    this.#foundCount = count
    return count
  }

  /** Makes `head` payload `index`, in the order of the capture, of the stream last looked up. */
  read(index: number): void {
    const place = this.#found[this.#foundCount - 1 - index]
    const chunk = this.#chunks[place >> CHUNK_BITS]
    const word = place & CHUNK_MASK
    const meta = chunk[word + META]
    const { head } = this
    head.direction = (meta >> DIRECTION_BIT) & 1
    head.sequence = chunk[word + SEQUENCE]
    head.packet = (chunk[word + PACKET] >>> 0) + this.#packetsBefore
    head.protocol = meta >>> PROTOCOL_BIT
    const { payload } = head
    payload.bytes = this.#octets[place >> CHUNK_BITS]
    head.portsAt = (word + HEADER_WORDS) * 4
    payload.at = head.portsAt + PORTS_LENGTH
    payload.end = payload.at + (meta & OCTETS_MASK)
    payload.length = chunk[word + LENGTH] >>> 0
    readPorts(payload, head.portsAt)
  }

  clear(row: number): void {
    for (let i = this.find(row) - 1; i >= 0; i--) this.#freed += this.#sizeOf(this.#found[i])
    if (this.#foundCount === 0) return
    this.#rows.fill(0, row * ROW_WORDS, (row + 1) * ROW_WORDS)
    if (this.#freed > CHUNK_WORDS && this.#freed > this.#end >> 1) this.#compact()
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return { count: this.#count, rows: this.#rows, chunks: this.#chunks }
  }

  /** Takes over what `save` gave of a part, of which `packetsBefore` packets came before. Nothing may be added any more. */
  load(state: HeadLogState, packetsBefore: number): void {
    this.#count = state.count
    this.#rows = state.rows
    this.#chunks = state.chunks
    this.#octets = state.chunks.map(octetsOf)
    this.#packetsBefore = packetsBefore
  }

  #sizeOf(place: number): number {
    return wordsFor(this.#chunks[place >> CHUNK_BITS][(place & CHUNK_MASK) + META] & OCTETS_MASK)
  }

  /** The place of so many words, which are new. */
  #allocate(words: number): number {
    if ((this.#end & CHUNK_MASK) + words > CHUNK_WORDS) this.#end = this.#chunks.length << CHUNK_BITS
    if (this.#end >> CHUNK_BITS >= this.#chunks.length) {
      const chunk = new Int32Array(CHUNK_WORDS)
      this.#chunks.push(chunk)
      this.#octets.push(octetsOf(chunk))
    }
    const place = this.#end
    this.#end += words
    return place
  }

  /** Moves what is left together. */
  #compact(): void {
    const old = this.#chunks
    this.#chunks = []
    this.#octets = []
    this.#end = FIRST
    this.#freed = 0
    for (let row = 0; row < this.#count; row++) {
      const at = row * ROW_WORDS + LAST
      let place = this.#rows[at]
      // Where the place is to be written that the payload comes to.
      let [namer, word] = [this.#rows, at]
      while (place !== 0) {
        const from = old[place >> CHUNK_BITS]
        const start = place & CHUNK_MASK
        const words = wordsFor(from[start + META] & OCTETS_MASK)
        const moved = this.#allocate(words)
        this.#chunks[moved >> CHUNK_BITS].set(from.subarray(start, start + words), moved & CHUNK_MASK)
        namer[word] = moved
        namer = this.#chunks[moved >> CHUNK_BITS]
        word = (moved & CHUNK_MASK) + PREVIOUS
        place = namer[word]
      }
    }
  }

  #grow(row: number): void {
    this.#rows = growInt32(this.#rows, (row + 1) * ROW_WORDS - 1)
    this.#count = row + 1
  }
}

function wordsFor(octets: number): number {
  return HEADER_WORDS + ((PORTS_LENGTH + octets + 3) >> 2)
}

function octetsOf(chunk: Int32Array<ArrayBuffer>): Uint8Array {
  return new Uint8Array(chunk.buffer)
}
