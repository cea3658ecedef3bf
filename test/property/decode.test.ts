/** No octets make decoding throw, read beyond the packet, or leave it in a state that fields cannot be read from. */
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { forEachPacket } from '../../src/engine/run.ts'
import { MAX_LAYERS, Packet, SCRATCH_LENGTH } from '../../src/packet/packet.ts'
import { Reassembler } from '../../src/packet/reassembly.ts'
import { decode } from '../../src/protocols/decode.ts'
import { protocols } from '../../src/protocols/index.ts'
import { formatStack } from '../../src/protocols/stack.ts'
import { formatValue } from '../../src/protocols/value-format.ts'

/** Link types with a decoder of their own, and one without. */
const LINK_TYPES = [0, 1, 9, 10, 50, 51, 101, 104, 105, 107, 108, 113, 119, 127, 163, 192, 228, 229, 239, 276, 285]

/** Decodes, reads every field, and says all that was found. What lies behind the packet is filled with `garbage`. */
function describe(linkType: number, bytes: Uint8Array, originalLength: number, garbage: number): string {
  const packet = new Packet()
  packet.bytes = new Uint8Array(bytes.length + SCRATCH_LENGTH).fill(garbage)
  packet.bytes.set(bytes)
  packet.scratch = bytes.length
  packet.capturedLength = bytes.length
  packet.originalLength = originalLength
  packet.linkType = linkType
  packet.reassembler = new Reassembler()
  decode(packet)
  expect(packet.layerCount).toBeLessThanOrEqual(MAX_LAYERS)
  const found = [formatStack(packet), packet.fault, packet.network, packet.transport]
  for (let layer = 0; layer < packet.layerCount; layer++) {
    expect(packet.layerAt[layer]).toBeLessThanOrEqual(packet.layerEnd[layer])
    found.push(packet.layerAt[layer], packet.layerEnd[layer], packet.layerWireEnd[layer])
    packet.layerStream[layer] = -1
    for (const protocol of protocols) {
      if (protocol.id !== packet.layerProtocol[layer]) continue
      for (const field of protocol.fields)
        field.each(packet, layer, (value, extra) => {
          found.push(`${field.name} ${formatValue(field, packet, value, extra)}`)
          return false
        })
    }
  }
  return found.join('\n')
}

function check(linkType: number, bytes: Uint8Array, originalLength: number): void {
  const found = describe(linkType, bytes, originalLength, 0x00)
  expect(describe(linkType, bytes, originalLength, 0xff)).toBe(found)
}

test('random octets', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...LINK_TYPES),
      fc.uint8Array({ maxLength: 200 }),
      fc.nat({ max: 100 }),
      (linkType, bytes, missing) => check(linkType, bytes, bytes.length + missing),
    ),
    { numRuns: 2000 },
  )
})

interface Frame {
  readonly linkType: number
  readonly bytes: Uint8Array
}

const frames: Frame[] = []

const FIXTURES = ['vm', 'vxlan', 'geneve', 'gre', 'erspan', 'ipip', 'mpls', 'sctp', 'lldp', 'vlan', 'ipv6-ext', 'sll2']

beforeAll(async () => {
  // Enough of each to meet all its protocols.
  for (const name of FIXTURES)
    await forEachPacket([`fixtures/${name}.pcap`], {}, (packet) => {
      const { start, capturedLength, linkType } = packet
      frames.push({ linkType, bytes: packet.bytes.slice(start, start + Math.min(capturedLength, 300)) })
      return packet.number >= 60
    })
})

test('real frames, with octets changed, cut anywhere, and under another link type', () => {
  const change = fc.record({ at: fc.nat({ max: 120 }), value: fc.nat({ max: 255 }) })
  fc.assert(
    fc.property(
      fc.nat(),
      fc.array(change, { maxLength: 4 }),
      fc.nat({ max: 300 }),
      fc.option(fc.constantFrom(...LINK_TYPES), { freq: 5 }),
      (index, changes, length, linkType) => {
        const frame = frames[index % frames.length]
        const bytes = frame.bytes.slice(0, Math.max(length, 1))
        for (const { at, value } of changes) if (at < bytes.length) bytes[at] = value
        check(linkType ?? frame.linkType, bytes, frame.bytes.length)
      },
    ),
    { numRuns: 3000 },
  )
})
