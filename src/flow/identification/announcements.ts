/**
 * What streams say of others, as FTP does of its data connections. It counts if the stream that says so is what would say so, which
 * may be known only later; so all is kept, and judged when a stream's name is asked for.
 */
import type { Packet } from '../../packet/packet.ts'
import { registered } from '../../protocols/protocol.ts'
import { receiverBelow, senderBelow } from '../addresses-below.ts'
import type { Payload } from '../signatures/payload.ts'
import type { StreamMapping } from '../streams.ts'
import { type Announcer, RECEIVER, SENDER } from './announcers/announcer.ts'
import { announcers } from './announcers/index.ts'
import type { Application } from './verdicts.ts'

/** Announcements kept; the oldest are forgotten first. */
const MAX_ANNOUNCEMENTS = 65_536

export type Transport = 'tcp' | 'udp'

export interface Announced {
  /** Transport protocol, address and port, as one text. */
  readonly endpoint: string
  readonly port: number
  readonly application: Application
  /** The applications whose word counts. */
  readonly by: readonly string[]
  /** Where it was said: the transport protocol and row of the stream, and the packet's number. */
  readonly transport: Transport
  /** -1: that stream was closed out, and is what it should be. */
  row: number
  readonly packet: number
}

/** The name of a stream's application, as far as its own payload tells. */
export type NameOf = (transport: Transport, row: number) => string | null

const byFirstOctet: Readonly<Record<Transport, readonly (readonly Announcer[])[]>> = {
  tcp: candidates('tcp'),
  udp: candidates('udp'),
}

/** Names of applications that announce others. */
export const ANNOUNCING: ReadonlySet<string> = new Set(announcers.flatMap(({ applications }) => applications))

function candidates(transport: Transport): readonly (readonly Announcer[])[] {
  const ours = announcers.filter((announcer) => announcer.transport === transport || announcer.transport === 'both')
  return Array.from({ length: 256 }, (_, octet) => ours.filter(({ begins }) => begins.includes(octet)))
}

const NO_PORTS = new Uint8Array(0)

export class Announcements {
  readonly #announced = new Map<string, Announced>()
  /** By row of the streams that said something: the endpoints that they spoke of. */
  readonly #speakers: Readonly<Record<Transport, Map<number, Set<string>>>> = { tcp: new Map(), udp: new Map() }

  /** By port: something was announced there, at some address. Most streams need not be asked about. */
  #ports = NO_PORTS

  get isEmpty(): boolean {
    return this.#announced.size === 0
  }

  hasPort(port: number): boolean {
    return this.#ports[port] === 1
  }

  /** Hot: keeps what the payload in transport layer `layer` says, which is whole in `payload`. */
  read(packet: Packet, layer: number, transport: Transport, payload: Payload): void {
    const asked = byFirstOctet[transport][payload.bytes[payload.at]]
    for (let i = 0; i < asked.length; i++) this.#keep(packet, layer, transport, payload, asked[i])
  }

  #keep(packet: Packet, layer: number, transport: Transport, payload: Payload, announcer: Announcer): void {
    for (const said of announcer.read(payload)) {
      let { address } = said
      if (address === SENDER || address === RECEIVER) {
        const known = address === SENDER ? senderBelow(packet, layer) : receiverBelow(packet, layer)
        if (known === null) continue
        address = known
      }
      const protocol = registered.find((known) => known?.name === said.application)
      this.#add({
        endpoint: keyOf(said.transport, address as string, said.port),
        port: said.port,
        application: { name: said.application, title: protocol?.title ?? said.application },
        by: announcer.applications,
        transport,
        row: packet.layerRow[layer],
        packet: packet.number,
      })
    }
  }

  /** The first to say something of an endpoint that others say too is the one that counts. */
  #add(announced: Announced): void {
    const { endpoint: key } = announced
    if (this.#announced.has(key)) return
    if (this.#ports === NO_PORTS) this.#ports = new Uint8Array(65_536)
    this.#ports[announced.port] = 1
    this.#announced.set(key, announced)
    if (announced.row >= 0) {
      const speakers = this.#speakers[announced.transport]
      const spokeOf = speakers.get(announced.row)
      if (spokeOf === undefined) speakers.set(announced.row, new Set([key]))
      else spokeOf.add(key)
    }
    if (this.#announced.size > MAX_ANNOUNCEMENTS) this.#forgetOldest()
  }

  #forgetOldest(): void {
    const { endpoint, transport, row } = this.#announced.values().next().value as Announced
    this.#announced.delete(endpoint)
    this.#speakers[transport].get(row)?.delete(endpoint)
  }

  /** What was said of that endpoint by a stream whose word counts. */
  of(transport: Transport, address: string, port: number, nameOf: NameOf): Announced | null {
    const announced = this.#announced.get(keyOf(transport, address, port))
    return announced !== undefined && isBelieved(announced, nameOf) ? announced : null
  }

  /** The stream in `row` is closed out: what it said is judged now. */
  close(transport: Transport, row: number, nameOf: NameOf): void {
    const spokeOf = this.#speakers[transport].get(row)
    if (spokeOf === undefined) return
    this.#speakers[transport].delete(row)
    for (const key of spokeOf) {
      const announced = this.#announced.get(key) as Announced
      if (isBelieved(announced, nameOf)) announced.row = -1
      else this.#announced.delete(key)
    }
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save(): readonly Announced[] {
    return [...this.#announced.values()]
  }

  /** Takes over what `save` gave of a part, of which `packetsBefore` packets came before. */
  load(state: readonly Announced[], packetsBefore: number): void {
    for (const announced of state) this.#add({ ...announced, packet: announced.packet + packetsBefore })
  }

  merge(later: Announcements, mapping: StreamMapping): void {
    for (const announced of later.#announced.values()) {
      const row = announced.row < 0 ? -1 : mapping[announced.transport][announced.row]
      this.#add({ ...announced, row })
    }
  }
}

function isBelieved({ by, transport, row }: Announced, nameOf: NameOf): boolean {
  if (row < 0) return true
  const name = nameOf(transport, row)
  return name !== null && by.includes(name)
}

function keyOf(transport: Transport, address: string, port: number): string {
  return `${transport} ${address} ${port}`
}
