/**
 * ONC RPC: Remote Procedure Call, RFC 5531; over TCP with record marks (§11).
 *
 * A call is recognised by its version and a program that is known, a reply by the call it answers: replies do not say what
 * they are. Which is why a capture that begins in the middle shows replies as data.
 */
import { formatIpv4, formatIpv6 } from '../../../packet/address.ts'
import { read32 } from '../../../packet/bytes.ts'
import { GrowingOctets } from '../../../packet/growing-octets.ts'
import { NONE, type Packet, REJECTED } from '../../../packet/packet.ts'
import { DATA } from '../../data.ts'
import { IPV4 } from '../../ipv4.ts'
import { IPV6 } from '../../ipv6-id.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { TCP } from '../../tcp.ts'
import { UDP } from '../../udp.ts'
import { type Call, type Calls, callsOf } from './calls.ts'
import { rpcFields } from './fields.ts'
import {
  ACCEPTED,
  AUTH_GSSAPI,
  CALL,
  CONTINUATION,
  CREDENTIAL,
  FRAGMENT,
  GSS_DESTROY,
  layerCall,
  layerHasProgram,
  layerKind,
  layerMark,
  MESSAGE,
  PROCEDURE,
  PROGRAM,
  PROGRAM_VERSION,
  REPLY,
  REPLY_STATUS,
  REPLY_VERIFIER,
  RPCSEC_GSS,
  SUCCESS,
  TYPE,
  VERSION,
  XID,
} from './message.ts'
import { enterProgram, isKnownProcedure, isKnownProgram } from './program-protocols.ts'
import { skipOpaque } from './xdr.ts'

export const RPC = protocolId('rpc')

const PORT = 111

/** Bits of the record mark (RFC 5531 §11): this fragment is the last; its length. */
const LAST_FRAGMENT = 0x8000_0000
const MAX_FRAGMENT = 4 * 1_048_576
/** Octets of a record that are kept; the scratch area takes no longer one. */
const MAX_RECORD = 65_536

/** Wireshark takes no call of a later version of a program for one. */
const MAX_PROGRAM_VERSION = 10

// RPCSEC_GSS (RFC 2203 §5): procedure of a message with data, and services.
const GSS_DATA = 0
const GSS_NO_SERVICE = 1
const GSS_PRIVACY = 3

/** What follows the header of the message just entered: `messageHeader` sets it. */
let bodyAt = 0

/** Hot: whether what lies at `at` is a call of a known program, or an answer to a call that was seen. */
function looksLikeMessage(packet: Packet, at: number, end: number): boolean {
  const bytes = packet.bytes
  if (at + 8 > end) return false
  const type = read32(bytes, at + TYPE)
  if (type === CALL)
    return (
      at + CREDENTIAL <= end &&
      read32(bytes, at + VERSION) === 2 &&
      isKnownProgram(read32(bytes, at + PROGRAM)) &&
      read32(bytes, at + PROGRAM_VERSION) <= MAX_PROGRAM_VERSION
    )
  if (type !== REPLY || packet.conversation === null) return false
  const calls = packet.conversation.state.get(RPC) as Calls | undefined
  return calls?.find(read32(bytes, at + XID)) !== undefined
}

export const rpc: Protocol = {
  id: RPC,
  name: 'rpc',
  title: 'Remote Procedure Call',
  need: 'dissection',
  carriedBy: { 'udp.application': PORT, 'tcp.application': PORT },
  looksLike: {
    udp: (packet, at) => looksLikeMessage(packet, at, packet.end),
    tcp: looksLikeRecord,
  },
  fields: rpcFields,

  /** Hot. */
  decode(packet, at) {
    if (packet.layerProtocol[packet.layerCount - 1] === UDP) {
      if (looksLikeMessage(packet, at, packet.end)) return message(packet, at, 0)
      return isRpcStream(packet) ? continuation(packet, at) : REJECTED
    }
    return record(packet, at)
  },
}

/** Hot: by port or by what was seen before; not by its look alone. */
function isRpcStream(packet: Packet): boolean {
  return packet.matchPort === PORT || packet.conversation?.protocol === RPC
}

/** Hot: a whole fragment, and the first of its record. */
function looksLikeRecord(packet: Packet, at: number): boolean {
  if (at + 12 > packet.end) return false
  const length = read32(packet.bytes, at) % LAST_FRAGMENT
  if (length > MAX_FRAGMENT || (packet.canReassemble && at + 4 + length > packet.wireEnd)) return false
  return looksLikeMessage(packet, at + 4, Math.min(packet.end, at + 4 + length))
}

/** Where the record before the one being decoded ended, and in which packet: what follows it is no continuation. */
let lastPacket = 0
let lastEnd = -1

/** Hot: over TCP. */
function record(packet: Packet, at: number): number {
  const isFirst = packet.number !== lastPacket || at !== lastEnd
  const notRpc = isFirst && isRpcStream(packet)
  if (at + 4 > packet.end) return notRpc ? continuation(packet, at) : REJECTED
  const mark = read32(packet.bytes, at)
  const isLast = mark >= LAST_FRAGMENT
  const length = mark % LAST_FRAGMENT
  if (length > MAX_FRAGMENT) return notRpc ? continuation(packet, at) : REJECTED
  const end = at + 4 + length
  if (packet.canReassemble && end > packet.wireEnd)
    return isRpcStream(packet) ? packet.incomplete(end - packet.wireEnd) : REJECTED
  const calls = packet.conversation === null ? null : callsOf(packet.conversation, RPC)
  const direction = packet.layerDirection[packet.transport] & 1
  const under = calls === null ? null : calls.records[direction]
  if (under === null && !looksLikeMessage(packet, at + 4, Math.min(end, packet.end)))
    return notRpc ? continuation(packet, at) : REJECTED
  lastPacket = packet.number
  lastEnd = end
  if (calls !== null && packet.end >= end && (under !== null || !isLast)) {
    const whole = under ?? { octets: new GrowingOctets(), length: 0 }
    calls.records[direction] = isLast ? null : whole
    if (whole.length + length <= MAX_RECORD) whole.octets.add(packet.bytes, at + 4, end)
    whole.length += length
    if (!isLast || whole.length > MAX_RECORD || packet.scratchFree + 4 + whole.length > packet.bytes.length) {
      enter(packet, at, FRAGMENT, 4, null)
      packet.endMessage(end)
      packet.payload = packet.end
      return NONE
    }
    return wholeRecord(packet, at, end, whole.octets)
  }
  return message(packet, at, 4, end)
}

/** The last fragment of a record: what came before it is put in front of it, in the scratch area. */
function wholeRecord(packet: Packet, at: number, end: number, { octets, length }: GrowingOctets): number {
  const target = packet.scratchFree
  packet.bytes.copyWithin(target, at, at + 4)
  packet.bytes.set(octets, target + 4)
  packet.scratchFree = target + 4 + length
  packet.messageEnd = Math.min(end, packet.wireEnd)
  packet.end = target + 4 + length
  packet.wireEnd = packet.end
  return message(packet, target, 4)
}

function enter(packet: Packet, at: number, kind: number, mark: number, call: Call | null): void {
  const layer = packet.layerCount
  packet.enter(RPC, at)
  layerKind[layer] = kind
  layerMark[layer] = mark
  layerCall[layer] = call
  layerHasProgram[layer] = 0
}

/** Hot: octets of a stream that speaks RPC, where no message begins. */
function continuation(packet: Packet, at: number): number {
  enter(packet, at, CONTINUATION, 0, null)
  packet.payload = packet.end
  return NONE
}

/** Hot: a message at `at`, behind a record mark of `mark` octets; it ends at `end`, if the payload does not end it. */
function message(packet: Packet, at: number, mark: number, end = 0): number {
  const isCall = read32(packet.bytes, at + mark + TYPE) === CALL
  enter(packet, at, MESSAGE, mark, null)
  if (end > 0) packet.endMessage(end)
  const layer = packet.layerCount - 1
  packet.payload = packet.end
  return isCall ? decodeCall(packet, at + mark, layer) : decodeReply(packet, at + mark, layer)
}

/** Hot. */
function decodeCall(packet: Packet, at: number, layer: number): number {
  const { bytes, end, conversation } = packet
  const call = readCall(packet, at, end)
  if (conversation !== null) {
    const calls = callsOf(conversation, RPC)
    if (packet.layerProtocol[packet.transport] === TCP) conversation.protocol = RPC
    else if (conversation.protocol !== RPC) announce(packet)
    const xid = read32(bytes, at + XID)
    const known = calls.find(xid)
    if (known === undefined) calls.add(xid, call)
    else call.first = known
  }
  layerCall[layer] = call
  bodyAt = skipOpaque(bytes, at + CREDENTIAL + 4, end)
  if (call.gssProcedure !== GSS_DESTROY) bodyAt = bodyAt < 0 ? -1 : skipOpaque(bytes, bodyAt + 4, end)
  if (bodyAt < 0) return packet.truncated(RPC)
  return body(packet, call, layer, false)
}

/** Hot. */
function decodeReply(packet: Packet, at: number, layer: number): number {
  const { bytes, end } = packet
  const xid = read32(bytes, at + XID)
  const call = packet.conversation === null ? undefined : callsOf(packet.conversation, RPC).find(xid)
  layerCall[layer] = call ?? null
  if (call !== undefined && call.replyNumber === 0) call.replyNumber = packet.number
  if (at + REPLY_VERIFIER > end) return packet.truncated(RPC)
  const status = read32(bytes, at + REPLY_STATUS)
  if (status !== ACCEPTED || call === undefined) return NONE
  const statusAt = skipOpaque(bytes, at + REPLY_VERIFIER + 4, end)
  if (statusAt < 0 || statusAt + 4 > end) return packet.truncated(RPC)
  if (read32(bytes, statusAt) !== SUCCESS) return NONE
  bodyAt = statusAt + 4
  return body(packet, call, layer, true)
}

/** Hot: the arguments or results at `bodyAt`. Authentication decides whether the program's decoder sees them. */
function body(packet: Packet, call: Call, layer: number, isReply: boolean): number {
  layerHasProgram[layer] = 1
  const isEmpty = bodyAt >= packet.wireEnd
  const isGss = call.flavor === RPCSEC_GSS
  const isOpaque =
    call.flavor === AUTH_GSSAPI ||
    (isGss && (call.gssProcedure !== GSS_DATA || call.gssService >= GSS_PRIVACY || call.gssService < GSS_NO_SERVICE))
  const isKnown = isKnownProcedure(call.program, call.version, call.procedure)
  enterProgram(packet, call, bodyAt, isReply)
  // Wireshark shows the program, but names it in `frame.protocols` only where its decoder is called.
  if (isEmpty || isOpaque || !isKnown || call.procedure === 0) packet.layerRepeats[packet.layerCount - 1] = 1
  packet.payload = packet.end
  if (isEmpty || isOpaque || (isKnown && call.procedure !== 0)) return NONE
  packet.payload = bodyAt
  return DATA
}

/** What a call says of itself. Its credential may be cut. */
function readCall(packet: Packet, at: number, end: number): Call {
  const { bytes } = packet
  const flavor = at + CREDENTIAL + 4 <= end ? read32(bytes, at + CREDENTIAL) : 0
  const gss = at + CREDENTIAL + 12
  const isGss = flavor === RPCSEC_GSS && gss + 12 <= end
  return {
    number: packet.number,
    seconds: packet.seconds,
    nanoseconds: packet.nanoseconds,
    program: read32(bytes, at + PROGRAM),
    version: read32(bytes, at + PROGRAM_VERSION),
    procedure: read32(bytes, at + PROCEDURE),
    flavor,
    gssProcedure: isGss ? read32(bytes, gss) : 0,
    gssService: isGss ? read32(bytes, gss + 8) : 0,
    replyNumber: 0,
    first: null,
  }
}

/** As Wireshark does: what comes from or goes to the caller's address at the port that was called is RPC from now on. */
function announce(packet: Packet): void {
  const { bytes, conversation, network, transport } = packet
  if (conversation === null || network < 0 || transport < 0) return
  const at = packet.layerAt[network]
  const port = packet.layerAt[transport] + 2
  const address =
    packet.layerProtocol[network] === IPV4
      ? formatIpv4(read32(bytes, at + 12))
      : packet.layerProtocol[network] === IPV6
        ? formatIpv6(bytes, at + 8)
        : ''
  const announced = callsOf(conversation, RPC)
  if (address === '' || announced.isAnnounced) return
  announced.isAnnounced = true
  conversation.expect(UDP, address, (bytes[port] << 8) | bytes[port + 1], RPC)
}
