import { expect, test } from 'vitest'
import { FragmentPool } from '../../src/packet/fragment-pool.ts'

const octets = Uint8Array.from({ length: 65_536 }, (_, i) => (i * 7) & 0xff)

test.each([0, 1, 64, 65, 128, 1480, 65_535, 65_536])('%i octets are copied', (length) => {
  const { bytes, ...rest } = new FragmentPool().take(octets, 0, length, 8, 3, true)
  expect(rest).toEqual({ offset: 8, length, number: 3, isOtherTail: true })
  expect(bytes.subarray(0, length)).toEqual(octets.subarray(0, length))
})

test('a fragment given back is used again, for as many octets or fewer', () => {
  const pool = new FragmentPool()
  const first = pool.take(octets, 0, 1480, 0, 1, false)
  pool.giveBack([first])
  const second = pool.take(octets, 100, 1400, 1480, 2, false)
  expect(second).toBe(first)
  expect(second.bytes.subarray(0, 1400)).toEqual(octets.subarray(100, 1500))
  expect(pool.take(octets, 0, 1400, 0, 3, false)).not.toBe(first)
})

test('what is kept for use again is bounded', () => {
  const pool = new FragmentPool()
  // Half a MiB holds eight of 64 KiB.
  const fragments = Array.from({ length: 10 }, () => pool.take(octets, 0, 65_536, 0, 1, false))
  pool.giveBack(fragments)
  const again = new Set(Array.from({ length: 10 }, () => pool.take(octets, 0, 65_536, 0, 1, false)))
  expect(fragments.filter((fragment) => again.has(fragment))).toHaveLength(8)
})
