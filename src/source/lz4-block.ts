/**
 * One LZ4 block (lz4_Block_format.md): sequences of literals, then a match in what was written before.
 *
 *    token: literal length, match length - 4 | more literal length | literals | offset, 2 octets | more match length
 *
 * A length of 15 in the token goes on in the next octets, as long as they are 255. The last sequence has no match.
 */

const MIN_MATCH = 4

/**
 * Decodes `length` octets of `input` into `output` from `at` on, which matches may reach back before. Returns where the
 * output ends, or -1 if the block contradicts the format or gives more than `limit`.
 */
export function decodeLz4Block(
  input: Uint8Array,
  length: number,
  output: Uint8Array,
  at: number,
  limit: number,
): number {
  let next = 0
  let end = at
  while (next < length) {
    const token = input[next++]
    let literals = token >> 4
    if (literals === 15) {
      let more = 255
      while (more === 255) {
        if (next >= length) return -1
        more = input[next++]
        literals += more
      }
    }
    if (literals > length - next || literals > limit - end) return -1
    if (literals > 32) output.set(input.subarray(next, next + literals), end)
    else for (let i = 0; i < literals; i++) output[end + i] = input[next + i]
    next += literals
    end += literals
    if (next === length) return end

    if (length - next < 2) return -1
    const offset = input[next] | (input[next + 1] << 8)
    next += 2
    let match = (token & 15) + MIN_MATCH
    if (match === 15 + MIN_MATCH) {
      let more = 255
      while (more === 255) {
        if (next >= length) return -1
        more = input[next++]
        match += more
      }
    }
    if (offset === 0 || offset > end || match > limit - end) return -1
    // A match may overlap what it writes: then it repeats, and the octets must be copied in order.
    if (offset >= match && match > 32) output.copyWithin(end, end - offset, end - offset + match)
    else for (let i = 0; i < match; i++) output[end + i] = output[end + i - offset]
    end += match
  }
  return -1
}
