/**
 * The pcapng block that a record lies in: the enhanced packet block (draft-ietf-opsawg-pcapng §4.3) or the obsolete packet
 * block (appendix A). Its header stands in front of the record's octets, its options behind them; the reader has checked
 * that its length is right.
 *
 *  -28 | type                 |
 *  -24 | total length         |
 *  -20 | interface, ...       |
 *    0 | the record's octets, padded to 4
 *      | options ...
 *      | total length         |
 */
import { read32, read32le } from './bytes.ts'
import type { Packet } from './packet.ts'

/** Octets of a packet block before the record's own. */
const HEADER_LENGTH = 28
const TOTAL_LENGTH = 4
/** The total length again, behind the options. */
const TRAILER_LENGTH = 4

/** First octet of the packet block; -1 if the record is in none. Simple packet blocks and custom blocks have no time. */
export function packetBlockAt({ source, hasTime, start }: Pick<Packet, 'source' | 'hasTime' | 'start'>): number {
  return source !== null && source.section !== null && source.isInterface && hasTime ? start - HEADER_LENGTH : -1
}

/** Where the options of a record in a packet block begin. */
export function blockOptionsAt({ start, capturedLength }: Pick<Packet, 'start' | 'capturedLength'>): number {
  return start + ((capturedLength + 3) & ~3)
}

/** Where they end, of the packet block at `at`. */
export function blockOptionsEnd(bytes: Uint8Array, at: number, little: boolean): number {
  return at + (little ? read32le(bytes, at + TOTAL_LENGTH) : read32(bytes, at + TOTAL_LENGTH)) - TRAILER_LENGTH
}
