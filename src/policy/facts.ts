/** What a policy judges: what is known of one stream, or of one DNS tunnel. */
import type { Evidence } from '../flow/evidence.ts'

/** What only a look into payloads, or at the ports of other protocols, tells of a stream. */
export const SIGNS = ['clear-text-login', 'dns-tunnel', 'tor', 'port-of-another'] as const

export type SignKind = (typeof SIGNS)[number]

export interface Sign {
  readonly kind: SignKind
  /** The packet that told; null if no packet by itself did. */
  readonly packet: number | null
  /** In words, for the reader of a finding. It may hold text that was on the wire. */
  readonly what: string
}

export interface Side {
  readonly address: string
  readonly port: number
}

export interface StreamFacts {
  readonly transport: 'tcp' | 'udp'
  /** Wireshark's name of what the stream carries, and of what that carries; null while it is not identified. */
  readonly application: string | null
  readonly carries: readonly string[]
  /** What the name rests upon; null without a name. */
  readonly evidence: Evidence | null
  readonly client: Side
  readonly server: Side
  /** The server sent data. */
  readonly isAnswered: boolean
  readonly firstPacket: number
  readonly signs: readonly Sign[]
  /** Of a DNS tunnel: the domain whose name servers it leads to. */
  readonly domain: string | null
}
