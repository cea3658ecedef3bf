/** Special ranges of addresses, for the functions `ip_...`. An IPv4 address is a number, an IPv6 address 16 octets. */

/** Private: 10/8, 172.16/12, 192.168/16 (RFC 1918 §3). */
export function isRfc1918(address: number): boolean {
  return address >>> 24 === 10 || address >>> 20 === 0xac1 || address >>> 16 === 0xc0a8
}

/** 224/4 (RFC 5771). */
export function isMulticast4(address: number): boolean {
  return address >>> 28 === 0xe
}

/** ff00::/8 (RFC 4291 §2.7). */
export function isMulticast6(octets: Uint8Array, at: number): boolean {
  return octets[at] === 0xff
}

/** 169.254/16 (RFC 3927). */
export function isLinkLocal4(address: number): boolean {
  return address >>> 16 === 0xa9fe
}

/** fe80::/10 (RFC 4291 §2.5.6). */
export function isLinkLocal6(octets: Uint8Array, at: number): boolean {
  return octets[at] === 0xfe && (octets[at + 1] & 0xc0) === 0x80
}

/** fc00::/7 (RFC 4193 §3.1). */
export function isUniqueLocal(octets: Uint8Array, at: number): boolean {
  return (octets[at] & 0xfe) === 0xfc
}
