/**
 * DCE/RPC, C706 §12 and [MS-RPCE] §2.2.2: connection-oriented over TCP (version 5), connectionless over UDP (version 4). No port
 * tells it: the endpoint mapper hands them out.
 *
 *    0    1       2      3       4                 8          10            12        16
 *    | 5 | minor | type | flags | representation | fragment's, authentication's length | call id | ...
 */
import { read16, read16le, read32, read32le } from '../../packet/bytes.ts'
import { MAX_LAYERS, NONE, type Packet, REJECTED } from '../../packet/packet.ts'
import { bits, computed, type Field, flag, u8, when } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { TCP } from '../tcp.ts'
import { enterGssApi, GSS_API, isPerMessage, SPNEGO_KRB5 } from './security/gss-api.ts'
import { isNtlmssp, NTLMSSP } from './security/ntlmssp.ts'

export const DCERPC = protocolId('dcerpc')

const HEADER_LENGTH = 16
/** Of the connectionless header. */
const DATAGRAM_HEADER_LENGTH = 80

const CONNECTION_VERSION = 5
const DATAGRAM_VERSION = 4

// Octets from the first octet of the connection-oriented header.
const MINOR = 1
const TYPE = 2
const FLAGS = 3
const REPRESENTATION = 4
const FRAGMENT_LENGTH = 8
const AUTHENTICATION_LENGTH = 10
const CALL_ID = 12
/** Of a request. */
const OPERATION = 22

const REQUEST = 0
const RESPONSE = 2

/** The largest types: 20 (RTS), and 10 (cancel ack) over UDP. */
const MAX_TYPE = 20
const MAX_DATAGRAM_TYPE = 10
/** The data representation (C706 §14.1): integers little-endian, characters ASCII or EBCDIC, and floats of one of four kinds. */
const LITTLE_ENDIAN = 0x10
const CHARACTERS = 0x01
const MAX_FLOAT = 3

/** Octets of the header in front of an authentication token ([MS-RPCE] §2.2.2.11); kinds of token. */
const TRAILER_LENGTH = 8
const SPNEGO_TYPE = 9
const NTLM_TYPE = 10
const KERBEROS_TYPE = 16

/** Hot: whether the representation at `at` is one. */
function isRepresentation(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] & ~(LITTLE_ENDIAN | CHARACTERS)) === 0 && bytes[at + 1] <= MAX_FLOAT
}

/** Hot. */
function looksLikeConnection(packet: Packet, at: number): boolean {
  const { bytes } = packet
  return (
    packet.end - at >= HEADER_LENGTH &&
    bytes[at] === CONNECTION_VERSION &&
    bytes[at + MINOR] <= 1 &&
    bytes[at + TYPE] <= MAX_TYPE &&
    isRepresentation(bytes, at + REPRESENTATION)
  )
}

/** Hot. */
function looksLikeDatagram(packet: Packet, at: number): boolean {
  const { bytes } = packet
  return (
    packet.end - at >= DATAGRAM_HEADER_LENGTH &&
    bytes[at] === DATAGRAM_VERSION &&
    bytes[at + 1] <= MAX_DATAGRAM_TYPE &&
    isRepresentation(bytes, at + 4)
  )
}

const isConnection = (packet: Packet, layer: number): boolean =>
  packet.layerAt[layer] < packet.layerEnd[layer] && packet.bytes[packet.layerAt[layer]] === CONNECTION_VERSION

/** By layer: the number of the procedure; -1 if it is not known. */
const layerOperation = new Int32Array(MAX_LAYERS).fill(-1)

/** Procedures of calls kept for each connection; the oldest are forgotten first. */
const MAX_CALLS = 1024

/** Hot: the number of the procedure of the message at `at`: it stands in a request, and a response has its request's. */
function operationOf(packet: Packet, at: number): number {
  const { bytes, conversation } = packet
  const type = bytes[at + TYPE]
  if (type !== REQUEST && type !== RESPONSE) return -1
  if (type === REQUEST && at + OPERATION + 2 > packet.end) return -1
  const own = type === REQUEST ? short(bytes, at, OPERATION) : -1
  if (conversation === null) return own
  let calls = conversation.state.get(DCERPC) as Map<number, number> | undefined
  if (calls === undefined) {
    calls = new Map()
    conversation.state.set(DCERPC, calls)
  }
  const call = read32(bytes, at + CALL_ID)
  if (type === RESPONSE) return calls.get(call) ?? -1
  calls.set(call, own)
  if (calls.size > MAX_CALLS) calls.delete(calls.keys().next().value as number)
  return own
}

/** Hot: an integer of the header, in the order of octets that the representation says. */
function short(bytes: Uint8Array, at: number, offset: number): number {
  return (bytes[at + REPRESENTATION] & LITTLE_ENDIAN) !== 0 ? read16le(bytes, at + offset) : read16(bytes, at + offset)
}

function inConnection(field: Field): Field {
  return when(isConnection, field)
}

function shortField(name: string, offset: number, description: string): Field {
  return computed('uint16', name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    return (
      isConnection(packet, layer) &&
      at + HEADER_LENGTH <= packet.layerEnd[layer] &&
      visit(short(packet.bytes, at, offset), 0)
    )
  })
}

const types = {
  0: 'Request',
  1: 'Ping',
  2: 'Response',
  3: 'Fault',
  4: 'Working',
  5: 'Nocall',
  6: 'Reject',
  7: 'Ack',
  8: 'Cl_cancel',
  9: 'Fack',
  10: 'Cancel_ack',
  11: 'Bind',
  12: 'Bind_ack',
  13: 'Bind_nak',
  14: 'Alter_context',
  15: 'Alter_context_resp',
  16: 'AUTH3',
  17: 'Shutdown',
  18: 'Co_cancel',
  19: 'Orphaned',
  20: 'RPC-over-HTTP RTS',
}

export const dcerpc: Protocol = {
  id: DCERPC,
  name: 'dcerpc',
  title: 'Distributed Computing Environment / Remote Procedure Call (DCE/RPC)',
  need: 'dissection',
  looksLike: { tcp: looksLikeConnection, udp: looksLikeDatagram },
  fields: [
    u8('dcerpc.ver', 0, 'Version'),
    inConnection(u8('dcerpc.ver_minor', MINOR, 'Version (minor)')),
    computed(
      'uint8',
      'dcerpc.pkt_type',
      'Packet type',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer] + (isConnection(packet, layer) ? TYPE : 1)
        return at < packet.layerEnd[layer] && visit(packet.bytes[at], 0)
      },
      { values: types },
    ),
    inConnection(u8('dcerpc.cn_flags', FLAGS, 'Packet Flags', { base: 'hex' })),
    inConnection(flag('dcerpc.cn_flags.first_frag', FLAGS, 1, 0x01, 'First Frag')),
    inConnection(flag('dcerpc.cn_flags.last_frag', FLAGS, 1, 0x02, 'Last Frag')),
    computed('bytes', 'dcerpc.drep', 'Data Representation', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + 4
      const length = isConnection(packet, layer) ? 4 : 3
      return at + length <= packet.layerEnd[layer] && visit(at, length)
    }),
    inConnection(bits('uint8', 'dcerpc.drep.byteorder', REPRESENTATION, 1, 0xf0, 'Byte order')),
    shortField('dcerpc.cn_frag_len', FRAGMENT_LENGTH, 'Frag Length; in octets, the header included'),
    shortField('dcerpc.cn_auth_len', AUTHENTICATION_LENGTH, 'Auth Length; in octets'),
    computed('uint32', 'dcerpc.cn_call_id', 'Call ID; the same in the response', (packet, layer, visit) => {
      const { bytes } = packet
      const at = packet.layerAt[layer]
      if (!isConnection(packet, layer) || at + HEADER_LENGTH > packet.layerEnd[layer]) return false
      const isLittle = (bytes[at + REPRESENTATION] & LITTLE_ENDIAN) !== 0
      return visit(isLittle ? read32le(bytes, at + CALL_ID) : read32(bytes, at + CALL_ID), 0)
    }),
    computed(
      'uint16',
      'dcerpc.opnum',
      'Opnum; the procedure, in a response that of its request',
      (_packet, layer, visit) => layerOperation[layer] >= 0 && visit(layerOperation[layer], 0),
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    if (packet.layerProtocol[packet.transport] !== TCP) {
      if (!looksLikeDatagram(packet, at)) return REJECTED
      layerOperation[packet.layerCount] = -1
      packet.enter(DCERPC, at)
      packet.payload = packet.end
      return NONE
    }
    if (!looksLikeConnection(packet, at)) return REJECTED
    const { bytes } = packet
    const end = at + short(bytes, at, FRAGMENT_LENGTH)
    if (packet.canReassemble && end > packet.wireEnd) return packet.incomplete(end - packet.wireEnd)
    layerOperation[packet.layerCount] = operationOf(packet, at)
    packet.enter(DCERPC, at)
    if (end < at + HEADER_LENGTH) return packet.malformed(DCERPC)
    packet.endMessage(end)
    packet.payload = packet.end
    if (packet.end === end) enterToken(packet, end - short(bytes, at, AUTHENTICATION_LENGTH), at, end)
    return NONE
  },
}

/** Hot: the layers of the authentication token from `from` to the end of the fragment; the header of it stands before. */
function enterToken(packet: Packet, from: number, at: number, end: number): void {
  const { bytes } = packet
  if (from >= end || from - TRAILER_LENGTH < at + HEADER_LENGTH) return
  const kind = bytes[from - TRAILER_LENGTH]
  const layer = packet.layerCount
  if (kind === NTLM_TYPE) {
    if (!isNtlmssp(bytes, from, end)) return
    packet.enter(NTLMSSP, from)
    packet.layerRepeats[layer] = 1
    return
  }
  if (kind !== SPNEGO_TYPE && kind !== KERBEROS_TYPE) return
  if (isPerMessage(bytes, from, end)) {
    packet.enter(GSS_API, from)
    packet.layerRepeats[layer] = 1
    packet.enter(SPNEGO_KRB5, from)
    packet.enter(SPNEGO_KRB5, from)
    return
  }
  enterGssApi(packet, from, end)
  // Wireshark shows GSS-API here, but lists what is in it alone.
  if (packet.layerCount > layer && packet.layerProtocol[layer] === GSS_API) packet.layerRepeats[layer] = 1
}
