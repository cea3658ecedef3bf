/**
 * Community ID version 1 (github.com/corelight/community-id-spec): a name for a flow that Zeek, Suricata, Wireshark and others give
 * it too, so that their reports can be joined. It is the SHA-1 of
 *
 *   | seed (2) | address (4 or 16) | address | protocol (1) | 0 (1) | port (2) | port (2) |
 *
 * in base64, behind `1:`. The smaller endpoint comes first, so both directions have one name. Protocols without ports end before
 * them.
 */
import type Crypto from 'node:crypto'

/** Loaded for the first name that is asked for. */
let crypto: typeof Crypto | undefined

/** The seed that everyone has who did not choose another. */
const SEED = 0
const VERSION_PREFIX = '1:'

// Numbers of the protocols that have ports, or what stands for them (IANA: Protocol Numbers).
const ICMP = 1
const TCP = 6
const UDP = 17
const ICMPV6 = 58
const SCTP = 132

/** ICMP's requests, each with the message that answers it. */
const PAIRS: readonly (readonly [number, number])[] = [
  [8, 0], // Echo
  [10, 9], // Router Solicitation, Router Advertisement
  [13, 14], // Timestamp
  [15, 16], // Information
  [17, 18], // Address Mask
]
/** ICMPv6's. */
const PAIRS_V6: readonly (readonly [number, number])[] = [
  [128, 129], // Echo
  [130, 131], // Multicast Listener Query, Report
  [133, 134], // Router Solicitation, Router Advertisement
  [135, 136], // Neighbor Solicitation, Neighbor Advertisement
  [139, 140], // Node Information Query, Response
  [144, 145], // Home Agent Address Discovery
]

const counterparts = bothWays(PAIRS)
const counterpartsV6 = bothWays(PAIRS_V6)

function bothWays(pairs: readonly (readonly [number, number])[]): ReadonlyMap<number, number> {
  return new Map(
    pairs.flatMap(([request, reply]) => [
      [request, reply],
      [reply, request],
    ]),
  )
}

/** What stands for the ports of an ICMP message. */
export interface IcmpPorts {
  readonly source: number
  readonly destination: number
  /** Nothing answers the message: its directions are two flows. */
  readonly isOneWay: boolean
}

/** Of a message that is asked or answered: its type, and that of the other; of all else its type and code. */
export function icmpPorts(type: number, code: number, isV6: boolean): IcmpPorts {
  const counterpart = (isV6 ? counterpartsV6 : counterparts).get(type)
  return { source: type, destination: counterpart ?? code, isOneWay: counterpart === undefined }
}

export interface CommunityIdOptions {
  /** The source comes first, whichever is smaller: `icmpPorts` says where that is so. */
  readonly isOneWay?: boolean
}

/**
 * The name of a flow. `protocol` is IP's number; the addresses are 4 or 16 octets both. Ports count for TCP, UDP and SCTP, and for ICMP
 * and ICMPv6 as `icmpPorts` gives them; they are ignored for others.
 */
export function communityId(
  protocol: number,
  source: Uint8Array,
  destination: Uint8Array,
  sourcePort: number,
  destinationPort: number,
  { isOneWay = false }: CommunityIdOptions = {},
): string {
  const order = Buffer.compare(source, destination) || sourcePort - destinationPort
  const isSwapped = !isOneWay && order > 0
  const [first, second] = isSwapped ? [destination, source] : [source, destination]
  const hasPorts = usesPorts(protocol)
  const addresses = source.length + destination.length
  const hashed = Buffer.alloc(2 + addresses + 2 + (hasPorts ? 4 : 0))
  hashed.writeUInt16BE(SEED, 0)
  hashed.set(first, 2)
  hashed.set(second, 2 + first.length)
  hashed[2 + addresses] = protocol
  if (hasPorts) {
    hashed.writeUInt16BE(isSwapped ? destinationPort : sourcePort, addresses + 4)
    hashed.writeUInt16BE(isSwapped ? sourcePort : destinationPort, addresses + 6)
  }
  crypto ??= process.getBuiltinModule('node:crypto')
  return VERSION_PREFIX + crypto.createHash('sha1').update(hashed).digest('base64')
}

function usesPorts(protocol: number): boolean {
  return protocol === TCP || protocol === UDP || protocol === ICMP || protocol === ICMPV6 || protocol === SCTP
}
