import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.

describe('AH', () => {
  test('what follows is named by its next header', () => {
    const packet = packetOf(
      228,
      // IPv4: 52 octets, protocol 51
      `45000034 00010000 40330000 c0000201 c0000202
       11040000 00000101 00000007 000102030405060708090a0b` + // AH: UDP follows, 24 octets
        '03e81b58 00080000', // UDP
    )
    expect(stackOf(packet)).toBe('ip:ah:udp')
    expect(valuesOf(packet, 'ah.spi')).toEqual([0x101])
    expect(valuesOf(packet, 'ah.sequence')).toEqual([7])
    expect(valuesOf(packet, 'ah.icv')).toEqual(['000102030405060708090a0b'])
    expect(packet.transport).toBe(2)
  })

  test('a length past the end', () => {
    const packet = packetOf(228, '45000020 00010000 40330000 c0000201 c0000202 11f00000 00000101 00000007')
    expect(stackOf(packet)).toBe('ip:ah')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })
})

describe('ESP', () => {
  test('is not looked into', () => {
    const packet = packetOf(
      228,
      `45000024 00010000 40320000 c0000201 c0000202
       00000101 00000007 4500001c00020000`, // ESP: index, sequence number, what may look like IPv4
    )
    expect(stackOf(packet)).toBe('ip:esp')
    expect(valuesOf(packet, 'esp.spi')).toEqual([0x101])
  })
})
