/**
 * The SYNs that an ICMP error came back for: destination unreachable and time exceeded (RFC 792; RFC 4443 §3.1, §3.3).
 *
 * The error may quote no more of the segment than ports and sequence number (RFC 792 asks for 8 octets), which is not enough
 * for a stream number. So what is kept is addresses, ports and sequence number, and a stream that nobody answered looks its
 * SYN up in the end.
 */
import { read32s } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { ICMP } from '../protocols/icmp.ts'
import { ICMPV6 } from '../protocols/icmpv6.ts'
import { IPV4, DESTINATION as V4_DESTINATION, SOURCE as V4_SOURCE } from '../protocols/ipv4.ts'
import { IPV6, DESTINATION as V6_DESTINATION, SOURCE as V6_SOURCE } from '../protocols/ipv6.ts'
import { ACK, OFFSET_FLAGS, SEQUENCE, SOURCE_PORT, SYN } from '../protocols/tcp/header.ts'
import { TCP } from '../protocols/tcp.ts'
import { KeyTable } from '../tables/key-table.ts'

// Types and codes.
const UNREACHABLE = 3
const FRAGMENTATION_NEEDED = 4
const TIME_EXCEEDED = 11
const UNREACHABLE_6 = 1
const TIME_EXCEEDED_6 = 3

/** SYNs kept at most, the first ones: a capture may be a flood. */
const MAX_SYNS = 1 << 20

// Words of a key: the sender's address, the receiver's, both ports, the sequence number.
const V4_WIDTH = 4
const V6_WIDTH = 10

export type UnreachableSynsState = ReturnType<UnreachableSyns['save']>

export class UnreachableSyns {
  readonly #v4 = new KeyTable(V4_WIDTH)
  readonly #v6 = new KeyTable(V6_WIDTH)
  readonly #max: number

  constructor(max = MAX_SYNS) {
    this.#max = max
  }

  get isEmpty(): boolean {
    return this.#v4.size + this.#v6.size === 0
  }

  /** Hot: looks at what an ICMP error quotes. */
  observe(packet: Packet): void {
    const quoted = packet.quotedFrom
    if (quoted >= packet.layerCount || !isFinal(packet, quoted - 1)) return
    const isV6 = packet.layerProtocol[quoted] === IPV6
    if (!isV6 && packet.layerProtocol[quoted] !== IPV4) return
    let layer = quoted + 1
    // Extension headers of IPv6 lie between.
    while (layer < packet.layerCount && packet.layerProtocol[layer] !== TCP) layer++
    if (layer >= packet.layerCount) return
    const { bytes } = packet
    const at = packet.layerAt[layer]
    const end = packet.layerEnd[layer]
    if (at + SEQUENCE + 4 > end) return
    if (at + OFFSET_FLAGS + 2 <= end && (bytes[at + OFFSET_FLAGS + 1] & (SYN | ACK)) !== SYN) return
    const table = isV6 ? this.#v6 : this.#v4
    const network = packet.layerAt[quoted]
    const words = isV6 ? 4 : 1
    for (let i = 0; i < words; i++) {
      table.key[i] = read32s(bytes, network + (isV6 ? V6_SOURCE : V4_SOURCE) + 4 * i)
      table.key[words + i] = read32s(bytes, network + (isV6 ? V6_DESTINATION : V4_DESTINATION) + 4 * i)
    }
    table.key[2 * words] = read32s(bytes, at + SOURCE_PORT)
    table.key[2 * words + 1] = read32s(bytes, at + SEQUENCE)
    if (table.size < this.#max || table.find() >= 0) table.row()
  }

  /**
   * Whether an error came back for the SYN with `sequence` that was sent in `direction` of the stream with this key (`width`
   * words, as `copyKey` of its tracker gives them).
   */
  has(streamKey: Int32Array, width: number, direction: number, sequence: number): boolean {
    const table = width > 3 ? this.#v6 : this.#v4
    const words = (width - 1) >> 1
    for (let i = 0; i < words; i++) {
      table.key[i] = streamKey[direction * words + i]
      table.key[words + i] = streamKey[(1 - direction) * words + i]
    }
    const ports = streamKey[2 * words]
    table.key[2 * words] = direction === 0 ? ports : (ports << 16) | (ports >>> 16)
    table.key[2 * words + 1] = sequence
    return table.find() >= 0
  }

  merge(later: UnreachableSyns): void {
    addAll(this.#v4, later.#v4)
    addAll(this.#v6, later.#v6)
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return { v4: this.#v4.save(), v6: this.#v6.save() }
  }

  /** Takes over what `save` gave; good for nothing but being merged. */
  load(state: UnreachableSynsState): void {
    this.#v4.load(state.v4)
    this.#v6.load(state.v6)
  }
}

/** Hot: whether the message in `layer` says that the quoted packet has come to its end. A packet that is too big may be sent smaller. */
function isFinal(packet: Packet, layer: number): boolean {
  if (layer < 0 || packet.layerAt[layer] + 2 > packet.layerEnd[layer]) return false
  const type = packet.bytes[packet.layerAt[layer]]
  const code = packet.bytes[packet.layerAt[layer] + 1]
  const protocol = packet.layerProtocol[layer]
  if (protocol === ICMPV6) return type === UNREACHABLE_6 || type === TIME_EXCEEDED_6
  if (protocol !== ICMP) return false
  return type === TIME_EXCEEDED || (type === UNREACHABLE && code !== FRAGMENTATION_NEEDED)
}

function addAll(table: KeyTable, later: KeyTable): void {
  for (let row = 0; row < later.size; row++) {
    table.takeKey(later, row)
    if (table.size < MAX_SYNS || table.find() >= 0) table.row()
  }
}
