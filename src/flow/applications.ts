/**
 * What streams are, over TCP and UDP: `identification/` tells it from what each of them carries, from its ports, and from what other
 * streams announce.
 */
import type { Packet } from '../packet/packet.ts'
import { DATA } from '../protocols/data.ts'
import { OFFSET_FLAGS, RST, TCP } from '../protocols/tcp.ts'
import { UDP } from '../protocols/udp.ts'
import type { Evidence } from './evidence.ts'
import { type Announced, Announcements, type Transport } from './identification/announcements.ts'
import { StreamNames } from './identification/stream-names.ts'
import type { Application, Verdict } from './identification/verdicts.ts'
import { isPlain } from './plain.ts'
import type { StreamMapping, StreamOptions, StreamTracker } from './streams.ts'

export type { Application } from './identification/verdicts.ts'

/** What one stream is. */
export interface StreamApplication extends Application {
  /** What that carries in turn, the outermost first: `smb2` of `nbss`, `portmap` of `rpc`. */
  readonly carries: readonly Application[]
  readonly evidence: Evidence
}

interface StreamApplications {
  /** What the stream in `row` is; null if nothing told. */
  of(row: number): StreamApplication | null
  /** The application and what it carries, empty if nothing told: one array for all streams of which the same is known. */
  pathOf(row: number): readonly Application[]
}

export type ApplicationTrackerState = ReturnType<ApplicationTracker['save']>

const NO_PATH: readonly Application[] = []

/** Names the streams of a capture, or of a part of one. Streams must have been numbered before. */
export class ApplicationTracker {
  readonly #announcements = new Announcements()
  readonly #streams: StreamTracker
  readonly #names: Readonly<Record<Transport, StreamNames>>
  readonly tcp: StreamApplications
  readonly udp: StreamApplications

  constructor(streams: StreamTracker, { continues = false }: StreamOptions = {}) {
    this.#streams = streams
    this.#names = {
      tcp: new StreamNames('tcp', this.#announcements, continues),
      udp: new StreamNames('udp', this.#announcements, continues),
    }
    this.tcp = { of: (row) => this.#of('tcp', row), pathOf: (row) => this.#pathOf('tcp', row) }
    this.udp = { of: (row) => this.#of('udp', row), pathOf: (row) => this.#pathOf('udp', row) }
    for (const transport of ['tcp', 'udp'] as const)
      streams[transport].onClose((row) => {
        this.#announcements.close(transport, row, this.#ownName)
        this.#names[transport].clear(row)
      })
  }

  /** Hot. */
  track(packet: Packet): void {
    if (isPlain(packet)) {
      this.#trackLayer(packet, packet.transport)
      return
    }
    const end = Math.min(packet.layerCount, packet.quotedFrom) - 1
    for (let layer = 0; layer < end; layer++) this.#trackLayer(packet, layer)
  }

  /** Hot: what layer `layer` carries, if it is TCP or UDP with a stream. */
  #trackLayer(packet: Packet, layer: number): void {
    if (layer + 1 >= packet.layerCount) return
    const protocol = packet.layerProtocol[layer]
    if (protocol !== TCP && protocol !== UDP) return
    const row = packet.layerRow[layer]
    if (row < 0) return
    const names = protocol === TCP ? this.#names.tcp : this.#names.udp
    // What a reset carries is text that says why (RFC 9293 §3.5.3).
    if (protocol === TCP && (packet.bytes[packet.layerAt[layer] + OFFSET_FLAGS + 1] & RST) !== 0) return
    if (packet.layerProtocol[layer + 1] === DATA) names.observe(packet, row, layer)
    else names.observeDecoded(packet, row, layer)
  }

  readonly #ownName = (transport: Transport, row: number): string | null =>
    this.#names[transport].ownVerdict(row)?.name ?? null

  #of(transport: Transport, row: number): StreamApplication | null {
    const own = this.#names[transport].ownVerdict(row)
    const announced = this.#announcedFor(transport, row, own)
    if (announced !== null) {
      const { application, by, packet } = announced
      const what = `announced by ${by.join(' or ')}`
      return { ...application, carries: [], evidence: { kind: 'announced', packet, what } }
    }
    if (own === null) return null
    const { name, title, carries, kind } = own
    const above = carries.at(-1)
    const what = above === undefined ? own.what : `${own.what}, carrying ${above.title}`
    return { name, title, carries, evidence: { kind, packet: this.#names[transport].packetOf(row), what } }
  }

  #pathOf(transport: Transport, row: number): readonly Application[] {
    const own = this.#names[transport].ownVerdict(row)
    const announced = this.#announcedFor(transport, row, own)
    return announced === null ? (own?.path ?? NO_PATH) : [announced.application]
  }

  /** What another stream said of this one, unless it has told by itself. */
  #announcedFor(transport: Transport, row: number, own: Verdict | null): Announced | null {
    if (own?.kind === 'payload' || this.#announcements.isEmpty) return null
    const streams = this.#streams[transport]
    const [lower, higher] = streams.ports(row)
    if (!this.#announcements.hasPort(lower) && !this.#announcements.hasPort(higher)) return null
    const { client, server } = streams.endpoints(row)
    return (
      this.#announcements.of(transport, server.address, server.port, this.#ownName) ??
      this.#announcements.of(transport, client.address, client.port, this.#ownName)
    )
  }

  merge(later: ApplicationTracker, mapping: StreamMapping): void {
    for (const transport of ['tcp', 'udp'] as const)
      this.#names[transport].merge(later.#names[transport], mapping[transport])
    this.#announcements.merge(later.#announcements, mapping)
  }

  /** Its state as plain data, to be carried to another thread; this object is not used afterwards. */
  save() {
    return { tcp: this.#names.tcp.save(), udp: this.#names.udp.save(), announcements: this.#announcements.save() }
  }

  /** Takes over what `save` gave of a part, of which `packetsBefore` packets came before; good for nothing but being merged. */
  load(state: ApplicationTrackerState, packetsBefore: number): void {
    this.#names.tcp.load(state.tcp, packetsBefore)
    this.#names.udp.load(state.udp, packetsBefore)
    this.#announcements.load(state.announcements, packetsBefore)
  }
}
