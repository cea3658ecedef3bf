import { expect, test } from 'vitest'
import { read16, read16le, read24, read32, read32le, read32s, read64, read64le } from '../../src/packet/bytes.ts'

const bytes = Uint8Array.of(0x00, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10)

test('network byte order', () => {
  expect(read16(bytes, 1)).toBe(0xfedc)
  expect(read24(bytes, 1)).toBe(0xfedcba)
  expect(read32(bytes, 1)).toBe(0xfedcba98)
  expect(read32s(bytes, 1)).toBe(0xfedcba98 - 2 ** 32)
  expect(read64(bytes, 1)).toBe(0xfedcba9876543210n)
})

test('little-endian', () => {
  expect(read16le(bytes, 1)).toBe(0xdcfe)
  expect(read32le(bytes, 1)).toBe(0x98badcfe)
  expect(read32le(bytes, 0)).toBe(0xbadcfe00)
  expect(read64le(bytes, 1)).toBe(0x1032547698badcfen)
})
