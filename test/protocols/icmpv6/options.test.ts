import { describe, expect, test } from 'vitest'
import { packetOf, valuesOf } from '../../support/packet.ts'

// Expected values: tshark 4.0.17.
const IPV6 = 229
const ADDRESSES = '20010db8000000000000000000000001 20010db8000000000000000000000002'

/** A router solicitation with these options. */
function solicitation(options: string) {
  const octets = `85000000 00000000 ${options}`.replace(/\s/g, '')
  return packetOf(IPV6, `60000000 ${(octets.length / 2).toString(16).padStart(4, '0')} 3aff ${ADDRESSES} ${octets}`)
}

describe('options of neighbour discovery', () => {
  test('link-layer addresses are of Ethernet by their length', () => {
    const packet = solicitation('0101 00005e005301 0202 0102030405060708090a0b0c0d0e')
    expect(valuesOf(packet, 'icmpv6.opt.src_linkaddr')).toEqual(['00005e005301'])
    expect(valuesOf(packet, 'icmpv6.opt.target_linkaddr')).toEqual(['0102030405060708090a0b0c0d0e'])
    expect(valuesOf(packet, 'icmpv6.opt.linkaddr')).toHaveLength(2)
  })

  test('a prefix', () => {
    const packet = solicitation('0304 40c0 00000e10 00000708 00000000 20010db8000000000000000000000000')
    expect(valuesOf(packet, 'icmpv6.opt.prefix.length')).toEqual([64])
    expect(valuesOf(packet, 'icmpv6.opt.prefix.flag')).toEqual([0xc0])
    expect(valuesOf(packet, 'icmpv6.opt.prefix.flag.l')).toEqual([1])
    expect(valuesOf(packet, 'icmpv6.opt.prefix.flag.r')).toEqual([0])
    expect(valuesOf(packet, 'icmpv6.opt.prefix.valid_lifetime')).toEqual([3600])
    expect(valuesOf(packet, 'icmpv6.opt.prefix.preferred_lifetime')).toEqual([1800])
    expect(valuesOf(packet, 'icmpv6.opt.prefix')).toEqual(['20010db8000000000000000000000000'])
  })

  test('half of a prefix is the rest zero; of another length it is none', () => {
    const half = solicitation('1802 4008 0000003c 2021222324252627')
    expect(valuesOf(half, 'icmpv6.opt.prefix')).toEqual(['20212223242526270000000000000000'])
    expect(valuesOf(half, 'icmpv6.opt.route_info.flag.route_preference')).toEqual([1])
    const odd = solicitation(`1804 4008 0000003c ${'20'.repeat(24)}`)
    expect(valuesOf(odd, 'icmpv6.opt.prefix')).toEqual([])
    expect(valuesOf(odd, 'icmpv6.invalid_option_length')).toEqual([0])
    expect(valuesOf(odd, 'icmpv6.unknown_data')).toEqual(['20'.repeat(24)])
  })

  test('names to search, and what pads them', () => {
    const packet = solicitation('1f03 0000 00000100 03616263 026465 00 0166 00 0000000000')
    expect(valuesOf(packet, 'icmpv6.opt.dnssl.lifetime')).toEqual([256])
    expect(valuesOf(packet, 'icmpv6.opt.dnssl')).toEqual(['abc.de', 'f'])
    expect(valuesOf(packet, 'icmpv6.opt.padding')).toEqual([0])
  })

  test('a moment of SEND: seconds, and 1/64K fractions', () => {
    const packet = solicitation('0d02 000000000000 0000001a001a 3000')
    expect(valuesOf(packet, 'icmpv6.opt.timestamp')).toEqual([1_703_962])
    // 0x3000 / 0x10000 of a second; the visitor here sees the seconds alone.
    expect(valuesOf(packet, 'icmpv6.unknown_data')).toEqual([])
  })

  test('an option that runs past the message ends it', () => {
    const packet = solicitation('0501 0000 000005dc 0109 00005e005301')
    expect(valuesOf(packet, 'icmpv6.opt.mtu')).toEqual([1500])
    expect(valuesOf(packet, 'icmpv6.opt.type')).toEqual([5, 1])
    expect(valuesOf(packet, 'icmpv6.opt.linkaddr')).toEqual([])
  })

  test('an option of an unknown type is data', () => {
    const packet = solicitation('c801 010203040506')
    expect(valuesOf(packet, 'icmpv6.undecoded.option')).toEqual([0])
    expect(valuesOf(packet, 'icmpv6.data')).toEqual(['010203040506'])
  })

  test('what an option has behind its format is unknown', () => {
    const packet = solicitation('0502 0000 000005dc 0102030405060708')
    expect(valuesOf(packet, 'icmpv6.unknown_data')).toEqual(['0102030405060708'])
    expect(valuesOf(packet, 'icmpv6.unknown_data.expert')).toEqual([0])
  })
})
