import { describe, expect, test } from 'vitest'
import type { Packet } from '../../../src/packet/packet.ts'
import { packetOf, valuesOf } from '../../support/packet.ts'

// Expected values: tshark 4.0.17. Link type 228 is IPv4.
const SOURCE = 'c0000201'
const DESTINATION = 'c0000202'

/** A header with options, padded to a word, and a UDP header. */
function withOptions(options: string): Packet {
  const octets = options.replace(/\s/g, '')
  const padded = octets.padEnd(Math.ceil(octets.length / 8) * 8, '0')
  const words = 5 + padded.length / 8
  const total = (4 * words + 8).toString(16).padStart(4, '0')
  return packetOf(
    228,
    `4${words.toString(16)}00 ${total} 0001 0000 4011 0000 ${SOURCE} ${DESTINATION} ${padded} 03e81b5800080000`,
  )
}

describe('IPv4 options', () => {
  test('types, and what only some have', () => {
    const packet = withOptions('01 94040000 01 070904') // no operation, router alert, no operation, a route too long
    expect(valuesOf(packet, 'ip.opt.type')).toEqual([1, 148, 1])
    expect(valuesOf(packet, 'ip.opt.type.copy')).toEqual([0, 1, 0])
    expect(valuesOf(packet, 'ip.opt.type.number')).toEqual([1, 20, 1])
    expect(valuesOf(packet, 'ip.opt.len')).toEqual([4])
    expect(valuesOf(packet, 'ip.opt.ra')).toEqual([0])
    expect(valuesOf(packet, 'ip.opt.len.invalid')).toEqual([0])
  })

  test('a source route: where the datagram goes in the end is its destination', () => {
    const packet = withOptions('830b 08 01020304 05060708')
    expect(valuesOf(packet, 'ip.opt.ptr')).toEqual([8])
    expect(valuesOf(packet, 'ip.dst')).toEqual([0x05060708])
    expect(valuesOf(packet, 'ip.addr')).toEqual([0xc0000201, 0x05060708])
    expect(valuesOf(packet, 'ip.cur_rt')).toEqual([0xc0000202])
    expect(valuesOf(packet, 'ip.rec_rt')).toEqual([0x01020304])
    expect(valuesOf(packet, 'ip.rec_rt_host')).toEqual(['1.2.3.4'])
  })

  test('a source route that is used up', () => {
    const packet = withOptions('890b 0c 01020304 05060708')
    expect(valuesOf(packet, 'ip.dst')).toEqual([0xc0000202])
    expect(valuesOf(packet, 'ip.rec_rt')).toEqual([0x01020304, 0x05060708])
  })

  test('a record route with room left, and pointers that point nowhere', () => {
    const packet = withOptions('070b 08 01020304 00000000')
    expect(valuesOf(packet, 'ip.rec_rt')).toEqual([0x01020304])
    expect(valuesOf(packet, 'ip.empty_rt')).toEqual([0])
    expect(valuesOf(withOptions('070704 01020304'), 'ip.opt.ptr.before_address')).toEqual([])
    expect(valuesOf(withOptions('070703 01020304'), 'ip.opt.ptr.before_address')).toEqual([0])
    expect(valuesOf(withOptions('070706 01020304'), 'ip.opt.ptr.middle_address')).toEqual([0])
  })

  test('timestamps with addresses', () => {
    const packet = withOptions('440c 0511 01020304 00000002')
    expect(valuesOf(packet, 'ip.opt.overflow')).toEqual([1])
    expect(valuesOf(packet, 'ip.opt.flag')).toEqual([1])
    expect(valuesOf(packet, 'ip.opt.time_stamp_addr')).toEqual([0x01020304])
    expect(valuesOf(packet, 'ip.opt.time_stamp')).toEqual([2])
  })

  test('basic security: RFC 1108, and RFC 791 where its length and level say so', () => {
    const flags = withOptions('8205 5a 81 40')
    expect(valuesOf(flags, 'ip.opt.sec_cl')).toEqual([0x5a])
    expect(valuesOf(flags, 'ip.opt.sec_prot_auth_flags')).toEqual([0x81, 0x40])
    expect(valuesOf(flags, 'ip.opt.sec_prot_auth_unassigned')).toEqual([0, 0x20])
    expect(valuesOf(flags, 'ip.opt.sec_prot_auth_fti')).toEqual([1, 0])
    const old = withOptions('820b f135 0001 4142 434445')
    expect(valuesOf(old, 'ip.opt.sec_rfc791_sec')).toEqual([0xf135])
    expect(valuesOf(old, 'ip.opt.sec_rfc791_tcc')).toEqual(['CDE'])
    expect(valuesOf(old, 'ip.opt.sec_cl')).toEqual([])
  })

  test.each([
    ['860e 00000002 0108 0005 81000001', '0,7,31'], // a bitmap
    ['860e 00000002 0208 0005 00010203', '1,515'], // enumerated
    ['8612 00000003 050c 0007 000a0001 00200020', '10-1,32'], // ranges
  ])('commercial security: %s', (options, categories) => {
    expect(valuesOf(withOptions(options), 'ip.cipso.categories')).toEqual([categories])
  })

  test('quick start: its TTL counts down with the header', () => {
    const packet = withOptions('1908 0c 60 ffffffff')
    expect(valuesOf(packet, 'ip.opt.qs_ttl_diff')).toEqual([224])
    expect(valuesOf(packet, 'ip.opt.qs_nonce')).toEqual([0x3fffffff])
    expect(valuesOf(packet, 'ip.opt.qs_reserved')).toEqual([3])
  })

  test('four no-operations that fill a word', () => {
    expect(valuesOf(withOptions('0101010101010101'), 'ip.nop')).toEqual([0])
    expect(valuesOf(withOptions('01010100'), 'ip.nop')).toEqual([])
  })

  test.each([
    ['e0000001', 4, 'ip.ttl.lncb'],
    ['e00000fb', 2, 'ip.ttl.lncb'], // multicast DNS: 255
    ['c0000202', 1, 'ip.ttl.too_small'],
  ])('a TTL that looks wrong: %s', (destination, ttl, name) => {
    const packet = packetOf(228, `4500001c 00010000 0${ttl}110000 ${SOURCE} ${destination} 03e81b5800080000`)
    expect(valuesOf(packet, name)).toEqual([0])
  })
})
