/**
 * Searches octets for a sequence that is known beforehand, without copying and without looking at most of them (Horspool's
 * algorithm: the octet under the needle's end says how far the needle can move). Four to ten times as fast as octet by octet.
 */
import { LinearSearch, MAX_EFFORT } from './linear-search.ts'
import { otherCase } from './octet-set.ts'

/** Moves are kept in octets. */
const MAX_MOVE = 255

const LAST_OF_ALPHABET = 256

/** Hot: whether `length` octets of `bytes`, from `at`, hold the sequence. */
export type OctetSearch = (bytes: Uint8Array, at: number, length: number) => boolean

/** A search for `needle`, letters in either case if `anyCase`. An empty needle is found nowhere. */
export function octetSearch(needle: Uint8Array, anyCase = false): OctetSearch {
  if (needle.length === 0) return () => false
  const fold = Uint8Array.from({ length: LAST_OF_ALPHABET }, (_, octet) => {
    const other = otherCase(octet)
    return anyCase && other > octet ? other : octet
  })
  const sought = needle.map((octet) => fold[octet])
  const last = sought.length - 1
  const end = sought[last]
  const moves = new Uint8Array(LAST_OF_ALPHABET).fill(Math.min(sought.length, MAX_MOVE))
  for (let i = Math.max(0, last - MAX_MOVE + 1); i < last; i++)
    for (const octet of [needle[i], otherCase(needle[i])]) if (fold[octet] === sought[i]) moves[octet] = last - i
  let linear: LinearSearch | undefined
  const findLinearly = (bytes: Uint8Array, at: number, limit: number): boolean => {
    if (linear === undefined) {
      linear = new LinearSearch()
      linear.prepare(needle, 0, needle.length, fold)
    }
    return linear.find(bytes, at, limit, needle, 0, needle.length, fold)
  }
  return (bytes, at, length) => {
    const limit = at + length
    let effort = MAX_EFFORT * length
    for (let under = at + last; under < limit; under += moves[bytes[under]]) {
      if (fold[bytes[under]] !== end) continue
      const start = under - last
      let i = 0
      while (i < last && fold[bytes[start + i]] === sought[i]) i++
      if (i === last) return true
      effort -= i
      if (effort < 0) return findLinearly(bytes, start + 1, limit)
    }
    return false
  }
}
