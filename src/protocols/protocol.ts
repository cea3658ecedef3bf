/**
 * What a protocol module declares: a name, who carries it, its fields, and a decoder.
 *
 * The child names what carries it (`carriedBy`), so a parent's module never changes when a child is added. Declarations
 * drive the filter compiler, the documentation and the comparison with tshark; the decoder alone runs for each packet.
 */
import type { Packet } from '../packet/packet.ts'
import type { Field, Need } from './field.ts'

/**
 * Hot: decodes the layer at `at`, sets `packet.payload`, and returns the protocol that follows, or `NONE`.
 *
 * A protocol over TCP or UDP (`udp.application`, `tcp.application`) decodes one message. It may return `REJECTED` before it
 * enters a layer, and over TCP `packet.incomplete(...)`; it calls `packet.endMessage` where the message ends before the
 * payload does, and is called again for what follows.
 */
export type Decode = (packet: Packet, at: number) => number

/** The tables by which one protocol says what follows. The names are Wireshark's dissector tables where it has one. */
export type HandoffTable =
  | 'linktype'
  | 'ethertype'
  | 'ip.proto'
  | 'llc.dsap'
  | 'ppp.protocol'
  | 'gre.proto'
  | 'udp.port'
  | 'tcp.port'
  | 'udp.application'
  | 'tcp.application'
  | 'llc.cisco_pid'
  | 'sll.ltype'
  | 'sll.hatype'
  | 'chdlc.protocol'
  | 'fr.nlpid'
  | 'osinl'

export interface Protocol {
  readonly id: number
  /** Wireshark's filter name, as in `frame.protocols`. */
  readonly name: string
  /** Wireshark's full name of it. */
  readonly title: string
  readonly carriedBy?: Readonly<Partial<Record<HandoffTable, number | readonly number[]>>>
  readonly fields: readonly Field[]
  readonly decode: Decode
  /**
   * Whether Wireshark goes through its `ethertype` table from this layer, and so writes `ethertype` behind it in
   * `frame.protocols` where a layer follows. The layer lies from `at` to `end`, and may be cut. Absent: never.
   */
  readonly usesEthertype?: (packet: Packet, at: number, end: number) => boolean
  /** `dissection`: the layer is only there when what TCP and UDP carry is decoded. Its fields need that too. */
  readonly need?: Need
  /** Over TCP: how long a message is, where a header of fixed length says so. `decode` then gets whole messages, one at a time. */
  readonly messages?: Messages
  /** How payloads are recognised that no port tells; where it answers true, `decode` is called, and may still reject. */
  readonly looksLike?: Partial<Record<'tcp' | 'udp', (packet: Packet, at: number) => boolean>>
}

/** Wireshark's `tcp_dissect_pdus`. */
export interface Messages {
  /** Octets that `length` has to see. */
  readonly headerLength: number
  /** Octets of the whole message at `at`, header included; less than `headerLength` if the header is malformed. */
  readonly length: (bytes: Uint8Array, at: number, packet: Packet) => number
}

const names: string[] = ['']

/** Gives the protocol a number; names are unique. Numbers are for tables within one run; they are never shown or stored. */
export function protocolId(name: string): number {
  const agreed = agreedCount > 0 ? names.indexOf(name) : -1
  if (agreed > 0 && agreed < agreedCount) return agreed
  names.push(name)
  return names.length - 1
}

/** The names of all protocol numbers, for another thread to `agreeOnNumbers`. */
export function protocolNames(): readonly string[] {
  return names
}

let agreedCount = 0

/**
 * Gives protocols the numbers that they have in another thread: numbers are given in the order in which modules are loaded, which
 * need not be the same. To be called before any protocol is loaded.
 */
export function agreeOnNumbers(theirs: readonly string[]): void {
  if (names.length > 1) throw new Error('protocols have their numbers already')
  names.push(...theirs.slice(1))
  agreedCount = names.length
}

/** The Wireshark name of a protocol number. */
export function protocolName(id: number): string {
  return names[id] ?? ''
}

/** The protocols by number, filled by `register` (handoff.ts): for modules that cannot import the list of all of them. */
export const registered: (Protocol | undefined)[] = []

/** How many numbers have been given, 0 (`NONE`) included. */
export function protocolCount(): number {
  return names.length
}
