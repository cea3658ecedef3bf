/** What is known across the lines of an SMTP session. */
import { GrowingOctets } from '../../../packet/growing-octets.ts'
import type { Packet } from '../../../packet/packet.ts'
import { LayerNotes } from '../layer-notes.ts'

/** Octets of a message that are kept, to decode it where it ends. */
const MAX_MESSAGE = 1_048_576

/** `SmtpState.login`: AUTH LOGIN, and what the client is to send next. */
export const NO_LOGIN = 0
export const LOGIN_STARTED = 1
export const USERNAME = 2
export const PASSWORD = 3

export class SmtpState {
  /** DATA was sent: lines are the message's, up to a dot. */
  isInMessage = false
  asksForTls = false
  login = NO_LOGIN
  #message = new GrowingOctets()

  begin(): void {
    this.isInMessage = true
    this.#message = new GrowingOctets()
  }

  /** Keeps more of the message; of one that is too long, the rest is dropped. */
  keep(bytes: Uint8Array, at: number, end: number): void {
    if (at < end && this.#message.length <= MAX_MESSAGE) this.#message.add(bytes, at, end)
  }

  /** Ends the message: puts it in the scratch area and makes it the payload. Returns whether there is one. */
  finish(packet: Packet): boolean {
    this.isInMessage = false
    const at = packet.scratchFree
    const end = at + Math.min(this.#message.length, packet.bytes.length - at)
    packet.bytes.set(this.#message.octets.subarray(0, end - at), at)
    this.#message = new GrowingOctets()
    packet.scratchFree = end
    packet.payload = at
    packet.end = packet.wireEnd = end
    return end > at
  }
}

/** Kinds of line. */
export const COMMAND = 1
export const TEXT = 2
export const USER_NAME_LINE = 3
export const PASSWORD_LINE = 4
export const END_OF_MESSAGE = 5

/** The lines of a client's layer that are no text of a message: where they begin, and their kinds. */
export interface SmtpNote {
  isRequest: boolean
  count: number
  readonly at: number[]
  readonly kind: number[]
}

export const smtpNotes = new LayerNotes<SmtpNote>(() => ({ isRequest: false, count: 0, at: [], kind: [] }))
