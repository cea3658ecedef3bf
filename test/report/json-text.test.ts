import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { jsonText } from '../../src/report/json-text.ts'
import { escapeText } from '../../src/report/text.ts'
import { ROOT } from '../cli/support.ts'

describe('jsonText', () => {
  // RFC 8259 §7: \u and four hexadecimal digits, two of them for a character beyond U+FFFF.
  test.each([
    ['plain, 日本語, é, 🙂', '"plain, 日本語, é, 🙂"'],
    ['\x1b[2J', '"\\u001b[2J"'],
    ['\x7f\x9b31m', '"\\u007f\\u009b31m"'],
    ['\u202egnp\u2066', '"\\u202egnp\\u2066"'],
    ['a\u2028b\u2029', '"a\\u2028b\\u2029"'],
    ['\u{e0041}', '"\\udb40\\udc41"'],
    ['\ufffe', '"\\ufffe"'],
    ['half \ud83d', '"half \\ud83d"'],
  ])('%j', (text, json) => {
    expect(jsonText(text)).toBe(json)
    expect(JSON.parse(jsonText(text))).toBe(text)
  })

  test('keys, and documents on several lines', () => {
    expect(jsonText({ 'a\x7f': ['\u202e'] }, 2)).toBe('{\n  "a\\u007f": [\n    "\\u202e"\n  ]\n}')
    expect(jsonText(undefined)).toBe('null')
  })

  test('escapes all that a terminal is not shown, and nothing else', () => {
    const different: string[] = []
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code)
      if (character === '"' || character === '\\') continue
      if ((jsonText(character) !== `"${character}"`) !== (escapeText(character) !== character))
        different.push(code.toString(16))
    }
    expect(different).toEqual([])
  })
})

/** Where else JSON text is made, and why it is no output. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/policy/problems.ts': 'quotes a value within a message, and messages are escaped where they are written',
}

test('no other module makes JSON', () => {
  const src = join(ROOT, 'src')
  const makers = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(src, name))
    .filter((path) => /JSON\s*(\.|\[['"`])\s*stringify|\bstringify\b/.test(withoutComments(readFileSync(path, 'utf8'))))
    .map((path) => relative(ROOT, path).replaceAll('\\', '/'))
  expect(makers.sort()).toEqual([...Object.keys(EXCEPTIONS), 'src/report/json-text.ts'].sort())
})

function withoutComments(source: string): string {
  return source.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '')
}
