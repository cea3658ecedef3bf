/**
 * The packet: one record of the capture, and what decoding found in it.
 *
 * There is one `Packet` in a run, refilled for each record, so nothing is allocated for each packet. Whoever wants to
 * keep something of it copies that value out before the next record.
 *
 * Decoding fills a small layer table. A layer is a (protocol, offset, end) triple over `bytes`. Octets rebuilt from
 * several packets (a reassembled IP datagram) are placed in the scratch area of the same array, so an offset alone
 * always says where a layer lies.
 */
import type { Conversation } from './conversation.ts'
import { LayerTimes } from './layer-times.ts'
import type { Assembly, Reassembler } from './reassembly.ts'
import type { Secrets } from './secrets.ts'
import type { TcpFacts } from './tcp-facts.ts'

/** Layers kept for each packet. A hostile packet may claim more; decoding stops there and the packet is malformed. */
export const MAX_LAYERS = 64

/** Octets after the block that decoding may write rebuilt datagrams to: two of the largest IP datagrams. */
export const SCRATCH_LENGTH = 2 * 65_536
/** Octets behind those, for messages over TCP. Memory that is never written to costs nothing. */
export const MESSAGES_LENGTH = 8 * 1_048_576

/** A record may claim any length on the wire; offsets up to here stay within 32 bits, and no frame comes near it. */
const MAX_WIRE_LENGTH = 0x4000_0000

/** No protocol: what a decoder returns when nothing follows. */
export const NONE = 0

/** What a decoder over TCP or UDP returns for octets that are not its protocol's; it has entered no layer then. */
export const REJECTED = -1
/** What a decoder over TCP returns, by way of `Packet.incomplete`, to get its message again when more of it is there. */
export const INCOMPLETE = -2

/** `Packet.missing`: any number of octets, as the next segment has them; all until the sender closes. */
export const ONE_MORE_SEGMENT = -1
export const UNTIL_FIN = -2

/** `Packet.fault`: decoding met nothing odd; the capture ran out; the octets contradict the specification. */
export const FAULT_NONE = 0
export const FAULT_TRUNCATED = 1
export const FAULT_MALFORMED = 2

const NO_BYTES = new Uint8Array(0)

/** A section of a pcapng capture. */
export interface RecordSection {
  /** Counted from 1. */
  readonly number: number
  /** The byte order of its numbers. */
  readonly little: boolean
  /** The options of its header, as they stand in the file. */
  readonly options: Uint8Array
}

/** What a capture says of where a record came from. */
export interface RecordSource {
  /** Null in pcap, which has no sections. */
  readonly section: RecordSection | null
  /** False for pcapng's blocks that belong to no interface; nothing below means anything then. */
  readonly isInterface: boolean
  /** Octets of frame check sequence at the end of each frame; -1 if the capture does not tell. */
  readonly frameCheckLength: number
  /** Captured octets of a packet at most, as the capture claims; 0 if it claims no limit. */
  readonly snaplen: number
  /** Of the times: n for 10^-n seconds, 128 + n for 2^-n. */
  readonly resolutionCode: number
  /** pcapng: the options of the interface's description, as they stand in the file. */
  readonly options: Uint8Array
  readonly name?: string
  readonly description?: string
}

export class Packet {
  /** The block that holds the record, with the scratch area behind it. Reused: valid until the next record. */
  bytes: Uint8Array = NO_BYTES
  /** First octet of the record's data in `bytes`. */
  start = 0
  /** Where in `bytes` the scratch area begins; it ends with the array. */
  scratch = 0
  /** First free octet of the scratch area. */
  scratchFree = 0
  /** Puts fragmented datagrams together; without one, the first fragment is decoded and later ones are opaque. */
  reassembler: Reassembler | null = null

  /** TLS secrets that the capture carried so far; null unless something decrypts. */
  secrets: Secrets | null = null

  /** Counted from 1 over all captures of a run, like `frame.number`. */
  number = 0
  /**
   * Time of capture: whole seconds since 1970 (UTC), and nanoseconds of the second. Both 0 when unknown.
   * -0, here and below, is 0 that V8 keeps as a double: a time beyond 32 bits would else change the object's shape, and
   * with it throw away all compiled code of the packet path.
   */
  seconds = -0
  nanoseconds = -0
  /** pcapng's simple packet block has no time. */
  hasTime = true
  /** Times of the first packet and of the one before (its own, for the first); set when a field needs `times`. */
  firstSeconds = -0
  firstNanoseconds = -0
  previousSeconds = -0
  previousNanoseconds = -0
  /** The same of the last packet before that passed the filter; its own, for the first. */
  displayedSeconds = -0
  displayedNanoseconds = -0
  /** Octets in the file. */
  capturedLength = 0
  /** Octets on the wire. */
  originalLength = 0
  /** The `LINKTYPE_*` number of the interface that captured it. */
  linkType = 0
  /** Index of the interface within its file; 0 in pcap. */
  interfaceId = 0
  /** What the file says of the interface, and the section. */
  source: RecordSource | null = null

  /** One past the last captured octet of the layer around what is being decoded. */
  end = 0
  /** One past the last octet of that layer on the wire; beyond `end` when the snaplen cut it off. */
  wireEnd = 0
  /** First octet after the headers decoded so far. */
  payload = 0

  layerCount = 0
  readonly layerProtocol = new Uint16Array(MAX_LAYERS)
  /** First octet of the layer. */
  readonly layerAt = new Int32Array(MAX_LAYERS)
  /** One past its last captured octet, payload included. */
  readonly layerEnd = new Int32Array(MAX_LAYERS)
  /** One past its last octet on the wire, payload included. */
  readonly layerWireEnd = new Int32Array(MAX_LAYERS)
  /** For a transport layer: Wireshark's number of its stream, once `flow/streams.ts` has seen the packet; -1 without one. */
  readonly layerStream = new Int32Array(MAX_LAYERS)
  /** The row of that stream in whatever is kept by stream: rows are used again, numbers are not. -1 without one. */
  readonly layerRow = new Int32Array(MAX_LAYERS)
  /** For a transport layer: 0 if its sender is the stream's lower endpoint, else 1. */
  readonly layerDirection = new Uint8Array(MAX_LAYERS)

  // The datagrams that fragments in this packet completed, and the layers that they did it in.
  readonly #assemblies: Assembly[] = []
  readonly #assemblyLayers: number[] = []
  #assemblyCount = 0

  /** 1 for a further message that the decoder of the layer before found in the same payload: `frame.protocols` names it once. */
  readonly layerRepeats = new Uint8Array(MAX_LAYERS)
  /** For a TCP layer: what `flow/tcp-analysis.ts` found, made when first needed. */
  readonly tcpFacts: TcpFacts[] = []
  /** For ICMP, ICMPv6 and UDP layers: earlier packets that they refer to. */
  readonly layerTimes = new LayerTimes(MAX_LAYERS)

  /** Index in the layer table of the innermost IP layer that the packet itself carries (not one quoted by ICMP); -1 if none. */
  network = -1
  /** The same for TCP, UDP, SCTP, ...; -1 if there is none, as in a later fragment. */
  transport = -1
  /**
   * Index of the first layer that the packet only tells of, whose hosts did not send or receive it: a quotation inside an ICMP
   * error, or the first octets of a packet that sFlow sampled; `MAX_LAYERS` if there is none.
   */
  quotedFrom = MAX_LAYERS

  fault = FAULT_NONE
  /** The protocol that met the fault. */
  faultProtocol = NONE

  // What follows is for the decoders of what TCP and UDP carry; `flow/dissection.ts` sets it before it calls one.
  /** What is known across the packets of this stream; null outside of dissection. */
  conversation: Conversation | null = null
  /** Whether `incomplete` may be returned: over TCP, where the whole segment was captured. */
  canReassemble = false
  /** The port by which the decoder was found (Wireshark's `match_uint`), 0 if by something else. */
  matchPort = 0
  /** Octets that an incomplete message lacks, or `ONE_MORE_SEGMENT`, or `UNTIL_FIN`. */
  missing = 0
  /** One past the message being decoded: where the next message of the payload begins. */
  messageEnd = 0

  /** Hot: forgets the last packet's layers; the record's place and lengths must have been set. */
  begin(): void {
    this.end = this.start + this.capturedLength
    this.wireEnd = this.start + Math.min(this.originalLength, MAX_WIRE_LENGTH)
    this.payload = this.start
    this.scratchFree = this.scratch
    this.layerCount = 0
    if (this.#assemblyCount > 0) {
      this.#assemblyCount = 0
      this.reassembler?.release()
    }
    this.network = -1
    this.transport = -1
    this.quotedFrom = MAX_LAYERS
    this.fault = FAULT_NONE
    this.faultProtocol = NONE
  }

  /** Hot: a layer of `protocol` starts at `at`. The decoding loop guarantees that there is room. */
  enter(protocol: number, at: number): void {
    const layer = this.layerCount++
    this.layerProtocol[layer] = protocol
    this.layerAt[layer] = at
    this.layerRepeats[layer] = 0
    this.layerEnd[layer] = this.end
    this.layerWireEnd[layer] = this.wireEnd
  }

  /** Hot: the layer just entered is an IP layer of the packet itself, or a quoted one. */
  enterNetwork(protocol: number, at: number): void {
    if (this.quotedFrom > this.layerCount) this.network = this.layerCount
    this.enter(protocol, at)
  }

  /** Hot: the same for a transport layer. */
  enterTransport(protocol: number, at: number): void {
    if (this.quotedFrom > this.layerCount) this.transport = this.layerCount
    this.enter(protocol, at)
  }

  /**
   * Hot: the layer just entered ends at `at` on the wire, says its own length field. What lies behind (Ethernet
   * padding, a trailer) is not part of it. A length beyond the layer around it is ignored.
   */
  limit(at: number): void {
    if (at >= this.wireEnd) return
    const layer = this.layerCount - 1
    this.wireEnd = at
    this.layerWireEnd[layer] = at
    if (at < this.end) {
      this.end = at
      this.layerEnd[layer] = at
    }
  }

  /**
   * Hot: the message of the layer just entered ends at `at`; another may follow in the payload, and is decoded then. A
   * message that ends beyond the payload is cut.
   */
  endMessage(at: number): void {
    this.limit(at)
    this.messageEnd = Math.min(at, this.wireEnd)
  }

  /**
   * Hot: over TCP, the message lacks `missing` octets (or `ONE_MORE_SEGMENT`, `UNTIL_FIN`). Only where `canReassemble`;
   * the decoder returns what this returns and is called again later. A layer that it has entered stays on this segment, too.
   */
  incomplete(missing: number): number {
    this.missing = missing
    return INCOMPLETE
  }

  /**
   * Hands the rest of the current layer, which is a fragment at `offset` of the datagram `key`, to the reassembler.
   * Returns true if that completes the datagram: `payload` to `end` is then the whole, in the scratch area.
   */
  reassemble(key: string, offset: number, more: boolean): boolean {
    const reassembler = this.reassembler
    if (reassembler === null) return false
    const target = this.scratchFree
    const taken = this.end - this.payload
    const length = reassembler.add(key, this.bytes, this.payload, taken, offset, more, target, this.number)
    if (length < 0) return false
    this.#assemblyLayers[this.#assemblyCount] = this.layerCount - 1
    this.#assemblies[this.#assemblyCount++] = reassembler.completed!
    this.scratchFree += length
    this.payload = target
    this.end = target + length
    this.wireEnd = this.end
    return true
  }

  /** The datagram that the fragment in `layer` completed; null if it completed none. */
  assemblyOf(layer: number): Assembly | null {
    for (let i = 0; i < this.#assemblyCount; i++) if (this.#assemblyLayers[i] === layer) return this.#assemblies[i]
    return null
  }

  /** Hot: what follows is a quotation. */
  quote(): void {
    if (this.quotedFrom > this.layerCount) this.quotedFrom = this.layerCount
  }

  /** Hot: the capture ran out inside `protocol`. Returns `NONE`, so a decoder can return it. A quotation is cut by design: no fault. */
  truncated(protocol: number): number {
    if (this.fault === FAULT_NONE && this.layerCount <= this.quotedFrom) {
      // The octets are missing because the snaplen cut them off, or because the layer around is too short for a header.
      this.fault = this.wireEnd > this.end ? FAULT_TRUNCATED : FAULT_MALFORMED
      this.faultProtocol = protocol
    }
    this.payload = this.end
    return NONE
  }

  /** Hot: the octets of `protocol` contradict its specification. Returns `NONE`. */
  malformed(protocol: number): number {
    if (this.fault === FAULT_NONE && this.layerCount <= this.quotedFrom) {
      this.fault = FAULT_MALFORMED
      this.faultProtocol = protocol
    }
    return NONE
  }

  /** Index of the first layer of `protocol`; -1 if there is none. */
  find(protocol: number): number {
    for (let layer = 0; layer < this.layerCount; layer++) if (this.layerProtocol[layer] === protocol) return layer
    return -1
  }
}
