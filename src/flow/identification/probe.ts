/**
 * Asks decoders whether a payload is theirs, and what it carries, without a conversation: the answer depends on nothing but the
 * ports and the first octets of the payload, so it is the same wherever a capture was split.
 */
import { read16 } from '../../packet/bytes.ts'
import { FAULT_NONE, INCOMPLETE, MAX_LAYERS, NONE, Packet, REJECTED } from '../../packet/packet.ts'
import { applications } from '../../protocols/application/index.ts'
import { DATA } from '../../protocols/data.ts'
import { applicationByTcpPort, applicationByUdpPort } from '../../protocols/handoff.ts'
import { decoders, protocolById } from '../../protocols/index.ts'
import type { Protocol } from '../../protocols/protocol.ts'
import { TCP } from '../../protocols/tcp.ts'
import { UDP } from '../../protocols/udp.ts'
import { signatures } from '../signatures/index.ts'
import type { Payload } from '../signatures/payload.ts'

/** Layers that are followed behind the first. */
const MAX_CARRIED = 4

/** In the order in which Wireshark asks: the last name first. */
const backwards = [...applications].sort((a, b) => (a.name < b.name ? 1 : -1))
const byLook = { tcp: lookedFor('tcp'), udp: lookedFor('udp') }

/** Those without a signature, which would be stricter. */
function lookedFor(transport: 'tcp' | 'udp'): Protocol[] {
  const signed = new Set(
    signatures.filter((s) => s.transport === transport || s.transport === 'both').map((s) => s.name),
  )
  return backwards.filter(({ name, looksLike }) => looksLike?.[transport] !== undefined && !signed.has(name))
}

const byName = new Map(applications.map((protocol) => [protocol.name, protocol.id]))

export class Probe {
  readonly #isTcp: boolean
  readonly #packet = new Packet()
  /** The port by which `byPort` found its answer. */
  port = 0

  constructor(isTcp: boolean) {
    this.#isTcp = isTcp
    // No packet of a capture has this number: what decoders remember of the packet before is not for this one.
    this.#packet.number = -1
  }

  /** The protocol of one of the ports, the lower one first, whose decoder takes the payload; `NONE` if there is none. */
  byPort(payload: Payload, portsAt: number): number {
    const table = this.#isTcp ? applicationByTcpPort : applicationByUdpPort
    const { sourcePort, destinationPort } = payload
    this.port = Math.min(sourcePort, destinationPort)
    const protocol = this.#called(table[this.port], this.port, payload, portsAt)
    if (protocol !== NONE) return protocol
    this.port = Math.max(sourcePort, destinationPort)
    return this.#called(table[this.port], this.port, payload, portsAt)
  }

  /** The protocol that recognises the payload by Wireshark's own rules; `NONE` if there is none. */
  byLook(payload: Payload, portsAt: number): number {
    const candidates = this.#isTcp ? byLook.tcp : byLook.udp
    for (let i = 0; i < candidates.length; i++) {
      this.#fill(payload, portsAt, 0)
      const looksLike = candidates[i].looksLike![this.#isTcp ? 'tcp' : 'udp']!
      if (!looksLike(this.#packet, payload.at)) continue
      const protocol = this.#called(candidates[i].id, 0, payload, portsAt)
      if (protocol !== NONE) return protocol
    }
    return NONE
  }

  /** The protocols that a payload of the one with that name carries, the outermost first. */
  carriedBy(name: string, payload: Payload, portsAt: number): readonly number[] {
    const protocol = byName.get(name) ?? NONE
    const port = Math.min(payload.sourcePort, payload.destinationPort)
    if (this.#called(protocol, port, payload, portsAt) !== protocol) return []
    const packet = this.#packet
    for (let next = this.#next; next > NONE && next !== DATA && packet.layerCount < 2 + MAX_CARRIED; ) {
      next = decoders[next](packet, packet.payload)
    }
    return [...packet.layerProtocol.subarray(2, packet.layerCount)].filter((id) => id !== DATA)
  }

  /** What the decoder that was called last hands on to. */
  #next = NONE

  #called(id: number, port: number, payload: Payload, portsAt: number): number {
    if (id === NONE) return NONE
    this.#fill(payload, portsAt, port)
    const packet = this.#packet
    const { messages } = protocolById[id]!
    if (messages !== undefined && this.#isTcp) {
      if (packet.end - payload.at < messages.headerLength) return NONE
      const length = messages.length(payload.bytes, payload.at, packet)
      if (length < messages.headerLength) return NONE
      packet.wireEnd = Math.min(packet.wireEnd, payload.at + length)
      packet.end = Math.min(packet.end, packet.wireEnd)
    }
    packet.messageEnd = packet.wireEnd
    this.#next = decoders[id](packet, payload.at)
    // What waits for the rest of a message whose length it knows, and which the payload has, has said yes; others have not.
    if (this.#next === INCOMPLETE)
      return packet.missing > 0 && payload.end - payload.at + packet.missing <= payload.length ? id : NONE
    if (this.#next === REJECTED || packet.layerCount < 2) return NONE
    const found = packet.layerProtocol[1]
    return found === DATA ? NONE : found
  }

  /** A packet that has nothing but a transport header, of which only the ports are real, and the payload. */
  #fill(payload: Payload, portsAt: number, port: number): void {
    const packet = this.#packet
    packet.bytes = payload.bytes
    packet.start = portsAt
    // There is no room for what decoders put together or decrypt.
    packet.scratch = packet.scratchFree = payload.bytes.length
    packet.layerProtocol[0] = this.#isTcp ? TCP : UDP
    packet.layerAt[0] = portsAt
    packet.layerEnd[0] = payload.end
    packet.layerWireEnd[0] = this.#isTcp ? payload.end : payload.at + payload.length
    packet.layerStream[0] = packet.layerRow[0] = -1
    packet.layerCount = 1
    packet.transport = 0
    packet.network = -1
    packet.quotedFrom = MAX_LAYERS
    packet.fault = FAULT_NONE
    packet.conversation = null
    packet.canReassemble = this.#isTcp
    packet.matchPort = port
    packet.payload = payload.at
    packet.end = payload.end
    // Over TCP the head stands for a segment of its own.
    packet.wireEnd = packet.layerWireEnd[0]
  }
}

/** Sets the ports of `payload` to those that stand at `portsAt`, as both TCP and UDP begin with them. */
export function readPorts(payload: Payload, portsAt: number): void {
  payload.sourcePort = read16(payload.bytes, portsAt)
  payload.destinationPort = read16(payload.bytes, portsAt + 2)
}
