/**
 * Names of hosts as the capture tells them: what DNS answered, and what clients asked servers for (the server name of TLS and
 * QUIC, the Host of HTTP). Nothing is looked up on a network. Names are what packets say: a client may ask for any.
 *
 * Says which packets tell names (`wants`), and sees those after what they carry has been decoded: all else need not be.
 */
import { isIP } from 'node:net'
import { formatIpv4, formatIpv6 } from '../packet/address.ts'
import type { Packet } from '../packet/packet.ts'
import { DATA } from '../protocols/data.ts'
import type { Field } from '../protocols/field.ts'
import { protocols } from '../protocols/index.ts'
import { TCP } from '../protocols/tcp.ts'
import { UDP } from '../protocols/udp.ts'
import { growUint8 } from '../tables/grow.ts'
import { receiverBelow } from './addresses-below.ts'
import type { ApplicationTracker } from './applications.ts'
import type { StreamTracker } from './streams.ts'

export type NameSource = 'dns' | 'sni' | 'host'

export interface HostName {
  readonly name: string
  readonly source: NameSource
}

/** Addresses with names, and streams, kept at most; the oldest are forgotten first. */
const MAX_NAMES = 262_144
/** RFC 1035 §3.1. */
const MAX_LENGTH = 255
const MAX_ANSWERS = 256

/** Packets of a stream in which a name is looked for. */
const MAX_WANTED = 24

const RESOLVERS: ReadonlySet<string> = new Set(['dns', 'mdns', 'llmnr'])
const ASKED_BY_NAME: ReadonlySet<string> = new Set([
  'tls',
  'http',
  'quic',
  'proxy',
  'socks',
  'smtp',
  'imap',
  'pop',
  'xmpp',
  'ftp',
])

const A = 1
const AAAA = 28

const tls = protocolOf('tls')
const http = protocolOf('http')
const serverName = fieldOf('tls', 'tls.handshake.extensions_server_name')
const host = fieldOf('http', 'http.host')
/** DNS, and what has its format. */
const resolvers = ['dns', 'mdns', 'llmnr'].map((name) => ({
  id: protocolOf(name),
  isResponse: fieldOf(name, 'dns.flags.response'),
  question: fieldOf(name, 'dns.qry.name'),
  name: fieldOf(name, 'dns.resp.name'),
  type: fieldOf(name, 'dns.resp.type'),
  a: fieldOf(name, 'dns.a'),
  aaaa: fieldOf(name, 'dns.aaaa'),
}))

type Resolver = (typeof resolvers)[number]

/** By protocol: what is read of its layers. */
const READERS = new Map<number, Resolver | 'sni' | 'host'>([
  [tls, 'sni'],
  [http, 'host'],
  ...resolvers.map((resolver): [number, Resolver] => [resolver.id, resolver]),
])

export class HostNames {
  readonly #byAddress = new Map<string, HostName>()
  /** By transport protocol and row of the stream. */
  readonly #byStream = { tcp: new Map<number, HostName>(), udp: new Map<number, HostName>() }

  readonly #applications: ApplicationTracker
  /** By transport protocol and row: packets of the stream that were wanted. */
  readonly #wanted = { tcp: new Uint8Array(256), udp: new Uint8Array(256) }

  /** `applications` names the streams before. */
  constructor(streams: StreamTracker, applications: ApplicationTracker) {
    this.#applications = applications
    for (const transport of ['tcp', 'udp'] as const)
      streams[transport].onClose((row) => {
        this.#byStream[transport].delete(row)
        if (row < this.#wanted[transport].length) this.#wanted[transport][row] = 0
      })
  }

  /**
   * Hot: whether the packet may tell a name: DNS always may, a stream of TLS, QUIC or HTTP with its first packets, until it has told.
   */
  wants(packet: Packet): boolean {
    const end = Math.min(packet.layerCount, packet.quotedFrom) - 1
    for (let layer = 0; layer < end; layer++) {
      const protocol = packet.layerProtocol[layer]
      if (protocol !== TCP && protocol !== UDP) continue
      const row = packet.layerRow[layer]
      if (row < 0 || packet.layerProtocol[layer + 1] !== DATA) continue
      if (this.#mayTell(protocol === TCP ? 'tcp' : 'udp', row)) return true
    }
    return false
  }

  /** Hot. */
  #mayTell(transport: 'tcp' | 'udp', row: number): boolean {
    const [application] = this.#applications[transport].pathOf(row)
    if (application === undefined) return false
    if (RESOLVERS.has(application.name)) return true
    if (!ASKED_BY_NAME.has(application.name) || this.#byStream[transport].has(row)) return false
    if (row >= this.#wanted[transport].length) this.#wanted[transport] = growUint8(this.#wanted[transport], row)
    if (this.#wanted[transport][row] >= MAX_WANTED) return false
    this.#wanted[transport][row]++
    return true
  }

  track(packet: Packet): void {
    const end = Math.min(packet.layerCount, packet.quotedFrom)
    let transport = -1
    for (let layer = 0; layer < end; layer++) {
      const protocol = packet.layerProtocol[layer]
      if (protocol === TCP || protocol === UDP) transport = layer
      const reader = READERS.get(protocol)
      if (reader === undefined || transport < 0) continue
      if (reader === 'sni') this.#noteStream(packet, transport, textOf(packet, layer, serverName), 'sni')
      else if (reader === 'host') this.#noteStream(packet, transport, textOf(packet, layer, host), 'host')
      else this.#noteAnswers(packet, layer, reader)
    }
  }

  /** What DNS called the address, or else a client that asked something of it; null if nothing did. */
  ofAddress(address: string): HostName | null {
    return this.#byAddress.get(address) ?? null
  }

  /** What the client of the stream asked for by name; null if it did not. */
  ofStream(transport: 'tcp' | 'udp', row: number): HostName | null {
    return this.#byStream[transport].get(row) ?? null
  }

  #noteStream(packet: Packet, transport: number, name: string | null, source: NameSource): void {
    const row = packet.layerRow[transport]
    if (name === null || row < 0) return
    const names = this.#byStream[packet.layerProtocol[transport] === TCP ? 'tcp' : 'udp']
    const text = source === 'host' ? name.replace(/:\d+$/, '') : name
    if (text === '' || isIP(text.replace(/^\[|\]$/g, '')) !== 0) return
    if (!names.has(row)) keep(names, row, { name: text, source })
    const server = receiverBelow(packet, transport)
    if (server !== null && !this.#byAddress.has(server)) keep(this.#byAddress, server, { name: text, source })
  }

  /** An answer names the addresses by what was asked for, not by what that is an alias of. */
  #noteAnswers(packet: Packet, layer: number, resolver: Resolver): void {
    const { isResponse, question, name, type, a, aaaa } = resolver
    if (!isResponse.each(packet, layer, (value) => value === 1)) return
    const asked = textOf(packet, layer, question)
    const v4 = all(packet, layer, a, (value: number) => formatIpv4(value))
    const v6 = all(packet, layer, aaaa, (at: number) => formatIpv6(packet.bytes, at))
    if (v4.length + v6.length === 0) return
    const names = asked === null ? all(packet, layer, name, String) : []
    const types = all(packet, layer, type, Number)
    for (const [index, record] of types.entries()) {
      const address = record === A ? v4.shift() : record === AAAA ? v6.shift() : undefined
      const known = asked ?? names[index]
      if (address !== undefined && known !== undefined && known !== '' && known.length <= MAX_LENGTH)
        keep(this.#byAddress, address, { name: known, source: 'dns' })
    }
  }
}

function keep<K>(names: Map<K, HostName>, key: K, name: HostName): void {
  names.set(key, name)
  if (names.size > MAX_NAMES) names.delete(names.keys().next().value as K)
}

function textOf(packet: Packet, layer: number, field: Field): string | null {
  let found: string | null = null
  field.each(packet, layer, (value: string) => {
    found = value
    return true
  })
  return found === null || (found as string).length > MAX_LENGTH ? null : found
}

function all<V, T>(packet: Packet, layer: number, field: Field, read: (value: V) => T): T[] {
  const found: T[] = []
  field.each(packet, layer, (value: V) => found.push(read(value)) >= MAX_ANSWERS)
  return found
}

function protocolOf(name: string): number {
  return protocols.find((protocol) => protocol.name === name)!.id
}

function fieldOf(protocol: string, name: string): Field {
  return protocols.find((declared) => declared.name === protocol)!.fields.find((field) => field.name === name)!
}
