import { expect, test } from 'vitest'
import { buffersOf } from '../../src/engine/transferables.ts'

test('buffers are found wherever they are, each once', () => {
  const words = new Int32Array(8)
  const octets = new Uint8Array(words.buffer, 8, 4)
  const [a, b, c] = [new Float64Array(1), new Uint8Array(3), new Uint16Array(5)]
  const state = {
    words,
    octets,
    list: [{ a }, null, 'text', 3n],
    map: new Map([['key', b]]),
    set: new Set([c]),
    words2: words,
  }
  expect(buffersOf(state)).toEqual([words.buffer, a.buffer, b.buffer, c.buffer])
  const carried = structuredClone(state, { transfer: buffersOf(state) })
  expect([words.length, carried.words.length, carried.octets.byteOffset]).toEqual([0, 8, 8])
  expect(carried.words.buffer).toBe(carried.octets.buffer)
})

test('what is part of something larger is copied', () => {
  const pooled = Buffer.from('some octets')
  const large = new Uint8Array(100)
  const state = { pooled, part: large.subarray(10, 20), shared: new Uint8Array(new SharedArrayBuffer(4)) }
  expect(pooled.buffer.byteLength).toBeGreaterThan(pooled.length)
  expect(buffersOf(state)).toEqual([])
  const carried = structuredClone(state, { transfer: buffersOf(state) })
  expect(Buffer.from(carried.pooled).toString()).toBe('some octets')
  expect([pooled.toString(), large.length]).toEqual(['some octets', 100])
})

test('a state that has itself in it is told at once', () => {
  const state: unknown[] = []
  state.push(state)
  expect(() => buffersOf(state)).toThrow(RangeError)
})
