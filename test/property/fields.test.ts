/** Every field of what hostile packets decode to: values as their types say, not too many, from nothing behind the end. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { protocols } from '../../src/protocols/index.ts'
import type { DecoderBench } from '../support/decoder-bench.ts'
import { eachValue, relativeText } from '../support/field-values.ts'
import { converse, hostileConversation, unchanged } from '../support/hostile-conversation.ts'
import { messages, messagesOf } from '../support/messages.ts'
import { runs } from '../support/runs.ts'

const met = new Set<string>()

/** The values of all fields, as text. */
function values({ packet, numbersFrom }: DecoderBench): string {
  const found: string[] = []
  eachValue(packet, (field, text) => {
    met.add(field.name)
    found.push(`${field.name} ${relativeText(field, text, numbersFrom)}`)
  })
  return found.join('\n')
}

const declared = protocols.filter(({ fields }) => fields.length > 0)

test('of good messages', () => {
  for (const message of messages) converse(message, unchanged[0], values)
  expect(met.size).toBeGreaterThan(1000)
})

test('of what is made of good messages', { timeout: 120_000 }, () => {
  for (const protocol of declared) {
    const all = messagesOf.get(protocol.id) ?? []
    fc.assert(
      fc.property(fc.nat(all.length - 1), hostileConversation, (which, conversation) =>
        converse(all[which], conversation, values),
      ),
      { numRuns: runs(6) },
    )
  }
})
