import { describe, expect, test } from 'vitest'
import { packetOf, valuesOf } from '../../support/packet.ts'

// Expected values: tshark 4.0.17.
const IPV6 = 229
const ADDRESSES = '20010db8000000000000000000000001 20010db8000000000000000000000002'
const SEQUENCE = '03080d12171c21262b30353a3f44494e'

function message(hex: string) {
  const octets = hex.replace(/\s/g, '')
  return packetOf(IPV6, `60000000 ${(octets.length / 2).toString(16).padStart(4, '0')} 3aff ${ADDRESSES} ${octets}`)
}

describe('messages of ICMPv6', () => {
  test('the checksum covers a pseudo-header', () => {
    const good = message('8000930d 00050001 61626364656667')
    expect(valuesOf(good, 'icmpv6.checksum.status')).toEqual([1])
    expect(valuesOf(good, 'icmpv6.checksum_bad.expert')).toEqual([])
    const bad = message('8000930e 00050001 61626364656667')
    expect(valuesOf(bad, 'icmpv6.checksum.status')).toEqual([0])
    expect(valuesOf(bad, 'icmpv6.checksum_bad.expert')).toEqual([0])
  })

  test('a listener report of version 2', () => {
    const packet = message(
      `8f000000 00000002 04010001 ${SEQUENCE} ${ADDRESSES.slice(0, 32)} 61757864 01000000 ${SEQUENCE}`,
    )
    expect(valuesOf(packet, 'icmpv6.mldr.nb_mcast_records')).toEqual([2])
    expect(valuesOf(packet, 'icmpv6.mldr.mar')).toEqual([0, 0])
    expect(valuesOf(packet, 'icmpv6.mldr.mar.record_type')).toEqual([4, 1])
    expect(valuesOf(packet, 'icmpv6.mldr.mar.source_address')).toEqual([ADDRESSES.slice(0, 32)])
    expect(valuesOf(packet, 'icmpv6.mldr.mar.auxiliary_data')).toEqual(['61757864'])
    expect(valuesOf(packet, 'icmpv6.mldr.mar.multicast_address')).toEqual([SEQUENCE, SEQUENCE])
  })

  test('a listener query is of version 1 or 2 by its length', () => {
    const first = message(`82000000 03e80000 ${SEQUENCE}`)
    expect(valuesOf(first, 'icmpv6.mld.maximum_response_delay')).toEqual([1000])
    const second = message(`82000000 03e80000 ${SEQUENCE} 0a7d0000`)
    expect(valuesOf(second, 'icmpv6.mld.maximum_response_delay')).toEqual([])
    expect(valuesOf(second, 'icmpv6.mld.maximum_response_code')).toEqual([1000])
    expect(valuesOf(second, 'icmpv6.mld.flag.s')).toEqual([1])
    expect(valuesOf(second, 'icmpv6.mld.flag.qrv')).toEqual([2])
    expect(valuesOf(second, 'icmpv6.mld.qqi')).toEqual([125])
  })

  test('a reply with the name of a node', () => {
    const packet = message('8c000000 00020000 0000000000000000 0000003c 04686f7374 026465 00 00')
    expect(valuesOf(packet, 'icmpv6.ni.qtype')).toEqual([2])
    expect(valuesOf(packet, 'icmpv6.ni.reply.node_ttl')).toEqual([60])
    expect(valuesOf(packet, 'icmpv6.ni.reply.node_name')).toEqual(['host.de'])
  })

  test('RPL: a target, and what a transit option says of it', () => {
    const packet = message(`9b020000 05400001 ${SEQUENCE} 050a 0040 0308 0d12171c2126 0604 80010203`)
    expect(valuesOf(packet, 'icmpv6.rpl.dao.flag.d')).toEqual([1])
    expect(valuesOf(packet, 'icmpv6.rpl.dao.dodagid')).toEqual([SEQUENCE])
    expect(valuesOf(packet, 'icmpv6.rpl.opt.type')).toEqual([5, 6])
    expect(valuesOf(packet, 'icmpv6.rpl.opt.target.prefix_length')).toEqual([64])
    expect(valuesOf(packet, 'icmpv6.rpl.opt.target.prefix')).toEqual(['03080d12171c21260000000000000000'])
    expect(valuesOf(packet, 'icmpv6.rpl.opt.transit.flag.e')).toEqual([1])
    expect(valuesOf(packet, 'icmpv6.rpl.opt.transit.pathlifetime')).toEqual([3])
  })

  test('RPL: metrics in one option', () => {
    const packet = message('9b000000 0000 020c 03000002 0308 07000002 0100')
    expect(valuesOf(packet, 'icmpv6.rpl.opt.metric.type')).toEqual([3, 7])
    expect(valuesOf(packet, 'icmpv6.rpl.opt.metric.hp.object.hp')).toEqual([8])
    expect(valuesOf(packet, 'icmpv6.rpl.opt.metric.etx.object.etx')).toEqual([256])
  })

  test('any octets are safe, whatever the type', () => {
    // One packet for all: what a walk reads is the layer's octets.
    const packet = message('85'.repeat(40))
    const { bytes, layerAt, layerEnd } = packet
    for (let type = 0; type < 256; type++) {
      bytes[layerAt[1]] = type
      for (let length = 4; length < 40; length += 7) {
        layerEnd[1] = layerAt[1] + length
        expect(() => valuesOf(packet, 'icmpv6.reserved')).not.toThrow()
        expect(() => valuesOf(packet, 'icmpv6.unknown_data')).not.toThrow()
      }
    }
  })
})
