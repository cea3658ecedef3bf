/** Filters that ask for too much: bounded time and memory, and a message that names the place. */
import { describe, expect, test } from 'vitest'
import { FilterError } from '../../src/filter/errors.ts'
import { compileFilter } from '../../src/filter/filter.ts'
import {
  MAX_DEPTH,
  MAX_LENGTH,
  MAX_PATTERN_CHOICES,
  MAX_PATTERN_STEPS,
  MAX_PATTERNS,
  MAX_RANGES,
  MAX_TOKEN_LENGTH,
  MAX_TOKENS,
  MAX_WARNINGS,
} from '../../src/filter/limits.ts'
import { octetSearch } from '../../src/filter/octet-search.ts'
import { containsOctets } from '../../src/filter/octets.ts'
import { patternSearch } from '../../src/filter/pattern-search.ts'
import { explain } from '../../src/report/explanation.ts'
import { octets, packetOf } from '../support/packet.ts'

const ETHERNET = 1

/** Ethernet, IPv4 10.0.0.1 to 10.0.0.2, UDP 1000 to 1001 with nothing in it. */
const DATAGRAM = octets(`
  00005e005302 00005e005301 0800
  4500001c 00010000 40110000 0a000001 0a000002
  03e803e9 00080000
`)

function repeated(count: number, term: (i: number) => string, join: string): string {
  return Array.from({ length: count }, (_, i) => term(i)).join(join)
}

/** The mistake in `expression`: a message that can be read, whatever the length of the filter. */
function mistakeIn(expression: string): FilterError {
  try {
    compileFilter(expression)
  } catch (error) {
    expect(error).toBeInstanceOf(FilterError)
    // Three lines and a hint, of 300 characters at most each.
    expect((error as FilterError).format().length).toBeLessThan(1000)
    return error as FilterError
  }
  throw new Error('the filter is accepted')
}

describe('a filter of a million terms is refused at the first too many', () => {
  const MILLION = 1_000_000

  test.each([
    ['or', () => repeated(MILLION, (i) => `tcp.port == ${i & 0xffff}`, ' or ')],
    ['a string', () => `frame contains "${'a'.repeat(16 * MILLION)}"`],
    ['a word', () => 'a'.repeat(16 * MILLION)],
    ['comments', () => '/**/'.repeat(2 * MILLION)],
  ])('%s: too long', (_, make) => {
    const expression = make()
    const { at, message } = mistakeIn(expression)
    expect(at).toBe(MAX_LENGTH)
    expect(message).toBe(
      `the filter is too long: ${expression.length.toLocaleString('en-US')} characters, and at most 4,194,304`,
    )
  })

  test.each([
    ['a set', `frame.len in {${'1,'.repeat(MILLION)}1}`, 4 * 3],
    ['parentheses', '('.repeat(MILLION + 100_000), 0],
    ['not', '!'.repeat(MILLION + 100_000), 0],
  ])('%s: too many signs', (_, expression) => {
    const { at, message, hint } = mistakeIn(expression)
    expect(message).toBe('the filter is too long: more than 1,048,576 words and signs')
    expect(hint).toMatch(/^a set is shorter/)
    // Every token of the set is one character, behind the nine of the field, a space, `in` and a space.
    expect(at).toBe(expression.startsWith('f') ? MAX_TOKENS - 2 + 'frame.len in '.length : MAX_TOKENS)
  })

  test.each([
    ['a string', `frame contains "${'a'.repeat(MAX_TOKEN_LENGTH)}"`],
    ['a string of escapes', `frame contains "${'\\n'.repeat(MAX_TOKEN_LENGTH)}"`],
    ['octets', `frame contains ${'0a:'.repeat(MAX_TOKEN_LENGTH / 2)}0a`],
    ['a number', `frame.len == ${'9'.repeat(MAX_TOKEN_LENGTH + 1)}`],
    ['a slice', `frame[${'0,'.repeat(MAX_TOKEN_LENGTH)}0] == 1`],
  ])('%s: too long for one', (_, expression) => {
    expect(mistakeIn(expression).message).toBe('this is too long: at most 65,536 characters')
  })

  test.each([
    ['parentheses', '('.repeat(MAX_DEPTH + 1), 'this is nested more than 200 deep'],
    ['not', '!'.repeat(MAX_DEPTH + 1), 'this is nested more than 200 deep'],
    ['not as a word', 'not '.repeat(MAX_DEPTH + 1), 'this is nested more than 200 deep'],
    ['signs', `frame.len == ${'-'.repeat(MAX_DEPTH + 1)}1`, 'this is nested more than 200 deep'],
    ['calls', `${'upper('.repeat(MAX_DEPTH + 1)}http.host`, 'this is nested more than 200 deep'],
    ['a sum', repeated(MAX_DEPTH + 2, () => 'frame.len', ' + '), 'this calculation is too long'],
    ['slices', `frame${'[0]'.repeat(MAX_DEPTH + 1)}`, 'this calculation is too long'],
  ])('%s: too deep', (_, expression, message) => {
    expect(mistakeIn(expression).message).toBe(message)
  })
})

describe('what can be written can be compiled', () => {
  test.each([
    ['parentheses', `${'('.repeat(MAX_DEPTH)}udp${')'.repeat(MAX_DEPTH)}`],
    ['not', `${'!'.repeat(MAX_DEPTH)}udp`],
    ['signs', `frame.len > ${'-'.repeat(MAX_DEPTH)}1`],
    ['a sum', `${repeated(MAX_DEPTH, () => 'frame.len', ' + ')} > 1`],
    ['calls', `${'abs('.repeat(MAX_DEPTH - 1)}frame.len${')'.repeat(MAX_DEPTH - 1)} > 1`],
  ])('%s as deep as may be', (_, expression) => {
    expect(compileFilter(expression).matches(packetOf(ETHERNET, DATAGRAM))).toBe(true)
    expect(explain(expression).selects.text).not.toBe('')
  })

  test('a chain of 50,000 different terms', () => {
    const expression = repeated(50_000, (i) => (i % 2 === 0 ? `frame.len > ${2000 + i}` : `ip.ttl < ${i % 64}`), ' or ')
    expect(compileFilter(expression).matches(packetOf(ETHERNET, DATAGRAM))).toBe(false)
  })
})

describe('mistakes in long words are told in no time', () => {
  test('an unknown field with 30,000 dots', () => {
    const from = performance.now()
    expect(mistakeIn(`tcp${'.a'.repeat(30_000)} == 1`).hint).toBe('pcapx fields --list tcp shows those that there are')
    // One look at 8,000 names for each dot would take ten seconds.
    expect(performance.now() - from).toBeLessThan(2000)
  })

  test(`no more than ${MAX_WARNINGS} warnings`, () => {
    const expression = repeated(1000, (i) => `udp.port != ${i}`, ' and ')
    expect(compileFilter(expression).warnings).toHaveLength(MAX_WARNINGS)
  })

  test('a warning quotes no more than can be read', () => {
    const [warning] = compileFilter(
      `http.host.len != ${'('.repeat(150)}1${')'.repeat(150)}`.replace('http.host.len', 'udp.port'),
    ).warnings
    expect(warning.length).toBeLessThan(400)
  })
})

describe('the operand of a set is looked up once', () => {
  test('30,000 arguments and 30,000 elements', () => {
    const from = performance.now()
    const { matches } = compileFilter(`max(${'udp.port,'.repeat(30_000)}udp.port) in {${'1,'.repeat(30_000)}1001}`)
    expect(matches(packetOf(ETHERNET, DATAGRAM))).toBe(true)
    // 900 million look-ups would take minutes.
    expect(performance.now() - from).toBeLessThan(5000)
  })
})

describe('values calculated with values', () => {
  // A sum of forty fields of two values each has 2^40 combinations.
  const sum = repeated(40, () => 'udp.port', ' + ')

  test.each([
    `${sum} == 1`,
    `1 in {${repeated(40, () => 'udp.port', ' + ')}}`.replace('1 in', 'udp.port in'),
    `${repeated(40, () => '(udp.port', ' + ')}${')'.repeat(40)} == 1`,
    `${repeated(39, () => '(udp.port', ' + ')} + udp.port / 0${')'.repeat(39)} == 1`,
    `max(${sum}) == 1`,
    `count(${sum}) == 1`,
    `${sum} == ${sum}`,
  ])('%.30s...', (expression) => {
    const { matches } = compileFilter(expression)
    const packet = packetOf(ETHERNET, DATAGRAM)
    const from = performance.now()
    matches(packet)
    expect(performance.now() - from).toBeLessThan(2000)
  })

  test('what is spent on one packet is not missed by the next', () => {
    const { matches } = compileFilter(`${sum} == 1 or udp.srcport + 1 == udp.dstport`)
    const packet = packetOf(ETHERNET, DATAGRAM)
    expect(matches(packet)).toBe(false) // Nothing is left for the second term.
    expect(compileFilter('udp.srcport + 1 == udp.dstport').matches(packet)).toBe(true)
  })
})

describe('slices of slices', () => {
  test.each([
    [`frame[${repeated(MAX_RANGES, () => '0', ',')}]`, true],
    [`frame[${repeated(MAX_RANGES + 1, () => '0', ',')}]`, false],
    // Eight ranges of eight are 64; each more doubles it.
    [`frame[${repeated(8, () => '0:', ',')}][${repeated(8, () => '0:', ',')}]`, true],
    [`frame[${repeated(8, () => '0:', ',')}][${repeated(8, () => '0:', ',')}][0:,0:]`, false],
    [`http.host[0]${'[0:,0:]'.repeat(7)}`, false],
    [`lower(http.host)[0:,0:][0:,0:][0:,0:][0:,0:][0:,0:][0:,0:]`, true],
    [`lower(http.host)[0:,0:][0:,0:][0:,0:][0:,0:][0:,0:][0:,0:][0:,0:]`, false],
  ])('%s', (expression, fits) => {
    if (fits)
      expect(compileFilter(expression).matches(packetOf(ETHERNET, DATAGRAM))).toBe(expression.startsWith('frame'))
    else expect(mistakeIn(expression).message).toMatch(/^this slice is too long: \d+ ranges, .*at most 64$/)
  })
})

describe('patterns that explode', () => {
  const search = (pattern: string, text: string | Buffer) => {
    const bytes = Buffer.from(text)
    return patternSearch(Buffer.from(pattern)).inOctets(bytes, 0, bytes.length)
  }

  test.each([
    ['(a+)+$'],
    ['(a|aa)+$'],
    ['(a|a?)+b'],
    ['(.*a){20}'],
    ['([a-z]+)*\\d'],
    ['(a?){500}a{500}c'],
    ['[ab]*a[ab]{20}c'],
    [`${'('.repeat(900)}a*${')'.repeat(900)}c`],
  ])('%s takes linear time', (pattern) => {
    const from = performance.now()
    expect(search(pattern, `${'a'.repeat(65_535)}b`)).toBe(pattern === '(.*a){20}' || pattern === '(a|a?)+b')
    expect(performance.now() - from).toBeLessThan(2000)
  })

  test.each([
    ['(a{1000}){1000}', 'characters when its repetitions are written out'],
    [`${'a{1000}'.repeat(66)}`, 'characters when its repetitions are written out'],
    [`x${'a?'.repeat(MAX_PATTERN_CHOICES + 1)}`, 'classes and optional characters'],
    [`${'[ab]{500}'.repeat(5)}`, 'classes and optional characters'],
    [`${'(a|b)'.repeat(MAX_PATTERN_CHOICES + 1)}`, 'classes and optional characters'],
    [`(${'.'.repeat(50)}){42}`, 'classes and optional characters'],
  ])('%.30s is too big', (pattern, what) => {
    const { message, at } = mistakeIn(`frame matches "${pattern}"`)
    expect(message).toMatch(/^the pattern is too big: more than \d+ /)
    expect(message).toContain(what)
    expect(at).toBeGreaterThan('frame matches "'.length)
  })

  test('a list of 5,000 words is not', () => {
    const words = repeated(5000, (i) => `word${i}`, '|')
    expect(search(`(${words})x`, 'a word4999x')).toBe(true)
  })

  test('a pattern of many choices searches the beginning of a long message', () => {
    // `.{0,1000}` may be at any of 1,000 places at once.
    const longest = Math.floor(MAX_PATTERN_STEPS / 1000)
    const text = (before: number) => Buffer.concat([Buffer.alloc(before, 'b'), Buffer.from('a..x')])
    expect(search('a.{0,1000}x', text(longest - 4))).toBe(true)
    expect(search('a.{0,1000}x', text(longest - 3))).toBe(false)
    expect(search('a.{0,500}x', text(longest - 3))).toBe(true)
    expect(search('a.*x', text(4 << 20))).toBe(true)
  })

  test(`no more than ${MAX_PATTERNS} patterns, of which each may take 8 MiB; plain text is none`, () => {
    const patterns = (count: number) => repeated(count, (i) => `frame matches "a+${i}"`, ' or ')
    expect(compileFilter(patterns(MAX_PATTERNS)).matches(packetOf(ETHERNET, DATAGRAM))).toBe(false)
    expect(mistakeIn(patterns(MAX_PATTERNS + 1)).message).toBe('this is one pattern too many: at most 64 in a filter')
    const plain = repeated(1000, (i) => `frame matches "text ${i}"`, ' or ')
    expect(compileFilter(plain).matches(packetOf(ETHERNET, DATAGRAM))).toBe(false)
  })
})

describe('searches for what nearly fits everywhere', () => {
  const LENGTH = 1 << 18
  const text = Buffer.alloc(LENGTH, 'a')
  // Half of it, and another octet near the end, at the end or at the beginning: 2^34 comparisons octet by octet.
  const half = Buffer.alloc(LENGTH / 2, 'a')
  const needles = ['ba', 'b'].map((end) => Buffer.concat([half, Buffer.from(end)]))
  needles.push(Buffer.concat([Buffer.from('b'), half]))

  test.each(needles)('a constant', (needle) => {
    const from = performance.now()
    const holds = octetSearch(needle)
    expect(holds(text, 0, LENGTH)).toBe(false)
    expect(holds(Buffer.concat([text, needle, text]), 0, 2 * LENGTH + needle.length)).toBe(true)
    expect(performance.now() - from).toBeLessThan(1000)
  })

  test.each(needles)('a value of the packet', (needle) => {
    const from = performance.now()
    expect(containsOctets(text, 0, LENGTH, needle, 0, needle.length)).toBe(false)
    const found = Buffer.concat([text, needle, text])
    expect(containsOctets(found, 0, found.length, needle, 0, needle.length)).toBe(true)
    expect(containsOctets(found, 0, LENGTH + needle.length - 1, needle, 0, needle.length)).toBe(false)
    expect(performance.now() - from).toBeLessThan(1000)
  })

  test('letters in either case', () => {
    const needle = Buffer.concat([half, Buffer.from('B')])
    const found = Buffer.concat([Buffer.alloc(LENGTH, 'A'), Buffer.from('b')])
    expect(octetSearch(needle, true)(found, 0, found.length)).toBe(true)
    expect(octetSearch(needle, false)(found, 0, found.length)).toBe(false)
  })
})
