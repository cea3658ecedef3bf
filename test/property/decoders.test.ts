/**
 * Every decoder by itself, handed good messages and what a hostile sender makes of them: it keeps to what `Decode` promises, and
 * what stands behind the end does not matter. Not by way of the layers below, which would let little of it through.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { protocolById, protocols } from '../../src/protocols/index.ts'
import type { Protocol } from '../../src/protocols/protocol.ts'
import { DecoderBench, newConversation } from '../support/decoder-bench.ts'
import { converse, hostileConversation, unchanged } from '../support/hostile-conversation.ts'
import { carrierOf, messages, messagesOf } from '../support/messages.ts'
import { runs } from '../support/runs.ts'

/** Packets without a fault in which each protocol has a layer. */
class Tally {
  readonly #counts = new Map<number, number>()

  count({ packet }: DecoderBench): void {
    if (packet.fault !== 0) return
    for (let layer = 0; layer < packet.layerCount; layer++) {
      const id = packet.layerProtocol[layer]
      this.#counts.set(id, (this.#counts.get(id) ?? 0) + 1)
    }
  }

  /** Names of the protocols that were met less than `least` times; `frame` is no layer of the table. */
  missing(of: readonly Protocol[], least: number): string[] {
    return of.filter(({ id, name }) => name !== 'frame' && (this.#counts.get(id) ?? 0) < least).map(({ name }) => name)
  }
}

/** Those that do more than enter a layer, and are not entered by others alone. */
const decoding = protocols.filter(({ id }) => messagesOf.get(id)?.[0].isGood === true)

/** With one octet behind the end, over and over. */
const empty = [0, 1, 2, 3, 5, 8, 0x10, 0x16, 0x24, 0x30, 0x45, 0x60, 0x80, 0xc3, 0xfe, 0xff].map(
  (octet) => new DecoderBench(() => octet),
)

test('a good message gets into each protocol', () => {
  const tally = new Tally()
  for (const message of messages) for (const each of unchanged) converse(message, each, (bench) => tally.count(bench))
  expect(tally.missing(protocols, 1)).toEqual([])
})

test('no octets at all say nothing, whatever stands behind', () => {
  for (const [id, own] of messagesOf) {
    const carrier = carrierOf(own[0], 1)
    const protocol = protocolById[id] as Protocol
    const delivery = { octets: new Uint8Array(0), first: 0, missing: 0, direction: 0, canReassemble: false } as const
    // Every octet that something may begin with.
    const found = empty.map((bench) => {
      bench.packet.number = 1
      const next = bench.decode(protocol, carrier, delivery, newConversation(own[0].port))
      return `${protocol.name} ${next} ${bench.layers()}`
    })
    expect(new Set(found).size, found.join(' or ')).toBe(1)
  }
})

test('what is made of good messages', { timeout: 120_000 }, () => {
  const tally = new Tally()
  for (const protocol of protocols) {
    const all = messagesOf.get(protocol.id) ?? []
    fc.assert(
      fc.property(fc.nat(all.length - 1), hostileConversation, (which, conversation) =>
        converse(all[which], conversation, (bench) => tally.count(bench)),
      ),
      { numRuns: decoding.includes(protocol) ? runs(12) : 1 },
    )
  }
  // Not all is refused at once: nearly all of them go on behind their first checks, again and again.
  expect(tally.missing(decoding, 3).length).toBeLessThan(decoding.length / 10)
})
