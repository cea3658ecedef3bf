/** What is known of the RPC calls of a stream: by it, replies are recognised and read (RFC 5531 §9: a reply names only its call). */
import type { Conversation } from '../../../packet/conversation.ts'
import type { GrowingOctets } from '../../../packet/growing-octets.ts'

/** Calls kept for each stream; the oldest are forgotten first. */
const MAX_CALLS = 4096

export interface Call {
  /** Packet that has it, and when that was. */
  readonly number: number
  readonly seconds: number
  readonly nanoseconds: number
  readonly program: number
  readonly version: number
  readonly procedure: number
  /** Flavor of its credential, and of RPCSEC_GSS also the procedure and the service. */
  readonly flavor: number
  readonly gssProcedure: number
  readonly gssService: number
  /** Packet of its first reply; 0 before there is one. */
  replyNumber: number
  /** The call that this one repeats. */
  first: Call | null
}

/** A record of which fragments are missing (RFC 5531 §11). */
interface Record {
  readonly octets: GrowingOctets
  /** Of its fragments, those included for which there was no room. */
  length: number
}

export class Calls {
  readonly #byXid = new Map<number, Call>()
  /** Over UDP: that the caller's address and the port it called have been announced. */
  isAnnounced = false
  /** Records under way, by direction. */
  readonly records: [Record | null, Record | null] = [null, null]

  find(xid: number): Call | undefined {
    return this.#byXid.get(xid)
  }

  add(xid: number, call: Call): void {
    this.#byXid.set(xid, call)
    if (this.#byXid.size > MAX_CALLS) this.#byXid.delete(this.#byXid.keys().next().value as number)
  }
}

/** The calls of the conversation, kept there for `protocol`. */
export function callsOf(conversation: Conversation, protocol: number): Calls {
  let calls = conversation.state.get(protocol) as Calls | undefined
  if (calls === undefined) {
    calls = new Calls()
    conversation.state.set(protocol, calls)
  }
  return calls
}
