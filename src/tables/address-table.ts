/**
 * Rows by IP address, version 4 and 6 in one numbering. Columns are kept by whoever uses it.
 *
 * Bounded: a flood from forged addresses has as many as packets. Those that come when the table is full share the row `others`.
 */
import { formatIpv4, formatIpv6Words } from '../packet/address.ts'
import { read32s } from '../packet/bytes.ts'
import { growInt32 } from './grow.ts'
import { KeyTable } from './key-table.ts'

/**
 * Addresses kept: two million take 350 MB where they are counted as endpoints and as destinations, and only forged ones are more. The
 * first to come are kept.
 */
export const MAX_ADDRESSES = 1 << 21

export type AddressTableState = ReturnType<AddressTable['save']>

export class AddressTable {
  /** Rows in the table. */
  size = 0
  /** The row of all addresses for which there was no room; no other row is as high. */
  readonly others: number
  readonly #v4 = new KeyTable(1)
  readonly #v6 = new KeyTable(4)
  // Row of the whole for each row of #v4 and #v6, and back: the row within its table, doubled, plus 1 for IPv6.
  #rows4 = new Int32Array(512)
  #rows6 = new Int32Array(64)
  #origin = new Int32Array(512)

  constructor(max = MAX_ADDRESSES) {
    this.others = max
  }

  /** Whether there may be addresses for which there was no room. */
  get isFull(): boolean {
    return this.size >= this.others
  }

  /** Hot: the row of the 4 octets at `at`. */
  row4(bytes: Uint8Array, at: number): number {
    this.#v4.key[0] = read32s(bytes, at)
    return this.#find4()
  }

  /** Hot: the row of the 16 octets at `at`. */
  row6(bytes: Uint8Array, at: number): number {
    const { key } = this.#v6
    key[0] = read32s(bytes, at)
    key[1] = read32s(bytes, at + 4)
    key[2] = read32s(bytes, at + 8)
    key[3] = read32s(bytes, at + 12)
    return this.#find6()
  }

  /** The row here of row `row` of another table. */
  rowOf(other: AddressTable, row: number): number {
    if (row >= other.others) return this.others
    const origin = other.#origin[row]
    if (origin & 1) {
      this.#v6.takeKey(other.#v6, origin >> 1)
      return this.#find6()
    }
    this.#v4.takeKey(other.#v4, origin >> 1)
    return this.#find4()
  }

  /** The address of a row, as text. */
  format(row: number): string {
    const origin = this.#origin[row]
    if ((origin & 1) === 0) return formatIpv4(this.#v4.word(origin >> 1, 0))
    const row6 = origin >> 1
    return formatIpv6Words(
      this.#v6.word(row6, 0),
      this.#v6.word(row6, 1),
      this.#v6.word(row6, 2),
      this.#v6.word(row6, 3),
    )
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return { size: this.size, v4: this.#v4.save(), v6: this.#v6.save(), origin: this.#origin }
  }

  /** Takes over what `save` gave: rows can be read, but no address be looked up (`KeyTable`). */
  load(state: AddressTableState): void {
    this.size = state.size
    this.#v4.load(state.v4)
    this.#v6.load(state.v6)
    this.#origin = state.origin
  }

  /** Hot: the row of the address in `#v4.key`. */
  #find4(): number {
    const known = this.#v4.size
    const row = this.#v4.row()
    if (row < known) return this.#rows4[row]
    if (this.#v4.size === known) return this.others
    this.#rows4 = growInt32(this.#rows4, row)
    return this.#number(this.#rows4, row, 0)
  }

  /** Hot: the row of the address in `#v6.key`. */
  #find6(): number {
    const known = this.#v6.size
    const row = this.#v6.row()
    if (row < known) return this.#rows6[row]
    if (this.#v6.size === known) return this.others
    this.#rows6 = growInt32(this.#rows6, row)
    return this.#number(this.#rows6, row, 1)
  }

  #number(rows: Int32Array, row: number, version: number): number {
    const number = this.size++
    rows[row] = number
    this.#origin = growInt32(this.#origin, number)
    this.#origin[number] = row * 2 + version
    if (this.isFull) {
      this.#v4.limit = this.#v4.size
      this.#v6.limit = this.#v6.size
    }
    return number
  }
}
