import { describe, expect, test } from 'vitest'
import type { PacketRecord } from '../../src/capture/capture-writer.ts'
import { HeldPackets } from '../../src/capture/held-packets.ts'

const NONE: readonly number[] = []

function packet(number: number, { seconds = 0, octets = 4 } = {}): PacketRecord {
  return {
    bytes: new Uint8Array(octets).fill(number),
    start: 0,
    number,
    seconds,
    nanoseconds: 0,
    hasTime: true,
    capturedLength: octets,
    originalLength: octets,
    linkType: 1,
    source: null,
  }
}

function holder(limits = {}) {
  const written: number[] = []
  const held = new HeldPackets((one) => {
    expect(one.bytes[one.start]).toBe(one.number)
    written.push(one.number)
  }, limits)
  return { held, written }
}

test('wanted packets go out at once where nothing waits', () => {
  const { held, written } = holder()
  held.take(packet(1), NONE)
  held.drop(packet(2), NONE)
  expect(written).toEqual([1])
  expect(held.isEmpty).toBe(true)
})

test('in the order of the capture, whenever it is known what is wanted', () => {
  const { held, written } = holder()
  held.hold(packet(1), NONE)
  held.take(packet(2), NONE)
  held.hold(packet(3), NONE)
  held.take(packet(4), NONE)
  expect(written).toEqual([])
  held.drop(packet(5), [1])
  held.take(packet(6), NONE)
  expect(written).toEqual([2])
  held.take(packet(7), [3])
  expect(written).toEqual([2, 3, 4, 6, 7])
  expect(held).toMatchObject({ earlier: 1, missed: 0, isEmpty: true })
})

test('the octets are copied: the packet is filled again meanwhile', () => {
  const { held, written } = holder()
  const one = packet(1)
  held.hold(one, NONE)
  one.bytes.fill(0xff)
  held.take(packet(2), [1])
  expect(written).toEqual([1, 2])
})

test('fragments within fragments: the outer ones share the lot of what they completed', () => {
  const { held, written } = holder()
  held.hold(packet(1), NONE)
  held.hold(packet(2), [1])
  held.hold(packet(3), NONE)
  held.take(packet(4), [2])
  held.end()
  expect(written).toEqual([1, 2, 4])
  expect(held.earlier).toBe(2)
})

test('what is undecided at the end is not wanted', () => {
  const { held, written } = holder()
  held.hold(packet(1), NONE)
  held.take(packet(2), NONE)
  held.end()
  expect(written).toEqual([2])
})

describe('bounds', () => {
  test('after a minute the rest of a datagram is not waited for', () => {
    const { held, written } = holder({ seconds: 60 })
    held.hold(packet(1, { seconds: 100 }), NONE)
    held.take(packet(2, { seconds: 160 }), NONE)
    expect(written).toEqual([])
    held.drop(packet(3, { seconds: 161 }), NONE)
    expect(written).toEqual([2])
    held.take(packet(4, { seconds: 161 }), [1])
    expect(written).toEqual([2, 4])
    expect(held).toMatchObject({ earlier: 0, missed: 1 })
  })

  test('the oldest is given up when too much waits', () => {
    const { held, written } = holder({ octets: 3000 })
    held.hold(packet(1, { octets: 1000 }), NONE)
    held.take(packet(2, { octets: 1000 }), NONE)
    expect(written).toEqual([])
    held.hold(packet(3, { octets: 1000 }), NONE)
    expect(written).toEqual([2])
    held.take(packet(4), [3])
    expect(written).toEqual([2, 3, 4])
  })

  test('many packets', () => {
    const { held, written } = holder()
    for (let i = 0; i < 10_000; i++) {
      held.hold(packet((2 * i + 1) % 256), NONE)
      held.take(packet((2 * i + 2) % 256), i % 2 === 0 ? [(2 * i + 1) % 256] : NONE)
      if (i % 2 === 1) held.drop(packet(0), [(2 * i + 1) % 256])
    }
    held.end()
    expect(held.isEmpty).toBe(true)
    expect(written).toHaveLength(15_000)
  })
})
