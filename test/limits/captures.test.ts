/** What a capture may claim: at the ceiling it is read, and past it told. */
import { describe, expect, test } from 'vitest'
import { PcapngBytes, pcapBytes, readAll } from '../support/capture-bytes.ts'

const ETHERNET = 1
const USB_LINUX = 189
const LONGEST = 262_144
const MEBIBYTE = 1_048_576

describe('a packet', () => {
  test.each([
    ['262144 octets', LONGEST, ETHERNET, null],
    ['one more', LONGEST + 1, ETHERNET, 'claims 262145 octets, limit 262144'],
    ['one more, of a link type with longer units', LONGEST + 1, USB_LINUX, null],
  ])('%s', async (_what, length, linkType, message) => {
    const { info, packets } = await readAll(
      pcapBytes([{ data: new Uint8Array(length) }, { data: [1, 2, 3] }], { linkType }),
    )
    expect(packets).toHaveLength(message === null ? 2 : 0)
    if (message === null) expect(info.damage).toBeNull()
    else expect(info.damage?.message).toContain(message)
  })

  test.each([
    [0x7fff_ffff, 0x7fff_ffff],
    [0x8000_0000, 0x7fff_ffff],
    [0xffff_ffff, 0x7fff_ffff],
  ])('%i octets on the wire', async (original, believed) => {
    const { packets } = await readAll(pcapBytes([{ data: [1, 2, 3], original }]))
    expect(packets.map((packet) => packet.original)).toEqual([believed])
    const pcapng = new PcapngBytes().section().interface(ETHERNET).enhanced(0, 0n, Uint8Array.of(1), { original })
    expect((await readAll(pcapng.done())).packets.map((packet) => packet.original)).toEqual([believed])
  })
})

test.each([
  [16 * MEBIBYTE, null],
  [16 * MEBIBYTE + 4, `claims ${16 * MEBIBYTE + 4} octets, limit ${16 * MEBIBYTE}`],
])('a block of %i octets', async (total, message) => {
  // Of a type that nobody knows.
  const head = new PcapngBytes().section().interface(ETHERNET).done()
  const tail = new PcapngBytes().enhanced(0, 0n, Uint8Array.of(1)).done()
  const block = Buffer.alloc(total)
  block.writeUInt32LE(0x0bad_0001, 0)
  block.writeUInt32LE(total, 4)
  block.writeUInt32LE(total, total - 4)
  const { info } = await readAll(Buffer.concat([head, block, tail]))
  expect(info.packets).toBe(message === null ? 1 : 0)
  if (message === null) expect(info.damage).toBeNull()
  else expect(info.damage?.message).toContain(message)
})

test.each([
  // 32 octets of the block are not the packet's.
  [LONGEST + 65_536, true],
  [LONGEST + 65_540, false],
])('behind damage, a block of %i octets: looked for %s', async (total, isFound) => {
  const comment = { code: 1, value: Buffer.alloc(65_000) }
  const rest = total - 32 - LONGEST - 4 - 65_000 - 4
  const options = [comment, { code: 1, value: Buffer.alloc(rest - 4) }]
  const file = Buffer.concat([
    new PcapngBytes().section().interface(ETHERNET).done(),
    Buffer.from('damage here.'),
    new PcapngBytes().enhanced(0, 0n, new Uint8Array(LONGEST), { options }).done(),
    new PcapngBytes().enhanced(0, 0n, Uint8Array.of(1)).done(),
  ])
  expect((await readAll(file, { recover: true })).info.packets).toBe(isFound ? 2 : 1)
})
