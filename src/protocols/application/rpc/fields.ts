/** The fields of RPC messages. */
import { read32 } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type Visit } from '../../field.ts'
import { visitText } from '../../text.ts'
import {
  ACCEPTED,
  AUTH_UNIX,
  AUTHENTICATION_ERROR,
  acceptStatusAt,
  CALL,
  CONTINUATION,
  CREDENTIAL,
  DENIED,
  isMessage,
  layerCall,
  layerHasProgram,
  layerKind,
  layerMark,
  messageAt,
  PROCEDURE,
  PROGRAM,
  PROGRAM_MISMATCH,
  PROGRAM_VERSION,
  REJECTION,
  REPLY,
  REPLY_STATUS,
  RPC_MISMATCH,
  RPCSEC_GSS,
  TYPE,
  VERSION,
  verifierAt,
  XID,
} from './message.ts'
import { isKnownVersion } from './program-protocols.ts'
import { padded, skipOpaque } from './xdr.ts'

const BILLION = 1_000_000_000

/** Visits the integer at `at`, if it lies in the layer. */
function visit32(packet: Packet, layer: number, at: number, visit: Visit): boolean {
  return at >= 0 && at + 4 <= packet.layerEnd[layer] && visit(read32(packet.bytes, at), 0)
}

/** An integer at `offset` of messages of type `type`. */
function inMessage(name: string, type: number, offset: number, description: string, options: FieldOptions = {}): Field {
  return computed(
    'uint32',
    name,
    description,
    (packet, layer, visit) =>
      isMessage(packet, layer, type) && visit32(packet, layer, messageAt(packet, layer) + offset, visit),
    options,
  )
}

/** The same in messages of both types. */
function inBoth(name: string, offset: number, description: string, options: FieldOptions = {}): Field {
  return computed(
    'uint32',
    name,
    description,
    (packet, layer, visit) =>
      layerKind[layer] === 0 && visit32(packet, layer, messageAt(packet, layer) + offset, visit),
    options,
  )
}

/** A value of the call, said again in the reply; the program's layer repeats the version. */
function ofCall(name: string, member: 'program' | 'version' | 'procedure', offset: number, description: string): Field {
  return computed('uint32', name, description, (packet, layer, visit) => {
    const call = layerCall[layer]
    if (isMessage(packet, layer, REPLY)) {
      if (call !== null && visit(call[member], 0)) return true
    } else if (!isMessage(packet, layer, CALL) || visit32(packet, layer, messageAt(packet, layer) + offset, visit))
      return layerKind[layer] === 0 && isMessage(packet, layer, CALL)
    if (call === null || layerHasProgram[layer] === 0) return false
    const isRepeated = member === 'version' || (member === 'procedure' && !isKnownVersion(call.program, call.version))
    return isRepeated && visit(call[member], 0)
  })
}

/** Calls `each` with the places of the credential and the verifier, those that the message has. */
function eachAuthentication(packet: Packet, layer: number, each: (at: number) => boolean): boolean {
  const end = packet.layerEnd[layer]
  const credential = messageAt(packet, layer) + CREDENTIAL
  if (isMessage(packet, layer, CALL) && credential + 8 <= end && each(credential)) return true
  const verifier = verifierAt(packet, layer)
  return verifier >= 0 && verifier + 8 <= end && each(verifier)
}

/** Where the body of the credential is, if it has flavor `flavor`; else -1. */
function credentialBody(packet: Packet, layer: number, flavor: number): number {
  if (!isMessage(packet, layer, CALL)) return -1
  const at = messageAt(packet, layer) + CREDENTIAL
  return at + 8 <= packet.layerEnd[layer] && read32(packet.bytes, at) === flavor ? at + 8 : -1
}

/** Where the user of an AUTH_UNIX credential is, behind the stamp and the machine's name; -1 if there is none. */
function userAt(packet: Packet, layer: number): number {
  const at = credentialBody(packet, layer, AUTH_UNIX)
  return at < 0 ? -1 : skipOpaque(packet.bytes, at + 4, packet.layerEnd[layer])
}

/** An integer of the credential of RPCSEC_GSS (RFC 2203 §5.1). */
function inGss(name: string, offset: number, description: string, options: FieldOptions = {}): Field {
  return computed(
    'uint32',
    name,
    description,
    (packet, layer, visit) => {
      const at = credentialBody(packet, layer, RPCSEC_GSS)
      return at >= 0 && visit32(packet, layer, at + offset, visit)
    },
    options,
  )
}

/** An integer behind the status `status` of a reply: at `at(packet, layer)`, if that is not negative. */
function behind(name: string, description: string, at: (packet: Packet, layer: number) => number, options = {}): Field {
  return computed(
    'uint32',
    name,
    description,
    (packet, layer, visit) => visit32(packet, layer, at(packet, layer), visit),
    options,
  )
}

/** Where the reason of a denied reply is; -1 in others. */
function rejectionAt(packet: Packet, layer: number): number {
  const at = messageAt(packet, layer)
  return isMessage(packet, layer, REPLY) &&
    at + REJECTION + 4 <= packet.layerEnd[layer] &&
    read32(packet.bytes, at + REPLY_STATUS) === DENIED
    ? at + REJECTION
    : -1
}

/** What stands behind the reason `reason` of a denied reply. */
function behindRejection(reason: number, offset: number) {
  return (packet: Packet, layer: number): number => {
    const at = rejectionAt(packet, layer)
    return at >= 0 && read32(packet.bytes, at) === reason ? at + offset : -1
  }
}

function behindMismatch(offset: number) {
  return (packet: Packet, layer: number): number => {
    const at = acceptStatusAt(packet, layer)
    return at >= 0 && read32(packet.bytes, at) === PROGRAM_MISMATCH ? at + offset : -1
  }
}

function inMark(type: 'boolean' | 'uint32', name: string, description: string, of: (mark: number) => number): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      layerKind[layer] !== CONTINUATION &&
      layerMark[layer] === 4 &&
      packet.layerAt[layer] + 4 <= packet.layerEnd[layer] &&
      visit(of(read32(packet.bytes, packet.layerAt[layer])), 0),
  )
}

/** The packet of the call that a reply answers, or that a call repeats, or of the reply that this one repeats; 0 if none. */
function duplicateOf(packet: Packet, layer: number, type: number): number {
  const call = layerCall[layer]
  if (call === null || !isMessage(packet, layer, type)) return 0
  const number = type === CALL ? (call.first?.number ?? 0) : call.replyNumber
  return number === packet.number ? 0 : number
}

const flavors = {
  0: 'AUTH_NULL',
  1: 'AUTH_UNIX',
  2: 'AUTH_SHORT',
  3: 'AUTH_DES',
  5: 'AUTH_RSA/Gluster',
  6: 'RPCSEC_GSS',
  300001: 'AUTH_GSSAPI',
  390003: 'RPCSEC_GSS_KRB5',
  390004: 'RPCSEC_GSS_KRB5I',
  390005: 'RPCSEC_GSS_KRB5P',
  390006: 'RPCSEC_GSS_LIPKEY',
  390007: 'RPCSEC_GSS_LIPKEY_I',
  390008: 'RPCSEC_GSS_LIPKEY_P',
  390009: 'RPCSEC_GSS_SPKM3',
  390010: 'RPCSEC_GSS_SPKM3I',
  390011: 'RPCSEC_GSS_SPKM3P',
  390039: 'AUTH_GLUSTERFS',
}

export const rpcFields: readonly Field[] = [
  inMark('boolean', 'rpc.lastfrag', 'Last Fragment; of the record (RFC 5531 §11)', (mark) => (mark >= 2 ** 31 ? 1 : 0)),
  inMark('uint32', 'rpc.fraglen', 'Fragment Length; in octets', (mark) => mark % 2 ** 31),
  inBoth('rpc.xid', XID, 'XID; what the reply repeats of its call', { base: 'hex' }),
  inBoth('rpc.msgtyp', TYPE, 'Message Type', { values: { 0: 'Call', 1: 'Reply' } }),
  inMessage('rpc.version', CALL, VERSION, 'RPC Version; of RPC itself, 2'),
  ofCall('rpc.program', 'program', PROGRAM, 'Program; in replies that of the call'),
  ofCall('rpc.programversion', 'version', PROGRAM_VERSION, 'Program Version; said again by the layer of the program'),
  ofCall('rpc.procedure', 'procedure', PROCEDURE, 'Procedure; in replies that of the call'),
  inMessage('rpc.replystat', REPLY, REPLY_STATUS, 'Reply State', {
    values: { [ACCEPTED]: 'accepted', [DENIED]: 'denied' },
  }),
  computed(
    'uint32',
    'rpc.auth.flavor',
    'Flavor; of the credential, then of the verifier',
    (packet, layer, visit) => eachAuthentication(packet, layer, (at) => visit32(packet, layer, at, visit)),
    { values: flavors },
  ),
  computed('uint32', 'rpc.auth.length', 'Length; of the credential, then of the verifier', (packet, layer, visit) =>
    eachAuthentication(
      packet,
      layer,
      (at) => verifierLengthShown(packet, layer, at) && visit32(packet, layer, at + 4, visit),
    ),
  ),
  computed(
    'uint32',
    'rpc.auth.stamp',
    'Stamp; any number the caller likes',
    (packet, layer, visit) => visit32(packet, layer, credentialBody(packet, layer, AUTH_UNIX), visit),
    { base: 'hex' },
  ),
  computed('string', 'rpc.auth.machinename', "Machine Name; the caller's", (packet, layer, visit) => {
    const at = credentialBody(packet, layer, AUTH_UNIX)
    if (at < 0 || skipOpaque(packet.bytes, at + 4, packet.layerEnd[layer]) < 0) return false
    return visitText(packet.bytes, at + 8, read32(packet.bytes, at + 4), visit)
  }),
  computed('uint32', 'rpc.auth.uid', "UID; the caller's user", (packet, layer, visit) =>
    visit32(packet, layer, userAt(packet, layer), visit),
  ),
  computed('uint32', 'rpc.auth.gid', "GID; the caller's groups", (packet, layer, visit) => {
    const at = userAt(packet, layer)
    const end = packet.layerEnd[layer]
    if (at < 0) return false
    if (visit32(packet, layer, at + 4, visit)) return true
    if (at + 12 > end) return false
    const groups = Math.min(read32(packet.bytes, at + 8), (end - at - 12) >> 2)
    for (let i = 0; i < groups; i++) if (visit(read32(packet.bytes, at + 12 + 4 * i), 0)) return true
    return false
  }),
  inGss('rpc.authgss.version', 0, 'GSS Version'),
  inGss('rpc.authgss.procedure', 4, 'GSS Procedure', {
    values: { 0: 'RPCSEC_GSS_DATA', 1: 'RPCSEC_GSS_INIT', 2: 'RPCSEC_GSS_CONTINUE_INIT', 3: 'RPCSEC_GSS_DESTROY' },
  }),
  inGss('rpc.authgss.seqnum', 8, 'GSS Sequence Number'),
  inGss('rpc.authgss.service', 12, 'GSS Service', {
    values: { 1: 'rpcsec_gss_svc_none', 2: 'rpcsec_gss_svc_integrity', 3: 'rpcsec_gss_svc_privacy' },
  }),
  computed('bytes', 'rpc.authgss.context', 'GSS Context', (packet, layer, visit) => {
    const at = credentialBody(packet, layer, RPCSEC_GSS)
    if (at < 0 || skipOpaque(packet.bytes, at + 16, packet.layerEnd[layer]) < 0) return false
    const length = read32(packet.bytes, at + 16)
    return length > 0 && visit(at + 20, length)
  }),
  computed('bytes', 'rpc.authgss.checksum', 'GSS Checksum; the verifier', (packet, layer, visit) => {
    const at = verifierAt(packet, layer)
    const end = packet.layerEnd[layer]
    if (at < 0 || at + 8 > end || read32(packet.bytes, at) !== RPCSEC_GSS) return false
    const length = read32(packet.bytes, at + 4)
    return length > 0 && at + 8 + padded(length) <= end && visit(at + 8, length)
  }),
  behind('rpc.state_accept', 'Accept State', acceptStatusAt, {
    values: {
      0: 'RPC executed successfully',
      1: "remote hasn't exported program",
      2: "remote can't support version #",
      3: "program can't support procedure",
      4: "procedure can't decode params",
      5: 'system errors like memory allocation failure',
    },
  }),
  behind('rpc.programversion.min', 'Program Version (Minimum)', behindMismatch(4)),
  behind('rpc.programversion.max', 'Program Version (Maximum)', behindMismatch(8)),
  behind('rpc.state_reject', 'Reject State', rejectionAt, {
    values: { [RPC_MISMATCH]: 'RPC_MISMATCH', [AUTHENTICATION_ERROR]: 'AUTH_ERROR' },
  }),
  behind('rpc.version.min', 'RPC Version (Minimum)', behindRejection(RPC_MISMATCH, 4)),
  behind('rpc.version.max', 'RPC Version (Maximum)', behindRejection(RPC_MISMATCH, 8)),
  behind('rpc.state_auth', 'Auth State', behindRejection(AUTHENTICATION_ERROR, 4), {
    values: {
      1: 'bad credential (seal broken)',
      2: 'client must begin new session',
      3: 'bad verifier (seal broken)',
      4: 'verifier expired or replayed',
      5: 'rejected for security reasons',
      13: 'GSS credential problem',
      14: 'GSS context problem',
    },
  }),
  computed('framenum', 'rpc.repframe', 'Reply Frame; in a reply, the packet of its call', (packet, layer, visit) => {
    const call = layerCall[layer]
    return call !== null && isMessage(packet, layer, REPLY) && visit(call.number, 0)
  }),
  computed('relative_time', 'rpc.time', 'Time from request; in a reply, since its call', (packet, layer, visit) => {
    const call = layerCall[layer]
    if (call === null || !isMessage(packet, layer, REPLY)) return false
    let seconds = packet.seconds - call.seconds
    let nanoseconds = packet.nanoseconds - call.nanoseconds
    if (seconds > 0 && nanoseconds < 0) {
      seconds--
      nanoseconds += BILLION
    } else if (seconds < 0 && nanoseconds > 0) {
      seconds++
      nanoseconds -= BILLION
    }
    return visit(seconds, nanoseconds)
  }),
  computed(
    'none',
    'rpc.dup',
    'Duplicate Call/Reply',
    (packet, layer, visit) =>
      (duplicateOf(packet, layer, CALL) !== 0 || duplicateOf(packet, layer, REPLY) !== 0) && visit(0, 0),
  ),
  computed('framenum', 'rpc.call.dup', 'Duplicate to the call in; the first packet with it', (packet, layer, visit) => {
    const number = duplicateOf(packet, layer, CALL)
    return number !== 0 && visit(number, 0)
  }),
  computed(
    'framenum',
    'rpc.reply.dup',
    'Duplicate to the reply in; the first packet with it',
    (packet, layer, visit) => {
      const number = duplicateOf(packet, layer, REPLY)
      return number !== 0 && visit(number, 0)
    },
  ),
]

/** Of a verifier of RPCSEC_GSS Wireshark shows no length, but a checksum. */
function verifierLengthShown(packet: Packet, layer: number, at: number): boolean {
  if (at + 8 > packet.layerEnd[layer]) return false
  return at === messageAt(packet, layer) + CREDENTIAL || read32(packet.bytes, at) !== RPCSEC_GSS
}
