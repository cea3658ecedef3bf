import fc from 'fast-check'
import { expect, test } from 'vitest'
import { octetSearch } from '../../src/filter/octet-search.ts'

test('finds what Buffer finds, and nothing beyond the length', () => {
  const few = fc.uint8Array({ maxLength: 60, max: 3 })
  fc.assert(
    fc.property(
      few,
      fc.uint8Array({ minLength: 1, maxLength: 5, max: 3 }),
      fc.nat(5),
      fc.nat(5),
      (bytes, needle, before, after) => {
        const array = new Uint8Array([
          ...needle.slice(1),
          ...Array(before).fill(0),
          ...bytes,
          ...Array(after).fill(0),
          ...needle,
        ])
        const at = needle.length - 1 + before
        expect(octetSearch(needle)(array, at, bytes.length)).toBe(Buffer.from(bytes).includes(Buffer.from(needle)))
      },
    ),
  )
})

test('letters in either case, other octets as they are', () => {
  const found = (needle: string, text: string) => {
    const octets = Buffer.from(text, 'latin1')
    return octetSearch(Buffer.from(needle, 'latin1'), true)(octets, 0, octets.length)
  }
  expect(found('uSer-agent', 'x USER-AGENT: y')).toBe(true)
  expect(found('user-agent', 'x USER\rAGENT: y')).toBe(false)
  expect(found('[', '{')).toBe(false)
  expect(found('\xe9', '\xc9')).toBe(false)
})

test('an empty needle is nowhere, a long one is found', () => {
  expect(octetSearch(new Uint8Array(0))(Buffer.from('a'), 0, 1)).toBe(false)
  const needle = Buffer.from(Array.from({ length: 700 }, (_, i) => (i * 7 + (i >> 8)) & 0xff))
  const octets = Buffer.concat([Buffer.alloc(1000, 7), needle, Buffer.alloc(10)])
  expect(octetSearch(needle)(octets, 0, octets.length)).toBe(true)
  expect(octetSearch(needle)(octets, 0, 1699)).toBe(false)
})
