import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

const FRAME = '020000000001 020000000002 0806'

/** Hardware and protocol type, sizes, operation; sender; target. */
function arp(header: string, addresses: string) {
  return packetOf(1, `${FRAME} ${header} ${addresses}`)
}

describe('arp', () => {
  it('reads a request and drops the padding', () => {
    const packet = arp('0001 0800 06 04 0001', '020000000001 01020304 000000000000 01020305 0000000000')
    expect(stackOf(packet)).toBe('eth:ethertype:arp')
    expect(valuesOf(packet, 'arp.hw.type')).toEqual([1])
    expect(valuesOf(packet, 'arp.proto.type')).toEqual([0x0800])
    expect(valuesOf(packet, 'arp.hw.size')).toEqual([6])
    expect(valuesOf(packet, 'arp.proto.size')).toEqual([4])
    expect(valuesOf(packet, 'arp.opcode')).toEqual([1])
    expect(valuesOf(packet, 'arp.src.hw_mac')).toEqual(['020000000001'])
    expect(valuesOf(packet, 'arp.src.proto_ipv4')).toEqual([0x01020304])
    expect(valuesOf(packet, 'arp.dst.hw_mac')).toEqual(['000000000000'])
    expect(valuesOf(packet, 'arp.dst.proto_ipv4')).toEqual([0x01020305])
    expect(valuesOf(packet, 'arp.src.hw')).toEqual([])
    expect(packet.end).toBe(14 + 28)
  })

  it.each([
    // operation, sender, target's hardware address, target: probe, gratuitous, announcement
    ['0001', '01020304', '000000000000', '01020304', [], [1], [1]],
    ['0001', '01020304', 'ffffffffffff', '01020304', [], [1], []],
    ['0002', '01020304', '000000000000', '01020304', [], [1], []],
    ['0001', '00000000', '000000000000', '01020304', [1], [], []],
    ['0001', '00000000', '020000000001', '01020304', [], [], []],
    ['0001', '00000000', '000000000000', '00000000', [], [1], [1]],
  ])('remarks on %s %s %s %s', (operation, sender, hardware, target, probe, gratuitous, announcement) => {
    const packet = arp(`0001 0800 06 04 ${operation}`, `020000000001 ${sender} ${hardware} ${target}`)
    expect(valuesOf(packet, 'arp.isprobe')).toEqual(probe)
    expect(valuesOf(packet, 'arp.isgratuitous')).toEqual(gratuitous)
    expect(valuesOf(packet, 'arp.isannouncement')).toEqual(announcement)
  })

  it('shows other addresses as octets', () => {
    // Hardware type 32, InfiniBand; protocol 0x0801.
    const packet = arp('0020 0801 02 03 0001', '0102 030405 0607 08090a')
    expect(valuesOf(packet, 'arp.src.hw_mac')).toEqual([])
    expect(valuesOf(packet, 'arp.src.hw')).toEqual(['0102'])
    expect(valuesOf(packet, 'arp.src.proto')).toEqual(['030405'])
    expect(valuesOf(packet, 'arp.dst.proto')).toEqual(['08090a'])
    expect(valuesOf(packet, 'arp.dst.proto_ipv4')).toEqual([])
  })

  it('gives no address unless all are there', () => {
    const packet = packetOf(1, `${FRAME} 0001 0800 06 04 0001 020000000001 01020304 0000`, { originalLength: 60 })
    expect(valuesOf(packet, 'arp.opcode')).toEqual([1])
    expect(valuesOf(packet, 'arp.src.hw_mac')).toEqual([])
    expect(valuesOf(packet, 'arp.src.proto_ipv4')).toEqual([])
  })

  it('hands AX.25 and ATM on, as Wireshark does', () => {
    const ax25 = arp('0003 0800 06 04 0001', '020000000001 01020304 000000000000 01020305')
    expect(stackOf(ax25)).toBe('eth:ethertype:arp:arp')
    expect(valuesOf(ax25, 'arp.hw.type')).toEqual([3])
    expect(valuesOf(ax25, 'arp.src.hw')).toEqual(['020000000001'])
    const atm = arp('0013 0800 14 04 0001', '020000000001 01020304 000000000000 01020305')
    expect(stackOf(atm)).toBe('eth:ethertype:arp:atmarp')
    expect(valuesOf(atm, 'arp.hw.type')).toEqual([])
  })

  it('is RARP too', () => {
    const packet = packetOf(
      1,
      '020000000001 020000000002 8035 0001 0800 06 04 0003 020000000001 00000000 020000000001 00000000',
    )
    expect(stackOf(packet)).toBe('eth:ethertype:arp')
    expect(valuesOf(packet, 'arp.opcode')).toEqual([3])
  })
})
