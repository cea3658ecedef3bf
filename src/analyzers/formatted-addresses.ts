/** Addresses as text, for sorting: each is written once, however often it is compared, and not at all if nothing ties. */
import type { AddressTable } from '../tables/address-table.ts'

/** The address of a row. */
export function formatted(addresses: AddressTable): (row: number) => string {
  const texts: string[] = []
  return (row) => {
    texts[row] ??= addresses.format(row)
    return texts[row]
  }
}
