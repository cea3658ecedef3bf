/**
 * Conversations that are no streams of TCP or UDP: those of other IP protocols (ICMP, SCTP, ESP, ...), and all between two IP
 * or two Ethernet addresses. Keyed by what the packet says; the client is whoever sent the first packet.
 *
 * Bounded as streams are: past `maxFlows` those idle longest are closed out.
 */
import { addressOctets } from '../flow/stream-key.ts'
import { formatIpv4, formatIpv6, formatMac } from '../packet/address.ts'
import { read32 } from '../packet/bytes.ts'
import type { Packet } from '../packet/packet.ts'
import { byIpProtocol } from '../protocols/handoff.ts'
import { protocolById } from '../protocols/index.ts'
import { growUint8 } from '../tables/grow.ts'
import { idlest } from '../tables/idlest.ts'
import { KeyedRows } from '../tables/keyed-rows.ts'
import { RowSpace } from '../tables/row-space.ts'
import { FlowColumns } from './flow-columns.ts'
import { FlowTagTable } from './flow-tags.ts'
import { hasPorts, MAC_WORDS, PairKey, type PairKind, PROTOCOL_WORDS, V4_WORDS, V6_WORDS } from './pair-key.ts'

/** What a row is a conversation of, and between whom; the lower endpoint first. */
export interface Pair {
  /** Wireshark's name. */
  readonly protocol: string
  /** IP's number of the protocol; null for conversations of whole hosts. */
  readonly ipProtocol: number | null
  readonly addresses: readonly [string, string]
  readonly octets: readonly [Uint8Array, Uint8Array]
  /** Null where the protocol has none. */
  readonly ports: readonly [number, number] | null
  /** Of the first packet. */
  readonly icmp: { readonly type: number; readonly code: number } | null
  /** The direction in which the first packet went. */
  readonly clientDirection: number
}

// Columns behind the key, counted from the end of the row.
/** Number of the last packet, modulo 2^32. */
const LAST_SEEN = 1
/** The direction of the first packet, and twice one more than what `PairKey.icmp` said of it. */
const FIRST = 2
const COLUMNS = 2

export class PairFlows {
  readonly kind: PairKind
  readonly columns = new FlowColumns()
  readonly tags = new FlowTagTable()
  /** Conversations so far, and those of them that were closed out. */
  count = 0
  closed = 0
  readonly #maxFlows: number
  readonly #onClose: (row: number) => void
  readonly #key: PairKey
  readonly #rows = new RowSpace()
  /** Keys of Ethernet or IPv4, and those of IPv6. */
  readonly #short: KeyedRows
  readonly #long: KeyedRows
  /** By row: 0 if it is not in use, 6 if its key is a long one, else 4. */
  #version = new Uint8Array(64)

  /** `onClose` is called with the row of each conversation that is closed out. */
  constructor(kind: PairKind, maxFlows: number, onClose: (row: number) => void) {
    this.kind = kind
    this.#maxFlows = maxFlows
    this.#onClose = onClose
    this.#key = new PairKey(kind)
    const more = kind === 'other' ? PROTOCOL_WORDS : 0
    this.#short = new KeyedRows((kind === 'ethernet' ? MAC_WORDS : V4_WORDS) + more, COLUMNS)
    this.#long = new KeyedRows(V6_WORDS + more, COLUMNS)
  }

  /** One past the highest row. */
  get size(): number {
    return this.#rows.size
  }

  /** Hot: counts the packet if it belongs to such a conversation; returns the row, or -1. */
  observe(packet: Packet): number {
    const key = this.#key
    if (!key.read(packet)) return -1
    const table = key.isV6 ? this.#long : this.#short
    for (let i = 0; i < table.key.length; i++) table.key[i] = key.words[i]
    let row = table.find()
    if (row < 0) {
      if (this.#rows.used >= this.#maxFlows) this.#closeIdlest(packet.number)
      table.find()
      row = this.#begin(table, key.isV6 ? 6 : 4, 2 * (key.icmp + 1) + key.direction)
      this.tags.note(row, packet, key.layer)
    }
    table.words[(row + 1) * table.stride - LAST_SEEN] = packet.number
    this.columns.observe(packet, row, key.direction, key.payload)
    return row
  }

  /** A row for the key that was just not found. */
  #begin(table: KeyedRows, version: number, first: number): number {
    const row = this.#rows.take()
    table.insert(row)
    this.#version = growUint8(this.#version, row)
    this.#version[row] = version
    table.words[(row + 1) * table.stride - FIRST] = first
    this.count++
    return row
  }

  #closeIdlest(packetNumber: number): void {
    const idleFor = (row: number): number =>
      this.#version[row] === 0 ? -1 : (packetNumber - this.#column(row, LAST_SEEN)) >>> 0
    for (const row of idlest(this.#rows.size, idleFor)) {
      this.#onClose(row)
      this.#tableOf(row).remove(row)
      this.#version[row] = 0
      this.columns.clear(row)
      this.tags.clear(row)
      this.#rows.giveBack(row)
      this.closed++
    }
  }

  /** Absorbs the conversations of the part after this one; returns the row here of each row there. */
  merge(later: PairFlows): Int32Array {
    const mapping = new Int32Array(later.#rows.size).fill(-1)
    for (let theirs = 0; theirs < later.#rows.size; theirs++) {
      const version = later.#version[theirs]
      if (version === 0) continue
      const table = version === 6 ? this.#long : this.#short
      table.takeKey(later.#tableOf(theirs), theirs)
      let row = table.find()
      if (row < 0) {
        row = this.#begin(table, version, later.#column(theirs, FIRST))
        this.tags.take(row, later.tags, theirs)
      }
      table.words[(row + 1) * table.stride - LAST_SEEN] = later.#column(theirs, LAST_SEEN)
      this.columns.add(row, later.columns, theirs)
      mapping[theirs] = row
    }
    this.count += later.closed
    this.closed += later.closed
    return mapping
  }

  /** The direction in which the first packet of the conversation in `row` went. */
  clientDirection(row: number): number {
    return this.#column(row, FIRST) & 1
  }

  /** What the conversation in `row` is. */
  pair(row: number): Pair {
    const { words, stride } = this.#tableOf(row)
    const at = row * stride
    const clientDirection = this.clientDirection(row)
    const whole = { ipProtocol: null, ports: null, icmp: null, clientDirection }
    if (this.kind === 'ethernet') {
      const low = words[at + 2]
      const octets = [macOctets(words[at], low >>> 16), macOctets(words[at + 1], low & 0xffff)] as const
      return { ...whole, protocol: 'eth', addresses: [formatMac(octets[0], 0), formatMac(octets[1], 0)], octets }
    }
    const isV6 = this.#version[row] === 6
    const octets = addressOctets(words, at, isV6)
    const addresses = [formatAddress(octets[0]), formatAddress(octets[1])] as const
    if (this.kind === 'ip') return { ...whole, protocol: isV6 ? 'ipv6' : 'ip', addresses, octets }
    const ipProtocol = words[at + (isV6 ? V6_WORDS : V4_WORDS)]
    const ports = words[at + (isV6 ? V6_WORDS : V4_WORDS) + 1]
    const icmp = (this.#column(row, FIRST) >> 1) - 1
    return {
      protocol: protocolById[byIpProtocol[ipProtocol]]?.name ?? `ip.proto ${ipProtocol}`,
      ipProtocol,
      addresses,
      octets,
      ports: hasPorts(ipProtocol) ? [ports >>> 16, ports & 0xffff] : null,
      icmp: icmp < 0 ? null : { type: icmp >> 8, code: icmp & 255 },
      clientDirection,
    }
  }

  #column(row: number, column: number): number {
    const { words, stride } = this.#tableOf(row)
    return words[(row + 1) * stride - column]
  }

  #tableOf(row: number): KeyedRows {
    return this.#version[row] === 6 ? this.#long : this.#short
  }
}

function formatAddress(octets: Uint8Array): string {
  return octets.length === 16 ? formatIpv6(octets, 0) : formatIpv4(read32(octets, 0))
}

function macOctets(high: number, low: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(6))
  view.setInt32(0, high)
  view.setUint16(4, low)
  return new Uint8Array(view.buffer)
}
