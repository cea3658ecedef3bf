/**
 * Decoders handed octets directly, whatever carries them, and held to what `Decode` promises: nothing behind the end matters,
 * layers lie where the octets are, nothing is thrown, and the decoding comes to an end.
 */
import type { Conversation } from '../../src/packet/conversation.ts'
import { INCOMPLETE, MAX_LAYERS, NONE, Packet, REJECTED, SCRATCH_LENGTH } from '../../src/packet/packet.ts'
import { Reassembler } from '../../src/packet/reassembly.ts'
import { applications } from '../../src/protocols/application/index.ts'
import { DATA } from '../../src/protocols/data.ts'
import { decoders, protocolById } from '../../src/protocols/index.ts'
import type { Protocol } from '../../src/protocols/protocol.ts'
import type { Carrier } from './carriers.ts'

/** Octets of a record at most, its headers included, and of what stands around it. */
const ROOM = 16_384
const AROUND = 64
/** Layers that one call of a decoder may enter: the loops that call decoders look only between calls. */
const LAYERS_PER_DECODER = 4
/** Calls for one packet: more than layers, since a decoder may find nothing of its own. */
const MAX_CALLS = 4 * MAX_LAYERS

/** One payload, and how it comes. */
export interface Delivery {
  readonly octets: Uint8Array
  /** Octets of it that are there at first; more come only where a decoder over TCP asks for them. */
  readonly first: number
  /** Octets on the wire that the capture lacks. */
  readonly missing: number
  /** 0 from the lower endpoint, else 1. */
  readonly direction: 0 | 1
  /** Over TCP, where all of the segment was captured. */
  readonly canReassemble: boolean
}

/** What stands behind the record, where no decoder may read. */
export type Filling = (index: number) => number

/** What `Conversation` wants, without any stream. */
export function newConversation(serverPort: number): Conversation {
  return { protocol: NONE, serverPort, state: new Map(), expect() {} }
}

/** They show the messages before in a layer while they wait for more, as Wireshark does. */
const WAITS_WITH_A_LAYER: ReadonlySet<string> = new Set(['tls', 'imap', 'ssh'])

/** They hold packets, or layers of security tokens, and look by themselves whether there is room for them. */
const LOOKS_FOR_ROOM: ReadonlySet<string> = new Set(['sflow', 'smb', 'smb2', 'ldap', 'cldap', 'dcerpc'])

const MAY_REJECT: ReadonlySet<Protocol> = new Set(applications)

/** A breach of what decoders promise. */
function broken(protocol: Protocol, what: string): never {
  throw new Error(`${protocol.name}: ${what}`)
}

export class DecoderBench {
  readonly packet = new Packet()
  readonly numbersFrom: number
  readonly #filling: Filling
  /** The record's octets and those around it, as they were before decoding. */
  readonly #before = new Uint8Array(ROOM)

  /** Packets are numbered behind `numbersFrom`: decoders that keep something by number must not take two benches for one capture. */
  constructor(filling: Filling, numbersFrom = 0) {
    this.#filling = filling
    this.numbersFrom = numbersFrom
    const { packet } = this
    packet.bytes = new Uint8Array(ROOM + SCRATCH_LENGTH)
    for (let i = 0; i < packet.bytes.length; i++) packet.bytes[i] = filling(i)
    packet.scratch = ROOM
    packet.start = AROUND
    packet.number = numbersFrom
    packet.reassembler = new Reassembler()
  }

  /** A new packet: the carrier's layers are there, and `length` octets of the payload behind them. Returns where those begin. */
  load(carrier: Carrier, { octets, missing, direction, canReassemble }: Delivery, length: number): number {
    const { packet } = this
    const at = packet.start + carrier.octets.length
    const end = at + length
    packet.bytes.set(carrier.octets, packet.start)
    packet.bytes.set(octets.subarray(0, length), at)
    const around = Math.min(ROOM, end + 2 * AROUND + 256)
    for (let i = end; i < around; i++) packet.bytes[i] = this.#filling(i - end)
    packet.capturedLength = end - packet.start
    packet.originalLength = packet.capturedLength + (length < octets.length ? octets.length - length : 0) + missing
    packet.number++
    packet.linkType = 1
    packet.begin()
    carrier.enter(packet)
    packet.layerStream.fill(0)
    packet.layerRow.fill(0)
    packet.layerDirection.fill(direction)
    packet.canReassemble = canReassemble && packet.end >= packet.wireEnd
    packet.payload = at
    packet.messageEnd = packet.wireEnd
    this.#before.set(packet.bytes.subarray(0, ROOM))
    return at
  }

  /**
   * Has the decoder take the payload, with more of it while it asks for more, and decodes what it carries. Returns what the
   * decoder said last.
   */
  decode(protocol: Protocol, carrier: Carrier, delivery: Delivery, conversation: Conversation | null): number {
    const { packet } = this
    let length = delivery.first
    for (let call = 0; ; call++) {
      const at = this.load(carrier, delivery, length)
      packet.conversation = conversation
      packet.matchPort = conversation === null ? 0 : conversation.serverPort
      const next = this.#call(protocol, at)
      if (next !== INCOMPLETE) {
        if (next !== REJECTED) this.#follow(next)
        return next
      }
      if (length >= delivery.octets.length || call >= 8) return next
      length = packet.missing < 0 ? length + 1 + (length >> 1) : length + packet.missing
      length = Math.min(length, delivery.octets.length)
    }
  }

  /** Decodes what is carried, as `flow/dissection.ts` does within one message. */
  #follow(first: number): void {
    const { packet } = this
    let next = first
    for (let calls = 0; next !== NONE && packet.layerCount <= MAX_LAYERS - LAYERS_PER_DECODER; calls++) {
      const protocol = protocolById[next] as Protocol
      if (calls > MAX_CALLS) broken(protocol, 'no end')
      packet.messageEnd = packet.wireEnd
      const start = packet.payload
      next = this.#call(protocol, start)
      if (next === REJECTED) next = packet.payload < packet.end ? DATA : NONE
      else if (next === INCOMPLETE) return
    }
  }

  #call(protocol: Protocol, at: number): number {
    const { packet } = this
    const { layerCount, fault, wireEnd, end } = packet
    const next = decoders[protocol.id](packet, at)
    const entered = packet.layerCount - layerCount
    if (next === REJECTED || next === INCOMPLETE) {
      const mayEnter = next === INCOMPLETE && WAITS_WITH_A_LAYER.has(protocol.name)
      if (entered !== 0 && !mayEnter)
        broken(protocol, `${next === REJECTED ? 'rejected' : 'asked for more'} behind a layer`)
      if (packet.fault !== fault) broken(protocol, 'no message of its own, and yet a fault')
      if (!MAY_REJECT.has(protocol)) broken(protocol, 'only what TCP and UDP carry may reject')
      const { missing } = packet
      if (next === INCOMPLETE && !packet.canReassemble) broken(protocol, 'asked for what will not come')
      if (next === INCOMPLETE && !(missing >= -2 && missing !== 0 && Number.isInteger(missing)))
        broken(protocol, `asked for ${missing} octets`)
    } else if (next !== NONE && protocolById[next] === undefined) broken(protocol, `no protocol ${next}`)
    const most = LOOKS_FOR_ROOM.has(protocol.name) ? MAX_LAYERS - layerCount : LAYERS_PER_DECODER
    if (entered > most) broken(protocol, `${entered} layers at once`)
    if (!isPlace(packet, packet.payload)) broken(protocol, `payload at ${packet.payload}`)
    if (packet.end > packet.wireEnd) broken(protocol, `end ${packet.end} behind ${packet.wireEnd}`)
    if (packet.end > end && packet.end < packet.scratch) broken(protocol, `end ${packet.end} behind ${end}`)
    if (packet.wireEnd > wireEnd && packet.end < packet.scratch) broken(protocol, `wire end behind ${wireEnd}`)
    if (!Number.isInteger(packet.messageEnd)) broken(protocol, `message ends at ${packet.messageEnd}`)
    for (let layer = layerCount; layer < packet.layerCount; layer++) this.#checkLayer(protocol, layer)
    return next
  }

  #checkLayer(protocol: Protocol, layer: number): void {
    const { packet } = this
    const [at, end, wireEnd] = [packet.layerAt[layer], packet.layerEnd[layer], packet.layerWireEnd[layer]]
    if (protocolById[packet.layerProtocol[layer]] === undefined) broken(protocol, 'a layer of no protocol')
    if (!(at <= end && end <= wireEnd)) broken(protocol, `layer from ${at} to ${end}, on the wire ${wireEnd}`)
    if (!isPlace(packet, at) || !isPlace(packet, end)) broken(protocol, `layer from ${at} to ${end} lies elsewhere`)
  }

  /** Throws unless the octets of the record and around it are as they were, and the packet has no new properties. */
  checkUntouched(protocol: Protocol): void {
    const { packet } = this
    if (Buffer.compare(packet.bytes.subarray(0, ROOM), this.#before) !== 0) broken(protocol, 'wrote to the record')
    if (packet.scratchFree < packet.scratch || packet.scratchFree > packet.bytes.length)
      broken(protocol, `scratch area used up to ${packet.scratchFree}`)
    if (Object.keys(packet).length !== PROPERTIES) broken(protocol, 'the packet has new properties')
  }

  /** All that decoding found; where the record lies is the same in every bench. */
  layers(): string {
    const { packet } = this
    const found = [packet.layerCount, packet.fault, packet.faultProtocol, packet.network, packet.transport]
    found.push(packet.payload, packet.end, packet.wireEnd, packet.messageEnd, packet.quotedFrom)
    for (let layer = 0; layer < packet.layerCount; layer++)
      found.push(
        packet.layerProtocol[layer],
        packet.layerAt[layer],
        packet.layerEnd[layer],
        packet.layerWireEnd[layer],
        packet.layerRepeats[layer],
      )
    return found.join(' ')
  }
}

/** Properties that a packet begins with. Those that decoding would add change its shape, and all compiled code with it. */
const PROPERTIES = Object.keys(new Packet()).length

/** Within the captured octets of the record, or in the scratch area. */
export function isPlace({ start, capturedLength, scratch, bytes }: Packet, at: number): boolean {
  return (at >= start && at <= start + capturedLength) || (at >= scratch && at <= bytes.length)
}
