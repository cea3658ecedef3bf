/** GREASE, RFC 8701: values that mean nothing, which clients send so that servers stay tolerant of what they do not know. */
import type { ValueNames } from '../../field.ts'

/** The sixteen values of two octets (§2), 0x0a0a to 0xfafa: of versions, cipher suites, extensions and groups alike. */
export const greaseNames: ValueNames = Object.fromEntries(
  Array.from({ length: 16 }, (_, nibble) => [0x0a0a + nibble * 0x1010, 'Reserved (GREASE)']),
)

/** Whether a value of two octets is one of them. */
export function isGrease(value: number): boolean {
  return (value & 0x0f0f) === 0x0a0a && value >> 8 === (value & 0xff)
}
