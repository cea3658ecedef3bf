import { describe, expect, test } from 'vitest'
import { check } from '../../src/filter/check.ts'
import { evaluate } from '../../src/filter/evaluate.ts'
import { compileFilter } from '../../src/filter/filter.ts'
import { parse } from '../../src/filter/parser.ts'
import type { Packet } from '../../src/packet/packet.ts'
import { octets, packetOf } from '../support/packet.ts'

const ETHERNET = 1

/** Ethernet, IPv4 10.0.0.1 to 192.168.1.2 with TTL 64, TCP 1234 to 80 with SYN, and an option MSS 1460. */
const SYN = octets(`
  00005e005302 00005e005301 0800
  4500002c 00014000 40060000 0a000001 c0a80102
  04d20050 00000001 00000000 60020400 00000000
  020405b4
`)
/** IPv4 in IPv4: 10.9.0.1 to 10.9.0.2 around 10.0.0.1 to 10.0.0.1, UDP 53 to 53 with "GET". */
const TUNNEL = octets(`
  ffffffffffff 00005e005301 0800
  45000033 00010000 02040000 0a090001 0a090002
  4500001f 00020000 ff110000 0a000001 0a000001
  00350035 000b0000 474554
`)
/** IPv6 fe80::1 to ff02::1 with hop limit 255, ICMPv6 type 135. */
const NEIGHBOUR = octets(`
  333300000001 00005e005301 86dd
  60000000 00183aff fe800000000000000000000000000001 ff020000000000000000000000000001
  87000000 00000000 fe800000000000000000000000000002
`)

function matches(expression: string, packet: Packet): boolean {
  return compileFilter(expression).matches(packet)
}

describe('one packet', () => {
  test.each<[Uint8Array, string, boolean]>([
    [SYN, 'tcp.port == 80', true],
    [SYN, 'tcp.port == 1234', true],
    [SYN, 'tcp.port == 81', false],
    [SYN, '80 == tcp.port', true],
    [SYN, '1000 > tcp.port', true],
    // Wireshark 4: != is that all values differ, and that there is one; !== that any differs.
    [SYN, 'tcp.port != 80', false],
    [SYN, 'tcp.port != 81', true],
    [SYN, 'udp.port != 81', false],
    [SYN, '!(udp.port == 81)', true],
    [SYN, 'tcp.port !== 80', true],
    [SYN, 'tcp.port === 80', false],
    [SYN, 'tcp.srcport === 1234', true],
    [SYN, 'all tcp.port > 79', true],
    [SYN, 'all tcp.port > 80', false],
    [SYN, 'all udp.port > 0', false],
    [SYN, 'all tcp.port in {80, 1000..2000}', true],
    [SYN, 'tcp.port not in {80}', false],
    [SYN, 'udp.port not in {80}', true],
    [SYN, 'tcp.port in {1..79, 81..1233}', false],
    [SYN, 'tcp.port == 0x50', true],
    [SYN, 'tcp.port == 0120', true],
    [SYN, 'tcp.port == 0b1010000', true],
    [SYN, "tcp.port == 'P'", true],
    [SYN, 'ip.proto == TCP', true],
    [SYN, 'ip.proto == "tcp"', true],
    [SYN, 'ip.proto in {"UDP", 6}', true],
    [SYN, 'tcp.flags.syn == True', true],
    [SYN, 'tcp.flags.syn == false', false],
    [SYN, 'tcp.flags.syn == 2', true],
    [SYN, 'tcp.flags.ack', true],
    [SYN, 'tcp.flags.ack == 1', false],
    [SYN, 'tcp.flags & 2', true],
    [SYN, 'tcp.flags & 0x10', false],
    [SYN, 'tcp.flags & 2 == 2', true],
    [SYN, 'tcp.srcport - 1235 == -1', true],
    [SYN, 'tcp.srcport / 0 == 1', false],
    [SYN, 'tcp.srcport % 1000 == 234', true],
    [SYN, 'tcp.dstport < tcp.srcport', true],
    [SYN, '79 < tcp.dstport < 81 < tcp.srcport', true],
    [SYN, 'ip.src == 10.0.0.0/8', true],
    [SYN, 'ip.dst == 10.0.0.0/8', false],
    [SYN, 'ip.addr != 10.0.0.0/8', false],
    [SYN, 'ip.dst > 10.0.0.0/8', true],
    [SYN, 'ip.dst < 192.168.0.0/16', false],
    [SYN, 'ip.dst == 0.0.0.0/0', true],
    [SYN, 'ip.dst == 192.168.1.2/32', true],
    [SYN, 'ip.dst in {192.168.1.0..192.168.1.9}', true],
    [SYN, 'eth.dst == 00:00:5e:00:53:02', true],
    [SYN, 'eth.dst == 00-00-5E-00-53-02', true],
    [SYN, 'eth.dst == 0000.5e00.5302', true],
    [SYN, 'eth.dst > eth.src', true],
    [SYN, 'eth.addr[0:3] == 00:00:5e', true],
    [SYN, 'eth.addr[0:3] == eth.src[:3]', true],
    [SYN, 'eth.src[-1] == 01', true],
    [SYN, 'eth.src[0,2,-1:] == 00:5e:01', true],
    [SYN, 'eth.src[2:5] == 5e', false],
    [SYN, 'ip.src[0] == 0a', true],
    [SYN, 'ip[8] == 0x40', true],
    [SYN, 'len(ip) == 20', true],
    [SYN, 'len(eth) == 14', true],
    [SYN, 'count(ip.addr) == 2', true],
    [SYN, 'count(udp.port) == 0', false],
    [SYN, 'max(tcp.srcport, tcp.dstport) == 1234', true],
    [SYN, 'min(tcp.port) == 80', true],
    [SYN, 'abs(tcp.dstport - 100) == 20', true],
    [SYN, 'string(ip.src) == "10.0.0.1"', true],
    [SYN, 'string(tcp.port) contains "23"', true],
    [SYN, 'tcp.options.mss_val == 1460', true],
    [SYN, 'tcp.payload', false],
    [SYN, 'tcp xor ip', false],
    [SYN, 'tcp ^^ udp', true],
    [SYN, 'frame', true],
    [SYN, 'frame.len == 58', true],
    [SYN, 'frame[12:2] == 08:00', true],
    [SYN, 'frame[-4:] == 020405b4', true],
    [SYN, 'frame[14] & 0xf0 == 0x40', true],
    [SYN, 'frame.len == ip.len + 14', true],
    [TUNNEL, 'udp contains "GET"', true],
    [TUNNEL, 'udp contains 47:45:54', true],
    [TUNNEL, 'udp contains "get"', false],
    [TUNNEL, 'udp contains ""', false],
    [TUNNEL, 'ip.src == ip.dst', true],
    [TUNNEL, 'ip.src#1 == 10.0.0.1', false],
    [TUNNEL, 'ip.src#2 == 10.0.0.1', true],
    [TUNNEL, 'ip.src#[1-2] == 10.9.0.1', true],
    [TUNNEL, 'ip#2', true],
    [TUNNEL, 'ip#3', false],
    [TUNNEL, 'ip.addr#2 === 10.0.0.1', true],
    [TUNNEL, 'ip.ttl < 10', true],
    [TUNNEL, 'ip.ttl > 10', true],
    [TUNNEL, 'all ip.ttl < 10', false],
    [TUNNEL, 'udp.port === udp.port', true],
    [TUNNEL, 'eth.dst[0] & 1', true],
    [TUNNEL, 'eth.src[0] & 1', false],
    [NEIGHBOUR, 'ipv6.src == fe80::/10', true],
    [NEIGHBOUR, 'ipv6.dst == fe80::/10', false],
    [NEIGHBOUR, 'ipv6.addr != fe80::/10', false],
    [NEIGHBOUR, 'ipv6.dst == ff02::1', true],
    [NEIGHBOUR, 'ipv6.src < ipv6.dst', true],
    [NEIGHBOUR, 'ipv6.src in {fe80::1, ::2}', true],
    [NEIGHBOUR, 'ipv6.nxt == 58', true],
    [NEIGHBOUR, 'ip', false],
  ])('%#: %s', (bytes, expression, expected) => {
    const packet = packetOf(ETHERNET, bytes)
    expect(matches(expression, packet), expression).toBe(expected)
    expect(evaluate(check(expression, parse(expression)).test, packet), expression).toBe(expected)
  })

  test('a field that the capture cut off is not there', () => {
    const cut = packetOf(ETHERNET, SYN.subarray(0, 36), { originalLength: SYN.length })
    expect(matches('tcp.srcport == 1234', cut)).toBe(true)
    expect(matches('tcp.dstport', cut)).toBe(false)
    expect(matches('tcp.port == 80', cut)).toBe(false)
    expect(matches('tcp.port != 80', cut)).toBe(true)
    expect(matches('_ws.short', cut)).toBe(true)
    expect(matches('_ws.malformed', cut)).toBe(false)
  })

  test('a protocol is there if one octet of it was captured', () => {
    const options = { originalLength: SYN.length }
    expect(matches('tcp', packetOf(ETHERNET, SYN.subarray(0, 34), options))).toBe(false)
    expect(matches('tcp', packetOf(ETHERNET, SYN.subarray(0, 35), options))).toBe(true)
    expect(matches('count(tcp) == 1', packetOf(ETHERNET, SYN.subarray(0, 34), options))).toBe(false)
  })

  test('what the filter needs and names', () => {
    const { needs, fields } = compileFilter('tcp.stream == 3 && frame.time_delta > 0.5 || tcp.stream == 4 || udp')
    expect([...needs]).toEqual(['streams', 'times'])
    expect(fields).toEqual(['tcp.stream', 'frame.time_delta', 'udp'])
  })

  test('ten thousand terms', () => {
    const ports = Array.from({ length: 10_000 }, (_, i) => `tcp.port == ${10_000 + i}`).join(' or ')
    expect(matches(ports, packetOf(ETHERNET, SYN))).toBe(false)
    expect(matches(`${ports} or tcp.port == 80`, packetOf(ETHERNET, SYN))).toBe(true)
    const addresses = Array.from({ length: 10_000 }, (_, i) => `ip.src != 10.${i >> 8}.${i & 255}.2`).join(' and ')
    expect(matches(addresses, packetOf(ETHERNET, SYN))).toBe(true)
  })
})

describe('a filter of any size', () => {
  test('a set of 200,000 values', () => {
    const set = Array.from({ length: 200_000 }, (_, i) => 3 * i).join(',')
    expect(matches(`frame.len in {${set}}`, packetOf(ETHERNET, SYN))).toBe(false)
    expect(matches(`frame.len in {58,${set}}`, packetOf(ETHERNET, SYN))).toBe(true)
    expect(matches(`frame.len in {${set}} or frame.len in {58,${set}}`, packetOf(ETHERNET, SYN))).toBe(true)
  })

  test('a call with 200,000 arguments', () => {
    expect(matches(`max(${'tcp.dstport,'.repeat(200_000)}tcp.srcport) == 1234`, packetOf(ETHERNET, SYN))).toBe(true)
  })

  test.each([
    ['a string without an end', `frame contains "${'a'.repeat(1_000_000)}`],
    ['a long name', 'a'.repeat(1_000_000)],
    ['a long number', `tcp.port == 1${'0'.repeat(100_000)}`],
    ['signs', '-'.repeat(100_000)],
  ])('%s', (_, text) => {
    expect(() => compileFilter(text)).toThrow(/^.{1,310}$/)
  })
})
