/** Conversations of good messages and of what a hostile sender makes of them, decoded twice with different octets behind their end. */
import fc from 'fast-check'
import { expect } from 'vitest'
import { DecoderBench, type Filling, newConversation } from './decoder-bench.ts'
import { carrierOf, type Message, messages, messagesOf } from './messages.ts'
import { type Change, changes, mutate } from './mutations.ts'

const hash: Filling = (index) => Math.imul(index + 1, 0x9e3779b1) >>> 24
/** One octet over and over, any of them or the last one there, or noise. */
function fillingOf(choice: number, octets: Uint8Array): Filling {
  const octet = (choice & 0x0c) === 0 ? octets[octets.length - 1] : (choice >> 8) & 0xff
  return (choice & 0x80) === 0 ? () => octet : (index) => octet ^ hash(index)
}

/** What stands behind: in one packet the rest of the message that was cut, in the other something else. */
let rest: Uint8Array = new Uint8Array(0)
let other: Filling = hash
const one = new DecoderBench((index) => (index < rest.length ? rest[index] : hash(index)))
const two = new DecoderBench((index) => other(index), 0x1000_0000)

/** One packet of a conversation. */
export interface Turn {
  /** Which of the protocol's messages. */
  readonly which: number
  readonly made: readonly Change[]
  /** Octets cut from its end. */
  readonly cut: number
  /** Octets that come first, where the decoder may ask for more. */
  readonly first: number
  readonly missing: number
  readonly direction: 0 | 1
}

const turn: fc.Arbitrary<Turn> = fc.record({
  which: fc.nat(0xffff),
  made: changes(3),
  cut: fc.oneof(fc.constant(0), fc.nat(80), fc.nat(2000)),
  first: fc.oneof(fc.constant(0xffff), fc.nat(60)),
  missing: fc.constantFrom(0, 0, 0, 1, 8, 1400, 0x3000_0000),
  direction: fc.constantFrom(0, 1),
})

export interface HostileConversation {
  readonly turns: readonly Turn[]
  /** What carries it, whether anything is known of the stream, and what stands behind. */
  readonly choice: number
}

export const hostileConversation: fc.Arbitrary<HostileConversation> = fc.record({
  turns: fc.array(turn, { minLength: 1, maxLength: 3 }),
  choice: fc.nat(0xffff),
})

/** Nothing changed: a good message, over what usually carries it, from either side. */
export const unchanged: readonly HostileConversation[] = [0x01, 0x11].map((choice) => ({
  turns: [{ which: 0, made: [], cut: 0, first: 0xffff, missing: 0, direction: choice === 1 ? 1 : 0 }],
  choice,
}))

/** Decodes it; `look` gets the bench with each packet decoded, twice, and what it says must be the same. */
export function converse(
  message: Message,
  { turns, choice }: HostileConversation,
  look: (bench: DecoderBench) => string | void,
) {
  const { protocol, over, port } = message
  const carrier = carrierOf(message, choice)
  const isBare = over === '-' || (choice & 0x60) === 0x60
  const conversations = isBare ? [null, null] : [newConversation(port), newConversation(port)]
  // A failure between the two would put them out of step.
  two.packet.number = two.numbersFrom + one.packet.number
  const alike = [message, ...(messagesOf.get(protocol.id) as readonly Message[])]
  for (const { which, made, cut, first, missing, direction } of turns) {
    const whole = mutate(alike[which % alike.length].octets, messages[which % messages.length].octets, made)
    const octets = whole.subarray(0, Math.max(0, whole.length - cut))
    rest = whole.subarray(octets.length)
    other = fillingOf(choice, octets)
    const canReassemble = over === 'tcp' && missing === 0
    const there = canReassemble ? Math.min(first, octets.length) : octets.length
    const delivery = { octets, first: there, missing, direction, canReassemble }
    // What is not in the packet itself, a decoder keeps for the packet decoded last.
    const found = [one, two].map((bench, i) => {
      const next = bench.decode(protocol, carrier, delivery, conversations[i])
      const seen = `${next} ${bench.layers()}\n${look(bench) ?? ''}`
      bench.checkUntouched(protocol)
      return seen
    })
    expect(found[1]).toBe(found[0])
  }
}
