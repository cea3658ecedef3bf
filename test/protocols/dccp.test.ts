import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17. IPv4, protocol 33.

describe('DCCP', () => {
  test('a header with a long sequence number', () => {
    const packet = packetOf(
      228,
      // IPv4: 48 octets
      `45000030 00010000 40210000 c0000201 c0000202
       00010002 06001234 05000001 00000002` + // DCCP: ports 1 and 2, 24 octets, type 2 (data), X
        '0000000000000000' + // options
        '61626364', // data
    )
    expect(stackOf(packet)).toBe('ip:dccp:data')
    expect(valuesOf(packet, 'dccp.port')).toEqual([1, 2])
    expect(valuesOf(packet, 'dccp.type')).toEqual([2])
    expect(valuesOf(packet, 'dccp.x')).toEqual([1])
    expect(valuesOf(packet, 'dccp.checksum')).toEqual([0x1234])
    expect(valuesOf(packet, 'dccp.seq_raw')).toEqual([0x1_0000_0002n])
    expect(valuesOf(packet, 'data.data')).toEqual(['61626364'])
    expect(packet.transport).toBe(1)
  })

  test('a header with a short one', () => {
    const packet = packetOf(
      228,
      '45000024 00010000 40210000 c0000201 c0000202 00010002 03000000 04000001 61626364', // type 2, no X
    )
    expect(stackOf(packet)).toBe('ip:dccp:data')
    expect(valuesOf(packet, 'dccp.seq_raw')).toEqual([])
  })

  test('a data offset within the header', () => {
    const packet = packetOf(228, '45000024 00010000 40210000 c0000201 c0000202 00010002 03000000 05000000 00000001')
    expect(stackOf(packet)).toBe('ip:dccp')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })
})
