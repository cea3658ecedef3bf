/**
 * The options that may end a pcapng block (draft-ietf-opsawg-pcapng §3.5): code, length, value padded to 4 octets.
 */
import { read16, read16le, read64, read64le } from '../packet/bytes.ts'

export const END_OF_OPTIONS = 0
export const COMMENT = 1

// Section header (§4.1).
export const SECTION_HARDWARE = 2
export const SECTION_OS = 3
export const SECTION_APPLICATION = 4

// Interface description (§4.2).
export const INTERFACE_NAME = 2
export const INTERFACE_DESCRIPTION = 3
export const INTERFACE_RESOLUTION = 9
export const INTERFACE_FILTER = 11
export const INTERFACE_OS = 12
export const INTERFACE_FRAME_CHECK_LENGTH = 13
export const INTERFACE_OFFSET = 14

// Enhanced packet (§4.3).
export const PACKET_DROPS = 4

const OPTION_HEADER_LENGTH = 4

/** Calls `onOption` with the code, place and length of each option from `at` to `end`. Ends at the first that does not fit. */
export function eachOption(
  bytes: Uint8Array,
  at: number,
  end: number,
  little: boolean,
  onOption: (code: number, at: number, length: number) => void,
): void {
  const read = little ? read16le : read16
  let next = at
  while (end - next >= OPTION_HEADER_LENGTH) {
    const code = read(bytes, next)
    const length = read(bytes, next + 2)
    const value = next + OPTION_HEADER_LENGTH
    if (code === END_OF_OPTIONS || length > end - value) return
    onOption(code, value, length)
    next = value + ((length + 3) & ~3)
  }
}

const utf8 = new TextDecoder()

/** Option text: UTF-8, not ended by a zero (§3.5), though some writers add one. */
export function optionText(bytes: Uint8Array, at: number, length: number): string {
  let end = at + length
  while (end > at && bytes[end - 1] === 0) end--
  return utf8.decode(bytes.subarray(at, end))
}

/** Option value: a signed 64-bit integer in the section's byte order. */
export function optionInteger(bytes: Uint8Array, at: number, little: boolean): bigint {
  return BigInt.asIntN(64, little ? read64le(bytes, at) : read64(bytes, at))
}
