import { describe, expect, test } from 'vitest'
import { formatHex, formatIpv4, formatIpv6, formatMac } from '../../src/packet/address.ts'
import { octets } from '../support/packet.ts'

test('MAC', () => {
  expect(formatMac(octets('ff 00005e005301'), 1)).toBe('00:00:5e:00:53:01')
})

test('hexadecimal digits, with and without a separator', () => {
  expect(formatHex(octets('000aff'), 0, 3)).toBe('000aff')
  expect(formatHex(octets('000aff'), 0, 3, ' ')).toBe('00 0a ff')
  expect(formatHex(octets('00'), 0, 0)).toBe('')
})

test('IPv4, of signed and unsigned numbers', () => {
  expect(formatIpv4(0xc0000201)).toBe('192.0.2.1')
  expect(formatIpv4(0xc0000201 | 0)).toBe('192.0.2.1')
  expect(formatIpv4(0)).toBe('0.0.0.0')
})

describe('IPv6', () => {
  test.each([
    ['20010db8000000000000000000000001', '2001:db8::1'], // RFC 5952 §4.2.1: shorten as much as possible
    ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'], // §4.2.2: one group is not shortened
    ['20010000000000010000000000000001', '2001:0:0:1::1'], // §4.2.3: the longest run
    ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'], // §4.2.3: the first of equal ones
    ['20010db800000000000000000000abcd', '2001:db8::abcd'], // §4.3: lower case
    ['00000000000000000000000000000000', '::'],
    ['00000000000000000000000000000001', '::1'],
    ['fe800000000000000000000000000000', 'fe80::'],
    ['00010000000000000000000000000000', '1::'],
    ['00000001000100010001000100010001', '0:1:1:1:1:1:1:1'],
    ['00010001000100010001000100010000', '1:1:1:1:1:1:1:0'],
    ['00000000000100010001000100010001', '::1:1:1:1:1:1'],
    ['00010001000100010001000100000000', '1:1:1:1:1:1::'],
    ['00000000000000000000ffffc0000201', '::ffff:192.0.2.1'], // §5: IPv4-mapped
    ['000000000000000000000000c0000201', '::192.0.2.1'], // as inet_ntop and tshark write it
    ['0064ff9b0000000000000000c0000201', '64:ff9b::c000:201'],
    ['0000000000000000ffff0000c0000201', '::ffff:0:c000:201'],
    ['ffffffffffffffffffffffffffffffff', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
  ])('%s is %s', (hex, text) => {
    expect(formatIpv6(octets(hex), 0)).toBe(text)
  })
})
