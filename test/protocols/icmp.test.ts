import { describe, expect, test } from 'vitest'
import { FAULT_NONE, MAX_LAYERS } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.
const IPV4 = 228

describe('ICMP', () => {
  test('an echo request carries data', () => {
    const packet = packetOf(
      IPV4,
      // IPv4: 36 octets, protocol 1
      `45000024 00010000 40010000 c0000201 c0000202
       08001234 00070501` + // ICMP: echo, checksum 0x1234, identifier 7, sequence number 1281
        '6162636465666768', // data
    )
    expect(stackOf(packet)).toBe('ip:icmp:data')
    expect(valuesOf(packet, 'icmp.type')).toEqual([8])
    expect(valuesOf(packet, 'icmp.code')).toEqual([0])
    expect(valuesOf(packet, 'icmp.checksum')).toEqual([0x1234])
    expect(valuesOf(packet, 'icmp.ident')).toEqual([7])
    expect(valuesOf(packet, 'icmp.seq')).toEqual([1281])
    expect(packet.network).toBe(0)
    expect(packet.transport).toBe(-1)
  })

  test('an error quotes a datagram that is not the packet itself', () => {
    const packet = packetOf(
      IPV4,
      // IPv4: 56 octets, protocol 1
      `45000038 00010000 40010000 c0000201 c0000202
       03030000 00000000` + // ICMP: port unreachable
        '45000044 00020000 40110000 c0000202 c0000201' + // quoted IPv4: 68 octets, of which 28 are there
        '03e81b58 00300000', // quoted UDP: port 1000 to 7000, length 48
    )
    expect(stackOf(packet)).toBe('ip:icmp:ip:udp')
    expect(packet.network).toBe(0)
    expect(packet.transport).toBe(-1)
    expect(packet.quotedFrom).toBe(2)
    expect(packet.fault).toBe(FAULT_NONE)
    expect(valuesOf(packet, 'ip.src')).toEqual([0xc0000201, 0xc0000202])
    expect(valuesOf(packet, 'udp.dstport')).toEqual([7000])
    expect(valuesOf(packet, 'icmp.ident')).toEqual([])
  })

  test('a quotation of 8 octets cuts a TCP header: no fault', () => {
    const packet = packetOf(
      IPV4,
      `45000038 00010000 40010000 c0000201 c0000202
       0b000000 00000000` + // ICMP: time exceeded
        '4500003c 00020000 40060000 c0000202 c0000201' + // quoted IPv4, protocol 6
        '00010050 00000001', // quoted TCP: ports and sequence number only
    )
    expect(stackOf(packet)).toBe('ip:icmp:ip:tcp')
    expect(packet.fault).toBe(FAULT_NONE)
    expect(valuesOf(packet, 'tcp.dstport')).toEqual([80])
    expect(valuesOf(packet, 'tcp.seq_raw')).toEqual([])
    expect(valuesOf(packet, 'tcp.hdr_len')).toEqual([])
    expect(valuesOf(packet, 'tcp.payload')).toEqual([])
  })

  test('a redirect quotes no more than 8 octets of the data', () => {
    const packet = packetOf(
      IPV4,
      `45000040 00010000 40010000 c0000201 c0000202
       05000000 c0000209` + // ICMP: redirect to 192.0.2.9
        '45000024 00020000 40110000 c0000202 c0000201' + // quoted IPv4
        '03e81b58 00100000 6161616161616161', // quoted UDP with 8 octets of data
    )
    expect(stackOf(packet)).toBe('ip:icmp:ip:udp')
    expect(valuesOf(packet, 'icmp.redir_gw')).toEqual([0xc0000209])
  })

  test('an error within an error', () => {
    const packet = packetOf(
      IPV4,
      `45000054 00010000 40010000 c0000201 c0000202
       03000000 00000000` + // ICMP: network unreachable
        '45000038 00020000 40010000 c0000202 c0000201 03000000 00000000' + // quoted IPv4 and ICMP
        '4500001c 00030000 40110000 c0000202 c0000201 03e81b58 00080000', // quoted IPv4 and UDP
    )
    expect(stackOf(packet)).toBe('ip:icmp:ip:icmp:ip:udp')
    expect(packet.quotedFrom).toBe(2)
  })

  // Wireshark counts the quoted header twice, so 20 octets of what follows would count too.
  test('RFC 4884: the length octet limits the quotation', () => {
    const packet = packetOf(
      IPV4,
      `45000044 00010000 40010000 c0000201 c0000202
       0b000000 00080000` + // ICMP: time exceeded, quotation of 8 words
        '45000040 00020000 40110000 c0000202 c0000201 03e81b58 002c0000 61616161' + // quoted IPv4, UDP, 4 octets
        '20000000 00080101 00001001', // extension: an MPLS label
    )
    expect(stackOf(packet)).toBe('ip:icmp:ip:udp:data')
    expect(valuesOf(packet, 'udp.payload')).toEqual(['616161612000000000080101'])
    expect(valuesOf(packet, 'icmp.length')).toEqual([8])
    expect(valuesOf(packet, 'icmp.length.original_datagram')).toEqual([32])
    expect(valuesOf(packet, 'icmp.ext')).toEqual([])
  })

  test('other messages carry nothing', () => {
    const packet = packetOf(
      IPV4,
      `45000020 00010000 40010000 c0000201 c0000202
       11000000 00070501 ffffff00`, // ICMP: address mask request
    )
    expect(stackOf(packet)).toBe('ip:icmp')
    expect(valuesOf(packet, 'icmp.address_mask')).toEqual([0xffffff00])
    expect(packet.quotedFrom).toBe(MAX_LAYERS)
  })

  test('an error without a quotation', () => {
    expect(stackOf(packetOf(IPV4, '4500001c 00010000 40010000 c0000201 c0000202 03000000 00000000'))).toBe('ip:icmp')
  })
})
