/**
 * How an application is told by the first octets that a stream carries in one direction.
 *
 * A signature sees one segment's or datagram's payload, as captured. It answers true only for what hardly anything else
 * would send: a wrong name is worse than none.
 */
export interface Signature {
  /** Wireshark's name of the protocol that it shows directly above the transport layer. */
  readonly name: string
  readonly title: string
  readonly transport: 'tcp' | 'udp' | 'both'
  /** What the payload's first octet may be: `matches` is asked for no other. Any, if not given. */
  readonly begins?: readonly number[]
  /** `bytes` from `at` to `end` is the payload: never empty. Ports help to tell protocols of one format apart. */
  matches(bytes: Uint8Array, at: number, end: number, sourcePort: number, destinationPort: number): boolean
}

/** The first octet of each text. */
export function firstOctets(texts: readonly string[]): readonly number[] {
  return texts.map((text) => text.charCodeAt(0))
}

/** Whether the payload begins with the octets of `text`. */
export function startsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  if (end - at < text.length) return false
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false
  return true
}
