/**
 * Addresses as octets, and which of them are public: reachable from all of the Internet (RFC 6890 and IANA's special-purpose
 * registries). Not hot: asked for streams that a rule may object to, never for each packet.
 */
import { isIP, isIPv4 } from 'node:net'

/** A network: its address, and how many leading bits count. */
export interface Network {
  readonly octets: readonly number[]
  readonly bits: number
}

/** 4 or 16 octets; those of an IPv4 address also where an IPv6 one only stands for it (RFC 4291 §2.5.5.2). Null if it is none. */
export function octetsOf(text: string): readonly number[] | null {
  if (isIP(text) === 0 || text.includes('%')) return null
  if (!text.includes(':')) return text.split('.').map(Number)
  const dotted = text.includes('.') ? text.slice(text.lastIndexOf(':') + 1) : null
  const tail = dotted === null ? [] : dotted.split('.').map(Number)
  const hex = dotted === null ? text : text.slice(0, text.lastIndexOf(':'))
  const [head, rest] = hex.split('::').map((part) => part.split(':').filter(Boolean).flatMap(groupOctets))
  const behind = [...(rest ?? []), ...tail]
  const octets = [...head, ...new Array<number>(16 - head.length - behind.length).fill(0), ...behind]
  const isMapped = octets.every((octet, i) => i >= 12 || octet === (i < 10 ? 0 : 255))
  return isMapped ? octets.slice(12) : octets
}

function groupOctets(group: string): number[] {
  const value = Number.parseInt(group, 16)
  return [value >> 8, value & 255]
}

/** `10.0.0.0/8`, `10.1.2.3`, `2001:db8::/32`; null if it is no such thing. Bits behind the prefix do not matter. */
export function parseNetwork(text: string): Network | null {
  const [address, prefix, more] = text.split('/')
  const octets = octetsOf(address)
  if (octets === null || more !== undefined) return null
  if (prefix === undefined) return { octets, bits: 8 * octets.length }
  const most = isIPv4(address) ? 32 : 128
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > most) return null
  // ::ffff:10.0.0.0/104 is 10.0.0.0/8.
  const bits = Number(prefix) - (most - 8 * octets.length)
  return bits < 0 ? null : { octets, bits }
}

export function isIn(octets: readonly number[], network: Network): boolean {
  if (octets.length !== network.octets.length) return false
  return shareBits(octets, network.octets, network.bits)
}

function shareBits(a: readonly number[], b: readonly number[], bits: number): boolean {
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false
  const left = bits & 7
  return left === 0 || (a[whole] ^ b[whole]) >> (8 - left) === 0
}

/**
 * IPv4 that no router of the Internet forwards. Documentation's addresses (RFC 5737) are not among them: captures made anonymous
 * have them where public ones were.
 */
const SPECIAL: readonly Network[] = [
  '0.0.0.0/8', // this network, RFC 791 §3.2
  '10.0.0.0/8', // private, RFC 1918
  '100.64.0.0/10', // shared by a provider's customers, RFC 6598
  '127.0.0.0/8', // loopback, RFC 1122 §3.2.1.3
  '169.254.0.0/16', // link-local, RFC 3927
  '172.16.0.0/12', // private, RFC 1918
  '192.0.0.0/24', // protocol assignments, RFC 6890
  '192.168.0.0/16', // private, RFC 1918
  '198.18.0.0/15', // benchmarks, RFC 2544
  '224.0.0.0/4', // multicast, RFC 5771
  '240.0.0.0/4', // reserved, RFC 1112 §4, and broadcast, RFC 919
].map((text) => parseNetwork(text)!)

/** IPv6's global unicast (RFC 4291 §2.4, IANA): all else is local, multicast or not given out. */
const GLOBAL_UNICAST = parseNetwork('2000::/3')!

/** IPv4 addresses as a translator writes them, RFC 6052 §2.1. */
const TRANSLATED = parseNetwork('64:ff9b::/96')!

export function isPublic(octets: readonly number[]): boolean {
  if (octets.length === 4) return !SPECIAL.some((network) => isIn(octets, network))
  if (isIn(octets, TRANSLATED)) return isPublic(octets.slice(12))
  return isIn(octets, GLOBAL_UNICAST)
}

/** Bits that hosts of one place have in common: a /24, and the /48 that a site is given (RFC 6177). */
const SITE_BITS = { 4: 24, 16: 48 } as const

/** Public, and not of the network that `other` is in: public addresses are also those of neighbours, with IPv6 above all. */
export function isOutside(octets: readonly number[], other: readonly number[]): boolean {
  if (!isPublic(octets)) return false
  return octets.length !== other.length || !shareBits(octets, other, SITE_BITS[octets.length as 4 | 16])
}
