import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange, text } from './exchange.ts'

// Expected values: tshark 4.0.17.

describe('DHCP', () => {
  /** Boot request, Ethernet, transaction 0x11223344, MAC address 02:03:04:05:06:07. */
  const FIXED = `01010600 11223344 00000000 ${'00'.repeat(16)} 020304050607 ${'00'.repeat(10)} ${'00'.repeat(192)}`
  const discover = (options: string) => new Exchange('udp', 67, 68).client(`${FIXED} 63825363 ${options}`)

  test('options, padding, end', () => {
    const packet = discover('350101 0000 3204 01020304 0c03 610062 ff 00')
    expect(applicationsOf(packet)).toBe('dhcp')
    expect(valuesOf(packet, 'dhcp.hw.mac_addr')).toEqual(['020304050607'])
    expect(valuesOf(packet, 'dhcp.option.type')).toEqual([53, 0, 50, 12, 0])
    expect(valuesOf(packet, 'dhcp.option.length')).toEqual([1, 4, 3])
    expect(valuesOf(packet, 'dhcp.option.padding')).toEqual(['0000', '00'])
    expect(valuesOf(packet, 'dhcp.option.dhcp')).toEqual([1])
    expect(valuesOf(packet, 'dhcp.option.requested_ip_address')).toEqual([0x01020304])
    expect(valuesOf(packet, 'dhcp.option.hostname')).toEqual(['a'])
  })

  test('a client identifier may be a hardware address; a value of the wrong length is none', () => {
    const packet = discover('3d07 06 aabbccddeeff 0103 ffffff ff')
    expect(valuesOf(packet, 'dhcp.hw.type')).toEqual([1, 6])
    expect(valuesOf(packet, 'dhcp.hw.mac_addr')).toEqual(['020304050607', 'aabbccddeeff'])
    expect(valuesOf(packet, 'dhcp.option.subnet_mask')).toEqual([])
  })

  test('an option that runs past the end is malformed', () => {
    const packet = discover('350101 0c05 61')
    expect(valuesOf(packet, 'dhcp.option.type')).toEqual([53, 12])
    expect(valuesOf(packet, 'dhcp.option.value')).toEqual(['01'])
    expect(packet.fault).not.toBe(0)
  })
})

describe('NTP', () => {
  test('a client: timestamps in both eras, and none', () => {
    const times = `${'00'.repeat(8)} ${'00'.repeat(8)} 83aa7e80 80000000 00000001 00000000`
    const packet = new Exchange('udp', 123).client(`23 02 0a ec 00000000 00000000 00000000 ${times}`)
    expect(applicationsOf(packet)).toBe('ntp')
    expect(valuesOf(packet, 'ntp.flags.mode')).toEqual([3])
    expect(valuesOf(packet, 'ntp.stratum')).toEqual([2])
    // 0x83aa7e80 seconds from 1900 are 1970; after 2^32 there are 2085978496 from 1970.
    expect(valuesOf(packet, 'ntp.rec')).toEqual([0])
    expect(valuesOf(packet, 'ntp.xmt')).toEqual([2_085_978_497])
  })

  test('too short a message is malformed, a control message is not', () => {
    expect(new Exchange('udp', 123).client('23').fault).not.toBe(0)
    expect(new Exchange('udp', 123).client(`16 01 0001 0000 0000 0000 0000`).fault).toBe(0)
  })
})

describe('SNMP', () => {
  const GET = '3026 020101 0406 7075626c6963 a019 0204 26724fa6 020100 020100 300b 3009 0605 2b06010201 0500'

  test('a request', () => {
    const packet = new Exchange('udp', 161).client(GET)
    expect(applicationsOf(packet)).toBe('snmp')
    expect(valuesOf(packet, 'snmp.version')).toEqual([1])
    expect(valuesOf(packet, 'snmp.community')).toEqual(['public'])
    expect(valuesOf(packet, 'snmp.data')).toEqual([0])
    expect(valuesOf(packet, 'snmp.request_id')).toEqual([0x26724fa6])
    expect(valuesOf(packet, 'snmp.name')).toEqual(['1.3.6.1.2.1'])
  })

  test('what does not begin as a message does is not SNMP; octets behind it are data', () => {
    const snmp = (payload: string): string => applicationsOf(new Exchange('udp', 161).client(payload))
    expect(snmp('3105 020101 0400')).toBe('data')
    expect(snmp('3005 040101 0000')).toBe('data')
    expect(snmp('3020 020101 0400')).toBe('data')
    expect(snmp(`${GET} 0000`)).toBe('snmp:data')
  })
})

describe('TFTP', () => {
  test('the transfer is between other ports', () => {
    const request = new Exchange('udp', 69).client(text('\0\x01file\0octet\0blksize\x00512\0'))
    expect(applicationsOf(request)).toBe('tftp')
    expect(valuesOf(request, 'tftp.source_file')).toEqual(['file'])
    expect(valuesOf(request, 'tftp.type')).toEqual(['octet'])
    expect(valuesOf(request, 'tftp.option.value')).toEqual(['512'])
    const exchange = new Exchange('udp', 41_000)
    expect(applicationsOf(exchange.server(text('\0\x03\0\x01data')))).toBe('data')
    exchange.client(text('\0\x01file\0OCTET\0'))
    const data = exchange.server(text('\0\x03\0\x01data'))
    expect(applicationsOf(data)).toBe('tftp:data')
    expect(valuesOf(data, 'tftp.block')).toEqual([1])
  })
})

describe('BT-DHT', () => {
  const ID = 'abcdefghij0123456789'

  test('a request', () => {
    const packet = new Exchange('udp', 41_001).client(text(`d1:ad2:id20:${ID}e1:q4:ping1:t2:aa1:y1:qe`))
    expect(applicationsOf(packet)).toBe('bt-dht')
    const id = Buffer.from(ID).toString('hex')
    expect(valuesOf(packet, 'bt-dht.bencoded.string')).toEqual(['a', 'id', id, 'q', 'ping', 't', '6161', 'y', 'q'])
  })

  test('nodes and peers; another beginning is none', () => {
    const packet = new Exchange('udp', 41_001).client(
      text(`d1:rd2:id20:${ID}5:nodes26:${'x'.repeat(26)}6:valuesl6:abcdefee1:t2:aa1:y1:re`),
    )
    expect(valuesOf(packet, 'bt-dht.ip')).toEqual([0x78787878, 0x61626364])
    expect(valuesOf(packet, 'bt-dht.port')).toEqual([0x7878, 0x6566])
    expect(applicationsOf(new Exchange('udp', 41_001).client(text('d1:q4:ping1:t2:aa1:y1:qe')))).toBe('data')
  })
})

describe('QUIC', () => {
  test('long headers, then short ones with the length of identifier that the server chose', () => {
    const exchange = new Exchange('udp', 41_443)
    // A Handshake packet of version 1; identifiers of 2 and 1 octets; 3 octets.
    const first = exchange.client('c0 00000001 02 aabb 01 cc 00 03 010203')
    expect(applicationsOf(first)).toBe('quic')
    expect(valuesOf(first, 'quic.version')).toEqual([1])
    expect(valuesOf(first, 'quic.dcid')).toEqual(['aabb'])
    expect(valuesOf(first, 'quic.scid')).toEqual(['cc'])
    expect(valuesOf(first, 'quic.length')).toEqual([3n])
    exchange.server('c0 00000001 01 cc 02 ddee 00 03 010203')
    const short = exchange.client(`60 ddee ${'00'.repeat(20)}`)
    expect(applicationsOf(short)).toBe('quic')
    expect(valuesOf(short, 'quic.dcid')).toEqual(['ddee'])
    expect(valuesOf(short, 'quic.spin_bit')).toEqual([1])
  })

  test('an unknown version or too long an identifier is not QUIC', () => {
    const quic = (payload: string): string => applicationsOf(new Exchange('udp', 41_443).client(payload))
    expect(quic(`c0 12345678 02 aabb 01 cc 00 03 010203`)).toBe('data')
    expect(quic(`c0 00000001 15 ${'aa'.repeat(21)} 01 cc 00 03 010203`)).toBe('data')
  })
})

describe('STUN and WireGuard', () => {
  test('STUN is told by its cookie, length and method', () => {
    const stun = (payload: string): string => applicationsOf(new Exchange('udp', 41_500).client(payload))
    expect(stun(`0001 0000 2112a442 ${'00'.repeat(12)}`)).toBe('stun')
    expect(stun(`0001 0004 2112a442 ${'00'.repeat(12)}`)).toBe('data')
    expect(stun(`0801 0000 2112a442 ${'00'.repeat(12)}`)).toBe('data')
  })

  test('WireGuard is told by type and length', () => {
    const packet = new Exchange('udp', 41_501).client(`01000000 78563412 ${'00'.repeat(140)}`)
    expect(applicationsOf(packet)).toBe('wg')
    expect(valuesOf(packet, 'wg.sender')).toEqual([0x12345678])
    expect(applicationsOf(new Exchange('udp', 41_501).client(`01000000 ${'00'.repeat(140)}`))).toBe('data')
  })
})

test('DHCPv6: options within options', () => {
  const packet = new Exchange('udp', 547, 546).client(
    '01 112233 0003 0010 000000000000000000000000 000d 0000 0008 0002 0000',
  )
  expect(applicationsOf(packet)).toBe('dhcpv6')
  expect(valuesOf(packet, 'dhcpv6.xid')).toEqual([0x112233])
  expect(valuesOf(packet, 'dhcpv6.option.type')).toEqual([3, 13, 8])
})

test('syslog: facility and level', () => {
  const packet = new Exchange('udp', 514).client(text('<34>Oct 11 su failed'))
  expect(valuesOf(packet, 'syslog.facility')).toEqual([4])
  expect(valuesOf(packet, 'syslog.level')).toEqual([2])
  expect(valuesOf(packet, 'syslog.msg')).toEqual(['Oct 11 su failed'])
})
