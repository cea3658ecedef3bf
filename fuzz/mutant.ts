/** A mutated capture: the same seed and number always give the same octets. */
import { type Composed, compose } from './compose.ts'
import type { CapturedRecord, Specimen } from './corpus.ts'
import { compress, mutateFile, mutateRecord, mutateSequence } from './mutations.ts'
import { Random } from './random.ts'

export interface Mutant {
  readonly number: number
  readonly name: string
  readonly bytes: Uint8Array
}

/** Records of a mutant at most, rarely and mostly: many short captures try more than a few long ones. */
const MAX_RECORDS = 12
const FEW_RECORDS = 3

export function mutant(corpus: readonly Specimen[], seed: number, number: number): Mutant {
  const random = new Random(seed, number)
  const specimen = random.pick(corpus)
  const name = `case-${number}`
  if (specimen.count === 0 || (specimen.file !== null && random.once(10)))
    return { number, name, bytes: mutateFile(asIs(specimen.file ?? new Uint8Array(0)), random) }
  const records = drawRecords(specimen, random)
  if (random.once(6)) records.push(...drawRecords(random.pick(corpus), random))
  const isDamaged = random.once(3)
  if (!isDamaged || random.once(2))
    for (let times = random.few(records.length); times > 0; times--) {
      const at = random.below(records.length)
      if (at < records.length) records[at] = mutateRecord(records[at], random)
    }
  if (random.once(3)) mutateSequence(records, random)
  const composed = compose(records, random)
  const bytes = isDamaged ? mutateFile(composed, random) : composed.bytes
  return { number, name, bytes: random.once(25) ? compress(bytes, random) : bytes }
}

/** Neighbours, from the beginning as often as from anywhere: what opens a stream decides what follows. */
function drawRecords({ count, record }: Specimen, random: Random): CapturedRecord[] {
  const taken = Math.min(count, random.between(1, random.once(4) ? MAX_RECORDS : FEW_RECORDS))
  const from = random.once(2) ? 0 : random.below(count - taken + 1)
  return Array.from({ length: taken }, (_, i) => record(from + i))
}

/** A file whose records are not known. */
function asIs(bytes: Uint8Array): Composed {
  const isPcapng = bytes[0] === 0x0a
  return { bytes, starts: [isPcapng ? 0 : 24], little: bytes[0] !== 0xa1 && bytes[8] !== 0x1a, isPcapng }
}
