import { describe, expect, test } from 'vitest'
import { packetOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.
const ADDRESSES = '00005e005302 00005e005301'
// IPv4 with UDP, 28 octets: 42 with Ethernet's header.
const IP = '4500001c 00010000 40110000 c0000201 c0000202 03e81b5800080000'

function zeros(count: number): string {
  return '00'.repeat(count)
}

function behind(octets: string, type = '0800', originalLength?: number) {
  const packet = packetOf(1, `${ADDRESSES} ${type} ${octets}`, { originalLength })
  const names = ['eth.padding', 'eth.trailer', 'vlan.trailer', 'eth.fcs', 'eth.padding_bad']
  return names.map((name) => valuesOf(packet, name))
}

describe('what is behind the payload of an Ethernet frame', () => {
  test('padding: zeros that fill 60 octets', () => {
    expect(behind(`${IP} ${zeros(18)}`)).toEqual([[zeros(18)], [], [], [], []])
  })

  test('a trailer: too few octets, or not zeros', () => {
    expect(behind(`${IP} ${zeros(17)}`)).toEqual([[], [zeros(17)], [], [], []])
    expect(behind(`${IP} ${'01'.repeat(18)}`)).toEqual([[], ['01'.repeat(18)], [], [], [0]])
  })

  test('a check sequence: the last four of 64 and more', () => {
    expect(behind(`${IP} ${zeros(18)} 01020304`)).toEqual([[zeros(18)], [], [], [0x01020304], []])
    expect(behind(`${IP} ${zeros(18)} 0102030405`)).toEqual([[zeros(18)], ['01'], [], [0x02030405], []])
  })

  test('within a VLAN, its tag has them, and no check sequence', () => {
    expect(behind(`0064 0800 ${IP} ${zeros(14)} 01020304`, '8100')).toEqual([[zeros(14)], [], ['01020304'], [], []])
  })

  test('a length in place of a type', () => {
    expect(behind(`4242030000 ${zeros(41)} 01020304`, '0005')).toEqual([[zeros(41)], [], [], [0x01020304], []])
  })

  test('nothing, where the capture ran out before it was clear', () => {
    expect(behind(`${IP} ${zeros(10)}`, '0800', 60)).toEqual([[], [], [], [], []])
  })

  test('PPPoE keeps what follows it', () => {
    expect(behind(`1100 0005 001e 0021 ${IP} ${zeros(10)}`, '8864')).toEqual([[], [], [], [], []])
  })
})
