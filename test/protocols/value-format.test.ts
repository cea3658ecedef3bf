import { expect, test } from 'vitest'
import { Packet } from '../../src/packet/packet.ts'
import { computed, type FieldOptions, type FieldType } from '../../src/protocols/field.ts'
import { formatValue } from '../../src/protocols/value-format.ts'

const packet = new Packet()
packet.bytes = Uint8Array.from({ length: 32 }, (_, i) => i)

// The notations are those of tshark 4.0.17's -T fields.
test.each<[FieldType, FieldOptions, unknown, number, string]>([
  ['uint8', {}, 0, 0, '0'],
  ['uint32', {}, 4294967295, 0, '4294967295'],
  ['int16', {}, -5, 0, '-5'],
  ['uint64', {}, 18446744073709551615n, 0, '18446744073709551615'],
  ['uint8', { base: 'hex' }, 2, 0, '0x02'],
  ['uint16', { base: 'hex' }, 0x12, 0, '0x0012'],
  ['uint24', { base: 'hex' }, 0xabcd, 0, '0x00abcd'],
  ['uint32', { base: 'hex' }, 0xdeadbeef, 0, '0xdeadbeef'],
  ['uint64', { base: 'hex' }, 1n, 0, '0x0000000000000001'],
  ['int16', { base: 'hex' }, -1, 0, '0xffff'],
  ['uint8', { base: 'oct' }, 8, 0, '010'],
  ['framenum', {}, 12, 0, '12'],
  ['boolean', {}, 0, 0, '0'],
  ['boolean', {}, 1, 0, '1'],
  ['boolean', {}, 6, 0, '1'],
  ['none', {}, 0, 0, '1'],
  ['ipv4', {}, 0xc0000201, 0, '192.0.2.1'],
  ['ipv6', {}, 0, 16, '1:203:405:607:809:a0b:c0d:e0f'],
  ['ether', {}, 1, 6, '01:02:03:04:05:06'],
  ['eui64', {}, 0x0123456789abcdefn, 0, '01:23:45:67:89:ab:cd:ef'],
  ['bytes', {}, 10, 3, '0a0b0c'],
  ['bytes', {}, 10, 0, '<MISSING>'],
  ['protocol', {}, 0, 4, 'Description'],
  ['string', {}, 'a"b\\c, d', 0, 'a"b\\c, d'],
  ['string', {}, 'a\tb\r\nc\fd\be', 0, 'a\\tb\\r\\nc\\fd\\be'],
  ['string', {}, '\x00\x01\x1b\x7f', 0, '\x00\x01\x1b\x7f'],
  ['relative_time', {}, 1234567890, 123456000, '1234567890.123456000'],
  ['relative_time', {}, 0, 5, '0.000000005'],
  ['relative_time', {}, 0, -250000000, '-0.250000000'],
  ['relative_time', {}, -3, -1, '-3.000000001'],
  ['absolute_time', {}, 1, 500000000, 'Jan  1, 1970 00:00:01.500000000 UTC'],
  ['absolute_time', {}, 1795258052, 749308000, 'Nov 21, 2026 10:47:32.749308000 UTC'],
  ['absolute_time', {}, 2 ** 50, 0, '1125899906842624.000000000'],
  ['double', {}, 0.1, 0, '0.1'],
  ['float', {}, 0.10000000149011612, 0, '0.1'],
])('%s %j %s', (type, options, value, extra, expected) => {
  const field = computed(type, 'a.b', 'Description', () => false, options)
  expect(formatValue(field, packet, value, extra)).toBe(expected)
})
