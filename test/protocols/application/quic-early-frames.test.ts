import { expect, test } from 'vitest'
import { EarlyFrames } from '../../../src/protocols/application/quic-early-frames.ts'

const octets = Uint8Array.from({ length: 100_000 }, (_, i) => i)

test('frames come out once what lies in front of them is there', () => {
  const early = new EarlyFrames()
  early.add(30, octets, 0, 10)
  early.add(20, octets, 50, 60)
  expect(early.take(19)).toBeUndefined()
  expect(early.take(20)).toEqual({ offset: 20, bytes: octets.slice(50, 60) })
  expect(early.take(29)).toBeUndefined()
  expect(early.take(35)).toEqual({ offset: 30, bytes: octets.slice(0, 10) })
  expect(early.count).toBe(0)
})

test('what is kept is bounded in octets and in frames: three octets of a packet are a frame that holds nothing', () => {
  const early = new EarlyFrames()
  for (let i = 0; i < 10_000; i++) early.add(100 + i, octets, i, i)
  expect(early.count).toBe(0)
  for (let i = 0; i < 10_000; i++) early.add(100 + i, octets, i, i + 1)
  expect(early.count).toBe(256)
  const long = new EarlyFrames()
  for (let i = 0; i < 100; i++) long.add(100 + 1000 * i, octets, 0, 1000)
  expect(long.count).toBe(65)
  // What was taken makes room.
  long.take(100)
  long.add(200_000, octets, 0, 1000)
  expect(long.count).toBe(65)
})
