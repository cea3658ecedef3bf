/** Conversations as sequences of frames, and how many of them share one wire. */
import { ACK, FIN, fragments, ip, isIpv6, type Path, PUSH, SYN, TCP, tcp, UDP, udp } from './headers.ts'
import type { Random } from './random.ts'

/** A frame, and how long after the one before it in this conversation it comes. */
export interface Step {
  readonly wait: number
  readonly frame: Buffer
}

export type Talk = Generator<Step, void, undefined>

/** How many conversations are under way at once. */
const CONCURRENT = 64

/**
 * Calls `packet` for the frames of all conversations, in the order of their times, until `next` has no more or `packet`
 * returns true: a capture may end anywhere.
 */
export function interleave(
  random: Random,
  next: () => Talk | null,
  packet: (microseconds: number, frame: Buffer) => boolean,
): void {
  const talks: Talk[] = []
  let now = 0
  for (;;) {
    while (talks.length < CONCURRENT) {
      const talk = next()
      if (talk === null) break
      talks.push(talk)
    }
    if (talks.length === 0) return
    const index = random.below(talks.length)
    const { value, done } = talks[index].next()
    if (done === true) {
      talks[index] = talks[talks.length - 1]
      talks.pop()
      continue
    }
    // One clock for all keeps the times in order; what a conversation waits for passes on it in part.
    now += 1 + Math.ceil(value.wait / CONCURRENT)
    if (packet(now, value.frame)) return
  }
}

/** What an MTU of 1500 leaves beside IPv6 and TCP headers with timestamps. */
const SEGMENT_LENGTH = 1428
const WINDOW = 502

/** A TCP connection whose data arrives, now and then after it was sent again. */
export class Connection {
  readonly #random: Random
  readonly #path: Path
  readonly #ports: readonly [number, number]
  /** The next sequence number of the client, and of the server. */
  readonly #sequence: [number, number]
  #clock: number
  #id: number

  constructor(random: Random, path: Path, serverPort: number) {
    this.#random = random
    this.#path = path
    this.#ports = [random.between(32_768, 60_999), serverPort]
    this.#sequence = [random.next(), random.next()]
    this.#clock = random.next()
    this.#id = random.below(0x1_0000)
  }

  *open(): Talk {
    yield this.#step(true, SYN, 100)
    this.#sequence[0]++
    yield this.#step(false, SYN | ACK, 12_000)
    this.#sequence[1]++
    yield this.#step(true, ACK, 90)
  }

  /** Sends `data` in segments; every second one is acknowledged, and the last. */
  *send(forward: boolean, data: Buffer): Talk {
    for (let at = 0, count = 1; at < data.length; at += SEGMENT_LENGTH, count++) {
      const part = data.subarray(at, at + SEGMENT_LENGTH)
      const isLast = at + SEGMENT_LENGTH >= data.length
      const flags = isLast ? ACK | PUSH : ACK
      yield this.#step(forward, flags, at === 0 ? 3000 : 15, part)
      if (this.#random.onceIn(400)) yield this.#step(forward, flags, 200_000, part)
      this.#sequence[forward ? 0 : 1] += part.length
      if (isLast || count % 2 === 0) yield this.#step(!forward, ACK, 40)
    }
  }

  *close(): Talk {
    yield this.#step(true, FIN | ACK, 5000)
    this.#sequence[0]++
    yield this.#step(false, FIN | ACK, 11_000)
    this.#sequence[1]++
    yield this.#step(true, ACK, 80)
  }

  #step(forward: boolean, flags: number, wait: number, payload: Buffer = NOTHING): Step {
    const [own, other] = forward ? [0, 1] : [1, 0]
    this.#clock += 1 + (wait >>> 10)
    const segment = tcp(this.#path, {
      sourcePort: this.#ports[own],
      destinationPort: this.#ports[other],
      sequence: this.#sequence[own],
      acknowledgment: (flags & ACK) === 0 ? 0 : this.#sequence[other],
      flags,
      window: (flags & SYN) === 0 ? WINDOW : 64_240,
      options: (flags & SYN) === 0 ? timestamps(this.#clock) : synOptions(this.#clock, isIpv6(this.#path)),
      payload,
    })
    return { wait, frame: ip(this.#path, forward, TCP, segment, this.#id++) }
  }
}

const NOTHING = Buffer.alloc(0)

/** RFC 7323 §3.2, with the two no-operations that its appendix A puts in front. */
function timestamps(clock: number): Buffer {
  const octets = Buffer.from([1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0])
  octets.writeUInt32BE(clock >>> 0, 4)
  octets.writeUInt32BE((clock - 7) >>> 0, 8)
  return octets
}

/** Maximum segment size (RFC 9293 §3.2), SACK permitted (RFC 2018 §2), timestamps, window scale (RFC 7323 §2.2). */
function synOptions(clock: number, six: boolean): Buffer {
  const octets = Buffer.from([2, 4, 0, 0, 4, 2, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 3, 7])
  octets.writeUInt16BE(six ? 1440 : 1460, 2)
  octets.writeUInt32BE(clock >>> 0, 8)
  return octets
}

/** A datagram, in fragments if it is long. */
export function* datagram(
  random: Random,
  path: Path,
  forward: boolean,
  ports: readonly [number, number],
  data: Buffer,
): Talk {
  const [source, destination] = forward ? ports : [ports[1], ports[0]]
  const octets = udp(path, source, destination, data)
  const id = random.next()
  const frames = octets.length > 1400 ? fragments(path, forward, UDP, octets, id) : [ip(path, forward, UDP, octets, id)]
  for (const [index, frame] of frames.entries()) yield { wait: index === 0 ? 8000 : 12, frame }
}
