import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

const ETHERNET = 1
const ADDRESSES = '020000000001 020000000002'
const IP = '4500001c00010000401100000102030405060708 1000100000080000'

describe('vlan', () => {
  it('reads the tag', () => {
    // Priority 7, DEI 1, id 1; IPv4.
    const packet = packetOf(ETHERNET, `${ADDRESSES} 8100 f001 0800 ${IP}`)
    expect(stackOf(packet)).toBe('eth:ethertype:vlan:ethertype:ip:udp')
    expect(valuesOf(packet, 'vlan.priority')).toEqual([7])
    expect(valuesOf(packet, 'vlan.dei')).toEqual([1])
    expect(valuesOf(packet, 'vlan.id')).toEqual([1])
    expect(valuesOf(packet, 'vlan.etype')).toEqual([0x0800])
    expect(valuesOf(packet, 'vlan.len')).toEqual([])
  })

  it('nests', () => {
    const packet = packetOf(ETHERNET, `${ADDRESSES} 8100 0065 9100 00c8 0800 ${IP}`)
    expect(stackOf(packet)).toBe('eth:ethertype:vlan:ethertype:vlan:ethertype:ip:udp')
    expect(valuesOf(packet, 'vlan.id')).toEqual([101, 200])
  })

  it('carries 802.3 frames', () => {
    const packet = packetOf(ETHERNET, `${ADDRESSES} 8100 1001 0007 424203 00000000 0000`)
    expect(stackOf(packet)).toBe('eth:ethertype:vlan:llc:stp')
    expect(valuesOf(packet, 'vlan.len')).toEqual([7])
    expect(valuesOf(packet, 'vlan.etype')).toEqual([])
    expect(stackOf(packetOf(ETHERNET, `${ADDRESSES} 8100 0001 0005 ffff002200`))).toBe('eth:ethertype:vlan:ipx')
  })

  it('looks up what Ethernet itself would take for no type', () => {
    expect(stackOf(packetOf(ETHERNET, `${ADDRESSES} 8100 0001 05df 42420300`))).toBe(
      'eth:ethertype:vlan:ethertype:data',
    )
  })

  it('survives a cut', () => {
    expect(stackOf(packetOf(ETHERNET, `${ADDRESSES} 8100 0001`, { originalLength: 60 }))).toBe('eth:ethertype:vlan')
  })
})

describe('ieee8021ad', () => {
  it('reads an S-TAG before a C-TAG', () => {
    // Priority 5, DEI 1, id 1; then VLAN 2.
    const packet = packetOf(ETHERNET, `${ADDRESSES} 88a8 b001 8100 0002 0800 ${IP}`)
    expect(stackOf(packet)).toBe('eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:udp')
    expect(valuesOf(packet, 'ieee8021ad.id')).toEqual([1])
    expect(valuesOf(packet, 'ieee8021ad.priority')).toEqual([5])
    expect(valuesOf(packet, 'ieee8021ad.dei')).toEqual([1])
    expect(valuesOf(packet, 'ieee8021ah.etype')).toEqual([0x8100])
    expect(valuesOf(packet, 'vlan.id')).toEqual([2])
  })

  it('takes two S-TAGs for one layer', () => {
    const packet = packetOf(ETHERNET, `${ADDRESSES} 88a8 b001 88a8 0002 0800 ${IP}`)
    expect(stackOf(packet)).toBe('eth:ethertype:ieee8021ad:ethertype:ip:udp')
    expect(valuesOf(packet, 'ieee8021ad.priority')).toEqual([5, 0])
    expect(valuesOf(packet, 'ieee8021ad.id')).toEqual([])
    expect(valuesOf(packet, 'ieee8021ad.svid')).toEqual([1])
    expect(valuesOf(packet, 'ieee8021ad.cvid')).toEqual([2])
  })

  it('does not know 802.3 lengths', () => {
    expect(stackOf(packetOf(ETHERNET, `${ADDRESSES} 88a8 0001 0024 aaaa030000000800`))).toBe(
      'eth:ethertype:ieee8021ad:ethertype:data',
    )
  })
})

describe('ieee8021ah', () => {
  it('reads the I-TAG and the frame within', () => {
    // Priority 1, drop 1, service 1; customer addresses; IPv4.
    const packet = packetOf(ETHERNET, `${ADDRESSES} 88e7 30000001 ${ADDRESSES} 0800 ${IP}`)
    expect(stackOf(packet)).toBe('eth:ethertype:ieee8021ah:ethertype:ip:udp')
    expect(valuesOf(packet, 'ieee8021ah.isid')).toEqual([1])
    expect(valuesOf(packet, 'ieee8021ah.priority')).toEqual([1])
    expect(valuesOf(packet, 'ieee8021ah.cdst')).toEqual(['020000000001'])
    expect(valuesOf(packet, 'ieee8021ah.etype')).toEqual([0x0800])
  })
})
