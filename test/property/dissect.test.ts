/**
 * Hostile conversations through all that is known across packets: streams, applications, losses, analysis, dissection, names. The
 * same is found whatever stands behind the packets, every field can be read, and every packet shown.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newContext } from '../../src/engine/context.ts'
import { Dissection } from '../../src/flow/dissection.ts'
import { IcmpEchoes } from '../../src/flow/icmp-echoes.ts'
import { TcpAnalysis } from '../../src/flow/tcp-analysis.ts'
import { UdpTimes } from '../../src/flow/udp-times.ts'
import { MAX_LAYERS, Packet, SCRATCH_LENGTH } from '../../src/packet/packet.ts'
import { Reassembler } from '../../src/packet/reassembly.ts'
import { Secrets } from '../../src/packet/secrets.ts'
import { decode } from '../../src/protocols/decode.ts'
import { protocols } from '../../src/protocols/index.ts'
import { PacketText } from '../../src/report/packet-text.ts'
import { packetTree } from '../../src/report/packet-tree.ts'
import { isPlace } from '../support/decoder-bench.ts'
import { eachValue, relativeText } from '../support/field-values.ts'
import { type Captured, type HostileSegments, hostileSegments, packetsOf } from '../support/hostile-segments.ts'
import { runs } from '../support/runs.ts'

const ROOM = 8192
/** Little, so that some messages do not fit. */
const MESSAGES = 8192
const LINKTYPE_IPV4 = 228

/** What is known across packets: made once for many conversations, which have ports of their own. */
class Flow {
  readonly context = newContext()
  readonly analysis = new TcpAnalysis(this.context.streams)
  readonly udpTimes = new UdpTimes()
  readonly echoes = new IcmpEchoes()
  readonly dissection = new Dissection(this.context.streams)
}

class Reader {
  readonly packet = new Packet()
  readonly #filling: (index: number) => number
  readonly #numbersFrom: number
  #flow = new Flow()

  constructor(filling: (index: number) => number, numbersFrom: number) {
    this.#filling = filling
    this.#numbersFrom = numbersFrom
    this.packet.number = numbersFrom
    this.packet.bytes = new Uint8Array(ROOM + SCRATCH_LENGTH + MESSAGES)
    this.packet.scratch = ROOM
    this.packet.linkType = LINKTYPE_IPV4
    this.packet.secrets = new Secrets()
    this.packet.reassembler = new Reassembler()
  }

  /** All that came before. */
  forget(): void {
    this.#flow = new Flow()
    this.packet.number = this.#numbersFrom
  }

  /** What is found in each packet, as text. */
  read(captured: readonly Captured[], readsFields: boolean): string {
    const { packet } = this
    const { context, analysis, udpTimes, echoes, dissection } = this.#flow
    const { streams, applications, losses, names } = context
    return captured
      .map(({ bytes, originalLength }) => {
        packet.bytes.set(bytes)
        for (let i = bytes.length; i < bytes.length + 512; i++) packet.bytes[i] = this.#filling(i)
        packet.number++
        packet.capturedLength = bytes.length
        packet.originalLength = originalLength
        packet.seconds = 1_700_000_000
        packet.nanoseconds = 1000 * (packet.number & 0xffff)
        decode(packet)
        streams.track(packet)
        applications.track(packet)
        losses.track(packet)
        analysis.track(packet)
        udpTimes.track(packet)
        echoes.track(packet)
        dissection.dissect(packet)
        names.track(packet)
        return this.#describe(readsFields)
      })
      .join('\n')
  }

  #describe(readsFields: boolean): string {
    const { packet } = this
    if (packet.layerCount > MAX_LAYERS) throw new Error(`${packet.layerCount} layers`)
    if (packet.scratchFree > packet.bytes.length) throw new Error('more than the scratch area is used')
    const found = [`fault ${packet.fault} ${packet.faultProtocol}`]
    for (let layer = 0; layer < packet.layerCount; layer++) {
      const [id, at, end, wireEnd] = [
        packet.layerProtocol[layer],
        packet.layerAt[layer],
        packet.layerEnd[layer],
        packet.layerWireEnd[layer],
      ]
      met.add(id)
      found.push(`layer ${id} ${at} ${end} ${wireEnd} ${packet.layerRepeats[layer]}`)
      if (!(at <= end && end <= wireEnd && isPlace(packet, at) && isPlace(packet, end)))
        throw new Error(
          `${protocols.find((p) => p.id === id)?.name}: layer from ${at} to ${end}, on the wire ${wireEnd}`,
        )
    }
    if (!readsFields) return found.join('\n')
    eachValue(packet, (field, text) => {
      found.push(`${field.name} ${relativeText(field, text, this.#numbersFrom)}`)
    })
    const shown = [...new PacketText({ color: false, width: 100 }, { hex: true }).lines(packetTree(packet))].join('\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(shown).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/)
    return found.join('\n')
  }
}

const met = new Set<number>()
/** Numbers of the second reader's packets begin here: nothing kept by number is taken from the first. */
const TWO = 0x1000_0000
let clientPort = 1024
const one = new Reader(() => 0x0d, 0)
const two = new Reader((index) => Math.imul(index, 0x9e3779b1) >>> 24, TWO)

/** Both readers, and the same packets for both. */
function readTwice(conversation: HostileSegments, readsFields: boolean): void {
  clientPort = 1024 + ((clientPort - 1023) % 64_000)
  const packets = packetsOf(conversation, clientPort)
  try {
    expect(two.read(packets, readsFields)).toBe(one.read(packets, readsFields))
  } catch (error) {
    // They are out of step now, and smaller cases are to be tried.
    one.forget()
    two.forget()
    throw error
  }
}

test('the same layers whatever stands behind, of segments in any order', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(hostileSegments, (conversation) => readTwice(conversation, false)),
    { numRuns: runs(250) },
  )
  // The generator gets into what TCP and UDP carry.
  expect(met.size).toBeGreaterThan(60)
})

test('every field of them can be read, and every packet shown', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(hostileSegments, (conversation) => readTwice(conversation, true)),
    { numRuns: runs(20) },
  )
})
