import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

const ETHERNET = 1
// Destination, source.
const ADDRESSES = '020000000001 020000000002'
// IPv4 with UDP, 28 octets.
const IP = '4500001c00010000401100000102030405060708 1000100000080000'

describe('ethernet', () => {
  it('looks up an EtherType', () => {
    const packet = packetOf(ETHERNET, `${ADDRESSES} 0800 ${IP}`)
    expect(stackOf(packet)).toBe('eth:ethertype:ip:udp')
    expect(valuesOf(packet, 'eth.type')).toEqual([0x0800])
    expect(valuesOf(packet, 'eth.len')).toEqual([])
    expect(valuesOf(packet, 'eth.dst')).toEqual(['020000000001'])
    expect(valuesOf(packet, 'eth.addr')).toEqual(['020000000001', '020000000002'])
    expect(valuesOf(packet, 'eth.lg')).toEqual([1, 1])
    expect(valuesOf(packet, 'eth.ig')).toEqual([0, 0])
  })

  it('takes a small type for the length of an LLC frame, and drops the padding', () => {
    // Length 7: LLC and four octets of STP.
    const packet = packetOf(ETHERNET, `${ADDRESSES} 0007 424203 00000000 ffffffff`)
    expect(stackOf(packet)).toBe('eth:llc:stp')
    expect(valuesOf(packet, 'eth.len')).toEqual([7])
    expect(packet.end).toBe(14 + 7)
  })

  it('finds IPX where Novell puts it', () => {
    expect(stackOf(packetOf(ETHERNET, `${ADDRESSES} 0020 ffff0022 30303030`))).toBe('eth:ipx')
  })

  it('knows neither type nor length from 1501 to 1535', () => {
    const packet = packetOf(ETHERNET, `${ADDRESSES} 05df 42427f`)
    expect(stackOf(packet)).toBe('eth:data')
    expect(valuesOf(packet, 'eth.type')).toEqual([])
    expect(valuesOf(packet, 'eth.len')).toEqual([])
  })

  it('takes type 0 for an unknown type', () => {
    const packet = packetOf(ETHERNET, `${ADDRESSES} 0000 112233`)
    expect(stackOf(packet)).toBe('eth:ethertype:data')
    expect(valuesOf(packet, 'eth.type')).toEqual([0])
  })

  it('writes no ethertype where nothing follows', () => {
    expect(stackOf(packetOf(ETHERNET, `${ADDRESSES} 1234`))).toBe('eth')
    expect(stackOf(packetOf(ETHERNET, ADDRESSES, { originalLength: 60 }))).toBe('eth')
    expect(stackOf(packetOf(ETHERNET, '', { originalLength: 0 }))).toBe('eth')
  })

  it('decodes the frame in an inter-switch link frame', () => {
    // ISL: destination 01:00:0c:00:00, type 0; source; length; SNAP; HSA; VLAN and BPDU bit; index; reserved.
    const isl = '01000c0000 00 020000000002 004c aaaa03 00000c 0003 0000 0000'
    const packet = packetOf(ETHERNET, `${isl} ${ADDRESSES} 0800 ${IP}`)
    expect(stackOf(packet)).toBe('eth:eth:ethertype:ip:udp')
    expect(valuesOf(packet, 'eth.dst')).toEqual(['020000000001'])
    expect(valuesOf(packet, 'eth.len')).toEqual([])
  })
})
