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
import { HeadLog, MAX_PAYLOADS, PORTS_LENGTH } from './head-log.ts'
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

export type StreamNamesState = ReturnType<StreamNames['save']>

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
    const payload = this.#payload
    const portsAt = packet.layerAt[layer]
    payload.bytes = packet.bytes
    payload.at = payload.end = portsAt + PORTS_LENGTH
    payload.length = 0
    readPorts(payload, portsAt)
    this.#nameDecoded(row, protocol, payload, packet.number)
    if (this.#log !== null) this.#log.add(row, payload, portsAt, 0, 0, packet.number, protocol)
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
    if (this.#log !== null) this.#log.add(row, payload, portsAt, direction, sequence, packet.number, NONE)
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

  /** Adds the streams of the later part, whose rows here `mapping` gives. */
  merge(later: StreamNames, mapping: Int32Array): void {
    later.#forgetPending()
    const verdicts = this.#verdicts.numbersOf(later.#verdicts)
    for (let theirs = 0; theirs < later.#count; theirs++) {
      const ours = mapping[theirs]
      if (ours < 0) continue
      if (ours >= this.#count) this.#grow(ours)
      // Of a stream that nothing was known of, the later part has judged as the whole would; of others the earlier part goes on.
      const isJudged = (later.#state[theirs] | later.#verdict[theirs]) !== 0
      const isKept = isJudged && (this.#state[ours] | this.#verdict[ours]) === 0
      if (isKept) {
        this.#state[ours] = later.#state[theirs]
        this.#verdict[ours] = verdicts[later.#verdict[theirs]]
        this.#packet[ours] = later.#packet[theirs]
      }
      if (later.#log !== null && (!isKept || this.#log !== null)) this.#replay(ours, later.#log, theirs, isKept)
    }
  }

  /** Goes once more through what the later part saw first of its stream `theirs`. */
  #replay(row: number, log: HeadLog, theirs: number, isJudged: boolean): void {
    const count = log.find(theirs)
    for (let i = 0; i < count; i++) {
      log.read(i)
      const { payload, portsAt, direction, sequence, packet, protocol } = log.head
      if (!isJudged) {
        if (protocol !== NONE) this.#nameDecoded(row, protocol, payload, packet)
        else this.#judge(row, payload, portsAt, direction, sequence, packet)
      }
      if (this.#log !== null) this.#log.add(row, payload, portsAt, direction, sequence, packet, protocol)
    }
  }

  /** Streams of which it depends on what was seen before what their next payload means are left to be judged anew. */
  #forgetPending(): void {
    for (const rows of [this.#candidates.keys(), this.#openings.rows()])
      for (const row of rows) this.#state[row] = this.#verdict[row] = 0
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    this.#forgetPending()
    return {
      count: this.#count,
      state: this.#state,
      verdict: this.#verdict,
      packet: this.#packet,
      verdicts: this.#verdicts.save(),
      log: this.#log?.save() ?? null,
    }
  }

  /** Takes over what `save` gave of a part, of which `packetsBefore` packets came before; good for nothing but being merged. */
  load(state: StreamNamesState, packetsBefore: number): void {
    this.#count = state.count
    this.#state = state.state
    this.#verdict = state.verdict
    this.#packet = state.packet
    for (let row = 0; row < state.count; row++) if (this.#verdict[row] !== 0) this.#packet[row] += packetsBefore
    this.#verdicts.load(state.verdicts)
    if (state.log !== null) this.#log?.load(state.log, packetsBefore)
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
