/**
 * Findings: streams that one rule objects to, put together by what a person would look into: a service, or a host with all its
 * peers. Memory grows with findings, and with the addresses of each up to a bound.
 */
import { isPublic, octetsOf } from '../policy/address-kind.ts'
import type { StreamFacts } from '../policy/facts.ts'
import type { Ground, Objection } from '../policy/judge.ts'
import type { Rule } from '../policy/policy.ts'
import { compareSeverities, type Severity } from '../policy/severity.ts'
import type { Moment } from './analyzer.ts'

export interface Finding {
  readonly rule: string
  readonly title: string
  readonly severity: Severity
  /** Wireshark's names of what the rule objects to, in the order of the alphabet. */
  readonly protocols: readonly string[]
  /** The service, or the host (its port is null then). */
  readonly at: { readonly address: string; readonly port: number | null }
  /** What `at` is: a server with its clients, or a host with its peers. */
  readonly per: Rule['per']
  /** Of the other sides, by their first packet; a few of them. */
  readonly others: readonly string[]
  /** How many other sides there are; of a very large number, those that were counted. */
  readonly otherCount: number
  /** Of a tunnel through DNS. */
  readonly domain: string | null
  /** TCP and UDP streams; 0 for a tunnel through DNS, of which each question may have its own. */
  readonly flows: number
  readonly packets: number
  readonly bytes: number
  readonly firstPacket: number
  readonly start: Moment | null
  /** What told, by the packet that did so first; different things of the same kind, each once, and a few of them. */
  readonly evidence: readonly FindingEvidence[]
  /** `tcp.stream` and `udp.stream` of the first of them. */
  readonly streams: { readonly tcp: readonly number[]; readonly udp: readonly number[]; readonly omitted: number }
}

export type FindingEvidence = Ground & { readonly protocol: string | null }

/** How much of it there was. */
export interface Amount {
  /** Null for what is no stream. */
  readonly stream: number | null
  readonly packets: number
  readonly bytes: number
  readonly start: Moment | null
}

/** Addresses counted, addresses and streams named. */
const MAX_OTHERS = 65_536
/** Findings, and others of all findings together: who scans a network has a finding for each server. The first to come are kept. */
export const MAX_FINDINGS = 65_536
const MAX_ALL_OTHERS = 1 << 20
const MAX_NAMED = 8
const MAX_STREAMS = 20
const MAX_EVIDENCE = 8

interface Gathered {
  readonly rule: Rule
  readonly address: string
  readonly port: number | null
  readonly domain: string | null
  readonly protocols: Set<string>
  /** With the first packet of each. */
  readonly others: Map<string, number>
  flows: number
  packets: number
  bytes: number
  firstPacket: number
  start: Moment | null
  evidence: readonly FindingEvidence[]
  streams: StreamNumber[]
}

interface StreamNumber {
  readonly transport: 'tcp' | 'udp'
  readonly stream: number
  readonly firstPacket: number
}

/** Objections for whose finding there was no room. */
export interface Unlisted {
  readonly flows: number
  readonly packets: number
  readonly bytes: number
}

export class Findings {
  readonly #gathered = new Map<string, Gathered>()
  readonly #unlisted = { flows: 0, packets: 0, bytes: 0 }
  #others = 0
  readonly #max: number
  readonly #maxOthers: number

  constructor(max = MAX_FINDINGS, maxOthers = MAX_ALL_OTHERS) {
    this.#max = max
    this.#maxOthers = maxOthers
  }

  /** Null if there was room for every finding. */
  get unlisted(): Unlisted | null {
    return this.#unlisted.packets === 0 ? null : { ...this.#unlisted }
  }

  add({ rule, ground, protocol }: Objection, facts: StreamFacts, amount: Amount): void {
    const { client, server, domain, firstPacket } = facts
    const isHost = rule.per === 'host'
    const at = isHost ? hostOf(facts) : server
    const other = at === client ? server : client
    const key = [rule.id, at.address, isHost ? '' : at.port, isHost ? '' : protocol, domain ?? ''].join(' ')
    const found: Gathered = {
      rule,
      address: at.address,
      port: isHost ? null : at.port,
      domain,
      protocols: new Set(protocol === null ? [] : [protocol]),
      others: new Map([[other.address, firstPacket]]),
      flows: amount.stream === null ? 0 : 1,
      packets: amount.packets,
      bytes: amount.bytes,
      firstPacket,
      start: amount.start,
      evidence: [{ protocol, ...ground }],
      streams: amount.stream === null ? [] : [{ transport: facts.transport, stream: amount.stream, firstPacket }],
    }
    this.#put(key, found)
  }

  /** Adds what another has gathered. */
  addAll(other: Findings): void {
    for (const [key, found] of other.#gathered) this.#put(key, found)
    this.#leaveOut(other.#unlisted)
  }

  #put(key: string, found: Gathered): void {
    const known = this.#gathered.get(key)
    if (known === undefined && this.#gathered.size >= this.#max) {
      this.#leaveOut(found)
      return
    }
    if (known === undefined) {
      this.#others += found.others.size
      this.#gathered.set(key, {
        ...found,
        protocols: new Set(found.protocols),
        others: new Map(found.others),
        streams: [...found.streams],
      })
      return
    }
    for (const protocol of found.protocols) known.protocols.add(protocol)
    for (const [address, first] of found.others) {
      const before = known.others.get(address)
      const isNew = before === undefined
      if (isNew ? known.others.size >= MAX_OTHERS || this.#others >= this.#maxOthers : first >= before) continue
      if (isNew) this.#others++
      known.others.set(address, first)
    }
    known.flows += found.flows
    known.packets += found.packets
    known.bytes += found.bytes
    if (found.firstPacket < known.firstPacket) {
      known.firstPacket = found.firstPacket
      known.start = found.start
    }
    known.evidence = firstEvidence([...known.evidence, ...found.evidence])
    known.streams.push(...found.streams)
    if (known.streams.length > 2 * MAX_STREAMS) known.streams = firstStreams(known.streams)
  }

  #leaveOut({ flows, packets, bytes }: Unlisted): void {
    this.#unlisted.flows += flows
    this.#unlisted.packets += packets
    this.#unlisted.bytes += bytes
  }

  /** The worst first; then most bytes; then by first packet. */
  result(): Finding[] {
    return [...this.#gathered.values()]
      .map(toFinding)
      .sort(
        (a, b) =>
          compareSeverities(b.severity, a.severity) ||
          b.bytes - a.bytes ||
          a.firstPacket - b.firstPacket ||
          (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0) ||
          (a.at.port ?? 0) - (b.at.port ?? 0),
      )
  }
}

/** The first of each, and the first of those: what is left out of a part is left out of the whole, so parts add up. */
function firstEvidence(all: readonly FindingEvidence[]): FindingEvidence[] {
  const sorted = [...all].sort((a, b) => a.packet - b.packet || (a.what < b.what ? -1 : 1))
  const isFirst = (one: FindingEvidence, i: number): boolean =>
    sorted.findIndex(({ what, protocol }) => what === one.what && protocol === one.protocol) === i
  return sorted.filter(isFirst).slice(0, MAX_EVIDENCE)
}

/** The side that is on this network, if only one is: a peer has its port by chance, and either side may begin. Else the client. */
function hostOf({ client, server }: StreamFacts): StreamFacts['client'] {
  return isLocal(server.address) && !isLocal(client.address) ? server : client
}

function isLocal(address: string): boolean {
  const octets = octetsOf(address)
  return octets !== null && !isPublic(octets)
}

function firstStreams(streams: readonly StreamNumber[]): StreamNumber[] {
  return [...streams]
    .sort((a, b) => a.firstPacket - b.firstPacket || (a.transport < b.transport ? -1 : 1))
    .slice(0, MAX_STREAMS)
}

function toFinding(found: Gathered): Finding {
  const streams = firstStreams(found.streams)
  const numbers = (transport: 'tcp' | 'udp'): number[] =>
    streams.filter((one) => one.transport === transport).map(({ stream }) => stream)
  const others = [...found.others].sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1)).map(([address]) => address)
  return {
    rule: found.rule.id,
    title: found.rule.title,
    severity: found.rule.severity,
    protocols: [...found.protocols].sort(),
    at: { address: found.address, port: found.port },
    per: found.rule.per,
    others: others.slice(0, MAX_NAMED),
    otherCount: others.length,
    domain: found.domain,
    flows: found.flows,
    packets: found.packets,
    bytes: found.bytes,
    firstPacket: found.firstPacket,
    start: found.start,
    evidence: found.evidence,
    streams: { tcp: numbers('tcp'), udp: numbers('udp'), omitted: found.flows - streams.length },
  }
}
