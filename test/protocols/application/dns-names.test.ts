/** Names are followed once in a pass over a message, and what is remembered of one changes nothing for the next. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lastName, newPass, readName } from '../../../src/protocols/application/dns/name.ts'
import { runs } from '../../support/runs.ts'

/** Octets that are labels, pointers and bit strings more often than chance would have it. */
const octet = fc.oneof(
  { weight: 5, arbitrary: fc.integer({ min: 0, max: 5 }) },
  { weight: 4, arbitrary: fc.constant(0xc0) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0x7f }) },
  { weight: 1, arbitrary: fc.constant(0x41) },
  { weight: 1, arbitrary: fc.nat(255) },
)

function read(pass: number, bytes: Uint8Array, at: number) {
  const next = readName(pass, bytes, 0, at, bytes.length)
  return next < 0 ? next : { next, ...lastName }
}

test('the same name again, behind others of the message', () => {
  const message = fc.array(octet, { minLength: 1, maxLength: 127 }).map((octets) => Uint8Array.from(octets))
  fc.assert(
    fc.property(message, fc.array(fc.nat(126), { minLength: 2, maxLength: 12 }), (bytes, places) => {
      const starts = places.map((place) => place % bytes.length)
      const alone = starts.map((at) => read(newPass(), bytes, at))
      const pass = newPass()
      expect(starts.map((at) => read(pass, bytes, at))).toEqual(alone)
    }),
    // A name that loops, entered behind its beginning and then there.
    { numRuns: runs(3000), examples: [[Uint8Array.of(1, 0x61, 1, 0x62, 0xc0, 0), [2, 0]]] },
  )
})

test('a message of names that are long to follow costs what it has octets', () => {
  // One name of 4,000 labels, and pointers to every one of them: 8 million labels, if each were followed by itself.
  const labels = 4000
  const pointers = Array.from({ length: labels }, (_, i) => [0xc0 | ((2 * i) >> 8), (2 * i) & 0xff])
  const octets = [...Array.from({ length: labels }, () => [1, 0x61]), [0], ...pointers].flat()
  let reads = 0
  const counting = new Proxy(Uint8Array.from(octets), {
    get(bytes, key) {
      reads++
      return Reflect.get(bytes, key)
    },
  })
  const pass = newPass()
  const texts = new Set<string>()
  for (let at = 2 * labels + 1; at < octets.length; at += 2) {
    expect(readName(pass, counting, 0, at, octets.length)).toBe(at + 2)
    if (lastName.text[0] === '<') texts.add(lastName.text)
  }
  // tshark 4.0.17 on such a message. The last 127 labels are a name: 254 octets.
  expect([...texts]).toEqual(['<Name too long>'])
  expect(lastName.text).toBe('a')
  // The names of up to 127 labels are read once more for their text, 127 * 128 / 2 labels in all.
  expect(reads).toBeLessThan(6 * octets.length + 6 * ((127 * 128) / 2))
})
