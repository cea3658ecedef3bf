/**
 * Packets that wait to be written: those of which only a later packet tells whether they are wanted, and the wanted ones
 * behind them, so that all are written in the order of the capture.
 *
 * Bounded: what has waited too long, or when too much is waiting, the oldest, is given up for unwanted.
 */
import { blockOptionsEnd, packetBlockAt } from '../packet/packet-block.ts'
import type { PacketRecord } from './capture-writer.ts'

/** Octets held at most, and what each packet counts besides its own. */
const MAX_OCTETS = 32 * 1_048_576
const OVERHEAD = 256
/** RFC 8200 §4.5: by then the fragments of a packet must have come. */
const MAX_SECONDS = 60
/** Numbers remembered, to tell afterwards that something is missing. */
const MAX_GIVEN_UP = 65_536
/** Octets in front of a record's own that belong to it: the header of its block (see `packet-block.ts`). */
const AHEAD = 28

const UNDECIDED = 0
const WANTED = 1
const UNWANTED = 2

interface Held {
  readonly record: PacketRecord
  state: number
  /** Numbers of earlier packets that are wanted if this one is. */
  readonly fellows: readonly number[]
}

export interface HoldLimits {
  octets?: number
  seconds?: number
}

export class HeldPackets {
  readonly #write: (packet: PacketRecord) => void
  readonly #maxOctets: number
  readonly #maxSeconds: number
  /** In the order of the capture. */
  #queue: Held[] = []
  /** How many of `#queue` are done with. */
  #done = 0
  readonly #undecided = new Map<number, Held>()
  /** Numbers of those that were given up. */
  readonly #givenUp = new Set<number>()
  #octets = 0
  /** Packets that turned out to be wanted, and were written. */
  earlier = 0
  /** Packets that turned out to be wanted when they had been given up. */
  missed = 0

  /** The limits can be lowered, for tests. */
  constructor(write: (packet: PacketRecord) => void, limits: HoldLimits = {}) {
    this.#write = write
    this.#maxOctets = limits.octets ?? MAX_OCTETS
    this.#maxSeconds = limits.seconds ?? MAX_SECONDS
  }

  /** Nothing waits. */
  get isEmpty(): boolean {
    return this.#queue.length === 0
  }

  /** A wanted packet, as are the earlier ones numbered `fellows`. */
  take(packet: PacketRecord, fellows: readonly number[]): void {
    for (const number of fellows) this.#decide(number, true)
    this.#expire(packet)
    if (this.isEmpty) this.#write(packet)
    else this.#enqueue(packet, WANTED, fellows)
  }

  /** A packet of which nothing is known yet, except that those numbered `fellows` share its lot. */
  hold(packet: PacketRecord, fellows: readonly number[]): void {
    this.#expire(packet)
    this.#enqueue(packet, UNDECIDED, fellows)
  }

  /** An unwanted packet; so are those numbered `fellows`. */
  drop(packet: PacketRecord, fellows: readonly number[]): void {
    for (const number of fellows) this.#decide(number, false)
    if (!this.isEmpty) this.#expire(packet)
  }

  /** Nothing follows: what is undecided is unwanted. */
  end(): void {
    for (const number of [...this.#undecided.keys()]) this.#decide(number, false)
    this.#release()
  }

  #enqueue(packet: PacketRecord, state: number, fellows: readonly number[]): void {
    const held = { record: copyOf(packet), state, fellows }
    this.#queue.push(held)
    this.#octets += weightOf(held)
    if (state === UNDECIDED) this.#undecided.set(packet.number, held)
    while (this.#octets > this.#maxOctets && !this.isEmpty) this.#giveUp()
  }

  #decide(number: number, isWanted: boolean): void {
    const held = this.#undecided.get(number)
    if (held === undefined) {
      if (isWanted && this.#givenUp.delete(number)) this.missed++
      return
    }
    this.#undecided.delete(number)
    held.state = isWanted ? WANTED : UNWANTED
    if (isWanted) this.earlier++
    for (const fellow of held.fellows) this.#decide(fellow, isWanted)
  }

  /** Gives up what is older than the limit when `packet` comes, and writes what then need not wait. */
  #expire(packet: PacketRecord): void {
    this.#release()
    while (!this.isEmpty && packet.seconds - this.#queue[this.#done].record.seconds > this.#maxSeconds) this.#giveUp()
  }

  /** The oldest, which is undecided, is unwanted. */
  #giveUp(): void {
    const { number } = this.#queue[this.#done].record
    this.#decide(number, false)
    this.#givenUp.add(number)
    if (this.#givenUp.size > MAX_GIVEN_UP) this.#givenUp.delete(this.#givenUp.keys().next().value as number)
    this.#release()
  }

  /** Writes the wanted packets in front of the first undecided one. */
  #release(): void {
    const queue = this.#queue
    while (this.#done < queue.length && queue[this.#done].state !== UNDECIDED) {
      const held = queue[this.#done++]
      this.#octets -= weightOf(held)
      if (held.state === WANTED) this.#write(held.record)
    }
    if (this.#done === queue.length) this.#queue = []
    else if (this.#done > 1024 && this.#done > queue.length / 2) this.#queue = queue.slice(this.#done)
    else return
    this.#done = 0
  }
}

function weightOf({ record }: Held): number {
  return record.bytes.length + OVERHEAD
}

/** The packet with the octets around it that belong to it. */
function copyOf(packet: PacketRecord): PacketRecord {
  const { number, seconds, nanoseconds, hasTime, capturedLength, originalLength, linkType, source } = packet
  const block = packetBlockAt(packet)
  const from = Math.max(0, packet.start - AHEAD)
  const end = block < 0 ? packet.start + capturedLength : blockOptionsEnd(packet.bytes, block, source!.section!.little)
  return {
    bytes: packet.bytes.slice(from, end),
    start: packet.start - from,
    number,
    seconds,
    nanoseconds,
    hasTime,
    capturedLength,
    originalLength,
    linkType,
    source,
  }
}
