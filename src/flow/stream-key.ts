/** The pair of endpoints by which a stream is looked up: two addresses, the lower endpoint's first, then both ports in one word. */
import { formatIpv6Words } from '../packet/address.ts'
import { DESTINATION as V6_DESTINATION, SOURCE as V6_SOURCE } from '../protocols/ipv6.ts'

/** Hot: fills the key of a pair of IPv6 endpoints and returns the direction. */
export function fillKey6(key: Int32Array, view: DataView, network: number, transport: number): number {
  const source = network + V6_SOURCE
  const destination = network + V6_DESTINATION
  const ports = view.getInt32(transport)
  let order = 0
  for (let i = 0; order === 0 && i < 16; i += 4) order = view.getUint32(source + i) - view.getUint32(destination + i)
  const direction = order < 0 || (order === 0 && ports >>> 16 <= (ports & 0xffff)) ? 0 : 1
  const lower = direction === 0 ? source : destination
  const higher = direction === 0 ? destination : source
  for (let i = 0; i < 4; i++) {
    key[i] = view.getInt32(lower + 4 * i)
    key[4 + i] = view.getInt32(higher + 4 * i)
  }
  key[8] = direction === 0 ? ports : (ports << 16) | (ports >>> 16)
  return direction
}

/** The two addresses of a key that begins with them. */
export function addressOctets(words: Int32Array, at: number, isV6: boolean): readonly [Uint8Array, Uint8Array] {
  const count = isV6 ? 4 : 1
  const octets = (from: number): Uint8Array => {
    const view = new DataView(new ArrayBuffer(4 * count))
    for (let i = 0; i < count; i++) view.setInt32(4 * i, words[from + i])
    return new Uint8Array(view.buffer)
  }
  return [octets(at), octets(at + count)]
}

export function address6(words: Int32Array, at: number): string {
  return formatIpv6Words(words[at], words[at + 1], words[at + 2], words[at + 3])
}
