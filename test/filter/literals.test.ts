import { describe, expect, test } from 'vitest'
import * as literals from '../../src/filter/literals.ts'
import { computed, u8, u32 } from '../../src/protocols/field.ts'

const hex = (result: literals.Result): string =>
  'octets' in result ? `${Buffer.from(result.octets).toString('hex')}/${result.bits}` : 'no'

test.each([
  ['0', 0n],
  ['80', 80n],
  ['-5', -5n],
  ['0x50', 80n],
  ['0X5f', 95n],
  ['0120', 80n],
  ['0b101', 5n],
  ['08', undefined],
  ['0x', undefined],
  ['1e3', undefined],
  ['', undefined],
  ['80a', undefined],
])('integer %s', (text, value) => {
  expect(literals.parseInteger(text)).toBe(value)
})

test('limits are those of the field', () => {
  const octet = u8('a', 0, '')
  expect(literals.integer('255', octet)).toEqual({ kind: 'integer', value: 255 })
  expect(literals.integer('256', octet)).toMatchObject({ message: '256 is too big for a' })
  expect(literals.integer('-1', octet)).toMatchObject({ message: '-1 is too small for a' })
  expect(literals.integer('4294967295', u32('a', 0, ''))).toEqual({ kind: 'integer', value: 0xffffffff })
  expect(literals.integer('256', undefined)).toEqual({ kind: 'integer', value: 256 })
  const eightOctets = computed('uint64', 'a', '', () => false)
  expect(literals.wide('0xffffffffffffffff', eightOctets)).toEqual({ kind: 'wide', value: 2n ** 64n - 1n })
  expect(literals.wide('0x10000000000000000', eightOctets)).toHaveProperty('message')
})

test.each([
  ['10.0.0.1', [0x0a000001, 0x0a000001]],
  ['10.0.0.1/8', [0x0a000000, 0x0affffff]],
  ['255.255.255.255', [0xffffffff, 0xffffffff]],
  ['0.0.0.0/0', [0, 0xffffffff]],
  ['1.2.3', undefined],
  ['1.2.3.256', undefined],
  ['01.2.3.4', undefined],
  ['1.2.3.4/33', undefined],
  ['1.2.3.4.5', undefined],
])('IPv4 %s', (text, ends) => {
  const result = literals.ipv4(text)
  expect('first' in result ? [result.first, result.last] : undefined).toEqual(ends)
})

test.each([
  ['::1', `${'00'.repeat(15)}01/128`],
  ['::', `${'00'.repeat(16)}/128`],
  ['fe80::/10', `fe80${'00'.repeat(14)}/10`],
  ['2001:DB8::a:b', '20010db80000000000000000000a000b/128'],
  ['::ffff:192.0.2.1', `${'00'.repeat(10)}ffffc0000201/128`],
  ['1::2::3', 'no'],
  ['fe80::/129', 'no'],
  ['12345::', 'no'],
  [':::', 'no'],
  ['1.2.3.4', 'no'],
])('IPv6 %s', (text, expected) => {
  expect(hex(literals.ipv6(text))).toBe(expected)
})

test.each([
  ['00:00:5e:00:53:01', '00005e005301/48'],
  ['00-00-5E-00-53-01', '00005e005301/48'],
  ['0000.5e00.5301', '00005e005301/48'],
  ['00005e005301', '00005e005301/48'],
  ['0:0:5e:0:53:1', '00005e005301/48'],
  ['00:00:5e', 'no'],
  ['00:00:5e:00:53:01:02', 'no'],
  ['gg:00:5e:00:53:01', 'no'],
])('Ethernet %s', (text, expected) => {
  expect(hex(literals.ether(text))).toBe(expected)
})

test.each([
  ['0d:0a', '0d0a/16'],
  ['0d0a', '0d0a/16'],
  ['0d.0a', '0d0a/16'],
  ['0d-0a', '0d0a/16'],
  ['5', '05/8'],
  ['45', '45/8'],
  ['0xff', 'ff/8'],
  [':47', '47/8'],
  ['0x4500', 'no'],
  ['474', 'no'],
  ['47:', 'no'],
  ['xyz', 'no'],
])('octets %s', (text, expected) => {
  expect(hex(literals.bytes(text))).toBe(expected)
})

describe('times', () => {
  test.each([
    ['0', [0, 0]],
    ['1.5', [1, 500_000_000]],
    ['-1.5', [-1, -500_000_000]],
    ['-0.25', [0, -250_000_000]],
    ['1400000000.000000001', [1_400_000_000, 1]],
    ['1.1234567891', undefined],
    ['.5', undefined],
    ['1e-3', undefined],
  ])('%s seconds', (text, expected) => {
    const result = literals.seconds(text)
    expect('seconds' in result ? [result.seconds, result.nanoseconds] : undefined).toEqual(expected)
  })

  test.each([
    ['2009-02-13 23:31:30', [1_234_567_890, 0]],
    ['2009-02-13T23:31:30.000000001Z', [1_234_567_890, 1]],
    ['2009-02-14 00:31:30+01:00', [1_234_567_890, 0]],
    ['2009-02-14', [1_234_569_600, 0]],
    ['2009-13-01', undefined],
    ['yesterday', undefined],
  ])('the moment %s', (text, expected) => {
    const result = literals.moment(text)
    expect('seconds' in result ? [result.seconds, result.nanoseconds] : undefined).toEqual(expected)
  })
})

test.each([
  ['1', 1],
  ['0', 0],
  ['7', 1],
  ['True', 1],
  ['false', 0],
  ['FALSE', 0],
  ['Set', 1],
  ['Not set', 0],
])('boolean %s', (text, value) => {
  expect(literals.boolean(text)).toEqual({ kind: 'boolean', value })
})

// 1230768000 is 2009-01-01 00:00:00 UTC (`date -u -d @1230768000`).
test.each([
  ['2009-01-01', 1230768000, 0],
  ['2009-1-1', 1230768000, 0],
  ['2009-01-01 00:00', 1230768000, 0],
  ['2009-01-01T00:00:00Z', 1230768000, 0],
  ['2009-01-01 01:00:00.5 +0100', 1230768000, 500_000_000],
  ['2008-12-31 23:00:00-01:00', 1230768000, 0],
  ['Jan 1, 2009 00:00:00', 1230768000, 0],
  ['jan  1, 2009 00:00:00.000000001', 1230768000, 1],
])('moment %s', (text, seconds, nanoseconds) => {
  expect(literals.moment(text)).toEqual({ kind: 'time', seconds, nanoseconds })
})

test.each([
  'January 1, 2009',
  'Jan 1, 2009',
  'Jan 1 2009 00:00:00',
  '2009-13-01',
  '2009-01-01 25:00:00',
  '2009',
  '',
  'x',
])('no moment: %s', (text) => {
  expect(literals.moment(text)).toHaveProperty('message')
})

test('the name of a value, also without what stands in parentheses', () => {
  const field = { ...u8('a', 0, ''), values: { 1: 'A (Host Address)', 2: 'NS', 3: 'AX (x)' } }
  expect(literals.valueName('A', field)).toBe(1)
  expect(literals.valueName('a (host address)', field)).toBe(1)
  expect(literals.valueName('ns', field)).toBe(2)
  expect(literals.valueName('N', field)).toBeUndefined()
})
