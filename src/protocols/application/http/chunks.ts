/** The chunked transfer coding (RFC 9112 §7.1). */
import type { Packet } from '../../../packet/packet.ts'
import { lineEnd, nextLine } from '../lines.ts'

/** What `chunkSizeIn` read. Valid until its next call. */
export let chunkSize = 0

/** Hot: reads the size at the start of the line from `at` to `end`; returns whether there is one. It wraps at 32 bits. */
export function chunkSizeIn(bytes: Uint8Array, at: number, end: number): boolean {
  let i = at
  while (i < end && (bytes[i] === 0x20 || bytes[i] === 0x09)) i++
  if (i + 2 < end && bytes[i] === 0x30 && (bytes[i + 1] | 0x20) === 0x78 && hexDigit(bytes[i + 2]) >= 0) i += 2
  const first = i
  chunkSize = 0
  for (; i < end; i++) {
    const digit = hexDigit(bytes[i])
    if (digit < 0) break
    chunkSize = ((chunkSize << 4) | digit) >>> 0
  }
  return i > first
}

/** Hot. */
function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  const letter = octet | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/**
 * Hot: where the chunked body at `at` ends: after the last chunk, its trailer and a blank line, or at what is no chunk.
 * `at` if there is none at all. Chunks may run past `end`.
 */
export function chunksEnd(bytes: Uint8Array, at: number, end: number): number {
  let chunk = at
  while (chunk < end) {
    const stop = lineEnd(bytes, chunk, end, true)
    if (stop <= chunk) return chunk
    const data = nextLine
    chunkSizeIn(bytes, chunk, stop)
    const size = Math.min(chunkSize, end - chunk)
    chunk = Math.min(end, data + size)
    if (size > 0) {
      chunk = Math.min(end, chunk + 2)
      continue
    }
    let line = chunk
    for (;;) {
      const trailer = lineEnd(bytes, line, end, true)
      if (trailer < 0) return line
      const next = nextLine
      if (trailer === line) return next
      line = next
    }
  }
  return chunk
}

/**
 * Hot: puts the data of the chunks from `at` to `end` together in the scratch area, and makes that the payload. Returns
 * whether there is any.
 */
export function dechunk(packet: Packet, at: number, end: number): boolean {
  const { bytes } = packet
  const target = packet.scratchFree
  let free = target
  let chunk = at
  while (chunk < end) {
    const stop = lineEnd(bytes, chunk, end, true)
    if (stop <= chunk) break
    const data = nextLine
    chunkSizeIn(bytes, chunk, stop)
    const size = Math.min(chunkSize, end - data, bytes.length - free)
    if (size <= 0) break
    bytes.copyWithin(free, data, data + size)
    free += size
    chunk = data + chunkSize + 2
  }
  packet.scratchFree = free
  packet.payload = target
  packet.end = free
  packet.wireEnd = free
  return free > target
}
