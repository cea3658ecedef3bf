/**
 * RPC messages, RFC 5531 §9, behind the record mark if there is one:
 *
 *    0     4            8          12        16        20          24
 *    | xid | 0 (call)  | version | program | version | procedure | credential | verifier | arguments ...
 *    | xid | 1 (reply) | 0 (accepted) | verifier | status | results ...
 *                      | 1 (denied)   | why
 */
import { read32 } from '../../../packet/bytes.ts'
import { MAX_LAYERS, type Packet } from '../../../packet/packet.ts'
import type { Call } from './calls.ts'
import { skipOpaque } from './xdr.ts'

// Octets from the first octet of the message.
export const XID = 0
export const TYPE = 4
export const VERSION = 8
export const PROGRAM = 12
export const PROGRAM_VERSION = 16
export const PROCEDURE = 20
export const CREDENTIAL = 24
export const REPLY_STATUS = 8
export const REPLY_VERIFIER = 12
export const REJECTION = 12

// Types of message.
export const CALL = 0
export const REPLY = 1

// Statuses of replies.
export const ACCEPTED = 0
export const DENIED = 1
export const SUCCESS = 0
export const PROGRAM_MISMATCH = 2
export const RPC_MISMATCH = 0
export const AUTHENTICATION_ERROR = 1

// Flavors of authentication (RFC 5531 §8.2, RFC 2203).
export const AUTH_UNIX = 1
export const RPCSEC_GSS = 6
export const AUTH_GSSAPI = 300_001

/** RPCSEC_GSS_DESTROY (RFC 2203 §5.2.2), for which Wireshark expects no verifier. */
export const GSS_DESTROY = 3

// What the octets of an RPC layer are.
export const MESSAGE = 0
/** A record mark and part of a record, the rest of which comes in later records' marks. */
export const FRAGMENT = 1
/** Neither: the connection speaks RPC, but here no message begins. */
export const CONTINUATION = 2

/** By layer: what the layer is, its call (its own, or that it answers), whether a record mark stands before it. */
export const layerKind = new Uint8Array(MAX_LAYERS)
export const layerCall: (Call | null)[] = new Array(MAX_LAYERS).fill(null)
export const layerMark = new Uint8Array(MAX_LAYERS)
/** Whether the layer of the program follows. */
export const layerHasProgram = new Uint8Array(MAX_LAYERS)

/** By layer of a program: the call that it is of, and whether it is the reply. */
export const programCall: (Call | null)[] = new Array(MAX_LAYERS).fill(null)
export const programIsReply = new Uint8Array(MAX_LAYERS)

/** First octet of the message in an RPC layer: behind the record mark. */
export function messageAt(packet: Packet, layer: number): number {
  return packet.layerAt[layer] + layerMark[layer]
}

/** Whether the layer is a message of `type`. */
export function isMessage(packet: Packet, layer: number, type: number): boolean {
  if (layerKind[layer] !== MESSAGE) return false
  const at = messageAt(packet, layer)
  return at + TYPE + 4 <= packet.layerEnd[layer] && read32(packet.bytes, at + TYPE) === type
}

/** Where the verifier of the message is; -1 if there is none. */
export function verifierAt(packet: Packet, layer: number): number {
  const at = messageAt(packet, layer)
  const end = packet.layerEnd[layer]
  if (isMessage(packet, layer, CALL)) {
    if (layerCall[layer]?.gssProcedure === GSS_DESTROY) return -1
    return skipOpaque(packet.bytes, at + CREDENTIAL + 4, end)
  }
  if (!isMessage(packet, layer, REPLY)) return -1
  return at + REPLY_VERIFIER <= end && read32(packet.bytes, at + REPLY_STATUS) === ACCEPTED ? at + REPLY_VERIFIER : -1
}

/** Where the status of an accepted reply is; -1 if the layer is none, or cut. */
export function acceptStatusAt(packet: Packet, layer: number): number {
  if (!isMessage(packet, layer, REPLY)) return -1
  const verifier = verifierAt(packet, layer)
  const at = verifier < 0 ? -1 : skipOpaque(packet.bytes, verifier + 4, packet.layerEnd[layer])
  return at >= 0 && at + 4 <= packet.layerEnd[layer] ? at : -1
}
