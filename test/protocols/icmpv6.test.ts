import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.
const IPV6 = 229
const ADDRESSES = '20010db8000000000000000000000001 20010db8000000000000000000000002'

describe('ICMPv6', () => {
  test('an echo request carries data', () => {
    const packet = packetOf(
      IPV6,
      `60000000 000c3a40 ${ADDRESSES}` + // IPv6: 12 octets of ICMPv6
        '80001234 00070501 61626364', // ICMPv6: echo request, identifier 7, sequence number 1281; data
    )
    expect(stackOf(packet)).toBe('ipv6:icmpv6:data')
    expect(valuesOf(packet, 'icmpv6.type')).toEqual([128])
    expect(valuesOf(packet, 'icmpv6.checksum')).toEqual([0x1234])
    expect(valuesOf(packet, 'icmpv6.echo.identifier')).toEqual([7])
    expect(valuesOf(packet, 'icmpv6.echo.sequence_number')).toEqual([1281])
  })

  test('packet too big quotes an IPv6 packet', () => {
    const packet = packetOf(
      IPV6,
      `60000000 00383a40 ${ADDRESSES}` + // IPv6: 56 octets of ICMPv6
        '02000000 00000500' + // ICMPv6: packet too big, MTU 1280
        `60000000 00301140 ${ADDRESSES}` + // quoted IPv6
        '03e81b58 00300000', // quoted UDP
    )
    expect(stackOf(packet)).toBe('ipv6:icmpv6:ipv6:udp')
    expect(valuesOf(packet, 'icmpv6.mtu')).toEqual([1280])
    expect(packet.network).toBe(0)
    expect(packet.transport).toBe(-1)
  })

  test('a quoted fragment is opaque', () => {
    const packet = packetOf(
      IPV6,
      `60000000 00403a40 ${ADDRESSES}` + // IPv6
        '01000000 00000000' + // ICMPv6: no route
        `60000000 00302c40 ${ADDRESSES}` + // quoted IPv6
        '11000001 00000001' + // quoted fragment header: first, more follow
        '03e81b58 00300000', // UDP, not shown
    )
    expect(stackOf(packet)).toBe('ipv6:icmpv6:ipv6:ipv6.fraghdr:data')
  })

  test('a neighbour solicitation has a target and options', () => {
    const packet = packetOf(
      IPV6,
      `60000000 00203aff ${ADDRESSES}` + // IPv6
        '87000000 00000000 20010db8000000000000000000000009' + // ICMPv6: neighbour solicitation
        '0101 00005e005301', // option: source link-layer address
    )
    expect(stackOf(packet)).toBe('ipv6:icmpv6')
    expect(valuesOf(packet, 'icmpv6.nd.ns.target_address')).toEqual(['20010db8000000000000000000000009'])
    expect(valuesOf(packet, 'icmpv6.opt.type')).toEqual([1])
    expect(valuesOf(packet, 'icmpv6.opt.length')).toEqual([1])
    expect(valuesOf(packet, 'icmpv6.opt.linkaddr')).toEqual(['00005e005301'])
  })

  test('a redirect quotes in an option', () => {
    const packet = packetOf(
      IPV6,
      `60000000 00603aff ${ADDRESSES}` + // IPv6: 96 octets
        `89000000 00000000 ${ADDRESSES}` + // ICMPv6: redirect, target and destination
        '0407000000000000' + // option: redirected header, 7 units
        `60000000 00081140 ${ADDRESSES}` + // quoted IPv6
        '03e81b58 00080000', // quoted UDP
    )
    expect(stackOf(packet)).toBe('ipv6:icmpv6:ipv6:udp')
  })

  test('an option of no length does not hang', () => {
    const packet = packetOf(
      IPV6,
      `60000000 00303aff ${ADDRESSES}` + // IPv6: 48 octets
        `89000000 00000000 ${ADDRESSES}` + // ICMPv6: redirect
        '0500000000000000', // option of length 0
    )
    expect(stackOf(packet)).toBe('ipv6:icmpv6')
    expect(packet.fault).toBe(FAULT_MALFORMED)
    expect(valuesOf(packet, 'icmpv6.opt.type')).toEqual([5])
    expect(valuesOf(packet, 'icmpv6.invalid_option_length')).toEqual([0])
  })

  test('RFC 8335: the extension of an extended echo request is `icmp`, without fields', () => {
    const packet = packetOf(
      IPV6,
      `60000000 00143a40 ${ADDRESSES}` + // IPv6
        'a0000000 00070101' + // ICMPv6: extended echo request
        '20000000 00080302 00000001', // extension: interface by index
    )
    expect(stackOf(packet)).toBe('ipv6:icmpv6:icmp')
    expect(valuesOf(packet, 'icmp.type')).toEqual([])
    expect(valuesOf(packet, 'icmpv6.echo.identifier')).toEqual([7])
  })

  test('fewer octets than a message has', () => {
    const packet = packetOf(IPV6, `60000000 00023a40 ${ADDRESSES} 8000`)
    expect(stackOf(packet)).toBe('ipv6:icmpv6')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })
})
