import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

const ADDRESSES = '020000000001 020000000002'
const IP = '4500001c00010000401100000102030405060708 1000100000080000'
// An 802.11 data frame to the access point.
const FRAME = `0801 0000 ${ADDRESSES} 020000000003 3000 aaaa03000000 0800 ${IP}`
const ZEROES = '00000000000000000000000000000000'

describe('ppi', () => {
  it.each([
    // Version, flags, length, link type.
    ['0000 0800 69000000', FRAME, 'ppi:wlan_radio:wlan:llc:ip:udp'],
    ['0000 0800 01000000', `${ADDRESSES} 0800 ${IP}`, 'ppi:pcap_pktdata:eth:ethertype:ip:udp'],
    ['0000 0800 65000000', IP, 'ppi:pcap_pktdata:raw:ip:udp'],
    ['0000 0800 e4000000', IP, 'ppi:pcap_pktdata:ip:udp'],
    ['0000 0800 ffffffff', IP, 'ppi:pcap_pktdata'],
    ['0000 4000 69000000', '0801', 'ppi'],
    ['0000', '', 'ppi'],
  ])('%s', (header, data, stack) => {
    expect(stackOf(packetOf(192, `${header} ${data}`))).toBe(stack)
  })

  it('knows of the check sequence', () => {
    // 802.11-Common: 20 octets, of which a timer and flags: check sequence present.
    const common = '0200 1400 0000000000000000 0100 0000 00000000 00000000'
    const packet = packetOf(192, `0000 2000 69000000 ${common} d400 3a01 020000000001 01020304`)
    expect(stackOf(packet)).toBe('ppi:wlan_radio:wlan')
    expect(packet.end).toBe(32 + 10)
    expect(valuesOf(packet, 'ppi.dlt')).toEqual([105])
  })
})

describe('pktap', () => {
  // Interface name and 72 octets more.
  const REST = `656e30${'00'.repeat(93)}`

  it.each([
    // Length, next, link type.
    ['6c000000 01000000 01000000', `${ADDRESSES} 0800 ${IP}`, 'pktap:pcap_pktdata:eth:ethertype:ip:udp'],
    ['6c000000 01000000 0c000000', IP, 'pktap:pcap_pktdata:raw:ip:udp'],
    ['6c000000 01000000 00000000', `02000000 ${IP}`, 'pktap:pcap_pktdata:null:ip:udp'],
    ['6c000000 01000000 e3030000', IP, 'pktap:pcap_pktdata'],
    ['6c000000 00000000 01000000', IP, 'pktap'],
    ['6b000000 01000000 01000000', IP, 'pktap'],
  ])('%s', (header, data, stack) => {
    const packet = packetOf(258, `${header} ${REST} ${data}`)
    expect(stackOf(packet)).toBe(stack)
    expect(valuesOf(packet, 'pktap.ifname')).toEqual(['en0'])
    expect(stackOf(packetOf(149, `${header} ${REST} ${data}`))).toBe(`user_dlt:${stack}`)
  })

  it('survives a cut', () => {
    expect(stackOf(packetOf(258, '6c000000 01000000'))).toBe('pktap')
  })
})

describe('nflog', () => {
  it.each([
    // Family, version, group; attributes.
    ['0200 002a', `0800 0100 00000300 2000 0900 ${IP}`, 'nflog:ip:udp'],
    ['0200 002a', `0500 0b00 01000000 2000 0900 ${IP}`, 'nflog:ip:udp'], // padded
    ['0100 002a', `2000 0900 ${IP}`, 'nflog:data'],
    ['0200 002a', '0800 0100 00000300', 'nflog'],
    ['0200 002a', `0300 0100 00000300 2000 0900 ${IP}`, 'nflog'], // no attribute is that short
    ['0200', '', 'nflog'],
  ])('%s %s', (header, attributes, stack) => {
    expect(stackOf(packetOf(239, `${header} ${attributes}`))).toBe(stack)
  })
})

describe('ipoib', () => {
  it.each([
    ['0800 0000', IP, 'ipoib:ip:udp'],
    ['0806 0000', '0001', 'ipoib:arp'],
    ['1234 0000', '0001', 'ipoib'],
    ['08', '', 'ipoib'],
  ])('%s', (type, data, stack) => {
    expect(stackOf(packetOf(242, `${'00'.repeat(40)} ${type} ${data}`))).toBe(stack)
  })
})

describe('prism and AVS', () => {
  const AVS_HEADER = `80211001 00000040 ${ZEROES} ${ZEROES} ${ZEROES} 0000000000000000`

  it.each([
    [119, `44000000 90000000 ${'00'.repeat(136)}`, 'prism:wlan_radio:wlan:llc:ip:udp'],
    [119, `00000041 00000090 ${'00'.repeat(136)}`, 'prism:wlan_radio:wlan:llc:ip:udp'],
    [119, AVS_HEADER, 'prism:wlancap:wlan_radio:wlan:llc:ip:udp'],
    [119, '', 'prism:wlan:llc:ip:udp'],
    [163, AVS_HEADER, 'wlancap:wlan_radio:wlan:llc:ip:udp'],
    [163, '', 'wlancap'],
  ])('link type %i, %s', (linkType, header, stack) => {
    expect(stackOf(packetOf(linkType, `${header} ${FRAME}`))).toBe(stack)
  })

  it('survives cuts', () => {
    expect(stackOf(packetOf(119, '0000'))).toBe('prism')
    expect(stackOf(packetOf(163, '8021'))).toBe('wlancap')
  })
})
