/** What is said of a conversation, and of all of them. */
import type { Evidence } from '../flow/evidence.ts'
import type { ConnectionState } from '../flow/tcp-losses.ts'
import type { Moment } from './analyzer.ts'
import type { Tunnel } from './flow-tags.ts'

export interface FlowEndpoint {
  readonly address: string
  /** Null where the protocol has none, or it was not captured. */
  readonly port: number | null
}

export interface Flow {
  /** Wireshark's name: `tcp`, `udp`, `icmp`, ..., `ip`, `ipv6`, `eth`. */
  readonly protocol: string
  /** Wireshark's `tcp.stream` or `udp.stream`; null for all else. */
  readonly stream: number | null
  readonly client: FlowEndpoint
  readonly server: FlowEndpoint
  /** Which side is the client is a guess: no handshake was seen. */
  readonly guessed: boolean
  /** TCP only. */
  readonly state: ConnectionState | null
  /** Wireshark's name of the protocol on top, or null while it is not identified. */
  readonly application: string | null
  /** What that carries in turn, the outermost first: `smb2` of `nbss`. */
  readonly carries: readonly string[]
  /** Why it has that name. */
  readonly evidence: Evidence | null
  /** What the capture calls the hosts; null unless names were asked for. */
  readonly clientName: string | null
  readonly serverName: string | null
  readonly packets: number
  readonly bytes: number
  /** Carried by TCP or UDP; for others by IP, or by Ethernet. */
  readonly payloadBytes: number
  /** Sent by the client, and by the server. */
  readonly clientPackets: number
  readonly clientBytes: number
  readonly clientPayloadBytes: number
  readonly serverPackets: number
  readonly serverBytes: number
  readonly serverPayloadBytes: number
  /** TCP only: octets that the side sent and the capture does not have; segments that it sent again. */
  readonly clientLostBytes: number | null
  readonly serverLostBytes: number | null
  readonly clientRetransmissions: number | null
  readonly serverRetransmissions: number | null
  /** TCP only: packets that the capture has twice; not counted as retransmissions. */
  readonly duplicates: number | null
  /** TCP only: which of SYN 1, SYN-ACK 2, ACK 4, data 8, FIN 16, RST 32 were seen. */
  readonly completeness: number | null
  /** Number of the first packet. */
  readonly firstPacket: number
  readonly start: Moment | null
  /** From the earliest packet to the latest, in seconds. */
  readonly duration: number | null
  /** Of the first packet, the outermost first. */
  readonly vlans: readonly number[]
  readonly tunnels: readonly Tunnel[]
  /** Type and code of the first packet. */
  readonly icmp: { readonly type: number; readonly code: number } | null
  readonly communityId: string | null
}

/** Flows that are not listed one by one. */
export interface FlowTotals {
  readonly flows: number
  readonly packets: number
  readonly bytes: number
}

export interface FlowsResult {
  readonly flows: readonly Flow[]
  /** How many more there are than were asked for. */
  readonly omitted: number
  /** All flows, those closed out included. */
  readonly totals: FlowTotals
  /** Flows that were idle longest and made room for others. */
  readonly closedOut: FlowTotals
  /** Packets with an IP header, and those of them that are copies of one before. */
  readonly duplicates: { readonly packets: number; readonly of: number; readonly ratio: number }
}
