/**
 * Fragments of every kind, cut anywhere into parts that begin with a few of those before them: where the parts are said to have put
 * together what one thread would have, they have, to the last octet.
 */
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Reassembler } from '../../src/packet/reassembly.ts'
import { continueReassembly, type PartReassembly } from '../../src/packet/reassembly-check.ts'
import { type OpenDatagram, ReassemblyLog } from '../../src/packet/reassembly-log.ts'

const TARGET = 64
const RUNS = 2000

interface Spec {
  readonly key: string
  readonly offset: number
  readonly length: number
  /** What its octets all are. */
  readonly content: number
  readonly isLast: boolean
}

/** Anything, also what overlaps, and what claims to be the last elsewhere. */
const odd: fc.Arbitrary<Spec> = fc.record({
  key: fc.constantFrom('a', 'a', 'a', 'b'),
  offset: fc.constantFrom(0, 0, 8, 8, 16, 24),
  length: fc.constantFrom(4, 8, 8, 12, 16, 20),
  content: fc.constantFrom(1, 1, 1, 2, 3),
  isLast: fc.boolean(),
})

/** One of three that make a datagram; where that ends is not always said rightly. */
const usual: fc.Arbitrary<Spec> = fc
  .tuple(
    fc.constantFrom('a', 'a', 'a', 'a', 'b'),
    fc.constantFrom(0, 8, 16),
    fc.constantFrom(1, 1, 1, 1, 1, 2),
    fc.constantFrom(16, 16, 16, 16, 8),
  )
  .map(([key, offset, content, last]) => ({ key, offset, length: 8, content, isLast: offset === last }))

const once = (spec: Spec) => [spec]
const fragments = fc
  .array(
    fc.oneof(
      { weight: 1, arbitrary: odd.map(once) },
      { weight: 8, arbitrary: usual.map(once) },
      { weight: 1, arbitrary: usual.map((spec) => [spec, spec]) },
    ),
    { minLength: 2, maxLength: 20, size: 'max' },
  )
  .map((groups) => groups.flat())

/** Where a part begins, and how many fragments before that it knows. */
const cuts = fc
  .array(fc.record({ at: fc.nat({ max: 20 }), lead: fc.nat({ max: 4 }) }), { minLength: 1, maxLength: 3 })
  .map((list) => list.sort((a, b) => a.at - b.at))

/** What each of the fragments completed, as octets; null if nothing. */
function run(reassembler: Reassembler, specs: readonly Spec[]): (string | null)[] {
  return specs.map(({ key, offset, length, content, isLast }) => {
    const bytes = new Uint8Array(256)
    for (let i = 0; i < length; i++) bytes[i] = content
    const whole = reassembler.add(key, bytes, 0, length, offset, !isLast, TARGET)
    return whole < 0 ? null : Buffer.from(bytes.subarray(TARGET, TARGET + whole)).toString('hex')
  })
}

interface Part {
  readonly completed: (string | null)[]
  readonly reassembly: PartReassembly
}

/** The part from `from` to `to`, as another thread hands it over. */
function partOf(specs: readonly Spec[], from: number, to: number, lead: number): Part {
  const reassembler = new Reassembler()
  run(reassembler, specs.slice(Math.max(0, from - lead), from))
  const before = reassembler.open()
  const log = new ReassemblyLog()
  reassembler.log = log
  const completed = run(reassembler, specs.slice(from, to))
  const { abandoned } = reassembler
  return structuredClone({
    completed,
    reassembly: { before, after: reassembler.open(), log: log.save(), abandoned },
  })
}

/** Whatever the order of datagrams is. */
function sorted(open: readonly OpenDatagram[]): OpenDatagram[] {
  return open
    .map(({ key, length, pieces }) => ({
      key,
      length,
      pieces: pieces.map(({ offset, length, hash }) => ({ offset, length, hash })),
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

test('parts that are said to agree with one thread do', () => {
  let agreed = 0
  let unaware = 0
  let refused = 0
  fc.assert(
    fc.property(fragments, cuts, (specs, places) => {
      const whole = new Reassembler()
      run(whole, specs.slice(0, places[0].at))
      let open: readonly OpenDatagram[] = whole.open()
      for (const [i, { at, lead }] of places.entries()) {
        const end = places[i + 1]?.at ?? specs.length
        const { completed, reassembly } = partOf(specs, at, end, lead)
        const isAware = isDeepStrictEqual(sorted(reassembly.before), sorted(open))
        const names = new Set(reassembly.log.keys)
        const isUsed = [...open, ...reassembly.before].some(({ key }) => names.has(key))
        const truth = run(whole, specs.slice(at, end))
        const next = continueReassembly(open, reassembly)
        if (next === null) {
          // Who knows all that is open is always right.
          expect(isAware).toBe(false)
          refused++
          return
        }
        expect(completed).toEqual(truth)
        expect(sorted(next)).toEqual(sorted(whole.open()))
        open = next
        agreed++
        if (!isAware && isUsed) unaware++
      }
    }),
    { numRuns: RUNS },
  )
  // Of all three there are enough, of those too that did not know all of a datagram that they went on with.
  expect(agreed).toBeGreaterThan(RUNS)
  expect(unaware).toBeGreaterThan(RUNS / 10)
  expect(refused).toBeGreaterThan(RUNS / 10)
})
