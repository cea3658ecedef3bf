/** The header of TPKT (RFC 1006 §6), which H.323 puts before its messages too. */
import { read16 } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'

/** Its first octet. */
export const TPKT_VERSION = 3
/** Octets in it; its length counts them. */
export const TPKT_HEADER = 4

/** Hot: a TPKT header. */
export function looksLikeTpkt(packet: Packet, at: number): boolean {
  const { bytes } = packet
  return (
    packet.end - at >= TPKT_HEADER &&
    bytes[at] === TPKT_VERSION &&
    bytes[at + 1] === 0 &&
    read16(bytes, at + 2) >= TPKT_HEADER
  )
}
