import { describe, expect, test } from 'vitest'
import { displayWidth, elide, escapeText, wrapText } from '../../src/report/text.ts'

describe('escapeText', () => {
  test.each([
    ['plain text, 日本語, é, 🙂', 'plain text, 日本語, é, 🙂'],
    ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['\x07\x00\x7f', '\\x07\\x00\\x7f'],
    ['\x9b31m', '\\x9b31m'],
    ['a\r\nb\tc', 'a\\r\\nb\\tc'],
    // U+202E turns "gnp.exe" around; U+2066 isolates.
    ['\u202egnp.exe\u2066', '\\u{202e}gnp.exe\\u{2066}'],
    ['zero\u200bwidth\ufeff', 'zero\\u{200b}width\\u{feff}'],
    ['\u{e0041}tag', '\\u{e0041}tag'],
    ['half \ud83d pair', 'half \\u{d83d} pair'],
  ])('%j', (text, shown) => expect(escapeText(text)).toBe(shown))
})

test('displayWidth counts wide characters twice and marks not at all', () => {
  expect(displayWidth('abc')).toBe(3)
  expect(displayWidth('日本')).toBe(4)
  expect(displayWidth('e\u0301')).toBe(1)
})

describe('wrapText', () => {
  test('breaks an IPv6 address behind a colon', () => {
    expect(wrapText('2001:db8:1234:5678:9abc:def0:1234:5678', 20)).toEqual([
      '2001:db8:1234:5678:',
      '9abc:def0:1234:5678',
    ])
  })
  test('breaks words, else anywhere', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrapText('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
  })
  test('leaves what fits, and everything where there is no limit', () => {
    expect(wrapText('one two', 7)).toEqual(['one two'])
    expect(wrapText('x'.repeat(500), Infinity)).toHaveLength(1)
  })
})

test('elide takes out the middle', () => {
  expect(elide('2001:db8::1', 20)).toBe('2001:db8::1')
  expect(elide('2001:db8:1234::5678', 11)).toBe('2001:~:5678')
})
