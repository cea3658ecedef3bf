import { describe, expect, test } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../../support/packet.ts'

// Expected values: tshark 4.0.17. Link type 228 is IPv4.
const IPV4 = 228

function message(hex: string) {
  const octets = hex.replace(/\s/g, '')
  const length = (20 + octets.length / 2).toString(16).padStart(4, '0')
  return packetOf(IPV4, `4500${length} 00010000 40010000 c0000201 c0000202 ${octets}`)
}

/** A quoted datagram of 36 octets, padded to the 128 that extensions follow (RFC 4884 §5.5). */
const QUOTATION = `45000024 00020000 40110000 c0000201 c0000202 03e81b58 00100000 6162636465666768 ${'00'.repeat(92)}`

describe('messages of ICMP', () => {
  test('an echo, in both orders of octets', () => {
    const packet = message('08000000 00050100 6162')
    expect(valuesOf(packet, 'icmp.ident')).toEqual([5])
    expect(valuesOf(packet, 'icmp.ident_le')).toEqual([0x0500])
    expect(valuesOf(packet, 'icmp.seq')).toEqual([256])
    expect(valuesOf(packet, 'icmp.seq_le')).toEqual([1])
    expect(valuesOf(packet, 'icmp.checksum.status')).toEqual([0])
    expect(valuesOf(packet, 'icmp.checksum_bad')).toEqual([0])
  })

  test('the time in an echo, and the data behind it', () => {
    // The packet's own time is 0: a time within a day of it counts as one.
    const packet = message('08000000 00050100 00000064 000003e8 6162')
    expect(valuesOf(packet, 'icmp.data_time')).toEqual([100])
    expect(valuesOf(packet, 'icmp.data_time_relative')).toEqual([-100])
    expect(valuesOf(packet, 'data.data')).toEqual(['6162'])
    const none = message('08000000 00050100 00100000 000003e8 6162')
    expect(valuesOf(none, 'icmp.data_time')).toEqual([])
    expect(valuesOf(none, 'data.len')).toEqual([10])
  })

  test('routers, and what a mobile agent adds', () => {
    const packet = message(
      '09100000 01020708 c0000201 80000001' + // one address, preference -2^31 + 1
        '100a 0005 0064 8000 c0000207' + // an agent: sequence number 5, lifetime 100
        '00 1302 1808', // padding, prefix lengths
    )
    expect(valuesOf(packet, 'icmp.router_address')).toEqual([0xc0000201])
    expect(valuesOf(packet, 'icmp.pref_level')).toEqual([-2_147_483_647])
    expect(valuesOf(packet, 'icmp.mip.type')).toEqual([16, 0, 19])
    expect(valuesOf(packet, 'icmp.mip.r')).toEqual([1])
    expect(valuesOf(packet, 'icmp.mip.coa')).toEqual([0xc0000207])
    expect(valuesOf(packet, 'icmp.mip.prefixlength')).toEqual([24, 8])
    expect(stackOf(packet)).toBe('ip:icmp')
  })

  test('RFC 4950: labels behind a quotation', () => {
    const packet = message(`0b000000 00200000 ${QUOTATION} 20006d82 00080101 12345f40`)
    expect(valuesOf(packet, 'icmp.length')).toEqual([32])
    expect(valuesOf(packet, 'icmp.ext.version')).toEqual([2])
    expect(valuesOf(packet, 'icmp.ext.checksum.status')).toEqual([1])
    expect(valuesOf(packet, 'icmp.mpls.label')).toEqual([0x12345])
    expect(valuesOf(packet, 'icmp.mpls.exp')).toEqual([7])
    expect(valuesOf(packet, 'icmp.mpls.s')).toEqual([1])
    expect(valuesOf(packet, 'icmp.mpls.ttl')).toEqual([64])
  })

  test('RFC 5837: an interface by index, address and name', () => {
    const packet = message(
      `0b000000 00200000 ${QUOTATION} 20000000 001c020e 00000007 00010000 c0000205 08657468 30000000 00000000`, // class 2
    )
    expect(valuesOf(packet, 'icmp.ext.checksum.status')).toEqual([3])
    expect(valuesOf(packet, 'icmp.int_info.index')).toEqual([7])
    expect(valuesOf(packet, 'icmp.int_info.ipv4')).toEqual([0xc0000205])
    expect(valuesOf(packet, 'icmp.int_info.name')).toEqual(['eth0'])
    expect(valuesOf(packet, 'icmp.int_info.mtu')).toEqual([])
  })

  test('RFC 8335: which interface an extended echo asks about', () => {
    const packet = message('2a000000 00050701 20000f52 00080301 65746830')
    expect(valuesOf(packet, 'icmp.ext.echo.seq')).toEqual([7])
    expect(valuesOf(packet, 'icmp.ext.echo.req.local')).toEqual([1])
    expect(valuesOf(packet, 'icmp.int_ident.name')).toEqual(['eth0'])
  })
})
