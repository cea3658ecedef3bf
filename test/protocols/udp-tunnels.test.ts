import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.

/** IPv4 and UDP to `port`, around `payload`. */
function over(port: number, payload: string) {
  const octets = payload.replace(/\s/g, '')
  const hex = (n: number) => n.toString(16).padStart(4, '0')
  const length = 8 + octets.length / 2
  return packetOf(
    228,
    `4500${hex(20 + length)} 00010000 40110000 c0000201 c0000202 c000${hex(port)} ${hex(length)}0000 ${octets}`,
  )
}

// IPv4 and UDP, of 28 octets.
const INNER = '4500001c 00020000 40110000 0a000001 0a000002 03e81b58 00080000'
// Ethernet, IPv4 and UDP.
const FRAME = `00005e005302 00005e005301 0800 ${INNER}`

describe('VXLAN', () => {
  test('an Ethernet frame and its network', () => {
    const packet = over(4789, `08000000 00012300 ${FRAME}`)
    expect(stackOf(packet)).toBe('ip:udp:vxlan:eth:ethertype:ip:udp')
    expect(valuesOf(packet, 'vxlan.vni')).toEqual([0x123])
    expect(valuesOf(packet, 'vxlan.flags')).toEqual([0x0800])
    expect(valuesOf(packet, 'udp.srcport')).toEqual([49152, 1000])
    expect(packet.network).toBe(4)
    expect(packet.transport).toBe(5)
  })

  test('VXLAN-GPE has fields of VXLAN, and what follows', () => {
    const packet = over(4790, `ff ffff 01 000007 01 ${INNER}`)
    expect(stackOf(packet)).toBe('ip:udp:ip:udp')
    expect(valuesOf(packet, 'vxlan.flags')).toEqual([0xff])
    expect(valuesOf(packet, 'vxlan.ver')).toEqual([3])
    expect(valuesOf(packet, 'vxlan.flags_reserved')).toEqual([97])
    expect(valuesOf(packet, 'vxlan.next_proto')).toEqual([1])
    expect(valuesOf(packet, 'vxlan.vni')).toEqual([7])
  })

  test('the old Linux port is not VXLAN', () => {
    expect(stackOf(over(8472, `08000000 00012300 ${FRAME}`))).toBe('ip:udp:data')
  })

  test('a cut header', () => {
    const packet = over(4789, '08000000')
    expect(stackOf(packet)).toBe('ip:udp:vxlan')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })

  test.each([
    ['0c000001', INNER, 'ip:udp:ip:udp'],
    ['0c000003', FRAME, 'ip:udp:eth:ethertype:ip:udp'],
    ['0c000077', INNER, 'ip:udp:data'],
  ])('GPE, flags and next protocol %s, is no layer of its own', (header, payload, stack) => {
    expect(stackOf(over(4790, `${header} 00012300 ${payload}`))).toBe(stack)
  })
})

describe('Geneve', () => {
  test('options, and those of Google', () => {
    const packet = over(6081, `05 00 6558 000007 00 01320101 03080d12 01328002 0102030405060708 ${FRAME}`)
    expect(valuesOf(packet, 'geneve.option.length')).toEqual([20, 8, 12])
    expect(valuesOf(packet, 'geneve.option.gcp.vnid')).toEqual([3_178_705])
    expect(valuesOf(packet, 'geneve.option.type.critical')).toEqual([0, 1])
    expect(valuesOf(packet, 'geneve.option.unknown.data')).toEqual(['0102030405060708'])
    expect(valuesOf(packet, 'geneve.option.length.invalid')).toEqual([])
  })

  test('Ethernet', () => {
    const packet = over(6081, `0000 6558 00012300 ${FRAME}`)
    expect(stackOf(packet)).toBe('ip:udp:geneve:eth:ethertype:ip:udp')
    expect(valuesOf(packet, 'geneve.vni')).toEqual([0x123])
    expect(valuesOf(packet, 'geneve.proto_type')).toEqual([0x6558])
  })

  test('IPv4, behind an option; no `ethertype` is written', () => {
    const packet = over(6081, `0240 0800 00012300 01028001 61616161 ${INNER}`)
    expect(stackOf(packet)).toBe('ip:udp:geneve:ip:udp')
    expect(valuesOf(packet, 'geneve.option.class')).toEqual([0x0102])
    expect(valuesOf(packet, 'geneve.option.type')).toEqual([0x80])
    expect(valuesOf(packet, 'geneve.flags.critical')).toEqual([1])
  })

  test('an unknown type is data', () => {
    expect(stackOf(over(6081, '0000 1234 00012300 61616161'))).toBe('ip:udp:geneve:data')
  })

  test('options that go on past the end', () => {
    const packet = over(6081, '3f00 0800 00012300 01028001')
    expect(stackOf(packet)).toBe('ip:udp:geneve')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })
})

describe('ESP in UDP', () => {
  test('an index starts ESP', () => {
    const packet = over(4500, '00000101 00000007 6161616161616161')
    expect(stackOf(packet)).toBe('ip:udp:udpencap:esp')
    expect(valuesOf(packet, 'esp.spi')).toEqual([0x101])
    expect(valuesOf(packet, 'esp.sequence')).toEqual([7])
  })

  test('one octet keeps the mapping alive', () => {
    expect(stackOf(over(4500, 'ff'))).toBe('ip:udp:udpencap')
  })
})

describe('MPLS in UDP', () => {
  test('port 6635', () => {
    // MPLS: label 16, bottom of the stack, TTL 64
    expect(stackOf(over(6635, `00010140 ${INNER}`))).toBe('ip:udp:mpls:ip:udp')
  })
})
