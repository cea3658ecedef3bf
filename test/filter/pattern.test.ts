import { describe, expect, test } from 'vitest'
import { FilterError } from '../../src/filter/errors.ts'
import { compileFilter } from '../../src/filter/filter.ts'
import { translatePattern } from '../../src/filter/pattern.ts'
import { patternSearch } from '../../src/filter/pattern-search.ts'

function matches(pattern: string, text: string): boolean {
  const octets = Buffer.from(text, 'latin1')
  const search = patternSearch(Buffer.from(pattern, 'latin1'))
  const found = search.inOctets(octets, 0, octets.length)
  // With and without the search for what must be there.
  expect(search.plainly(text)).toBe(found)
  // Not at the beginning of its array, nor up to its end.
  const inside = Buffer.concat([Buffer.from('#'), octets, Buffer.from('#')])
  expect(search.inOctets(inside, 1, octets.length)).toBe(found)
  return found
}

// As PCRE2 10.42 has them with PCRE2_CASELESS and without UTF; each pair was tried in tshark 4.0.17.
test.each<[string, string, boolean]>([
  ['get', 'a GET b', true],
  ['(?-i)get', 'a GET b', false],
  ['(?i)get', 'GeT', true],
  ['a(?-i)b', 'Ab', true],
  ['a(?-i)b', 'AB', false],
  ['a(?-i:b)c', 'AbC', true],
  ['', '', true],
  ['.', '\n', false],
  ['(?s).', '\n', true],
  ['\\N', '\n', false],
  ['\\C', '\n', true],
  ['^b', 'a\nb', false],
  ['(?m)^b', 'a\nb', true],
  // Before a last line break, too.
  ['a$', 'a\n', true],
  ['a\\Z', 'a\n', true],
  ['a\\z', 'a\n', false],
  ['a$', 'a\nb', false],
  ['(?m)a$', 'a\nb', true],
  ['\\x47\\105\\o{124}', 'GET', true],
  ['\\x{ff}', '\xff', true],
  ['[\\x80-\\xff]', 'abc', false],
  ['[\\x80-\\xff]', 'ab\xe9', true],
  // Beyond ASCII there is no other case.
  ['\xe9', '\xc9', false],
  ['\xe9', '\xe9', true],
  ['[^a-z]', 'B', false],
  ['[]a]', ']', true],
  ['[^]]', ']', false],
  ['[a\\-z]', '-', true],
  ['[a-]', '-', true],
  ['[[:^digit:]]', '5', false],
  ['[[:xdigit:]]{4}', 'BEEF', true],
  ['\\s', '\v', true],
  ['\\h', '\xa0', true],
  ['\\R', '\x85', true],
  ['\\pL', '\xe9', true],
  ['\\p{Greek}', 'abc', false],
  ['\\Qa.b\\E', 'axb', false],
  ['\\Qa.b\\E+', 'A.BBB', true],
  ['a{2}', 'aa', true],
  ['a{2', 'a{2', true],
  ['x{,3}', 'x{,3}', true],
  ['ab?c', 'ac', true],
  ['(ab|cd)+e', 'cdABe', true],
  ['a|b', 'xbx', true],
  ['(?<name>a)(?P<other>b)', 'AB', true],
  ['(?x) a b # c', 'ab', true],
  ['a(?#comment)b', 'ab', true],
  ['(?<=a)b', 'ab', true],
  ['(?<!a)b', 'ab', false],
  ['\\bhost\\b', 'a host.', true],
  ['\\bhost\\b', 'ghosts', false],
  ['\\cM\\e', '\r\x1b', true],
])('%j in %j: %s', (pattern, text, expected) => {
  expect(matches(pattern, text)).toBe(expected)
})

test('text is searched as UTF-8', () => {
  expect(patternSearch(Buffer.from('é')).inText('caf\u00e9')).toBe(true)
  expect(patternSearch(Buffer.from([0xc3, 0xa9])).inText('caf\u00e9')).toBe(true)
  expect(patternSearch(Buffer.from([0xe9])).inText('caf\u00e9')).toBe(false)
})

describe('what every match contains is looked for first', () => {
  test.each([
    ['user-agent', 'user-agent', true],
    ['(?-i)Host:', 'Host:', true],
    ['GT .*\\.php', '.php', false],
    ['a+bcd', 'bcd', false],
    ['abc*', 'ab', false],
    ['ab|cd', undefined, false],
    ['(abc)', undefined, false],
    ['[0-9]', undefined, false],
  ])('%s', (pattern, text, isLiteral) => {
    const translation = translatePattern(pattern)
    expect(translation.required?.text).toBe(text)
    expect(translation.isLiteral).toBe(isLiteral)
  })
})

test('time is linear in what is searched', () => {
  const search = patternSearch(Buffer.from('(a+)+$x|(a|aa)+b'))
  const octets = Buffer.alloc(20_000, 'a')
  expect(search.inOctets(octets, 0, octets.length)).toBe(false)
})

describe('a mistake is shown where it is', () => {
  test.each([
    ['frame matches "ab(c"', '('],
    ['frame matches "\\x41\\x42(c"', '('],
    ['frame matches "é[[:bogus:]]"', '[:bogus:]'],
    ['frame matches r"\\d+("', '('],
    ['frame matches "a{3,2}"', '{3,2}'],
    ['frame matches "x*+"', '*+'],
    ['frame matches "(?=x)"', '(?='],
    ['frame matches "(x)\\\\1"', '\\\\1'],
    ['frame matches "[z-a]"', 'z-a'],
    ['frame matches "[\\\\d-x]"', '-'],
    ['frame matches "a{1001}"', '{1001}'],
    ['frame matches "((a{1000}){1000}){10}"', '{1000}'],
    ['frame matches "((a{40}){40}){40}"', '((a{40}){40}){40}'],
  ])('%s', (expression, culprit) => {
    try {
      compileFilter(expression)
    } catch (error) {
      const { at, length } = error as FilterError
      expect(error).toBeInstanceOf(FilterError)
      expect(expression.slice(at, at + length)).toBe(culprit)
      return
    }
    throw new Error('accepted')
  })
})
