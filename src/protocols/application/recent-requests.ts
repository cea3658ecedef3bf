/** Which request a response answers, among the latest of a conversation. */
import type { Packet } from '../../packet/packet.ts'

/** Requests of a conversation that are remembered. */
const MAX_REQUESTS = 64

/** What is known of the request of a response; `frame` is 0 if it was not seen. */
export interface Answered {
  frame: number
  /** The time since then; both with the sign of the whole. */
  seconds: number
  nanoseconds: number
  /** What the request was noted with. */
  first: number
  second: number
}

export function notAnswered(): Answered {
  return { frame: 0, seconds: -0, nanoseconds: -0, first: 0, second: 0 }
}

/** The latest requests, by a key that their responses have too; the oldest is overwritten. */
export class RecentRequests {
  #next = 0
  readonly #keys = new Float64Array(MAX_REQUESTS).fill(-1)
  readonly #frames = new Float64Array(MAX_REQUESTS)
  readonly #seconds = new Float64Array(MAX_REQUESTS)
  readonly #nanoseconds = new Float64Array(MAX_REQUESTS)
  readonly #first = new Uint32Array(MAX_REQUESTS)
  readonly #second = new Uint32Array(MAX_REQUESTS)

  /** Hot: takes note of a request, and of two numbers in it. */
  add(packet: Packet, key: number, first = 0, second = 0): void {
    const index = this.#next
    this.#next = (index + 1) % MAX_REQUESTS
    this.#keys[index] = key
    this.#frames[index] = packet.number
    this.#seconds[index] = packet.seconds
    this.#nanoseconds[index] = packet.nanoseconds
    this.#first[index] = first
    this.#second[index] = second
  }

  /** Hot: fills `answered` with the latest request of an earlier packet with that key. */
  find(packet: Packet, key: number, answered: Answered): void {
    answered.frame = answered.first = answered.second = 0
    answered.seconds = answered.nanoseconds = -0
    for (let i = 1; i <= MAX_REQUESTS; i++) {
      const index = (this.#next - i + MAX_REQUESTS) % MAX_REQUESTS
      if (this.#keys[index] !== key || this.#frames[index] >= packet.number) continue
      answered.frame = this.#frames[index]
      answered.seconds = packet.seconds - this.#seconds[index]
      answered.nanoseconds = packet.nanoseconds - this.#nanoseconds[index]
      if (answered.nanoseconds < 0 && answered.seconds > 0) {
        answered.seconds--
        answered.nanoseconds += 1e9
      } else if (answered.nanoseconds > 0 && answered.seconds < 0) {
        answered.seconds++
        answered.nanoseconds -= 1e9
      }
      answered.first = this.#first[index]
      answered.second = this.#second[index]
      return
    }
  }
}
