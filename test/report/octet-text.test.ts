import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OctetText } from '../../src/report/octet-text.ts'

/** The text of the pieces, one after the other, and of what is left unfinished. */
function shown(...pieces: (string | number[])[]): string[] {
  const text = new OctetText()
  const parts = pieces.map((piece) => {
    const octets = typeof piece === 'string' ? Buffer.from(piece) : Uint8Array.from(piece)
    return text.push(octets, 0, octets.length)
  })
  return [...parts, text.flush()].filter((part) => part !== '')
}

describe('octets as text', () => {
  test.each<[string, (string | number[])[], string[]]>([
    ['line feeds stay', ['one\ntwo\n'], ['one\ntwo\n']],
    ['carriage returns before them go', ['one\r\ntwo\r\n'], ['one\ntwo\n']],
    ['others are escaped', ['one\rtwo'], ['one\\rtwo']],
    ['a line end in two pieces', ['one\r', '\ntwo'], ['one', '\ntwo']],
    ['a carriage return that nothing follows', ['one\r'], ['one', '\\r']],
    ['what a terminal would obey', ['\x1b[31m\t\x07\x9b'], ['\\x1b[31m\t\\x07\\x9b']],
    ['what turns text around', ['a\u202eb'], ['a\\u{202e}b']],
    ['UTF-8', ['Grüße, 世界 🌍'], ['Grüße, 世界 🌍']],
    ['no UTF-8', [[0x61, 0xff, 0xc3, 0x62, 0x80]], ['a\\xff\\xc3b\\x80']],
    // RFC 3629 §3: overlong forms, surrogates and numbers above 10FFFF are no UTF-8.
    ['an overlong slash', [[0xc0, 0xaf]], ['\\xc0\\xaf']],
    ['an overlong slash of three octets', [[0xe0, 0x80, 0xaf]], ['\\xe0\\x80\\xaf']],
    ['a surrogate', [[0xed, 0xa0, 0x80]], ['\\xed\\xa0\\x80']],
    ['above the last character', [[0xf4, 0x90, 0x80, 0x80]], ['\\xf4\\x90\\x80\\x80']],
    [
      'a character in two pieces',
      [
        [0x61, 0xf0, 0x9f],
        [0x8c, 0x8d, 0x62],
      ],
      ['a', '🌍b'],
    ],
    ['the start of a character that nothing follows', [[0x61, 0xf0, 0x9f]], ['a', '\\xf0\\x9f']],
    ['the start of a character that something else follows', [[0xe4, 0xb8], [0x61]], ['\\xe4\\xb8a']],
  ])('%s', (_name, pieces, expected) => {
    expect(shown(...pieces)).toEqual(expected)
  })

  test('does not depend on where it is cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.uint8Array(),
        fc.array(fc.nat({ max: 60 })),
        (string, more, cuts) => {
          const octets = Buffer.concat([Buffer.from(string), more])
          const at = [...new Set(cuts.map((cut) => Math.min(cut, octets.length)))].sort((a, b) => a - b)
          const pieces = [...at, octets.length].map((end, i) => [...octets.subarray(i === 0 ? 0 : at[i - 1], end)])
          const whole = shown([...octets]).join('')
          expect(shown(...pieces).join('')).toBe(whole)
          // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left.
          expect(whole).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f]/)
        },
      ),
    )
  })
})
