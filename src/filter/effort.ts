/**
 * How many pairs of values a filter may still look at in the packet. One count for the whole filter, as what takes long is the
 * product of all its parts; filters are asked one after the other, so one place for all of them.
 */

import { MAX_PAIRS } from './limits.ts'
import type { PacketTest } from './placed.ts'

let left = MAX_PAIRS
let uses = 0

/** Says that what is being compiled pairs values. */
export function willPair(): void {
  uses++
}

/** Hot: counts one pair; false if there may be no more. */
export function spend(): boolean {
  return --left >= 0
}

/** The test that `make` makes, which begins anew for each packet; nothing is added to a test that pairs nothing. */
export function withinEffort(make: () => PacketTest): PacketTest {
  const before = uses
  const test = make()
  if (uses === before) return test
  return (packet) => {
    left = MAX_PAIRS
    return test(packet)
  }
}
