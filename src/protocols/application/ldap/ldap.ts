/**
 * LDAP, RFC 4511: one BER element after the other. Once SASL protects the connection (RFC 4422 §3.7), its length in four octets
 * and a token stand before what is then often encrypted. Connectionless LDAP (RFC 1798) is the same over UDP.
 */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Conversation } from '../../../packet/conversation.ts'
import { NONE, ONE_MORE_SEGMENT, type Packet } from '../../../packet/packet.ts'
import { type Protocol, protocolId, registered } from '../../protocol.ts'
import { element, readElement } from '../security/asn1.ts'
import { enterGssApi, enterKerberos, enterSpnego, isNegotiating } from '../security/gss-api.ts'
import { isNtlmssp, NTLMSSP } from '../security/ntlmssp.ts'
import { layerIsSasl, layerMessage, ldapFields } from './fields.ts'
import {
  BIND_REQUEST,
  BIND_RESPONSE,
  credentialsAt,
  EXTENDED_RESPONSE,
  isExtendedRequest,
  isSuccess,
  message,
  readMessage,
  SEQUENCE,
} from './message.ts'

export const LDAP = protocolId('ldap')
export const CLDAP = protocolId('cldap')

const PORT = 389
/** Microsoft's global catalog. */
const CATALOG_PORT = 3268

/** Octets of SASL's length. */
const SASL_HEADER = 4
/** The smallest payload that Wireshark looks at. */
const MIN_LENGTH = 6

/** First octets of a token: GSS-API's initial one, and the wrap token of Kerberos (RFC 4121 §4.2.6.2). */
const INITIAL_TOKEN = 0x60
const WRAP_TOKEN = 0x0504
/** Of the wrap token: its octets, and the flag that says that what it wraps is encrypted. */
const WRAP_LENGTH = 16
const SEALED = 0x02

const RESPONSE_TOKEN = 0xa1

const OID_START_TLS = '1.3.6.1.4.1.1466.20037'

/** What is known of a connection. */
interface Session {
  /** A bind with SASL was seen: lengths may stand before messages. */
  usesSasl: boolean
  asksForTls: boolean
}

function sessionOf(conversation: Conversation): Session {
  let session = conversation.state.get(LDAP) as Session | undefined
  if (session === undefined) {
    session = { usesSasl: false, asksForTls: false }
    conversation.state.set(LDAP, session)
  }
  return session
}

/** What the payload being decoded consists of. */
let isSasl = false
/** Where the message before the one being decoded ended, and in which packet. */
let lastPacket = 0
let lastEnd = -1

export const ldap: Protocol = {
  id: LDAP,
  name: 'ldap',
  title: 'Lightweight Directory Access Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': [PORT, CATALOG_PORT] },
  fields: ldapFields,

  /** Hot. */
  decode(packet, at) {
    const { bytes } = packet
    const isFirst = packet.number !== lastPacket || at !== lastEnd
    // Wireshark claims the payload all the same, but shows nothing of LDAP.
    if (isFirst && !findFormat(packet, at)) {
      packet.payload = packet.end
      return NONE
    }
    if (packet.end - at < SASL_HEADER && packet.canReassemble) return packet.incomplete(ONE_MORE_SEGMENT)
    const end = at + messageLength(bytes, at, packet.end)
    if (packet.canReassemble && end > packet.wireEnd) return packet.incomplete(end - packet.wireEnd)
    lastPacket = packet.number
    lastEnd = end
    const layer = packet.layerCount
    packet.enter(LDAP, at)
    packet.endMessage(end)
    layerIsSasl[layer] = isSasl ? 1 : 0
    layerMessage[layer] = isSasl ? -1 : at
    packet.payload = packet.end
    if (isSasl) protectedMessage(packet, layer, at + SASL_HEADER)
    else plainMessage(packet, at)
    return NONE
  },
}

/** Hot: whether the payload at `at` begins with a message, or with SASL's length (which sets `isSasl`). */
function findFormat(packet: Packet, at: number): boolean {
  const { bytes, end, conversation } = packet
  if (end - at < MIN_LENGTH) return false
  const hasToken = bytes[at + 4] === INITIAL_TOKEN || read16(bytes, at + 4) === WRAP_TOKEN
  isSasl = hasToken && read32(bytes, at) >= 2
  if (isSasl) return true
  if (bytes[at] === SEQUENCE && readElement(bytes, at, end) && element.end - element.at >= 2) return true
  isSasl = bytes[at] === 0 && conversation !== null && sessionOf(conversation).usesSasl
  return isSasl
}

/** Hot: octets of the message at `at`, with what stands before it; at least what must be there to tell. */
function messageLength(bytes: Uint8Array, at: number, end: number): number {
  if (isSasl) return at + SASL_HEADER <= end ? SASL_HEADER + read32(bytes, at) : SASL_HEADER
  return readElement(bytes, at, end) ? element.end - at : Math.max(1, end - at)
}

/** Hot: the token, and the message if that is not encrypted. */
function protectedMessage(packet: Packet, layer: number, at: number): void {
  const { bytes, end } = packet
  if (at >= end) return
  if (bytes[at] === INITIAL_TOKEN) {
    enterGssApi(packet, at, end)
    return
  }
  if (at + WRAP_LENGTH > end || read16(bytes, at) !== WRAP_TOKEN) return
  // RFC 4121 §4.2.4: the checksum is rotated to the front by as many octets as it has, or not at all.
  const checksum = read16(bytes, at + 4)
  const rotation = read16(bytes, at + 6)
  if ((bytes[at + 2] & SEALED) === 0) layerMessage[layer] = at + WRAP_LENGTH + (rotation === checksum ? checksum : 0)
  enterKerberos(packet, at, end)
}

/** Hot: what a message changes for those that follow, and the security token that it holds. */
function plainMessage(packet: Packet, at: number): void {
  const { bytes, end, conversation } = packet
  if (!readMessage(bytes, at, end)) return
  const { operation } = message
  if (operation === BIND_REQUEST || operation === BIND_RESPONSE) {
    const from = credentialsAt(bytes)
    const to = Math.min(element.end, end)
    if (from < 0 || from >= to) return
    if (conversation !== null && operation === BIND_REQUEST) sessionOf(conversation).usesSasl = true
    if (isNtlmssp(bytes, from, to)) packet.enter(NTLMSSP, from)
    else if (bytes[from] === RESPONSE_TOKEN) {
      if (isNegotiating(packet)) enterSpnego(packet, from, to)
    } else if (bytes[from] === INITIAL_TOKEN) enterGssApi(packet, from, to)
    return
  }
  if (conversation === null) return
  if (isExtendedRequest(bytes, OID_START_TLS)) sessionOf(conversation).asksForTls = true
  else if (operation === EXTENDED_RESPONSE && sessionOf(conversation).asksForTls && isSuccess(bytes)) {
    const tls = registered.findIndex((protocol) => protocol?.name === 'tls')
    if (tls > NONE) conversation.protocol = tls
  }
}

export const cldap: Protocol = {
  id: CLDAP,
  name: 'cldap',
  title: 'Connectionless Lightweight Directory Access Protocol',
  need: 'dissection',
  carriedBy: { 'udp.application': PORT },
  fields: ldapFields,

  /** Hot: all messages of a datagram are one layer. */
  decode(packet, at) {
    const layer = packet.layerCount
    packet.enter(CLDAP, at)
    layerIsSasl[layer] = 0
    layerMessage[layer] = at
    packet.payload = packet.end
    return NONE
  },
}
