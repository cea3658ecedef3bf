import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// IPv4 with UDP, and IPv6 with UDP.
const IP = '4500001c00010000401100000102030405060708 1000100000080000'
const IP6 = '60000000 0008 11 40 00000000000000000000000000000001 00000000000000000000000000000002 1000100000080000'
const ADDRESSES = '020000000001 020000000002'

const SLL = 113
const SLL2 = 276

// Packet type 0, ARPHRD 1, address length 6, address and its room.
const HEADER = '0000 0001 0006 020000000001 0000'

describe('sll', () => {
  it.each([
    // Protocol.
    [`${HEADER} 0800`, IP, 'sll:ethertype:ip:udp'],
    [`${HEADER} 86dd`, IP6, 'sll:ethertype:ipv6:udp'],
    [`${HEADER} 8100`, `0001 0800 ${IP}`, 'sll:ethertype:vlan:ethertype:ip:udp'],
    [`${HEADER} 0001`, 'ffff', 'sll:ipx'],
    [`${HEADER} 0003`, `${ADDRESSES} 0800 ${IP}`, 'sll:eth:ethertype:ip:udp'],
    [`${HEADER} 0004`, '424203 00000000', 'sll:llc:stp'],
    [`${HEADER} 0007`, `0021 ${IP}`, 'sll:ppp:ip:udp'],
    [`${HEADER} 000c`, '00000000', 'sll:can'],
    [`${HEADER} 0060`, '00000000', 'sll:data'],
    [`${HEADER} 0600`, '00000000', 'sll:data'],
    // ARPHRD 778, GRE: protocol types of GRE.
    ['0000 030a 0000 0000000000000000 86dd', IP6, 'sll:ipv6:udp'],
    ['0000 030a 0000 0000000000000000 880b', `0021 ${IP}`, 'sll:ppp:ip:udp'],
    ['0000 030a 0000 0000000000000000 1234', IP, 'sll'],
    // ARPHRD 770, Frame Relay, where the protocol is none.
    ['0000 0302 0000 0000000000000000 0000', `184103cc ${IP}`, 'sll:fr:ip:udp'],
    ['0000 0302 0000 0000000000000000 0800', IP, 'sll:ethertype:ip:udp'],
  ])('%s %s', (header, data, stack) => {
    expect(stackOf(packetOf(SLL, `${header} ${data}`))).toBe(stack)
  })

  it('reads version 1', () => {
    const packet = packetOf(SLL, `0004 0001 0006 020000000001 abcd 0800 ${IP}`)
    expect(valuesOf(packet, 'sll.pkttype')).toEqual([4])
    expect(valuesOf(packet, 'sll.hatype')).toEqual([1])
    expect(valuesOf(packet, 'sll.halen')).toEqual([6])
    expect(valuesOf(packet, 'sll.src.eth')).toEqual(['020000000001'])
    expect(valuesOf(packet, 'sll.unused')).toEqual(['abcd'])
    expect(valuesOf(packet, 'sll.etype')).toEqual([0x0800])
    expect(valuesOf(packet, 'sll.ltype')).toEqual([])
    expect(valuesOf(packet, 'sll.ifindex')).toEqual([])
  })

  it('reads addresses of other lengths', () => {
    const four = packetOf(SLL, `0000 0300 0004 01020304 05060708 0800 ${IP}`)
    expect(valuesOf(four, 'sll.src.ipv4')).toEqual([0x01020304])
    expect(valuesOf(four, 'sll.unused')).toEqual(['05060708'])
    const seven = packetOf(SLL, `0000 030a 0007 0102030405060708 86dd ${IP6}`)
    expect(valuesOf(seven, 'sll.src.other')).toEqual(['01020304050607'])
    expect(valuesOf(seven, 'sll.unused')).toEqual(['08'])
    expect(valuesOf(seven, 'sll.gretype')).toEqual([0x86dd])
    const nine = packetOf(SLL, `0000 0001 0009 0102030405060708 0800 ${IP}`)
    expect(valuesOf(nine, 'sll.src.other')).toEqual(['0102030405060708'])
    expect(valuesOf(nine, 'sll.unused')).toEqual([])
  })

  it('reads version 2', () => {
    // Protocol, 0, interface 2, ARPHRD 1, packet type 2, address length 6, address.
    const packet = packetOf(SLL2, `0800 0000 00000002 0001 02 06 0200000000010000 ${IP}`)
    expect(stackOf(packet)).toBe('sll:ethertype:ip:udp')
    expect(valuesOf(packet, 'sll.ifindex')).toEqual([2])
    expect(valuesOf(packet, 'sll.pkttype')).toEqual([2])
    expect(valuesOf(packet, 'sll.halen')).toEqual([6])
    expect(valuesOf(packet, 'sll.src.eth')).toEqual(['020000000001'])
    expect(stackOf(packetOf(SLL2, '0004 0000 00000002 0001 02 06 0200000000010000 424203 00000000'))).toBe(
      'sll:llc:stp',
    )
    expect(stackOf(packetOf(SLL2, `86dd 0000 00000002 030a 00 06 0200000000010000 ${IP6}`))).toBe('sll:ipv6:udp')
  })

  it('survives cuts', () => {
    expect(stackOf(packetOf(SLL, '0000 0001', { originalLength: 60 }))).toBe('sll')
    expect(stackOf(packetOf(SLL2, '0800 0000', { originalLength: 60 }))).toBe('sll')
    expect(stackOf(packetOf(SLL, `${HEADER} 0806`, { originalLength: 16 }))).toBe('sll:ethertype:arp')
  })
})
