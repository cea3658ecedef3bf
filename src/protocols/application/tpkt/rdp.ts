/**
 * Remote Desktop: its negotiation, [MS-RDPBCGR] §2.2.1.1 and §2.2.1.2, which is in the clear; little-endian.
 *
 *    [ "Cookie: mstshash=..." CR LF ]  | type | flags | length | protocols |
 */
import { read16le, read32le } from '../../../packet/bytes.ts'
import { NONE, type Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type ValueNames } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'

export const RDP = protocolId('rdp')

// Types of negotiation data.
const REQUEST = 1
const RESPONSE = 2
const FAILURE = 3
const ANY = 0
const NOT_RESPONSE = -1
/** Octets in each of them. */
const NEGOTIATION_LENGTH = 8

const COOKIE = 'Cookie: '

/** Hot. */
function isCookie(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + COOKIE.length > end) return false
  for (let i = 0; i < COOKIE.length; i++) if (bytes[at + i] !== COOKIE.charCodeAt(i)) return false
  return true
}

/** Hot. */
function isNegotiation(bytes: Uint8Array, at: number, end: number): boolean {
  return at + NEGOTIATION_LENGTH <= end && bytes[at + 2] === NEGOTIATION_LENGTH && bytes[at + 3] === 0
}

/** Hot: what a connect request holds, from `at` to `end`. */
export function isRdpRequest(bytes: Uint8Array, at: number, end: number): boolean {
  return isCookie(bytes, at, end) || (bytes[at] === REQUEST && isNegotiation(bytes, at, end))
}

/** Hot: what a connect confirm holds. */
export function isRdpAnswer(bytes: Uint8Array, at: number, end: number): boolean {
  return (bytes[at] === RESPONSE || bytes[at] === FAILURE) && isNegotiation(bytes, at, end)
}

/** One past the cookie's text; where the layer begins, if it has none. */
function cookieEnd(packet: Packet, layer: number): number {
  const { bytes } = packet
  const at = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  if (!isCookie(bytes, at, end)) return at
  let next = at
  while (next < end && bytes[next] !== 0x0d) next++
  return next
}

/** Where the negotiation data is; -1 if there is none. Behind a cookie Wireshark takes whatever stands there for it. */
function negotiationAt(packet: Packet, layer: number): number {
  const { bytes } = packet
  const at = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  const cookie = cookieEnd(packet, layer)
  if (cookie > at) return cookie + 2 + NEGOTIATION_LENGTH <= end ? cookie + 2 : -1
  return isNegotiation(bytes, at, end) && bytes[at] >= REQUEST && bytes[at] <= FAILURE ? at : -1
}

/** An integer at `offset` of negotiation data of type `kind`. */
function negotiated(
  type: 'uint8' | 'uint16' | 'uint32',
  name: string,
  kind: number,
  offset: number,
  description: string,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const { bytes } = packet
      const at = negotiationAt(packet, layer)
      if (at < 0 || (kind === NOT_RESPONSE ? bytes[at] === RESPONSE : kind !== ANY && bytes[at] !== kind)) return false
      if (type === 'uint8') return visit(bytes[at + offset], 0)
      return visit(type === 'uint16' ? read16le(bytes, at + offset) : read32le(bytes, at + offset), 0)
    },
    options,
  )
}

/** Bits of an integer at `offset` of negotiation data of type `kind`, little-endian as that is. */
function bitsOf(
  group: string,
  kind: number,
  offset: number,
  bits: readonly (readonly [number, string, string])[],
): Field[] {
  return bits.map(([mask, name, description]) =>
    computed('boolean', `rdp.${group}.${name}`, description, (packet, layer, visit) => {
      const { bytes } = packet
      const at = negotiationAt(packet, layer)
      if (at < 0 || (kind === NOT_RESPONSE ? bytes[at] === RESPONSE : bytes[at] !== kind)) return false
      return visit((bytes[at + offset] & mask) !== 0 ? 1 : 0, 0)
    }),
  )
}

const REQUEST_FLAGS = [
  [0x01, 'restricted_admin_mode_req', 'Restricted admin mode required'],
  [0x08, 'correlation_info_present', 'Correlation info present'],
] as const
const RESPONSE_FLAGS = [
  [0x01, 'extended_client_data_supported', 'Extended Client Data Blocks supported'],
  [0x02, 'dynvc_gfx_protocol_supported', 'Graphics Pipeline Extension Protocol supported'],
  [0x08, 'restricted_admin_mode_supported', 'Restricted admin mode supported'],
  [0x10, 'restricted_authentication_mode_supported', 'Restricted authentication mode supported'],
] as const
const PROTOCOLS = [
  [0x01, 'ssl', 'TLS security supported'],
  [0x02, 'hybrid', 'CredSSP supported'],
  [0x04, 'rdstls', 'RDSTLS supported'],
  [0x08, 'hybrid_ex', 'CredSSP with Early User Authorization Result PDU supported'],
] as const

const SELECTED: ValueNames = {
  0: 'Standard RDP Security',
  1: 'TLS 1.0, 1.1 or 1.2',
  2: 'CredSSP',
  4: 'RDSTLS protocol',
  8: 'CredSSP with Early User Authorization Result PDU',
}
const FAILURES: ValueNames = {
  1: 'TLS required by server',
  2: 'TLS not allowed by server',
  3: 'TLS certificate not on server',
  4: 'Inconsistent flags',
  5: 'Server requires Enhanced RDP Security with CredSSP',
  6: 'Server requires Enhanced RDP Security with TLS and certificate-based client authentication',
}

export const rdp: Protocol = {
  id: RDP,
  name: 'rdp',
  title: 'Remote Desktop Protocol',
  need: 'dissection',
  fields: [
    computed('string', 'rdp.rt_cookie', 'Routing Token/Cookie', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      const end = cookieEnd(packet, layer)
      if (end === at) return false
      return visit(Buffer.from(packet.bytes.buffer, packet.bytes.byteOffset + at, end - at).toString('latin1'), 0)
    }),
    negotiated('uint8', 'rdp.neg_type', ANY, 0, 'Type', {
      base: 'hex',
      values: { 1: 'RDP Negotiation Request', 2: 'RDP Negotiation Response', 3: 'RDP Negotiation Failure' },
    }),
    negotiated('uint8', 'rdp.negReq.flags', NOT_RESPONSE, 1, 'Flags', { base: 'hex' }),
    ...bitsOf('negReq.flags', NOT_RESPONSE, 1, REQUEST_FLAGS),
    negotiated('uint8', 'rdp.negRsp.flags', RESPONSE, 1, 'Flags', { base: 'hex' }),
    ...bitsOf('negRsp.flags', RESPONSE, 1, RESPONSE_FLAGS),
    negotiated('uint16', 'rdp.neg_length', ANY, 2, 'Length'),
    negotiated('uint32', 'rdp.negReq.requestedProtocols', REQUEST, 4, 'requestedProtocols', { base: 'hex' }),
    ...bitsOf('negReq.requestedProtocols', REQUEST, 4, PROTOCOLS),
    negotiated('uint32', 'rdp.negReq.selectedProtocol', RESPONSE, 4, 'selectedProtocol', {
      base: 'hex',
      values: SELECTED,
    }),
    negotiated('uint32', 'rdp.negFailure.failureCode', FAILURE, 4, 'failureCode', { base: 'hex', values: FAILURES }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(RDP, at)
    packet.payload = packet.end
    return NONE
  },
}
