import { describe, expect, test } from 'vitest'
import { Packet } from '../../src/packet/packet.ts'
import { decode } from '../../src/protocols/decode.ts'
import { octets, packetOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.
const FRAME = '00005e005302 00005e005301 0806'
const REQUEST = '0001 0800 06 04 0001'
const REPLY = '0001 0800 06 04 0002'
const A = '00005e005301'
const B = '00005e005302'
const NOBODY = '000000000000'

describe('ARP fields', () => {
  test('two hosts with one address', () => {
    // One packet object, refilled, as in a run.
    const packet = new Packet()
    const found = [
      `${REQUEST} ${A} c0000201 ${NOBODY} c0000202`,
      `${REQUEST} ${B} c0000201 ${NOBODY} c0000202`,
      `${REPLY} ${B} c0000201 ${A} c0000202`,
      `${REPLY} ${A} c0000201 ${B} c0000202`,
    ].map((arp, i) => {
      packet.bytes = octets(`${FRAME} ${arp}`)
      packet.capturedLength = packet.bytes.length
      packet.originalLength = packet.capturedLength
      packet.number = i + 1
      packet.seconds = 100 + i
      packet.linkType = 1
      decode(packet)
      return ['arp.duplicate-address-frame', 'arp.seconds-since-duplicate-address-frame'].map((name) =>
        valuesOf(packet, name),
      )
    })
    expect(found).toEqual([
      [[], []],
      [[1], [1]],
      [[1], [2]],
      [[3], [1]],
    ])
  })

  test('an error of DRARP has its number in place of an address', () => {
    const packet = packetOf(1, `${FRAME} 0001 0800 06 04 0007 ${A} c0000201 ${NOBODY} 03000000`)
    expect(valuesOf(packet, 'arp.dst.drarp_error_status')).toEqual([3])
    expect(valuesOf(packet, 'arp.dst.proto_ipv4')).toEqual([])
  })

  test('AX.25', () => {
    const packet = packetOf(1, `${FRAME} 0003 00cc 07 04 0001 9c6e98a8406062 c0000201 9c6e98a8406062 c0000202`)
    expect(valuesOf(packet, 'arp.src.hw_ax25')).toEqual(['9c:6e:98:a8:40:60:62'])
    expect(valuesOf(packet, 'arp.src.proto_ipv4')).toEqual([0xc0000201])
  })

  test('ATM: NSAP addresses by country and by designator', () => {
    const rest = '01020304050607080910111213141516171819'
    const packet = packetOf(1, `${FRAME} 0013 0800 14 00 0001 04 14 00 04 39${rest} c0000201 47${rest} c0000202`)
    expect(valuesOf(packet, 'arp.hw.type')).toEqual([19])
    expect(valuesOf(packet, 'arp.hw.size')).toEqual([])
    expect(valuesOf(packet, 'arp.src.hlen')).toEqual([20])
    expect(valuesOf(packet, 'arp.dst.atm_num_nsap')).toEqual([`47${rest}`])
    expect(valuesOf(packet, 'arp.src.atm_afi')).toEqual([0x39, 0x47])
    expect(valuesOf(packet, 'arp.src.atm_data_country_code')).toEqual([0x0102])
    expect(valuesOf(packet, 'arp.src.atm_international_code_designator')).toEqual([0x0102])
    expect(valuesOf(packet, 'arp.src.atm_end_system_identifier')).toEqual(['131415161718', '131415161718'])
    expect(valuesOf(packet, 'arp.dst.proto_ipv4')).toEqual([0xc0000202])
  })

  test('ATM: an ISDN number', () => {
    const packet = packetOf(1, `${FRAME} 0013 0800 42 42 0002 00 00 00 00 3132 abcd`)
    expect(valuesOf(packet, 'arp.src.htype')).toEqual([1])
    expect(valuesOf(packet, 'arp.src.atm_num_e164')).toEqual(['12'])
    expect(valuesOf(packet, 'arp.src.atm_subaddr')).toEqual(['abcd'])
  })
})
