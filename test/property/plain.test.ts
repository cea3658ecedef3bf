/** Decoding plain packets in one go finds what the decoders find one after the other. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Packet, SCRATCH_LENGTH } from '../../src/packet/packet.ts'
import { decode, decodeLayers } from '../../src/protocols/decode.ts'
import { ETHERNET } from '../../src/protocols/ethernet.ts'
import { decodePlain, NOT_PLAIN } from '../../src/protocols/plain.ts'

/** A link-layer type, an IP header and a transport header that are mostly sound. */
const frame = fc
  .record({
    isV6: fc.boolean(),
    isTcp: fc.boolean(),
    // Mostly a whole header without options.
    first: fc.oneof({ weight: 8, arbitrary: fc.constant(0x45) }, { weight: 1, arbitrary: fc.nat({ max: 255 }) }),
    fragment: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(0, 0x4000) }, fc.nat({ max: 0xffff })),
    dataOffset: fc.oneof({ weight: 6, arbitrary: fc.constant(5) }, fc.nat({ max: 15 })),
    ports: fc.tuple(fc.constantFrom(80, 53, 443, 4789, 50000, 111), fc.constantFrom(53, 60000, 80, 4789)),
    payload: fc.uint8Array({ maxLength: 40 }),
    // What the length fields say beyond what is there.
    ipExtra: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -60, max: 60 })),
    udpExtra: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -20, max: 20 })),
    padding: fc.constantFrom(0, 0, 6, 18),
    // Captured less than there was; more, in captures that contradict themselves.
    cut: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.nat({ max: 60 })),
    wireExtra: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: -80, max: 80 })),
  })
  .map((spec) => {
    const transportLength = (spec.isTcp ? 20 : 8) + spec.payload.length
    const network = spec.isV6 ? 40 : 20
    const bytes = new Uint8Array(14 + network + transportLength + spec.padding)
    const view = new DataView(bytes.buffer)
    view.setUint16(12, spec.isV6 ? 0x86dd : 0x0800)
    const protocol = spec.isTcp ? 6 : 17
    if (spec.isV6) {
      bytes[14] = spec.first === 0x45 ? 0x60 : spec.first
      view.setUint16(18, Math.max(0, transportLength + spec.ipExtra))
      bytes[20] = protocol
    } else {
      bytes[14] = spec.first
      view.setUint16(16, Math.max(0, 20 + transportLength + spec.ipExtra))
      view.setUint16(20, spec.fragment)
      bytes[23] = protocol
    }
    const transport = 14 + network
    view.setUint16(transport, spec.ports[0])
    view.setUint16(transport + 2, spec.ports[1])
    if (spec.isTcp) bytes[transport + 12] = spec.dataOffset << 4
    else view.setUint16(transport + 4, Math.max(0, transportLength + spec.udpExtra))
    bytes.set(spec.payload, transport + (spec.isTcp ? 20 : 8))
    const captured = bytes.subarray(0, Math.max(0, bytes.length - spec.cut))
    return { captured, original: Math.max(0, bytes.length + spec.wireExtra) }
  })

function packetOf(captured: Uint8Array, original: number): Packet {
  const packet = new Packet()
  packet.bytes = new Uint8Array(captured.length + SCRATCH_LENGTH)
  packet.bytes.set(captured)
  packet.scratch = captured.length
  packet.capturedLength = captured.length
  packet.originalLength = original
  packet.linkType = 1
  return packet
}

/** All that decoding has found. */
function found(packet: Packet): unknown {
  const { layerCount, network, transport, quotedFrom, fault, faultProtocol, payload, end, wireEnd, scratchFree } =
    packet
  const layers = Array.from({ length: layerCount }, (_, layer) => [
    packet.layerProtocol[layer],
    packet.layerAt[layer],
    packet.layerEnd[layer],
    packet.layerWireEnd[layer],
    packet.layerRepeats[layer],
  ])
  return { layers, network, transport, quotedFrom, fault, faultProtocol, payload, end, wireEnd, scratchFree }
}

test('the same layers, lengths and faults as from decoder to decoder', () => {
  let plain = 0
  let runs = 0
  fc.assert(
    fc.property(frame, ({ captured, original }) => {
      const inOneGo = packetOf(captured, original)
      decode(inOneGo)
      const stepByStep = packetOf(captured, original)
      stepByStep.begin()
      decodeLayers(stepByStep, ETHERNET)
      expect(found(inOneGo)).toEqual(found(stepByStep))
      runs++
      const again = packetOf(captured, original)
      again.begin()
      if (decodePlain(again) !== NOT_PLAIN) plain++
    }),
    { numRuns: 5000 },
  )
  // Else nothing was tested.
  expect(plain / runs).toBeGreaterThan(0.1)
  expect(plain / runs).toBeLessThan(0.9)
})

test('what is left to the decoders is not changed', () => {
  fc.assert(
    fc.property(frame, ({ captured, original }) => {
      const packet = packetOf(captured, original)
      packet.begin()
      const before = found(packet)
      if (decodePlain(packet) === NOT_PLAIN) expect(found(packet)).toEqual(before)
    }),
    { numRuns: 2000 },
  )
})
