import { expect, it } from 'vitest'
import type { Packet } from '../../src/packet/packet.ts'
import { protocolById } from '../../src/protocols/index.ts'
import { octets, packetOf, stackOf, valuesOf } from '../support/packet.ts'

const LINK_TYPES = [
  0, 1, 9, 12, 50, 51, 100, 101, 104, 105, 107, 108, 113, 119, 127, 163, 166, 192, 204, 239, 242, 258, 276,
]

// A frame with much in it: tags, labels, PPPoE, LLC; and one of MPLS over a bridged frame.
const FRAMES = [
  '020000000001 020000000002 88a8 b001 8100 0002 8864 1100 0001 001e 0021 4500001c00010000401100000102030405060708 1000100000080000',
  '020000000001 020000000002 8847 00012240 00010140 00000000 020000000001 020000000002 0040 aaaa03 0080c2 0007 0000 020000000001',
  '0000 0001 0006 020000000001 0000 0004 fefe03 cc 4500001c0001',
  '1841 03 80 0080c2 0007 020000000001 020000000002 0806 0001 0800 06 04 0001 020000000001 01020304',
  '0000 1900 03000080 00000000 00000000 1122334455667788 10 8803 0000 020000000001 020000000002 020000000003 3000 020000000004 8000',
]

const OWN_LINK_TYPE = [1, 1, 113, 107, 127]

it('never reads past the capture, wherever it is cut', () => {
  const namesOf = (packet: Packet) =>
    Array.from(packet.layerProtocol.subarray(0, packet.layerCount), (id) => protocolById[id]?.fields ?? [])
      .flat()
      .filter((field) => field.need === undefined)
      .map((field) => field.name)
  const all = (packet: Packet, names: readonly string[]) => names.map((name) => `${name} ${valuesOf(packet, name)}`)
  for (const [index, frame] of FRAMES.entries()) {
    const bytes = octets(frame)
    for (let length = 0; length <= bytes.length; length++)
      for (const linkType of length % 16 === 0 ? LINK_TYPES : [OWN_LINK_TYPE[index]]) {
        const cut = packetOf(linkType, bytes.subarray(0, length), { originalLength: bytes.length })
        // The same octets with others behind them must give the same layers and values.
        const other = packetOf(linkType, bytes.subarray(0, length), { originalLength: bytes.length, filler: 0x5a })
        expect(stackOf(other)).toBe(stackOf(cut))
        if (length % 8 === 0) {
          const names = namesOf(cut)
          expect(all(other, names)).toEqual(all(cut, names))
        }
      }
  }
})
