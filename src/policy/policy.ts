/** A policy: rules that object to streams, and rules that let them pass. `read.ts` and `built-in.ts` make it. */
import type { AddressSet } from './address-set.ts'
import type { SignKind } from './facts.ts'
import type { Severity } from './severity.ts'

export interface Policy {
  readonly name: string
  /** In the order in which they are tried: those that allow, those that deny, those that deny what nothing else did. */
  readonly rules: readonly Rule[]
  /** The first rule that asks for countries, if there is one. */
  readonly countryRule: Rule | null
  /** Where it was read from: what `--print-policy` prints. */
  readonly document: PolicyDocument
}

export interface Rule {
  readonly id: string
  readonly title: string
  readonly effect: 'allow' | 'deny'
  /** Of an allowing rule, without meaning. */
  readonly severity: Severity
  /** One of them suffices. */
  readonly matches: readonly Match[]
  /** What makes one finding: a service (server, port and application), or a host with all its peers. */
  readonly per: 'server' | 'host'
  /** Tried only on streams that no other rule objects to. */
  readonly isLast: boolean
}

/** All that is given must hold; null where nothing is. */
export interface Match {
  /** Names; `any` for whatever has one. */
  readonly protocol: readonly string[] | null
  readonly transport: readonly string[] | null
  /** Of either side. */
  readonly address: AddressSet | null
  readonly client: AddressSet | null
  readonly server: AddressSet | null
  /** The server's. */
  readonly port: readonly PortRange[] | null
  /** Of either side; `any` for whatever is known. */
  readonly country: readonly string[] | null
  readonly evidence: readonly string[] | null
  readonly sign: readonly SignKind[] | null
  readonly domain: readonly string[] | null
  readonly answered: boolean | null
  /** Of an allowing rule: only what these rules object to is let pass. */
  readonly rule: readonly string[] | null
  /** Must not hold. */
  readonly not: Match | null
}

export interface PortRange {
  readonly first: number
  readonly last: number
}

type OneOrMore<T> = T | readonly T[]

/** A match as it is written. */
export interface MatchDocument {
  readonly protocol?: OneOrMore<string>
  readonly transport?: OneOrMore<string>
  readonly address?: OneOrMore<string>
  readonly client?: OneOrMore<string>
  readonly server?: OneOrMore<string>
  readonly port?: OneOrMore<number | string>
  readonly country?: OneOrMore<string>
  readonly evidence?: OneOrMore<string>
  readonly sign?: OneOrMore<string>
  readonly domain?: OneOrMore<string>
  readonly answered?: boolean
  readonly rule?: OneOrMore<string>
  readonly not?: MatchDocument
}

export interface RuleDocument {
  readonly id: string
  readonly title?: string
  readonly severity?: string
  readonly per?: string
  readonly last?: boolean
  readonly deny?: OneOrMore<MatchDocument>
  readonly allow?: OneOrMore<MatchDocument>
}

/** A policy as it is written. */
export interface PolicyDocument {
  readonly name?: string
  readonly extends?: string
  /** Rules of the policy that is extended. */
  readonly disable?: readonly string[]
  readonly rules?: readonly RuleDocument[]
}
