/**
 * Octets of TCP streams that were never captured: gaps between what was, by direction of a stream. Sequence numbers are signed.
 *
 * Directions without a gap cost nothing. Bounded: a direction with too many gaps gives up its oldest, which then can no longer
 * be filled, and stays lost.
 */

/** Gaps kept of one direction, and of all. */
const MAX_GAPS = 64
const MAX_ALL = 1_048_576

/** More cannot be in flight (RFC 7323 §2.3): a longer jump is no gap, the numbers do not belong together. */
const MAX_GAP = 0x4000_0000

interface Lost {
  /** Where gaps begin and end, by turns; every one lies beyond those before. */
  readonly edges: number[]
  /** Octets of gaps given up. */
  final: number
}

export class Gaps {
  readonly #lost = new Map<number, Lost>()
  #count = 0

  /** The octets from `from` to before `to` were skipped, and lie beyond all that was captured of the direction. */
  add(direction: number, from: number, to: number): void {
    const length = (to - from) | 0
    if (length <= 0 || length > MAX_GAP) return
    let lost = this.#lost.get(direction)
    if (lost === undefined) {
      lost = { edges: [], final: 0 }
      this.#lost.set(direction, lost)
    }
    if (lost.edges.length >= 2 * MAX_GAPS || (this.#count >= MAX_ALL && lost.edges.length > 0)) {
      // Half of them at once, so that it is seldom done.
      const many = Math.max(1, lost.edges.length >> 2)
      for (let gap = 0; gap < many; gap++) lost.final += (lost.edges[2 * gap + 1] - lost.edges[2 * gap]) | 0
      lost.edges.splice(0, 2 * many)
      this.#count -= many
    }
    if (this.#count >= MAX_ALL) lost.final += length
    else {
      lost.edges.push(from, to)
      this.#count++
    }
  }

  /** The octets from `from` to before `to` were captured after all; returns how many of them were missing. */
  fill(direction: number, from: number, to: number): number {
    const lost = this.#lost.get(direction)
    if (lost === undefined) return 0
    const { edges } = lost
    let filled = 0
    let at = firstBeyond(edges, from)
    while (at < edges.length && ((edges[at] - to) | 0) < 0) {
      const begin = edges[at]
      const end = edges[at + 1]
      const left = ((begin - from) | 0) < 0 ? from : begin
      const right = ((end - to) | 0) > 0 ? to : end
      filled += (right - left) | 0
      const rest: number[] = []
      if (begin !== left) rest.push(begin, left)
      if (right !== end) rest.push(right, end)
      edges.splice(at, 2, ...rest)
      this.#count += rest.length / 2 - 1
      at += rest.length
    }
    return filled
  }

  /** Octets of the direction that are missing. */
  lost(direction: number): number {
    const lost = this.#lost.get(direction)
    if (lost === undefined) return 0
    let sum = lost.final
    for (let i = 0; i < lost.edges.length; i += 2) sum += (lost.edges[i + 1] - lost.edges[i]) | 0
    return sum
  }

  forget(direction: number): void {
    this.#count -= (this.#lost.get(direction)?.edges.length ?? 0) / 2
    this.#lost.delete(direction)
  }
}

/** Where the first gap stands that ends beyond `sequence`. */
function firstBeyond(edges: readonly number[], sequence: number): number {
  let low = 0
  let high = edges.length / 2
  while (low < high) {
    const middle = (low + high) >> 1
    if (((edges[2 * middle + 1] - sequence) | 0) > 0) high = middle
    else low = middle + 1
  }
  return 2 * low
}
