import { describe, expect, test } from 'vitest'
import { Reassembler } from '../../src/packet/reassembly.ts'

const TARGET = 100

/** Adds fragments [offset, text, more]; returns what each of them completed, or null. */
function run(fragments: readonly (readonly [number, string, boolean])[], reassembler = new Reassembler()) {
  return fragments.map(([offset, text, more]) => {
    const bytes = new Uint8Array(400)
    bytes.set(Buffer.from(text), 3)
    const length = reassembler.add('key', bytes, 3, text.length, offset, more, TARGET)
    return length < 0 ? null : Buffer.from(bytes.subarray(TARGET, TARGET + length)).toString()
  })
}

describe('Reassembler', () => {
  test('in order, in reverse, and mixed', () => {
    const a = [0, 'aaaaaaaa', true] as const
    const b = [8, 'bbbbbbbb', true] as const
    const c = [16, 'cc', false] as const
    expect(run([a, b, c])).toEqual([null, null, 'aaaaaaaabbbbbbbbcc'])
    expect(run([c, b, a])).toEqual([null, null, 'aaaaaaaabbbbbbbbcc'])
    expect(run([b, c, a])).toEqual([null, null, 'aaaaaaaabbbbbbbbcc'])
    expect(run([c, a, b])).toEqual([null, null, 'aaaaaaaabbbbbbbbcc'])
  })

  test('a duplicate changes nothing; of two at one offset the first counts', () => {
    expect(
      run([
        [0, 'aaaaaaaa', true],
        [0, 'AAAAAAAA', true],
        [8, 'b', false],
      ]),
    ).toEqual([null, null, 'aaaaaaaab'])
  })

  test('where two overlap, the one that starts earlier counts', () => {
    expect(
      run([
        [8, 'BBBBBBBB', true],
        [0, 'aaaaaaaaaaaa', true],
        [16, 'c', false],
      ]),
    ).toEqual([null, null, 'aaaaaaaaaaaaBBBBc'])
  })

  test('a fragment inside another adds nothing', () => {
    expect(
      run([
        [0, 'aaaaaaaaaaaaaaaaaaaaaaaa', true],
        [8, 'BBBBBBBB', true],
        [24, 'c', false],
      ]),
    ).toEqual([null, null, 'aaaaaaaaaaaaaaaaaaaaaaaac'])
  })

  test('of two last fragments the first to arrive says where the end is', () => {
    expect(
      run([
        [0, 'aaaaaaaaaaaaaaaa', true],
        [32, 'EEEEEEEE', false],
        [16, 'CCCCCCCC', false],
        [24, 'dddddddd', true],
      ]),
    ).toEqual([null, null, null, 'aaaaaaaaaaaaaaaaCCCCCCCCddddddddEEEEEEEE'])
  })

  test('octets past the end are dropped', () => {
    expect(
      run([
        [8, 'bb', false],
        [8, 'BBBBBBBB', true],
        [0, 'aaaaaaaa', true],
      ]),
    ).toEqual([null, null, 'aaaaaaaabb'])
  })

  test('after the whole, the next fragment starts anew', () => {
    const reassembler = new Reassembler()
    const whole = [
      [0, 'aaaaaaaa', true],
      [8, 'b', false],
    ] as const
    expect(run([...whole, ...whole], reassembler)).toEqual([null, 'aaaaaaaab', null, 'aaaaaaaab'])
    expect(reassembler.unfinished).toBe(0)
  })

  test('no datagram is longer than its fields can say', () => {
    const reassembler = new Reassembler()
    expect(run([[65_528, 'aaaaaaaaaaaa', false]], reassembler)).toEqual([null])
    expect(reassembler.unfinished).toBe(0)
  })

  test('a whole that does not fit behind the target is given up', () => {
    const reassembler = new Reassembler()
    const bytes = new Uint8Array(20)
    expect(reassembler.add('key', bytes, 0, 8, 0, true, 10)).toBe(-1)
    expect(reassembler.add('key', bytes, 0, 8, 8, false, 10)).toBe(-1)
    expect(reassembler.unfinished).toBe(0)
  })

  test('the octets are copied: the block they came from is reused', () => {
    const reassembler = new Reassembler()
    const bytes = new Uint8Array(40).fill(1)
    reassembler.add('key', bytes, 0, 8, 0, true, 20)
    bytes.fill(2)
    expect(reassembler.add('key', bytes, 0, 8, 8, false, 20)).toBe(16)
    expect(bytes[20]).toBe(1)
    expect(bytes[28]).toBe(2)
  })

  test('ceilings: the oldest datagrams are given up and counted', () => {
    const bytes = new Uint8Array(64)
    const datagrams = new Reassembler({ datagrams: 2 })
    for (const key of ['a', 'b', 'c']) datagrams.add(key, bytes, 0, 8, 0, true, 32)
    expect(datagrams.unfinished).toBe(2)
    expect(datagrams.abandoned).toBe(1)
    expect(datagrams.add('a', bytes, 0, 8, 8, false, 32)).toBe(-1)
    expect(datagrams.add('c', bytes, 0, 8, 8, false, 32)).toBe(16)

    const octets = new Reassembler({ octets: 20 })
    for (const key of ['a', 'b', 'c']) octets.add(key, bytes, 0, 8, 0, true, 32)
    expect(octets.unfinished).toBe(2)
    expect(octets.abandoned).toBe(1)

    const fragments = new Reassembler({ fragments: 3 })
    for (let i = 0; i < 3; i++) fragments.add('a', bytes, 0, 8, 16 * i, true, 32)
    expect(fragments.unfinished).toBe(0)
    expect(fragments.abandoned).toBe(1)
  })
})
