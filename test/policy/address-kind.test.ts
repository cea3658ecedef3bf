import { expect, test } from 'vitest'
import { isIn, isOutside, isPublic, octetsOf, parseNetwork } from '../../src/policy/address-kind.ts'

test.each([
  // RFC 1918, 6598, 1122, 3927, 6890, 2544, 5771, 1112, 919
  ['10.255.0.1', false],
  ['172.15.255.255', true],
  ['172.16.0.0', false],
  ['172.31.255.255', false],
  ['172.32.0.0', true],
  ['192.168.0.1', false],
  ['192.169.0.1', true],
  ['100.63.255.255', true],
  ['100.64.0.1', false],
  ['100.127.255.255', false],
  ['100.128.0.0', true],
  ['127.0.0.1', false],
  ['169.254.10.10', false],
  ['0.0.0.0', false],
  ['192.0.0.1', false],
  ['198.18.0.1', false],
  ['198.20.0.1', true],
  ['224.0.0.251', false],
  ['239.255.255.250', false],
  ['240.0.0.1', false],
  ['255.255.255.255', false],
  ['8.8.8.8', true],
  // Documentation, RFC 5737: stands for public addresses in captures made anonymous.
  ['203.0.113.9', true],
  ['2001:db8::1', true],
  // Unspecified, loopback, unique local (RFC 4193), link-local, multicast (RFC 4291 §2.4)
  ['::', false],
  ['::1', false],
  ['fd00::1', false],
  ['fe80::1', false],
  ['ff02::fb', false],
  ['2a00:1450:4001::200e', true],
  // IPv4 within IPv6: RFC 4291 §2.5.5.2, RFC 6052
  ['::ffff:10.0.0.1', false],
  ['::ffff:8.8.8.8', true],
  ['64:ff9b::a00:1', false],
  ['64:ff9b::808:808', true],
])('%s is public: %s', (address, expected) => {
  expect(isPublic(octetsOf(address)!)).toBe(expected)
})

test.each([
  ['1.2.3.4', [1, 2, 3, 4]],
  ['::ffff:1.2.3.4', [1, 2, 3, 4]],
  ['2001:db8::a:b', [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10, 0, 11]],
  ['::', new Array(16).fill(0)],
  ['1::', [0, 1, ...new Array(14).fill(0)]],
  ['64:ff9b::1.2.3.4', [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]],
  ['1.2.3', null],
  ['1.2.3.256', null],
  ['fe80::1%eth0', null],
  ['host', null],
  ['', null],
])('octets of %s', (text, expected) => {
  expect(octetsOf(text)).toEqual(expected)
})

test.each([
  ['10.0.0.0/8', '10.255.255.255', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3', '10.1.2.2', false],
  ['0.0.0.0/0', '255.255.255.255', true],
  ['10.0.0.0/0', '::1', false],
  ['192.0.2.128/25', '192.0.2.127', false],
  ['192.0.2.128/25', '192.0.2.200', true],
  ['2001:db8::/33', '2001:db8:7fff::', true],
  ['2001:db8::/33', '2001:db8:8000::', false],
  ['::ffff:10.0.0.0/104', '10.9.9.9', true],
])('%s holds %s: %s', (network, address, expected) => {
  expect(isIn(octetsOf(address)!, parseNetwork(network)!)).toBe(expected)
})

test.each([
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/8/8',
  '10.0.0/8',
  '2001:db8::/129',
  '10.0.0.0/-1',
  'public',
  '::ffff:10.0.0.0/8',
])('%s is no network', (text) => {
  expect(parseNetwork(text)).toBeNull()
})

test.each([
  ['203.0.113.9', '10.0.0.4', true],
  ['10.0.0.5', '10.0.0.4', false],
  ['10.0.0.5', '203.0.113.9', false],
  ['203.0.113.9', '203.0.113.10', false],
  ['203.0.112.9', '203.0.113.10', true],
  ['2001:db8:1:2::5', '2001:db8:1:9::4', false],
  ['2001:db8:2::5', '2001:db8:1::4', true],
  ['2001:db8:2::5', '10.0.0.4', true],
])('%s is outside of the network of %s: %s', (address, other, expected) => {
  expect(isOutside(octetsOf(address)!, octetsOf(other)!)).toBe(expected)
})
