import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED, FAULT_NONE, FAULT_TRUNCATED } from '../../src/packet/packet.ts'
import { Reassembler } from '../../src/packet/reassembly.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17. Link type 228 is IPv4, 1 is Ethernet.
const ADDRESSES = 'c0000201 c0000202'
const ETHERNET = '00005e005302 00005e005301 0800'

describe('IPv4', () => {
  test('the fields of the header', () => {
    const packet = packetOf(
      228,
      `45b8001c 00014000 40111234 ${ADDRESSES}` + // IPv4: DSCP 46, don't fragment
        '03e81b58 00080000', // UDP
    )
    expect(stackOf(packet)).toBe('ip:udp')
    expect(valuesOf(packet, 'ip.version')).toEqual([4])
    expect(valuesOf(packet, 'ip.hdr_len')).toEqual([20])
    expect(valuesOf(packet, 'ip.dsfield')).toEqual([0xb8])
    expect(valuesOf(packet, 'ip.dsfield.dscp')).toEqual([46])
    expect(valuesOf(packet, 'ip.dsfield.ecn')).toEqual([0])
    expect(valuesOf(packet, 'ip.len')).toEqual([28])
    expect(valuesOf(packet, 'ip.id')).toEqual([1])
    expect(valuesOf(packet, 'ip.flags')).toEqual([2])
    expect(valuesOf(packet, 'ip.flags.df')).toEqual([1])
    expect(valuesOf(packet, 'ip.flags.mf')).toEqual([0])
    expect(valuesOf(packet, 'ip.frag_offset')).toEqual([0])
    expect(valuesOf(packet, 'ip.ttl')).toEqual([64])
    expect(valuesOf(packet, 'ip.proto')).toEqual([17])
    expect(valuesOf(packet, 'ip.checksum')).toEqual([0x1234])
    expect(valuesOf(packet, 'ip.addr')).toEqual([0xc0000201, 0xc0000202])
  })

  test('Ethernet padding is not data', () => {
    const packet = packetOf(
      1,
      `${ETHERNET} 45000020 00010000 40110000 ${ADDRESSES} 03e81b58 000c0000 61626364` + // 4 octets of data
        '0000000000000000000000000000', // padding
    )
    expect(stackOf(packet)).toBe('eth:ethertype:ip:udp:data')
    expect(valuesOf(packet, 'data.data')).toEqual(['61626364'])
  })

  test('total length 0: segmentation offload, the frame says', () => {
    const packet = packetOf(228, `45000000 00010000 40110000 ${ADDRESSES} 03e81b58 000c0000 61626364`)
    expect(stackOf(packet)).toBe('ip:udp:data')
    expect(valuesOf(packet, 'ip.len')).toEqual([32])
  })

  test.each([
    [`4500000a 00010000 40110000 ${ADDRESSES} 03e81b58 00080000`], // total length 10
    [`4400001c 00010000 40110000 ${ADDRESSES} 03e81b58 00080000`], // header of 16 octets
    [`4f00001c 00010000 40110000 ${ADDRESSES} 03e81b58 00080000`], // header of 60 octets, of 28
    [`5500001c 00010000 40110000 ${ADDRESSES} 03e81b58 00080000`], // version 5
  ])('contradictions: %s', (octets) => {
    const packet = packetOf(228, octets)
    expect(stackOf(packet)).toBe('ip')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })

  test('version 6 under the EtherType of version 4: an `ip` without fields, then `ipv6`', () => {
    const packet = packetOf(
      1,
      `${ETHERNET} 60000000 00081140 20010db8000000000000000000000001 20010db8000000000000000000000002
       03e81b58 00080000`,
    )
    expect(stackOf(packet)).toBe('eth:ethertype:ip:ipv6:udp')
    expect(valuesOf(packet, 'ip.src')).toEqual([])
    expect(packet.network).toBe(2)
  })

  test('nothing behind the header is no layer, whatever the protocol', () => {
    expect(stackOf(packetOf(228, `45000014 00010000 40110000 ${ADDRESSES}`))).toBe('ip')
  })

  test('a header that the snaplen cut', () => {
    const packet = packetOf(228, '45000028 00010000 4006', { originalLength: 40 })
    expect(stackOf(packet)).toBe('ip')
    expect(packet.fault).toBe(FAULT_TRUNCATED)
    expect(packet.network).toBe(-1)
    expect(valuesOf(packet, 'ip.ttl')).toEqual([64])
    expect(valuesOf(packet, 'ip.src')).toEqual([])
  })

  test.each([
    ['29', '60000000 00003b40 20010db8000000000000000000000001 20010db8000000000000000000000002', 'ip:ipv6'],
    ['04', `45000014 00020000 40110000 ${ADDRESSES}`, 'ip:ip'],
    ['59', '02010000', 'ip:ospf'],
    ['67', '20000000', 'ip:pim'],
    ['ff', '61626364', 'ip:data'],
  ])('protocol %s', (protocol, payload, stack) => {
    const octets = payload.replace(/\s/g, '')
    const length = (20 + octets.length / 2).toString(16).padStart(4, '0')
    expect(stackOf(packetOf(228, `4500${length} 00010000 40${protocol}0000 ${ADDRESSES} ${octets}`))).toBe(stack)
  })
})

describe('IPv4 fragments', () => {
  // A UDP datagram of 24 octets: 16 in the first fragment, 8 in the last.
  const FIRST = `45000024 00072000 40110000 ${ADDRESSES} 03e81b58 00180000 6162636465666768`
  const LAST = `4500001c 00070002 40110000 ${ADDRESSES} 696a6b6c6d6e6f70`

  test('only the one that completes the datagram shows what it carries', () => {
    const reassembler = new Reassembler()
    expect(stackOf(packetOf(228, FIRST, { reassembler }))).toBe('ip:data')
    const packet = packetOf(228, LAST, { reassembler })
    expect(stackOf(packet)).toBe('ip:udp:data')
    expect(valuesOf(packet, 'udp.payload')).toEqual(['6162636465666768696a6b6c6d6e6f70'])
    expect(valuesOf(packet, 'ip.frag_offset')).toEqual([2])
    expect(packet.transport).toBe(1)
    expect(packet.fault).toBe(FAULT_NONE)
    expect(reassembler.unfinished).toBe(0)
  })

  test('in any order', () => {
    const reassembler = new Reassembler()
    expect(stackOf(packetOf(228, LAST, { reassembler }))).toBe('ip:data')
    expect(stackOf(packetOf(228, FIRST, { reassembler }))).toBe('ip:udp:data')
  })

  test('a VLAN does not tell fragments apart, a protocol does', () => {
    const reassembler = new Reassembler()
    // Ethernet with VLAN 1
    packetOf(1, `00005e005302 00005e005301 8100 0001 0800 ${FIRST}`, { reassembler })
    expect(stackOf(packetOf(228, LAST.replace('4011', '4006'), { reassembler }))).toBe('ip:data')
    expect(stackOf(packetOf(228, LAST, { reassembler }))).toBe('ip:udp:data')
  })

  test('a fragment that the snaplen cut is never put together; a first one is decoded as it stands', () => {
    const reassembler = new Reassembler()
    const first = packetOf(228, FIRST.slice(0, -8), { originalLength: 36, reassembler })
    expect(stackOf(first)).toBe('ip:udp:data')
    expect(stackOf(packetOf(228, LAST.slice(0, -8), { originalLength: 28, reassembler }))).toBe('ip:data')
    expect(reassembler.unfinished).toBe(0)
  })

  test('nor is one whose length goes past the frame', () => {
    const reassembler = new Reassembler()
    packetOf(228, LAST.replace('4500001c', '450000ff'), { reassembler })
    expect(reassembler.unfinished).toBe(0)
  })

  test('within a tunnel, and around one', () => {
    const reassembler = new Reassembler()
    // IPv4 in IPv4, where the outer datagram comes in two fragments, of 32 octets and of the rest
    const inner = FIRST.replace(/\s/g, '')
    packetOf(228, `45000034 00092000 40040000 0a000001 0a000002 ${inner.slice(0, 64)}`, { reassembler })
    const second = packetOf(228, `45000018 00090004 40040000 0a000001 0a000002 ${inner.slice(64)}`, { reassembler })
    expect(stackOf(second)).toBe('ip:ip:data')
    const last = packetOf(228, `45000030 000a0000 40040000 0a000001 0a000002 ${LAST}`, { reassembler })
    expect(stackOf(last)).toBe('ip:ip:udp:data')
    expect(valuesOf(last, 'udp.payload')).toEqual(['6162636465666768696a6b6c6d6e6f70'])
  })
})
