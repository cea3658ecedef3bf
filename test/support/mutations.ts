/** What a hostile sender makes of good octets: bits flipped, lengths forged, cut, spliced, repeated. */
import fc from 'fast-check'

/** Numbers that lengths and counts are forged to. */
const FORGED = [0, 1, 2, 3, 4, 7, 8, 0x0f, 0x10, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xc1, 0xfe, 0xff]

export interface Change {
  readonly kind:
    | 'flip'
    | 'set'
    | 'forge'
    | 'forge16'
    | 'forge32'
    | 'nudge'
    | 'cut'
    | 'delete'
    | 'repeat'
    | 'noise'
    | 'splice'
    | 'fill'
  /** Where, as a share of the length, and how much. */
  readonly at: number
  readonly amount: number
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom(
    ...(['flip', 'set', 'set', 'forge', 'forge', 'forge', 'forge16', 'forge16', 'forge32', 'nudge', 'nudge'] as const),
    ...(['cut', 'delete', 'repeat', 'noise', 'splice', 'fill'] as const),
  ),
  at: fc.integer({ min: 0, max: 0xffff }),
  amount: fc.integer({ min: 0, max: 0xffff }),
})

/** Up to `most` changes. */
export function changes(most: number): fc.Arbitrary<readonly Change[]> {
  return fc.array(change, { maxLength: most })
}

/** Octets of what changes make, at most. */
const MAX_LENGTH = 2048

/** The changes made one after the other; `other` is what is spliced in. */
export function mutate(octets: Uint8Array, other: Uint8Array, all: readonly Change[]): Uint8Array {
  let mutated = octets
  for (const each of all) mutated = apply(mutated, other, each).subarray(0, MAX_LENGTH)
  return mutated
}

function apply(octets: Uint8Array, other: Uint8Array, { kind, at: share, amount }: Change): Uint8Array {
  if (octets.length === 0) return other
  const at = share % octets.length
  const length = 1 + (amount % (octets.length - at))
  const set = (...values: readonly number[]): Uint8Array => {
    const changed = octets.slice()
    for (const [i, value] of values.entries()) if (at + i < changed.length) changed[at + i] = value
    return changed
  }
  switch (kind) {
    case 'flip':
      return set(octets[at] ^ (1 << (amount & 7)))
    case 'set':
      return set(amount & 255)
    case 'forge':
      return set(FORGED[amount % FORGED.length])
    case 'forge16':
      return set(amount & 1 ? 0 : 255, FORGED[amount % FORGED.length])
    case 'forge32':
      return set(...(amount & 1 ? [0xff, 0xff, 0xff] : [0, 0, 0]), FORGED[amount % FORGED.length])
    case 'nudge':
      return set(octets[at] + (amount & 1 ? 1 : -1))
    case 'cut':
      return octets.subarray(0, at)
    case 'delete':
      return joined(octets.subarray(0, at), octets.subarray(at + Math.min(length, 8)))
    case 'repeat': {
      const piece = octets.subarray(at, at + length)
      const times = Math.min(1 + (amount % 5), Math.ceil(MAX_LENGTH / piece.length))
      return joined(octets.subarray(0, at), ...new Array<Uint8Array>(times).fill(piece), octets.subarray(at))
    }
    case 'noise':
      return joined(
        octets.subarray(0, at),
        Uint8Array.from({ length: 1 + (amount % 24) }, (_, i) => Math.imul(amount + i, 0x9e3779b1) >>> 24),
      )
    case 'splice':
      return joined(octets.subarray(0, at), other.subarray(amount % Math.max(1, other.length)))
    case 'fill': {
      const changed = octets.slice()
      changed.fill(FORGED[amount % FORGED.length], at, at + Math.min(length, 6))
      return changed
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
