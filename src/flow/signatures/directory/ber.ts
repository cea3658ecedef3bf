/** Elements of ASN.1's BER, as LDAP, Kerberos and SNMP are written in: X.690 §8.1 (identifier, length, contents). */

/** Hot: octets of an element's identifier and length; 0 if they are cut off, or if the length is indefinite or absurd. */
export function berHeader(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 2) return 0
  // Identifiers of several octets (X.690 §8.1.2.4) are in none of the three.
  if ((bytes[at] & 0x1f) === 0x1f) return 0
  if (bytes[at + 1] < 0x80) return 2
  const octets = bytes[at + 1] & 0x7f
  return octets === 0 || octets > 4 || end - at < 2 + octets ? 0 : 2 + octets
}

/** Hot: octets of the whole element; 0 as `berHeader`. */
export function berSize(bytes: Uint8Array, at: number, end: number): number {
  const header = berHeader(bytes, at, end)
  if (header <= 2) return header === 0 ? 0 : 2 + bytes[at + 1]
  let length = 0
  for (let i = 2; i < header; i++) length = length * 256 + bytes[at + i]
  return header + length
}
