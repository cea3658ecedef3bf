import { expect, test } from 'vitest'
import { AddressTable } from '../../src/tables/address-table.ts'

const V4 = Uint8Array.of(192, 0, 2, 1, 198, 51, 100, 7)
const V6 = Uint8Array.of(0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)

test('version 4 and 6 share one numbering', () => {
  const table = new AddressTable()
  expect([table.row4(V4, 0), table.row6(V6, 0), table.row4(V4, 4), table.row4(V4, 0), table.row6(V6, 0)]).toEqual([
    0, 1, 2, 0, 1,
  ])
  expect([0, 1, 2].map((row) => table.format(row))).toEqual(['192.0.2.1', '2001:db8::1', '198.51.100.7'])
})

test('rows of another table are found or entered', () => {
  const [here, there] = [new AddressTable(), new AddressTable()]
  here.row4(V4, 4)
  there.row6(V6, 0)
  there.row4(V4, 4)
  expect([here.rowOf(there, 0), here.rowOf(there, 1), here.size]).toEqual([1, 0, 2])
  expect(here.format(1)).toBe('2001:db8::1')
})

test('more addresses than the columns begin with', () => {
  const table = new AddressTable()
  const bytes = new Uint8Array(4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < 3000; i++) {
    view.setUint32(0, i)
    expect(table.row4(bytes, 0)).toBe(i)
  }
  view.setUint32(0, 2999)
  expect(table.row4(bytes, 0)).toBe(2999)
  expect(table.format(258)).toBe('0.0.1.2')
})
