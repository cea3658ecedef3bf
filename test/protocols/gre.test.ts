import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED, FAULT_NONE } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.

/** IPv4 around GRE and what follows. */
function over(gre: string) {
  const octets = gre.replace(/\s/g, '')
  const length = (20 + octets.length / 2).toString(16).padStart(4, '0')
  return packetOf(228, `4500${length} 00010000 402f0000 c0000201 c0000202 ${octets}`)
}

// IPv4 and UDP, of 28 octets.
const INNER = '4500001c 00020000 40110000 0a000001 0a000002 03e81b58 00080000'
// Ethernet, IPv4 and UDP.
const FRAME = `00005e005302 00005e005301 0800 ${INNER}`

describe('the fields of GRE', () => {
  test('PPTP: the key is in two parts, and there may be an acknowledgment', () => {
    const packet = over('2081 880b 00000007 00000002')
    expect(valuesOf(packet, 'gre.flags.ack')).toEqual([1])
    expect(valuesOf(packet, 'gre.flags.reserved')).toEqual([0])
    expect(valuesOf(packet, 'gre.key')).toEqual([])
    expect(valuesOf(packet, 'gre.key.call_id')).toEqual([7])
    expect(valuesOf(packet, 'gre.ack_number')).toEqual([2])
  })

  test('elsewhere the bit of the acknowledgment is reserved', () => {
    const packet = over(`2080 0800 00000007 ${INNER}`)
    expect(valuesOf(packet, 'gre.flags.ack')).toEqual([])
    expect(valuesOf(packet, 'gre.flags.reserved')).toEqual([16])
    expect(valuesOf(packet, 'gre.key')).toEqual([7])
  })

  test('a source route', () => {
    const packet = over(`4000 0800 00000002 00020004 61626364 00000000 ${INNER}`)
    expect(valuesOf(packet, 'gre.checksum.status')).toEqual([2])
    expect(valuesOf(packet, 'gre.offset')).toEqual([2])
    expect(valuesOf(packet, 'gre.routing')).toEqual([0, 0])
    expect(valuesOf(packet, 'gre.routing.information')).toEqual(['61626364'])
  })

  test('a redirection of WCCP', () => {
    const packet = over(`0000 883e 07050609 ${INNER}`)
    expect(valuesOf(packet, 'gre.wccp.alternative_bucket_used')).toEqual([1])
    expect(valuesOf(packet, 'gre.wccp.service_id')).toEqual([5])
    expect(valuesOf(packet, 'gre.wccp.primary_bucket')).toEqual([9])
  })
})

describe('GRE', () => {
  test.each([
    ['0000 0800', 'ip:gre:ip:udp'],
    ['8000 0800 12340000', 'ip:gre:ip:udp'], // checksum
    ['b000 0800 12340000 0000002a 00000007', 'ip:gre:ip:udp'], // checksum, key, sequence number
    ['4000 0800 00000000 08000004c0000201 00000000', 'ip:gre:ip:udp'], // one source route entry, then the end
    ['0000 883e 00000000', 'ip:gre:ip:udp'], // WCCP with its own header
    ['0000 883e', 'ip:gre:ip:udp'], // and without
  ])('header %s', (header, stack) => {
    const packet = over(`${header} ${INNER}`)
    expect(stackOf(packet)).toBe(stack)
    expect(packet.network).toBe(2)
    expect(packet.transport).toBe(3)
    expect(packet.fault).toBe(FAULT_NONE)
  })

  test('key, checksum and sequence number', () => {
    const packet = over(`b000 0800 12340000 0000002a 00000007 ${INNER}`)
    expect(valuesOf(packet, 'gre.proto')).toEqual([0x0800])
    expect(valuesOf(packet, 'gre.checksum')).toEqual([0x1234])
    expect(valuesOf(packet, 'gre.key')).toEqual([42])
    expect(valuesOf(packet, 'gre.sequence_number')).toEqual([7])
    expect(valuesOf(packet, 'gre.flags.version')).toEqual([0])
  })

  test('NVGRE: Ethernet behind a key', () => {
    expect(stackOf(over(`2000 6558 00010000 ${FRAME}`))).toBe('ip:gre:eth:ethertype:ip:udp')
  })

  test('PPTP: version 1, where the key is length and call', () => {
    const packet = over(`3081 880b 00200007 00000001 00000009 ff030021 ${INNER}`)
    expect(stackOf(packet)).toBe('ip:gre:ppp:ip:udp')
    expect(valuesOf(packet, 'gre.key')).toEqual([])
    expect(valuesOf(packet, 'gre.key.payload_length')).toEqual([32])
    expect(valuesOf(packet, 'gre.key.call_id')).toEqual([7])
    expect(valuesOf(packet, 'gre.ack_number')).toEqual([9])
  })

  test('a header alone: acknowledgment, keepalive', () => {
    expect(stackOf(over('2081 880b 00000001 00000001'))).toBe('ip:gre')
    expect(stackOf(over('0000 0000'))).toBe('ip:gre')
  })

  test('an unknown protocol is data', () => {
    expect(stackOf(over('0000 1234 61616161'))).toBe('ip:gre:data')
  })

  test.each(['0000', '2000 0800', '4000 0800 00000000 08000004'])('cut: %s', (header) => {
    const packet = over(header)
    expect(stackOf(packet)).toBe('ip:gre')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })

  test('GRE in GRE', () => {
    expect(stackOf(over(`0000 0800 45000034 00030000 402f0000 0a000001 0a000002 0000 0800 ${INNER}`))).toBe(
      'ip:gre:ip:gre:ip:udp',
    )
  })
})

describe('ERSPAN', () => {
  test('type I has no header', () => {
    const packet = over(`0000 88be ${FRAME}`)
    expect(stackOf(packet)).toBe('ip:gre:erspan:eth:ethertype:ip:udp')
    expect(valuesOf(packet, 'erspan.version')).toEqual([])
  })

  test('type II', () => {
    const packet = over(`1000 88be 00000001 1064 0005 00000102 ${FRAME}`)
    expect(stackOf(packet)).toBe('ip:gre:erspan:eth:ethertype:ip:udp')
    expect(valuesOf(packet, 'erspan.version')).toEqual([1])
    expect(valuesOf(packet, 'erspan.vlan')).toEqual([100])
    expect(valuesOf(packet, 'erspan.spanid')).toEqual([5])
    expect(valuesOf(packet, 'erspan.index')).toEqual([0x102])
    expect(valuesOf(packet, 'erspan.timestamp')).toEqual([])
  })

  test('type III, with a subheader', () => {
    const packet = over(`1000 22eb 00000001 2064 0005 00000009 0003 0001 0000000000000000 ${FRAME}`)
    expect(stackOf(packet)).toBe('ip:gre:erspan:eth:ethertype:ip:udp')
    expect(valuesOf(packet, 'erspan.version')).toEqual([2])
    expect(valuesOf(packet, 'erspan.timestamp')).toEqual([9])
    expect(valuesOf(packet, 'erspan.sgt')).toEqual([3])
    expect(valuesOf(packet, 'erspan.o')).toEqual([1])
  })

  test('type III of another frame type is data', () => {
    expect(stackOf(over(`1000 22eb 00000001 2064 0005 00000009 0003 0800 ${INNER}`))).toBe('ip:gre:erspan:data')
  })

  test('an unknown version is not looked into', () => {
    expect(stackOf(over(`1000 88be 00000001 3064 0005 00000009 ${FRAME}`))).toBe('ip:gre:erspan')
  })
})
