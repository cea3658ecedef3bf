import { expect, test } from 'vitest'
import type { Packet } from '../../src/packet/packet.ts'
import { Reassembler } from '../../src/packet/reassembly.ts'
import { packetOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17. IPv4: don't care, total length, identification, flags and offset; then the data.
const FIRST = '45000024 00082000 40110000 c0000201 c0000202 03e81b5800280000 0001020304050607'
const SECOND = '4500001c 00082002 40110000 c0000201 c0000202 08090a0b0c0d0e0f'
const OTHER_SECOND = '4500001c 00082002 40110000 c0000201 c0000202 5858585858585858'
const LAST = '45000024 00080003 40110000 c0000201 c0000202 101112131415161718191a1b1c1d1e1f'
const WHOLE = '03e81b5800280000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'

/** The last of the packets, which share a reassembler. All have the number 1. */
function lastOf(...octets: readonly string[]): Packet {
  const reassembler = new Reassembler()
  return octets.map((one) => packetOf(228, one, { reassembler }))[octets.length - 1]
}

test('the fragments of a datagram', () => {
  const packet = lastOf(FIRST, SECOND, LAST)
  expect(valuesOf(packet, 'ip.fragment')).toEqual([1, 1, 1])
  expect(valuesOf(packet, 'ip.fragment.count')).toEqual([3])
  expect(valuesOf(packet, 'ip.fragments')).toEqual([WHOLE])
  expect(valuesOf(packet, 'ip.reassembled.length')).toEqual([40])
  expect(valuesOf(packet, 'ip.reassembled.data')).toEqual([WHOLE])
  expect(valuesOf(packet, 'ip.fragment.overlap')).toEqual([])
})

test('a copy overlaps; one that says otherwise is an error', () => {
  const packet = lastOf(FIRST, FIRST, SECOND, OTHER_SECOND, LAST)
  expect(valuesOf(packet, 'ip.fragment.overlap')).toEqual([1, 1])
  expect(valuesOf(packet, 'ip.fragment.overlap.conflict')).toEqual([1])
  expect(valuesOf(packet, 'ip.fragment')).toEqual([1, 1, 1, 1])
  expect(valuesOf(packet, 'ip.fragment.error')).toEqual([1])
  expect(valuesOf(packet, 'ip.fragment.count')).toEqual([5])
  expect(valuesOf(packet, 'ip.reassembled.data')).toEqual([WHOLE])
})

test('a second end, and data behind the end', () => {
  const otherEnd = '4500001c 00080002 40110000 c0000201 c0000202 08090a0b0c0d0e0f'
  expect(valuesOf(lastOf(LAST, otherEnd, FIRST), 'ip.fragment.multipletails')).toEqual([1])
  const behind = '4500001c 00082008 40110000 c0000201 c0000202 0000000000000000'
  expect(valuesOf(lastOf(LAST, behind, SECOND, FIRST), 'ip.fragment.toolongfragment')).toEqual([1])
})
