/**
 * How an application is told by the first octets that a stream carries in one direction.
 *
 * It answers true only for what hardly anything else would send: a wrong name is worse than none. Wireshark's own looks
 * (`looksLike` of a protocol) and the ports are asked only after every signature has said no.
 */
import type { Payload } from './payload.ts'

export interface Signature {
  /** Wireshark's name of the protocol that it shows directly above the transport layer; ours, where Wireshark has none. */
  readonly name: string
  /** Wireshark's full name. */
  readonly title: string
  readonly transport: 'tcp' | 'udp' | 'both'
  /** What was recognised, in a few words for the reader of a finding: `handshake "BitTorrent protocol"`. */
  readonly evidence: string
  /** What the payload's first octet may be: `matches` is asked for no other. Any, if not given. */
  readonly begins?: readonly number[]
  /** Payloads of the stream that have to match before it is believed, for formats with little to tell them by; 1 if not given. */
  readonly payloads?: number
  /** Hot: never reads beyond the payload's end, which is never empty. */
  matches(payload: Payload): boolean
}

/** The first octet of each text. */
export function firstOctets(texts: readonly string[]): readonly number[] {
  return [...new Set(texts.map((text) => text.charCodeAt(0)))]
}

/** The numbers from `first` to `last`, both included. */
export function octetRange(first: number, last: number): readonly number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i)
}
