/** Long lists of constants: the same answers as the plain evaluation gives, by a look-up. */
import { describe, expect, test } from 'vitest'
import { check } from '../../src/filter/check.ts'
import { evaluate } from '../../src/filter/evaluate.ts'
import { compileFilter } from '../../src/filter/filter.ts'
import { parse } from '../../src/filter/parser.ts'
import { octets, packetOf } from '../support/packet.ts'

const ETHERNET = 1

/** IPv6 2001:db8::1:2 to 2001:db8:aaaa::1, UDP 5000 to 53 with 27 octets. */
const QUERY = octets(`
  00005e005302 00005e005301 86dd
  60000000 00231140 20010db8000000000000000000010002 20010db8aaaa00000000000000000001
  13880035 00230000
  12340100 00010000 00000000 01 61 07 6578616d706c65 00 0001 0001
`)

function repeated(count: number, term: (i: number) => string, join: string): string {
  return Array.from({ length: count }, (_, i) => term(i)).join(join)
}

/** What the compiled filter says, which must be what the plain evaluation says. */
function answer(expression: string): boolean {
  const packet = packetOf(ETHERNET, QUERY)
  const result = compileFilter(expression).matches(packet)
  expect(evaluate(check(expression, parse(expression)).test, packet), expression).toBe(result)
  return result
}

/** Twenty values that are not in the packet, and those given. */
function lists(field: string, other: (i: number) => string, ...values: string[]): string[] {
  const all = [...Array.from({ length: 20 }, (_, i) => other(i)), ...values]
  return [`${field} in {${all.join(', ')}}`, all.map((value) => `${field} == ${value}`).join(' or ')]
}

describe('a list of', () => {
  const address = (i: number) => `2001:db8:1::${i}`
  const ether = (i: number) => `00:00:5e:00:54:${(i + 16).toString(16)}`
  test.each<[string, (i: number) => string, readonly string[], boolean]>([
    ['ipv6.addr', address, [], false],
    ['ipv6.addr', address, ['2001:db8::1:2'], true],
    ['ipv6.addr', address, ['2001:db8:aaaa::1'], true],
    ['ipv6.src', address, ['2001:db8:aaaa::1'], false],
    ['ipv6.addr', address, ['2001:db8::2:2/111'], false],
    ['ipv6.addr', address, ['2001:db8::2:2/110'], true],
    ['ipv6.addr', address, ['2001:db8::0:ffff/111'], true],
    ['ipv6.addr', (i) => `2001:db8:${i}:aaaa::/63`, ['2001:db8:0:1::/63'], true],
    ['eth.addr', ether, [], false],
    ['eth.addr', ether, ['00:00:5e:00:53:02'], true],
    ['eth.src', ether, ['00:00:5e:00:53:02'], false],
    ['string(eth.dst)', (i) => `"${i}"`, [], false],
    ['string(eth.dst)', (i) => `"${i}"`, ['"00:00:5e:00:53:02"'], true],
    ['string(eth.dst)', (i) => `"${i}"`, ['"00:00:5E:00:53:02"'], false],
    ['eth.dst[0:3]', (i) => `${(i + 16).toString(16)}:00:5e`, ['00:00:5e'], true],
    ['eth.dst[0:3]', (i) => `${(i + 16).toString(16)}:00:5e`, ['00:00'], false],
    ['udp.port', (i) => String(60_000 + i), ['5000'], true],
    ['udp.port', (i) => String(60_000 + i), [], false],
    ['double(udp.port)', (i) => `${i}.5`, ['53'], true],
    ['double(udp.port)', (i) => `${i}.5`, ['53.25'], false],
  ])('%s: %#', (field, other, values, expected) => {
    for (const expression of lists(field, other, ...values)) {
      expect(answer(expression), expression).toBe(expected)
      expect(answer(`not (${expression})`)).toBe(!answer(expression))
    }
    const all = `all ${lists(field, other, ...values)[0]}`
    answer(all)
  })

  test('what is not constant, and ranges, stand beside what is', () => {
    const some = repeated(20, (i) => `2001:db8:1::${i}`, ', ')
    expect(answer(`ipv6.src in {${some}, ipv6.dst}`)).toBe(false)
    expect(answer(`ipv6.src in {${some}, ipv6.src}`)).toBe(true)
    expect(answer(`ipv6.src in {${some}, 2001:db8::..2001:db8::ffff:0}`)).toBe(true)
    expect(answer(`ipv6.src in {2001:db8::2:0..2001:db8::ffff:0, ${some}}`)).toBe(false)
  })
})

describe('a chain of exclusions', () => {
  const others = repeated(20, (i) => `ipv6.addr != 2001:db8:1::${i}`, ' and ')

  test.each([
    [others, true],
    [`${others} and ipv6.addr != 2001:db8::1:2`, false],
    [`${others} and ipv6.addr != 2001:db8::1:2 and udp`, false],
    // Without the field nothing is different.
    [repeated(20, (i) => `ip.addr != 10.0.0.${i}`, ' and '), false],
    [repeated(20, (i) => `not ip.addr == 10.0.0.${i}`, ' and '), true],
    [repeated(20, (i) => `!(udp.port == ${i})`, ' and '), true],
    [`${repeated(20, (i) => `!(udp.port == ${i})`, ' and ')} and !(udp.port == 53)`, false],
    [`${repeated(20, (i) => `udp.port != ${i}`, ' and ')} and tcp`, false],
    [`${repeated(20, (i) => `udp.port !== ${i}`, ' and ')} and udp.port !== 53`, true],
  ])('%#', (expression, expected) => expect(answer(expression)).toBe(expected))
})

test.each([
  ['names', (i: number) => `frame.protocols == "host${i}.example"`],
  ['IPv6 addresses', (i: number) => `ipv6.addr == 2001:db8:1::${i.toString(16)}`],
  [
    'Ethernet addresses',
    (i: number) =>
      `eth.addr == 00:00:5f:00:${(i >> 8).toString(16).padStart(2, '0')}:${(i & 255).toString(16).padStart(2, '0')}`,
  ],
  ['IPv4 addresses', (i: number) => `ip.addr == 10.0.${i >> 8}.${i & 255}`],
])('20,000 %s are looked up, not compared one by one', (_, term) => {
  const packet = packetOf(ETHERNET, QUERY)
  for (const [expression, expected] of [
    [repeated(20_000, term, ' or '), false],
    [repeated(20_000, (i) => `!(${term(i)})`, ' and '), true],
  ] as const) {
    const { matches } = compileFilter(expression)
    const from = performance.now()
    let matched = 0
    for (let i = 0; i < 50_000; i++) if (matches(packet)) matched++
    expect(matched).toBe(expected ? 50_000 : 0)
    // 50,000 packets times 20,000 comparisons would take five seconds and more.
    expect(performance.now() - from).toBeLessThan(1500)
  }
})
