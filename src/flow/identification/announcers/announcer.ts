/** How one stream says what another will carry. */
import type { Payload } from '../../signatures/payload.ts'

export interface Announcement {
  readonly transport: 'tcp' | 'udp'
  /** Text, as `formatIpv4` and `formatIpv6` write it; or who of the two that talk here. */
  readonly address: string | typeof SENDER | typeof RECEIVER
  readonly port: number
  /** Wireshark's name of what will be carried. */
  readonly application: string
}

export const SENDER = Symbol('sender')
export const RECEIVER = Symbol('receiver')

export interface Announcer {
  /** The applications whose streams it is believed of. */
  readonly applications: readonly string[]
  readonly transport: 'tcp' | 'udp' | 'both'
  /** What the payload's first octet may be: it is asked for no other. */
  readonly begins: readonly number[]
  /** What the payload announces; usually nothing. */
  read(payload: Payload): readonly Announcement[]
}

/** Octets that are read of a payload. */
const MAX_TEXT = 4096

/** The payload as text, an octet a character. */
export function textOf({ bytes, at, end }: Payload): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(end - at, MAX_TEXT)).toString('latin1')
}

/** The port that the digits of `text` are; null if they are none. */
export function portOf(text: string | undefined): number | null {
  const port = Number(text)
  return Number.isInteger(port) && port > 0 && port <= 0xffff ? port : null
}
