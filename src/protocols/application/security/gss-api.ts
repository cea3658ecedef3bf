/**
 * Security tokens that other protocols carry: GSS-API (RFC 2743 §3.1), in it SPNEGO (RFC 4178), and in that Kerberos (RFC 4121)
 * or NTLMSSP ([MS-NLMP]). Wireshark names each of them; the Kerberos message in a token is a layer that it does not name.
 */
import { MAX_LAYERS, type Packet } from '../../../packet/packet.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { KERBEROS } from '../kerberos/id.ts'
import { layerOnly } from '../layer-only.ts'
import { element, find, open, readElement } from './asn1.ts'
import { isNtlmssp, NTLMSSP } from './ntlmssp.ts'

export const GSS_API = protocolId('gss-api')
export const SPNEGO = protocolId('spnego')
export const SPNEGO_KRB5 = protocolId('spnego-krb5')
const NEGOEX = protocolId('negoex')

// Tags: RFC 2743 §3.1, RFC 4178 §4.2.
const INITIAL_TOKEN = 0x60
const OBJECT_IDENTIFIER = 0x06
const NEGOTIATION_INIT = 0xa0
const NEGOTIATION_RESPONSE = 0xa1
const SEQUENCE = 0x30
const OCTET_STRING = 0x04
const MECHANISM_TOKEN = 0xa2
const MECHANISM_LIST_MIC = 0xa3

/** Object identifiers, encoded: SPNEGO (1.3.6.1.5.5.2), Kerberos 5 (1.2.840.113554.1.2.2), and Microsoft's slip of it. */
const OID_SPNEGO = [0x2b, 6, 1, 5, 5, 2]
const OID_KERBEROS = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2]
const OID_MS_KERBEROS = [0x2a, 0x86, 0x48, 0x82, 0xf7, 0x12, 1, 2, 2]

/** Token identifiers of Kerberos (RFC 4121 §4.1), the first octet; the second is 0. */
const AP_REQUEST = 1
const KRB_ERROR = 3
/** Application tags of Kerberos' own request and reply (RFC 4120 §5.10). */
const AP_REQUEST_TAG = 0x6e
const AP_REPLY_TAG = 0x6f

/**
 * Hot: enters the layers of the security token from `at` to `end`, if it is one. Wireshark hands what begins with
 * `NTLMSSP` to that at once, anything else to GSS-API.
 */
export function enterSecurity(packet: Packet, at: number, end: number): void {
  if (at >= end) return
  if (isNtlmssp(packet.bytes, at, end)) {
    enterWithin(packet, NTLMSSP, at, end)
    return
  }
  enterGssApi(packet, at, end)
}

/** Hot: the same for a token that is GSS-API's. */
export function enterGssApi(packet: Packet, at: number, end: number): void {
  const { bytes } = packet
  if (!readElement(bytes, at, end)) return
  const { tag } = element
  if (tag !== INITIAL_TOKEN && tag !== NEGOTIATION_RESPONSE && !isNtlmssp(bytes, at, end)) return
  enterWithin(packet, GSS_API, at, end)
  if (tag === NEGOTIATION_RESPONSE) {
    if (isNegotiating(packet)) enterSpnego(packet, at, end)
  } else if (tag !== INITIAL_TOKEN) enterWithin(packet, NTLMSSP, at, end)
  else {
    const inner = afterOid(bytes, element.at, Math.min(element.end, end), OID_SPNEGO)
    if (inner >= 0) enterSpnego(packet, inner, end)
    else if (isKerberos(bytes, element.at, end)) enterKerberos(packet, at, end)
  }
}

/** Hot: whether the connection's negotiation was seen to begin: a response does not say what it is about. */
export function isNegotiating(packet: Packet): boolean {
  return packet.conversation === null || packet.conversation.state.get(SPNEGO) === true
}

/** Hot: SPNEGO's choice of NegTokenInit and NegTokenResp at `at`. */
export function enterSpnego(packet: Packet, at: number, end: number): void {
  const { bytes } = packet
  enterWithin(packet, SPNEGO, at, end)
  if (!readElement(bytes, at, end)) return
  if (element.tag !== NEGOTIATION_INIT && element.tag !== NEGOTIATION_RESPONSE) return
  const isResponse = element.tag === NEGOTIATION_RESPONSE
  if (!isResponse) packet.conversation?.state.set(SPNEGO, true)
  const sequence = open(bytes, element.at, Math.min(element.end, end), SEQUENCE)
  if (sequence < 0) return
  const sequenceEnd = Math.min(element.end, end)
  if (find(bytes, sequence, sequenceEnd, MECHANISM_TOKEN) >= 0) enterOctets(packet, sequenceEnd)
  if (isResponse && find(bytes, sequence, sequenceEnd, MECHANISM_LIST_MIC) >= 0) enterOctets(packet, sequenceEnd)
}

/** Hot: the token in the octet string that `element` holds. */
function enterOctets(packet: Packet, end: number): void {
  const { bytes } = packet
  const at = open(bytes, element.at, Math.min(element.end, end), OCTET_STRING)
  if (at >= 0) enterMechanism(packet, at, Math.min(element.end, end))
}

/** Hot: a token of the mechanism that was negotiated; which one it is shows in its first octets. */
function enterMechanism(packet: Packet, at: number, end: number): void {
  const { bytes } = packet
  if (at >= end) return
  if (isNtlmssp(bytes, at, end)) enterWithin(packet, NTLMSSP, at, end)
  else if (bytes[at] === 0x4e && end - at > 8 && bytes[at + 4] === 0x45 && bytes[at + 5] === 0x58)
    enterWithin(packet, NEGOEX, at, end)
  else if (
    bytes[at] === INITIAL_TOKEN ||
    bytes[at] === AP_REQUEST_TAG ||
    bytes[at] === AP_REPLY_TAG ||
    isPerMessage(bytes, at, end)
  )
    enterKerberos(packet, at, end)
}

/** Hot: whether a token of Kerberos for one message (RFC 4121 §4.2.6) is at `at`: a checksum, or what is wrapped. */
export function isPerMessage(bytes: Uint8Array, at: number, end: number): boolean {
  return end - at >= 2 && (bytes[at] === 4 || bytes[at] === 5) && bytes[at + 1] === 4
}

/** Hot: a token of Kerberos, with the object identifier in front (RFC 4121 §4.1) or without (§4.2.6). */
export function enterKerberos(packet: Packet, at: number, end: number): void {
  const { bytes } = packet
  enterWithin(packet, SPNEGO_KRB5, at, end)
  // Microsoft's DCE style ([MS-KILE] §3.4.5.2) leaves out what GSS-API puts in front.
  if (bytes[at] === AP_REQUEST_TAG || bytes[at] === AP_REPLY_TAG) {
    enterWithin(packet, KERBEROS, at, end, 1)
    return
  }
  if (open(bytes, at, end, INITIAL_TOKEN) < 0) return
  const token = Math.max(
    afterOid(bytes, element.at, end, OID_KERBEROS),
    afterOid(bytes, element.at, end, OID_MS_KERBEROS),
  )
  if (token < 0 || token + 2 >= end || bytes[token + 1] !== 0) return
  if (bytes[token] < AP_REQUEST || bytes[token] > KRB_ERROR) return
  enterWithin(packet, KERBEROS, token + 2, end, 1)
}

/**
 * Hot: a layer from `at` to `end`, not further; `repeats` is 1 for one that Wireshark does not name. A token holds more layers than
 * the decoding loop leaves room for, so what does not fit is left out.
 */
function enterWithin(packet: Packet, protocol: number, at: number, end: number, repeats = 0): void {
  const layer = packet.layerCount
  if (layer >= MAX_LAYERS) return
  packet.enter(protocol, at)
  packet.layerRepeats[layer] = repeats
  packet.layerEnd[layer] = end
  packet.layerWireEnd[layer] = end
}

function isKerberos(bytes: Uint8Array, at: number, end: number): boolean {
  return afterOid(bytes, at, end, OID_KERBEROS) >= 0 || afterOid(bytes, at, end, OID_MS_KERBEROS) >= 0
}

/** What follows the object identifier `oid` at `at`; -1 if another one is there. `element` keeps its value. */
function afterOid(bytes: Uint8Array, at: number, end: number, oid: readonly number[]): number {
  const { tag, at: outerAt, end: outerEnd } = element
  const from = open(bytes, at, end, OBJECT_IDENTIFIER)
  const to = element.end
  element.tag = tag
  element.at = outerAt
  element.end = outerEnd
  if (from < 0 || to - from !== oid.length || to > end) return -1
  for (let i = 0; i < oid.length; i++) if (bytes[from + i] !== oid[i]) return -1
  return to
}

export const securityProtocols: readonly Protocol[] = [
  layerOnly(GSS_API, 'gss-api', 'GSS-API Generic Security Service Application Program Interface'),
  layerOnly(SPNEGO, 'spnego', 'Simple Protected Negotiation'),
  layerOnly(SPNEGO_KRB5, 'spnego-krb5', 'SPNEGO-KRB5'),
  layerOnly(NEGOEX, 'negoex', 'SPNEGO Extended Negotiation Security Mechanism'),
]
