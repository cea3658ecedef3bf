/** Which addresses a rule means: networks, and words for kinds of them. */
import { isIn, isOutside, isPublic, type Network, octetsOf } from './address-kind.ts'

/**
 * `public`: reachable from all of the Internet; `private`: all others. `outside`: public, and not of the network that the other
 * side is in.
 */
export const ADDRESS_WORDS = ['public', 'private', 'outside'] as const

export type AddressWord = (typeof ADDRESS_WORDS)[number]

export interface AddressSet {
  readonly networks: readonly Network[]
  readonly words: readonly AddressWord[]
}

/** Whether `address` is among them; `other` is that of the other side. */
export function holds(set: AddressSet, address: string, other: string): boolean {
  const octets = octetsOf(address)
  if (octets === null) return false
  for (const network of set.networks) if (isIn(octets, network)) return true
  for (const word of set.words) {
    if (word === 'outside') {
      if (isOutside(octets, octetsOf(other) ?? [])) return true
    } else if (isPublic(octets) === (word === 'public')) return true
  }
  return false
}
