/**
 * What a policy objects to among the TCP and UDP streams of a capture, and the evidence for it.
 *
 * A stream is judged by what it carries (`ApplicationTracker`, from payload or announced by another stream, never by its port
 * alone), by its two sides, and by what is looked for here: logins in clear text, tunnels through DNS, Tor's handshakes, a
 * protocol on the port of another. What could not be named is counted, and not judged unless a rule goes by addresses, ports or countries alone. Other
 * protocols over IP are not looked at.
 */
import type { ApplicationTracker, StreamApplication } from '../flow/applications.ts'
import type { StreamMapping, StreamTracker } from '../flow/streams.ts'
import type { Packet } from '../packet/packet.ts'
import type { Sign, StreamFacts } from '../policy/facts.ts'
import { type CountryOf, judge } from '../policy/judge.ts'
import type { Policy } from '../policy/policy.ts'
import { isUsualPort, ownerOfPort } from '../policy/ports.ts'
import { headerLength, TCP } from '../protocols/tcp.ts'
import { UDP } from '../protocols/udp.ts'
import type { Analyzer } from './analyzer.ts'
import { ClearTextLogins } from './clear-text-logins.ts'
import { type DnsTunnel, DnsTunnels } from './dns-tunnels.ts'
import { type AmountsByStream, StreamAmounts } from './stream-amounts.ts'
import { TorHandshakes } from './tor-handshakes.ts'
import { type Finding, Findings, type Unlisted } from './unwanted-findings.ts'

export type { Finding } from './unwanted-findings.ts'

/** What was looked at. */
export interface StreamCounts {
  readonly streams: number
  /** Named by payload, or by the announcement of another stream: judged. */
  readonly named: number
  /** Named by their port alone: not judged by that name. */
  readonly namedByPort: number
  /** With payload that nothing could name. */
  readonly unnamed: number
  /** Without any payload. */
  readonly empty: number
}

export interface UnwantedResult {
  readonly policy: string
  readonly findings: readonly Finding[]
  readonly looked: StreamCounts
  /** What is unwanted, too, but of no finding listed, as there are so many (`MAX_FINDINGS`); null if there is none. */
  readonly unlisted: Unlisted | null
}

export interface UnwantedOptions {
  readonly policy: Policy
  readonly countryOf?: CountryOf
  /** Counted by an analyzer that was made before this one and observes the same packets; else they are counted here. */
  readonly amounts?: AmountsByStream
}

interface Context {
  readonly streams: StreamTracker
  readonly applications: ApplicationTracker
}

type Counts = { -readonly [Key in keyof StreamCounts]: number }

export class Unwanted implements Analyzer<UnwantedResult> {
  readonly needs = ['streams', 'applications'] as const
  readonly #context: Context
  readonly #policy: Policy
  readonly #countryOf: CountryOf
  /** A rule may object to a stream that nothing is known of but its sides. */
  readonly #isOpen: boolean
  readonly #amounts: AmountsByStream
  /** The same, if they are counted here. */
  readonly #ownAmounts: StreamAmounts | null
  readonly #logins = new ClearTextLogins()
  readonly #tunnels = new DnsTunnels()
  readonly #tor = new TorHandshakes()
  /** Of streams that were closed out. */
  readonly #closed = new Findings()
  readonly #closedCounts = noCounts()

  constructor(context: Context, { policy, countryOf = () => null, amounts }: UnwantedOptions) {
    this.#context = context
    this.#policy = policy
    this.#countryOf = countryOf
    this.#isOpen = policy.rules.some(
      ({ effect, matches }) => effect === 'deny' && matches.some(({ protocol, sign }) => (protocol ?? sign) === null),
    )
    this.#ownAmounts = amounts === undefined ? new StreamAmounts(context.streams) : null
    this.#amounts = amounts ?? this.#ownAmounts!
    for (const transport of ['tcp', 'udp'] as const)
      context.streams[transport].onClose((row) => {
        if (this.#amounts[transport].packetsOf(row) === 0) return
        this.#judgeStream(transport, row, this.#closed, this.#closedCounts)
        if (transport === 'udp') return
        this.#logins.forget(row)
        this.#tor.forget(row)
      })
  }

  /** Hot. */
  observe(packet: Packet): void {
    if (this.#ownAmounts !== null) this.#ownAmounts.observe(packet)
    const layer = packet.transport
    if (layer < 0 || layer >= packet.quotedFrom) return
    const row = packet.layerRow[layer]
    if (row < 0) return
    const protocol = packet.layerProtocol[layer]
    if (protocol === TCP) {
      const at = packet.layerAt[layer] + headerLength(packet, layer)
      this.#logins.observe(packet.bytes, at, packet.layerEnd[layer], row, packet.number)
      this.#tor.observe(packet.bytes, at, packet.layerEnd[layer], row, packet.number)
    } else if (protocol === UDP) this.#tunnels.observe(packet)
  }

  merge(later: this, mapping: StreamMapping): void {
    if (this.#ownAmounts !== null) this.#ownAmounts.merge(later.#amounts, mapping)
    this.#logins.merge(later.#logins, mapping.tcp)
    this.#tor.merge(later.#tor, mapping.tcp)
    this.#tunnels.merge(later.#tunnels)
    this.#closed.addAll(later.#closed)
    addCounts(this.#closedCounts, later.#closedCounts)
  }

  /** The worst first; then most bytes; then by first packet. */
  result(): UnwantedResult {
    const findings = new Findings()
    findings.addAll(this.#closed)
    const looked = noCounts()
    addCounts(looked, this.#closedCounts)
    for (const transport of ['tcp', 'udp'] as const) {
      const columns = this.#amounts[transport]
      for (let row = 0; row < columns.count; row++)
        if (columns.packetsOf(row) > 0) this.#judgeStream(transport, row, findings, looked)
    }
    for (const tunnel of this.#tunnels.result()) this.#judgeTunnel(tunnel, findings)
    return { policy: this.#policy.name, findings: findings.result(), looked, unlisted: findings.unlisted }
  }

  #judgeStream(transport: 'tcp' | 'udp', row: number, findings: Findings, looked: Counts): void {
    const columns = this.#amounts[transport]
    const application = this.#context.applications[transport].of(row)
    looked.streams++
    if (application === null) looked[columns.payloadOf(row) > 0 ? 'unnamed' : 'empty']++
    else looked[application.evidence.kind === 'port' ? 'namedByPort' : 'named']++
    if (application === null && !this.#isOpen) return
    const streams = this.#context.streams[transport]
    const facts = this.#factsOf(transport, row, application)
    const amount = {
      stream: streams.numberOf(row),
      packets: columns.packetsOf(row),
      bytes: columns.bytesOf(row),
      start: columns.start(row),
    }
    for (const objection of judge(this.#policy, facts, this.#countryOf)) findings.add(objection, facts, amount)
  }

  #factsOf(transport: 'tcp' | 'udp', row: number, application: StreamApplication | null): StreamFacts {
    const columns = this.#amounts[transport]
    const sides = this.#context.streams[transport].endpoints(row)
    const name = application?.name ?? null
    // Who is the client may be a guess by who spoke first, and a server's port knows better.
    const isTurned =
      sides.guessed && name !== null && isUsualPort(sides.client.port, name) && !isUsualPort(sides.server.port, name)
    const [client, server] = isTurned ? [sides.server, sides.client] : [sides.client, sides.server]
    const serverDirection = isTurned ? sides.clientDirection : 1 - sides.clientDirection
    const carries = application?.carries.map((carried) => carried.name) ?? []
    return {
      transport,
      application: name,
      carries,
      evidence: application?.evidence ?? null,
      client,
      server,
      isAnswered: columns.payloadBytes(row, serverDirection) > 0,
      firstPacket: columns.firstPacket(row),
      signs: application === null ? [] : this.#signsOf(transport, row, application, carries, server.port),
      domain: null,
    }
  }

  #signsOf(
    transport: 'tcp' | 'udp',
    row: number,
    application: StreamApplication,
    carries: readonly string[],
    port: number,
  ): Sign[] {
    const signs: Sign[] = []
    const { name, title, evidence } = application
    const isTold = evidence.kind === 'payload'
    const login = transport === 'tcp' && isTold ? this.#logins.of(row, [name, ...carries]) : null
    if (login !== null) {
      const whose = login.user === null ? ', user name not seen' : ` of user "${login.user}"`
      signs.push({ kind: 'clear-text-login', packet: login.packet, what: `${login.how}${whose}` })
    }
    const tor = transport === 'tcp' && name === 'tls' ? this.#tor.of(row) : null
    if (tor !== null) signs.push({ kind: 'tor', ...tor })
    const owner = isTold ? ownerOfPort(port, name) : null
    if (owner !== null && !carries.some((carried) => ownerOfPort(port, carried) === null))
      signs.push({
        kind: 'port-of-another',
        packet: evidence.packet,
        what: `${title} (${evidence.what}) on port ${port}, which is ${owner}'s`,
      })
    return signs
  }

  #judgeTunnel(tunnel: DnsTunnel, findings: Findings): void {
    const { client, server, domain, firstPacket, what, queries, bytes } = tunnel
    const facts: StreamFacts = {
      transport: 'udp',
      application: 'dns',
      carries: [],
      evidence: null,
      client,
      server,
      isAnswered: false,
      firstPacket,
      signs: [{ kind: 'dns-tunnel', packet: firstPacket, what }],
      domain,
    }
    const amount = { stream: null, packets: queries, bytes, start: null }
    for (const objection of judge(this.#policy, facts, this.#countryOf)) {
      // Its packets are in streams, and rules on addresses and the like have judged those.
      if (objection.rule.matches.some(({ sign }) => sign !== null)) findings.add(objection, facts, amount)
    }
  }
}

function noCounts(): Counts {
  return { streams: 0, named: 0, namedByPort: 0, unnamed: 0, empty: 0 }
}

function addCounts(into: Counts, counts: StreamCounts): void {
  for (const key of Object.keys(into) as (keyof StreamCounts)[]) into[key] += counts[key]
}
