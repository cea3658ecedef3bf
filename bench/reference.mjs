/**
 * The yardstick: a plain program that goes through a pcap capture as any reader must. What pcapx takes is told as a multiple of
 * what this takes in the same run, so that a slower machine or a busy moment moves both.
 *
 * NEVER CHANGE IT: all saved results would lose their meaning. It uses nothing of pcapx, and nothing of Node but `readSync`.
 *
 *   node bench/reference.mjs capture.pcap
 *
 * The capture is read in blocks of 64 KiB; of each record the first 64 octets are folded into a hash (FNV-1a, 32 bits). Three
 * times, so that what Node takes to start is the smaller part.
 */
import { closeSync, openSync, readSync } from 'node:fs'

const BLOCK = 65_536
const FOLDED = 64
const PASSES = 3
const FILE_HEADER = 24
const RECORD_HEADER = 16

const buffer = new Uint8Array(BLOCK + 262_144 + RECORD_HEADER)
let packets = 0
let hash = 0x811c9dc5

for (let pass = 0; pass < PASSES; pass++) {
  const file = openSync(process.argv[2], 'r')
  let end = readSync(file, buffer, 0, BLOCK, null)
  let at = FILE_HEADER
  for (;;) {
    while (at + RECORD_HEADER <= end) {
      const length = (buffer[at + 8] | (buffer[at + 9] << 8) | (buffer[at + 10] << 16) | (buffer[at + 11] << 24)) >>> 0
      const next = at + RECORD_HEADER + length
      if (next > end) break
      const stop = Math.min(next, at + RECORD_HEADER + FOLDED)
      for (let octet = at + RECORD_HEADER; octet < stop; octet++)
        hash = Math.imul(hash ^ buffer[octet], 0x01000193) >>> 0
      packets++
      at = next
    }
    buffer.copyWithin(0, at, end)
    end -= at
    at = 0
    const count = readSync(file, buffer, end, BLOCK, null)
    if (count === 0) break
    end += count
  }
  closeSync(file)
}
console.log(packets, hash)
