/**
 * The application of each stream of one transport protocol: told by what it carries first, and only then by its ports.
 *
 * Looked at are the first payloads that each side sends, and of each its first octets, so the cost of a stream is bounded. The
 * order: a signature; the decoder of the lower port, or of the higher one, if it takes the payload; Wireshark's own looks. A signature
 * counts whenever it comes, the others until something else has. A stream keeps the name that it got: every payload of an HTTP
 * connection is HTTP, also those in which no message begins.
 */
import { read32s } from '../../packet/bytes.ts'
import { NONE, type Packet } from '../../packet/packet.ts'
import { byTcpPort, byUdpPort } from '../../protocols/handoff.ts'
import { SEQUENCE } from '../../protocols/tcp.ts'
import { growUint8, growUint16, growUint32 } from '../../tables/grow.ts'
import { HEAD_LENGTH, Payload } from '../signatures/payload.ts'
import type { Signature } from '../signatures/signature.ts'
import { type SignatureTable, signaturesByOctet } from '../signatures/table.ts'
import { proxyHeaderLength } from '../signatures/web/proxy.ts'
import { ANNOUNCING, type Announcements, type Transport } from './announcements.ts'
import { CARRIERS, carriedIn, saysMore } from './carriers.ts'
import { type Head, HeadLog, MAX_PAYLOADS, PORTS, readHead } from './head-log.ts'
import { ENOUGH, Openings } from './openings.ts'
import { Probe, readPorts } from './probe.ts'
import { type Application, applicationOf, type Verdict, Verdicts } from './verdicts.ts'

// The state of a row: payloads looked at of either side, three bits each; and two facts.
const COUNT_BITS = 3
const COUNT = 0x07
/** Nothing more need be looked at. */
const DECIDED = 0x40
/** The stream may say what others carry. */
const ANNOUNCES = 0x80

/** So many zeros begin no message. */
const BLANK = 16

/** A signature that wants several payloads, and how many have matched. */
interface Candidate {
  readonly signature: Signature
  readonly matched: number
}

export class StreamNames {
  readonly #transport: Transport
  readonly #announcements: Announcements
  // Made when the first payload is looked at.
  #signatures: SignatureTable | null = null
  readonly #verdicts = new Verdicts()
  #probe: Probe | null = null
  readonly #payload = new Payload()
  readonly #joined = new Payload()
  #count = 0
  // By row of the stream.
  #state = new Uint8Array(256)
  /** 0: none. */
  #verdict = new Uint16Array(256)
  /** The packet that told. */
  #packet = new Uint32Array(256)
  readonly #candidates = new Map<number, Candidate>()
  readonly #openings = new Openings()
  /** Only in a part of a capture that others come before. */
  readonly #log: HeadLog | null

  constructor(transport: Transport, announcements: Announcements, continues: boolean) {
    this.#transport = transport
    this.#announcements = announcements
    this.#log = continues ? new HeadLog() : null
  }

  /** Hot: looks at what transport layer `layer` carries, which nothing has decoded yet, if the stream in `row` has no name yet. */
  observe(packet: Packet, row: number, layer: number): void {
    if (row >= this.#count) this.#grow(row)
    const state = this.#state[row]
    const isDone = (state & DECIDED) !== 0 || countOf(state, packet.layerDirection[layer]) >= MAX_PAYLOADS
    if (isDone && (state & ANNOUNCES) === 0 && this.#log === null) return
    this.#look(packet, row, layer)
  }

  /** Hot: the same, of what the layers below have decoded by the port. */
  observeDecoded(packet: Packet, row: number, layer: number): void {
    if (row >= this.#count) this.#grow(row)
    if (this.#verdict[row] !== 0 && this.#log === null) return
    const protocol = packet.layerProtocol[layer + 1]
    this.#payload.bytes = packet.bytes
    readPorts(this.#payload, packet.layerAt[layer])
    this.#nameDecoded(row, protocol, this.#payload, packet.number)
    if (this.#log?.of(row).some((head) => head.protocol !== NONE) === false) {
      const octets = packet.bytes.slice(packet.layerAt[layer], packet.layerAt[layer] + PORTS)
      this.#log.push(row, { direction: 0, sequence: 0, packet: packet.number, length: 0, octets, protocol })
    }
  }

  #look(packet: Packet, row: number, layer: number): void {
    const { bytes } = packet
    const payload = this.#payload
    const portsAt = packet.layerAt[layer]
    const direction = packet.layerDirection[layer]
    payload.bytes = bytes
    payload.at = packet.layerAt[layer + 1]
    payload.end = packet.layerEnd[layer + 1]
    payload.length = packet.layerWireEnd[layer + 1] - payload.at
    readPorts(payload, portsAt)
    payload.end = Math.min(payload.end, payload.at + HEAD_LENGTH)
    const sequence = this.#transport === 'tcp' ? read32s(bytes, portsAt + SEQUENCE) : 0
    if (this.#log?.isFull(row, direction) === false)
      this.#log.add(row, payload, portsAt, { direction, sequence, packet: packet.number, protocol: NONE })
    this.#judge(row, payload, portsAt, direction, sequence, packet.number)
    if (this.#mayAnnounce(row)) {
      payload.end = packet.layerEnd[layer + 1]
      this.#announcements.read(packet, layer, this.#transport, payload)
    }
  }

  /** A part does not know what the stream is: whether it counts is decided when the parts are put together. */
  #mayAnnounce(row: number): boolean {
    if (this.#log !== null || (this.#state[row] & ANNOUNCES) !== 0) return true
    const verdict = this.#verdict[row]
    return verdict === 0 || this.#verdicts.at(verdict).kind !== 'payload'
  }

  /** Looks at the first octets of a payload, unless enough have been looked at. */
  #judge(
    row: number,
    payload: Payload,
    portsAt: number,
    direction: number,
    sequence: number,
    packetNumber: number,
  ): void {
    const state = this.#state[row]
    const looked = countOf(state, direction)
    if ((state & DECIDED) !== 0 || looked >= MAX_PAYLOADS) return
    this.#state[row] = state + (1 << (direction * COUNT_BITS))
    payload.isFirst = looked === 0
    const known = this.#verdict[row]
    if (known !== 0 && this.#verdicts.at(known).kind === 'payload') {
      this.#carry(row, payload, portsAt)
      return
    }
    let seen = payload
    let signature = this.#matching(payload)
    if (this.#transport === 'tcp') {
      const key = 2 * row + direction
      if (signature === null && looked === 0) this.#openings.begin(key, payload, portsAt, sequence)
      else if (signature === null && this.#openings.extend(key, payload, sequence, this.#joined)) {
        signature = this.#matching(this.#joined)
        seen = this.#joined
        // Only whole openings count: what is typed comes letter by letter.
        if (payload.length < ENOUGH) this.#state[row] = state
      }
    }
    if (signature !== null && this.#isConfirmed(row, signature)) {
      this.#decide(row, this.#verdicts.ofSignature(signature), packetNumber)
      this.#openings.clear(row)
      this.#candidates.delete(row)
      this.#carry(row, seen, seen === payload ? portsAt : 0)
    } else if (known === 0) this.#nameByDecoder(row, payload, portsAt, packetNumber)
  }

  /** Hot: the first signature that matches. */
  #matching(payload: Payload): Signature | null {
    if (isBlank(payload)) return null
    this.#signatures ??= signaturesByOctet(this.#transport)
    const asked = this.#signatures[payload.bytes[payload.at]]
    for (let i = 0; i < asked.length; i++) if (asked[i].matches(payload)) return asked[i]
    return null
  }

  #isConfirmed(row: number, signature: Signature): boolean {
    const needed = signature.payloads ?? 1
    if (needed === 1) return true
    const candidate = this.#candidates.get(row)
    const matched = candidate?.signature === signature ? candidate.matched + 1 : 1
    this.#candidates.set(row, { signature, matched })
    return matched >= needed
  }

  #nameByDecoder(row: number, payload: Payload, portsAt: number, packetNumber: number): void {
    this.#probe ??= new Probe(this.#transport === 'tcp')
    let protocol = this.#probe.byPort(payload, portsAt)
    if (protocol !== NONE) {
      this.#nameByPort(row, protocol, this.#probe.port, packetNumber)
      this.#carry(row, payload, portsAt)
      return
    }
    protocol = this.#probe.byLook(payload, portsAt)
    if (protocol === NONE) return
    const application = applicationOf(protocol)
    const what = `form of ${application.title}`
    this.#decide(row, this.#verdicts.intern({ ...application, kind: 'payload', what, carries: [] }), packetNumber)
    this.#carry(row, payload, portsAt)
  }

  #nameDecoded(row: number, protocol: number, { sourcePort, destinationPort }: Payload, packetNumber: number): void {
    if (this.#verdict[row] !== 0) return
    const table = this.#transport === 'tcp' ? byTcpPort : byUdpPort
    // Some are told by more than a port; that has no other evidence either.
    const port = [destinationPort, sourcePort].find((candidate) => table[candidate] === protocol) ?? 0
    this.#nameByPort(row, protocol, port, packetNumber)
  }

  #nameByPort(row: number, protocol: number, port: number, packetNumber: number): void {
    this.#decide(row, this.#verdicts.ofPort(protocol, port), packetNumber)
  }

  #decide(row: number, verdict: number, packetNumber: number): void {
    this.#verdict[row] = verdict
    this.#packet[row] = packetNumber
    const { name, kind } = this.#verdicts.at(verdict)
    this.#state[row] &= ~(DECIDED | ANNOUNCES)
    if (kind === 'payload' && !CARRIERS.has(name)) this.#state[row] |= DECIDED
    if (ANNOUNCING.has(name)) this.#state[row] |= ANNOUNCES
  }

  /** Notes what the payload of a stream with a name carries in turn, if that matters. */
  #carry(row: number, payload: Payload, portsAt: number): void {
    const number = this.#verdict[row]
    const verdict = this.#verdicts.at(number)
    if (!CARRIERS.has(verdict.name)) return
    this.#probe ??= new Probe(this.#transport === 'tcp')
    const probe = this.#probe
    const carried =
      verdict.name === 'proxy'
        ? this.#behindProxy(payload)
        : carriedIn(verdict.name, payload, () => probe.carriedBy(verdict.name, payload, portsAt))
    if (saysMore(carried, verdict.carries)) this.#verdict[row] = this.#verdicts.carrying(number, carried)
  }

  /** What the PROXY protocol goes before, by its signature. */
  #behindProxy(payload: Payload): readonly Application[] {
    const header = proxyHeaderLength(payload)
    if (header >= payload.end - payload.at) return []
    const behind = this.#joined
    // `payload` may be the same object.
    behind.isFirst = payload.isFirst || header > 0
    behind.bytes = payload.bytes
    behind.end = payload.end
    behind.length = payload.length - header
    behind.at = payload.at + header
    behind.sourcePort = payload.sourcePort
    behind.destinationPort = payload.destinationPort
    const signature = this.#matching(behind)
    return signature === null ? [] : [{ name: signature.name, title: signature.title }]
  }

  /** What the stream in `row` itself tells; null if nothing. */
  ownVerdict(row: number): Verdict | null {
    const verdict = row < this.#count ? this.#verdict[row] : 0
    return verdict === 0 ? null : this.#verdicts.at(verdict)
  }

  /** The packet that told `ownVerdict`. */
  packetOf(row: number): number {
    return this.#packet[row]
  }

  /** Forgets the stream in `row`. */
  clear(row: number): void {
    if (row >= this.#count) return
    this.#state[row] = this.#verdict[row] = 0
    this.#candidates.delete(row)
    this.#openings.clear(row)
    this.#log?.clear(row)
  }

  /** Adds the streams of the later part, whose rows here `mapping` gives: what it saw first is looked at once more. */
  merge(later: StreamNames, mapping: Int32Array): void {
    for (let theirs = 0; theirs < later.#count; theirs++) {
      const ours = mapping[theirs]
      if (ours < 0 || (later.#state[theirs] === 0 && later.#verdict[theirs] === 0)) continue
      if (ours >= this.#count) this.#grow(ours)
      for (const head of later.#log?.of(theirs) ?? []) this.#replay(ours, head)
    }
  }

  #replay(row: number, head: Head): void {
    const payload = this.#payload
    readHead(payload, head)
    const { direction, sequence, packet, protocol } = head
    if (protocol !== NONE) this.#nameDecoded(row, protocol, payload, packet)
    else this.#judge(row, payload, 0, direction, sequence, packet)
    if (this.#log !== null && (protocol !== NONE || !this.#log.isFull(row, direction))) this.#log.push(row, head)
  }

  #grow(row: number): void {
    this.#count = row + 1
    this.#state = growUint8(this.#state, row)
    this.#verdict = growUint16(this.#verdict, row)
    this.#packet = growUint32(this.#packet, row)
  }
}

/** Hot: zeros, as in what measures speed or was never written, tell nothing; many formats begin with one, and would be asked. */
function isBlank({ bytes, at, end }: Payload): boolean {
  if (bytes[at] !== 0 || end - at < BLANK) return false
  for (let i = at + BLANK - 1; i > at; i--) if (bytes[i] !== 0) return false
  return true
}

/** Hot. */
function countOf(state: number, direction: number): number {
  return (state >> (direction * COUNT_BITS)) & COUNT
}
