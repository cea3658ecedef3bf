import { describe, expect, test } from 'vitest'
import type { Packet } from '../../src/packet/packet.ts'
import { packetOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17. Link type 228 is IPv4.
function message(octets: string): Packet {
  const data = octets.replace(/\s/g, '')
  const total = (20 + data.length / 2).toString(16).padStart(4, '0')
  return packetOf(228, `4500 ${total} 00010000 01020000 c0000201 e0000001 ${data}`)
}

describe('IGMP fields', () => {
  test('a query of version 3, its time coded', () => {
    const packet = message('11 ff f068 e0010203 0b 7d 0002 01020304 05060708')
    expect(valuesOf(packet, 'igmp.version')).toEqual([3])
    expect(valuesOf(packet, 'igmp.max_resp')).toEqual([31744])
    expect(valuesOf(packet, 'igmp.max_resp.exp')).toEqual([7])
    expect(valuesOf(packet, 'igmp.s')).toEqual([1])
    expect(valuesOf(packet, 'igmp.qrv')).toEqual([3])
    expect(valuesOf(packet, 'igmp.saddr')).toEqual([0x01020304, 0x05060708])
    expect(valuesOf(packet, 'igmp.checksum.status')).toEqual([1])
  })

  test('a report of version 3', () => {
    const packet = message(
      '22 00 734d 0000 0002' + // two records
        '01 00 0001 e0010203 01020304' + // one source
        '04 01 0000 e0010204 deadbeef', // one word of auxiliary data
    )
    expect(valuesOf(packet, 'igmp.reserved')).toEqual(['00', '0000'])
    expect(valuesOf(packet, 'igmp.record_type')).toEqual([1, 4])
    expect(valuesOf(packet, 'igmp.num_src')).toEqual([1, 0])
    expect(valuesOf(packet, 'igmp.maddr')).toEqual([0xe0010203, 0xe0010204])
    expect(valuesOf(packet, 'igmp.aux_data')).toEqual(['deadbeef'])
    expect(valuesOf(packet, 'igmp.checksum.status')).toEqual([1])
  })

  test('version 0', () => {
    const packet = message('04 09 09dd 00000001 e0010203 0102030405060708')
    expect(valuesOf(packet, 'igmp.version')).toEqual([0])
    expect(valuesOf(packet, 'igmp.reply.pending')).toEqual([9])
    expect(valuesOf(packet, 'igmp.maddr')).toEqual([0xe0010203])
    expect(valuesOf(packet, 'igmp.access_key')).toEqual(['0102030405060708'])
  })

  test('a traceroute with one block', () => {
    const packet = message(
      '1f 08 0000 e0010203 01020304 05060708 090a0b0c 20 000102' +
        '11223344 01020304 05060708 090a0b0c 00000001 00000002 00000003 03 01 7f 00',
    )
    expect(valuesOf(packet, 'igmp.version')).toEqual([])
    expect(valuesOf(packet, 'igmp.mtrace.q_id')).toEqual([258])
    expect(valuesOf(packet, 'igmp.mtrace.q_inaddr')).toEqual([0x01020304])
    expect(valuesOf(packet, 'igmp.mtrace.q_s')).toEqual([1])
    expect(valuesOf(packet, 'igmp.mtrace.q_src_mask')).toEqual([0x3f])
  })

  test('other types are a type and data', () => {
    const packet = message('15 01 0000 e0010203')
    expect(valuesOf(packet, 'igmp.type')).toEqual([0x15])
    expect(valuesOf(packet, 'igmp.data')).toEqual(['010000e0010203'])
    expect(valuesOf(packet, 'igmp.checksum')).toEqual([])
  })
})
