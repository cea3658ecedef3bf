import { expect, test } from 'vitest'
import { GrowingOctets } from '../../src/packet/growing-octets.ts'

test('what was added, in order, in an array of at most twice the length', () => {
  const source = Uint8Array.from({ length: 70_000 }, (_, i) => i)
  const grown = new GrowingOctets()
  for (let at = 3; at < 66_000; at++) grown.add(source, at, at + 1)
  grown.add(source, 66_000, 70_000)
  expect(grown.length).toBe(69_997)
  expect(Buffer.from(grown.octets).equals(source.subarray(3))).toBe(true)
  expect(grown.octets.buffer.byteLength).toBeLessThanOrEqual(2 * grown.length)
})

test('it keeps a copy', () => {
  const source = Uint8Array.of(1, 2, 3)
  const grown = new GrowingOctets().add(source, 0, 2)
  grown.add(source, 2, 3)
  source.fill(9)
  expect([...grown.octets]).toEqual([1, 2, 3])
})
