/** Which rules of a policy object to a stream, and why. A pure function of the facts. */
import type { Evidence } from '../flow/evidence.ts'
import { type AddressSet, holds } from './address-set.ts'
import type { Sign, StreamFacts } from './facts.ts'
import type { Match, Policy, Rule } from './policy.ts'

/** The country of an address; null if it is not known. */
export type CountryOf = (address: string) => string | null

/** Why a finding stands. `policy`: a rule on addresses, ports or countries alone asked for it, whatever the stream carries. */
export type Ground = Evidence | { readonly kind: 'policy'; readonly packet: number; readonly what: string }

export interface Objection {
  readonly rule: Rule
  readonly ground: Ground
  /** The name that the rule objects to, if it asks for one; else what the stream is. Null without a name. */
  readonly protocol: string | null
}

/** Every rule that objects, in the policy's order. */
export function judge(policy: Policy, facts: StreamFacts, countryOf: CountryOf): readonly Objection[] {
  const objections: Objection[] = []
  for (const rule of policy.rules) {
    if (rule.effect === 'allow' || (rule.isLast && objections.length > 0)) continue
    const match = rule.matches.find((one) => isMatch(one, facts, countryOf))
    if (match === undefined || isAllowed(policy, rule, facts, countryOf)) continue
    objections.push({ rule, ground: groundOf(match, facts), protocol: protocolOf(match, facts) })
  }
  return objections
}

/** Asked only for what a rule objects to. */
function isAllowed(policy: Policy, rule: Rule, facts: StreamFacts, countryOf: CountryOf): boolean {
  return policy.rules.some(
    (allowing) =>
      allowing.effect === 'allow' &&
      allowing.matches.some(
        (match) => (match.rule === null || match.rule.includes(rule.id)) && isMatch(match, facts, countryOf),
      ),
  )
}

function isMatch(match: Match, facts: StreamFacts, countryOf: CountryOf): boolean {
  const { client, server } = facts
  if (match.protocol !== null && !isProtocol(match.protocol, facts)) return false
  if (match.evidence !== null && !match.evidence.includes(facts.evidence?.kind ?? '')) return false
  if (match.sign !== null && signOf(match, facts) === undefined) return false
  if (match.transport !== null && !match.transport.includes(facts.transport)) return false
  if (match.answered !== null && match.answered !== facts.isAnswered) return false
  if (match.port !== null && !match.port.some(({ first, last }) => server.port >= first && server.port <= last))
    return false
  if (match.domain !== null && !match.domain.some((domain) => isWithin(facts.domain, domain))) return false
  if (match.client !== null && !holds(match.client, client.address, server.address)) return false
  if (match.server !== null && !holds(match.server, server.address, client.address)) return false
  if (match.address !== null && !holdsEither(match.address, facts)) return false
  if (match.country !== null && !isFrom(match.country, facts, countryOf)) return false
  return match.not === null || !isMatch(match.not, facts, countryOf)
}

/** A name counts only if the payload tells it, or another stream has announced it: a port alone is no evidence. */
function isProtocol(names: readonly string[], { application, carries, evidence }: StreamFacts): boolean {
  if (application === null || evidence === null || evidence.kind === 'port') return false
  return names.includes('any') || names.includes(application) || carries.some((name) => names.includes(name))
}

function protocolOf({ protocol }: Match, { application, carries }: StreamFacts): string | null {
  const named = [application, ...carries].find((name) => name !== null && protocol?.includes(name) === true)
  return named ?? application
}

function signOf(match: Match, facts: StreamFacts): Sign | undefined {
  return facts.signs.find(({ kind }) => match.sign?.includes(kind) === true)
}

function holdsEither(set: AddressSet, { client, server }: StreamFacts): boolean {
  return holds(set, client.address, server.address) || holds(set, server.address, client.address)
}

function isFrom(countries: readonly string[], { client, server }: StreamFacts, countryOf: CountryOf): boolean {
  return [client, server].some(({ address }) => {
    const country = countryOf(address)
    return country !== null && (countries.includes('any') || countries.includes(country))
  })
}

/** `a.example.com` is within `example.com`, and so is `example.com` itself. */
function isWithin(domain: string | null, outer: string): boolean {
  return domain !== null && (domain === outer || domain.endsWith(`.${outer}`))
}

function groundOf(match: Match, facts: StreamFacts): Ground {
  const sign = match.sign === null ? undefined : signOf(match, facts)
  if (sign !== undefined) return { kind: 'payload', packet: sign.packet ?? facts.firstPacket, what: sign.what }
  if (match.protocol !== null && facts.evidence !== null) return facts.evidence
  const asked = [
    match.port === null ? null : `port ${facts.server.port}`,
    match.client === null ? null : `client ${facts.client.address}`,
    match.server === null ? null : `server ${facts.server.address}`,
    match.address === null ? null : `${facts.client.address} and ${facts.server.address}`,
    match.country === null ? null : 'the country',
    match.transport === null ? null : facts.transport,
  ].filter((words) => words !== null)
  return {
    kind: 'policy',
    packet: facts.firstPacket,
    what: `asked for by the rule: ${asked.join(', ') || 'everything'}`,
  }
}
