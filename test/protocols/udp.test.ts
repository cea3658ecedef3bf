import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED, FAULT_NONE, FAULT_TRUNCATED } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.
const IPV4 = '45000024 00010000 40110000 c0000201 c0000202'
const IPV6 = '60000000 00101140 20010db8000000000000000000000001 20010db8000000000000000000000002'

describe('UDP', () => {
  test('ports, length, checksum and data', () => {
    const packet = packetOf(228, `${IPV4} 03e81b58 00101234 6162636465666768`)
    expect(stackOf(packet)).toBe('ip:udp:data')
    expect(valuesOf(packet, 'udp.port')).toEqual([1000, 7000])
    expect(valuesOf(packet, 'udp.length')).toEqual([16])
    expect(valuesOf(packet, 'udp.checksum')).toEqual([0x1234])
    expect(valuesOf(packet, 'udp.payload')).toEqual(['6162636465666768'])
    expect(packet.fault).toBe(FAULT_NONE)
  })

  test('the checksum is not verified; it may not be 0 over IPv6', () => {
    expect(valuesOf(packetOf(228, `${IPV4} 03e81b58 00101234 6162636465666768`), 'udp.checksum.status')).toEqual([2])
    expect(valuesOf(packetOf(228, `${IPV4} 03e81b58 00100000 6162636465666768`), 'udp.checksum.status')).toEqual([3])
    const packet = packetOf(229, `${IPV6} 03e81b58 00100000 6162636465666768`)
    expect(valuesOf(packet, 'udp.checksum.status')).toEqual([4])
    expect(valuesOf(packet, 'udp.checksum.zero')).toEqual([0])
  })

  test('the payload is all that IP carries', () => {
    const packet = packetOf(228, `${IPV4} 03e81b58 000c0000 6162636465666768`)
    expect(valuesOf(packet, 'udp.payload')).toEqual(['6162636465666768'])
    expect(valuesOf(packet, 'data.data')).toEqual(['61626364'])
    expect(valuesOf(packet, 'udp.length.bad')).toEqual([])
    expect(valuesOf(packetOf(228, `${IPV4} 03e81b58 00111234 6162636465666768`), 'udp.length.bad')).toEqual([0])
  })

  test('ports of traceroute', () => {
    expect(valuesOf(packetOf(228, `${IPV4} 03e8829b 00100000 6162636465666768`), 'udp.possible_traceroute')).toEqual([
      0,
    ])
    expect(valuesOf(packetOf(228, `${IPV4} 03e8829a 00100000 6162636465666768`), 'udp.possible_traceroute')).toEqual([])
  })

  test('a length shorter than the datagram ends the data', () => {
    const packet = packetOf(228, `${IPV4} 03e81b58 00080000 6162636465666768`)
    expect(stackOf(packet)).toBe('ip:udp')
  })

  test('length 0 is a jumbogram in IPv6 and nonsense in IPv4 (RFC 2675 §4)', () => {
    expect(stackOf(packetOf(229, `${IPV6} 03e81b58 00000000 6162636465666768`))).toBe('ipv6:udp:data')
    const packet = packetOf(228, `${IPV4} 03e81b58 00000000 6162636465666768`)
    expect(stackOf(packet)).toBe('ip:udp')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })

  test('a header that the snaplen cut', () => {
    const packet = packetOf(228, `${IPV4} 03e81b58`, { originalLength: 36 })
    expect(stackOf(packet)).toBe('ip:udp')
    expect(packet.fault).toBe(FAULT_TRUNCATED)
    expect(valuesOf(packet, 'udp.port')).toEqual([1000, 7000])
    expect(valuesOf(packet, 'udp.length')).toEqual([])
  })

  test('data that was not captured is no layer', () => {
    expect(stackOf(packetOf(228, `${IPV4} 03e81b58 00100000`, { originalLength: 36 }))).toBe('ip:udp')
  })
})

describe('UDP-Lite', () => {
  test('the coverage does not end the data', () => {
    // IPv4 with protocol 136; coverage 8
    const packet = packetOf(228, '45000020 00010000 40880000 c0000201 c0000202 03e81b58 00080000 61626364')
    expect(stackOf(packet)).toBe('ip:udplite:data')
    expect(valuesOf(packet, 'udp.port')).toEqual([1000, 7000])
    expect(valuesOf(packet, 'udp.checksum_coverage')).toEqual([8])
    expect(valuesOf(packet, 'udp.length')).toEqual([12])
    expect(valuesOf(packet, 'udp.checksum.zero')).toEqual([0])
    expect(packet.transport).toBe(1)
  })

  test('a cut header', () => {
    const packet = packetOf(228, '45000018 00010000 40880000 c0000201 c0000202 03e81b58')
    expect(stackOf(packet)).toBe('ip:udplite')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })
})
