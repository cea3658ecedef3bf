import { describe, expect, test } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../../support/packet.ts'

// Expected values: tshark 4.0.17. Link type 229 is IPv6.
const IPV6 = 229
const SOURCE = '20010db8000000000000000000000001'
const DESTINATION = '20010db8000000000000000000000002'
const UDP = '03e81b58 000c0001 61626364'

function routed(header: string) {
  const octets = `${header}${UDP}`.replace(/\s/g, '')
  return packetOf(
    IPV6,
    `60000000 ${(octets.length / 2).toString(16).padStart(4, '0')} 2b40 ${SOURCE} ${DESTINATION} ${octets}`,
  )
}

describe('routing headers', () => {
  test('RPL: addresses without what they share with the destination', () => {
    const packet = routed('1101 0301 ff500000 030405 0000000000')
    expect(valuesOf(packet, 'ipv6.routing.rpl.cmprI')).toEqual([15])
    expect(valuesOf(packet, 'ipv6.routing.rpl.pad')).toEqual([5])
    expect(valuesOf(packet, 'ipv6.routing.rpl.addr_count')).toEqual([3])
    expect(valuesOf(packet, 'ipv6.routing.rpl.address')).toEqual(['03', '04', '05'])
    expect(valuesOf(packet, 'ipv6.routing.rpl.full_address')).toEqual([
      '20010db8000000000000000000000003',
      '20010db8000000000000000000000004',
      '20010db8000000000000000000000005',
    ])
  })

  test('a source route is deprecated; multicast does not belong in it', () => {
    const packet = routed('1102 0003 00000000 ff020000000000000000000000000001')
    expect(valuesOf(packet, 'ipv6.routing.deprecated')).toEqual([0])
    expect(valuesOf(packet, 'ipv6.routing.invalid_segleft')).toEqual([0])
    expect(valuesOf(packet, 'ipv6.src_route_list.multicast_addr')).toEqual([0])
  })

  test('segments that are not there end the packet', () => {
    const packet = routed(`1102 0401 02000000 ${SOURCE}`)
    expect(valuesOf(packet, 'ipv6.routing.srh.addr')).toEqual([SOURCE])
    expect(stackOf(packet)).toBe('ipv6:ipv6.routing')
  })
})
