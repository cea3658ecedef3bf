/**
 * What an HTTP body is, by its media type (`tshark`'s table `media_type`) or its first octets. Its dissectors are only
 * named: a body gets a layer, and but for Internet messages it has no fields.
 */
import { NONE, type Packet } from '../../../packet/packet.ts'
import { DATA } from '../../data.ts'
import type { Field } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { beginsExactly, beginsWith } from '../lines.ts'
import { messageHead, readMessageHead } from './imf.ts'
import { imfFields } from './imf-fields.ts'
import { isJson } from './json.ts'
import { enterParts } from './multipart.ts'

const protocols: Protocol[] = []

function named(
  name: string,
  title: string,
  next?: (packet: Packet, at: number) => number,
  fields: readonly Field[] = [],
): number {
  const id = protocolId(name)
  protocols.push({
    id,
    name,
    title,
    need: 'dissection',
    fields,

    /** Hot. */
    decode(packet, at) {
      packet.enter(id, at)
      packet.payload = packet.end
      if (next === undefined) return NONE
      const following = next(packet, at)
      if (following !== NONE) packet.payload = id === IMF ? messageHead.bodyAt : at
      return following
    },
  })
  return id
}

/** The shortest text that Wireshark asks whether it is XML. */
const MIN_XML = 40

const XML = named('xml', 'eXtensible Markup Language')
export const TEXT_LINES = named('data-text-lines', 'Line-based text data', (packet, at) =>
  packet.end - at >= MIN_XML && beginsExactly(packet.bytes, at, packet.end, '<?xml') ? XML : NONE,
)
// Of a body that is still compressed nothing is said.
const JSON_OBJECT = named('json', 'JavaScript Object Notation', (packet, at) =>
  isCompressed || isJson(packet.bytes, at, packet.end) ? NONE : TEXT_LINES,
)
const MULTIPART = named('mime_multipart', 'MIME Multipart Media Encapsulation', (packet, at) =>
  isCompressed || enterParts(packet, at, contentAt, contentEnd, enterPart) ? NONE : DATA,
)
const MEDIA = named('media', 'Media Type')
const PNG = named('png', 'Portable Network Graphics')
const GIF = named('image-gif', 'Compuserve GIF')
const JFIF = named('image-jfif', 'JPEG File Interchange Format')
const WBXML = named('wbxml', 'WAP Binary XML')
const OCSP = named('ocsp', 'Online Certificate Status Protocol')
const CMS = named('cms', 'Cryptographic Message Syntax')
const CMP = named('cmp', 'Certificate Management Protocol')
const PKIXTSP = named('pkixtsp', 'PKIX Time Stamp Protocol')
const GRPC = named('grpc', 'GRPC Message')
/** An Internet message, RFC 5322: SMTP, POP and IMAP carry it too. Its body is decoded as HTTP's is. */
export const IMF = named(
  'imf',
  'Internet Message Format',
  (packet, at) => {
    readMessageHead(packet.bytes, at, packet.end)
    const { bodyAt, typeAt, typeEnd } = messageHead
    return typeAt < 0 || bodyAt >= packet.end ? NONE : bodyProtocol(packet, bodyAt, typeAt, typeEnd, false)
  },
  imfFields,
)

/** The protocols of bodies. */
export const bodyProtocols: readonly Protocol[] = protocols

/** By media type, in lower case. Types that are missing here are `media`. */
const byMediaType: readonly (readonly [string, number])[] = [
  ...types(
    TEXT_LINES,
    'text/plain text/html text/css text/javascript text/richtext text/enriched text/parameters application/x-javascript',
    'application/x-ns-proxy-autoconfig text/xml-external-parsed-entity',
  ),
  ...types(
    JSON_OBJECT,
    'application/json application/json-rpc application/jsonrequest application/dds-web+json application/problem+json',
    'application/senml+json application/vnd.oma.lwm2m+json application/merge-patch+json application/json-patch+json',
  ),
  ...types(
    XML,
    'text/xml application/xml text/vnd.wap.wml application/soap+xml application/rss+xml application/atom+xml',
    'application/rdf+xml image/svg+xml application/smil application/xml-dtd application/mathml+xml',
    'application/xslt+xml application/auth-policy+xml application/pidf+xml application/x-wms-logplaystats',
  ),
  ...types(
    WBXML,
    'application/vnd.ms-sync.wbxml application/vnd.wap.wbxml application/vnd.wap.wmlc application/vnd.syncml+wbxml',
    'application/x-wap-prov.browser-settings application/vnd.wap.sic application/vnd.wap.slc',
  ),
  ...types(OCSP, 'application/ocsp-request application/ocsp-response'),
  ...types(CMS, 'application/pkcs7-mime application/pkcs7-signature'),
  ...types(CMP, 'application/pkixcmp application/pkixcmp-poll'),
  ...types(PKIXTSP, 'application/timestamp-query application/timestamp-reply'),
  ...types(GRPC, 'application/grpc application/grpc-web'),
  ...types(DATA, 'application/octet-stream'),
  // Dissectors that show nothing of what they do not know.
  ...types(NONE, 'application/x-fcs video/mp2t'),
  ...types(IMF, 'message/rfc822'),
  ...types(named('urlencoded-form', 'HTML Form URL Encoded'), 'application/x-www-form-urlencoded'),
  ...types(named('pkix-cert', 'PKIX CERT File Format'), 'application/pkix-cert'),
  ...types(named('x509af', 'X.509 Authentication Framework'), 'application/pkix-crl'),
  ...types(named('pkcs10', 'PKCS10 Certification Request'), 'application/pkcs10'),
  ...types(named('ipp', 'Internet Printing Protocol'), 'application/ipp'),
  ...types(named('message-http', 'Media Type: message/http'), 'message/http'),
  ...types(named('sipfrag', 'Sipfrag'), 'message/sipfrag'),
  ...types(named('cbor', 'Concise Binary Object Representation'), 'application/cbor'),
  ...types(named('amf', 'Action Message Format'), 'application/x-amf'),
  ...types(named('mmse', 'MMS Message Encapsulation'), 'application/vnd.wap.mms-message'),
  ...types(named('tnef', 'Transport-Neutral Encapsulation Format'), 'application/ms-tnef'),
]

function types(protocol: number, ...lists: readonly string[]): (readonly [string, number])[] {
  return lists.flatMap((list) => list.split(' ')).map((type) => [type, protocol] as const)
}

/** The media types by length, so that few are compared. */
const byLength: (readonly (readonly [string, number])[])[] = []
for (const entry of byMediaType) byLength[entry[0].length] = [...(byLength[entry[0].length] ?? []), entry]

/**
 * Hot: the protocol of the body at `at`, whose Content-Type lies from `typeAt` to `typeEnd`; -1 for none. Of an
 * `isEncoded` body the octets say nothing.
 */
export function bodyProtocol(packet: Packet, at: number, typeAt: number, typeEnd: number, isEncoded: boolean): number {
  const { bytes } = packet
  isCompressed = isEncoded
  contentAt = typeAt
  contentEnd = typeEnd
  if (typeAt >= 0) {
    const end = mediaTypeEnd(bytes, typeAt, typeEnd)
    const candidates = byLength[end - typeAt]
    if (candidates !== undefined)
      for (let i = 0; i < candidates.length; i++)
        if (beginsWith(bytes, typeAt, end, candidates[i][0])) return candidates[i][1]
    if (beginsWith(bytes, typeAt, end, 'multipart/')) return MULTIPART
    if (isEncoded && beginsWith(bytes, typeAt, end, 'image/')) return imageOf(bytes, typeAt + 6, end)
  }
  const shown = isEncoded ? NONE : byLook(bytes, at, packet.end)
  if (shown !== NONE) return shown
  return typeAt >= 0 ? MEDIA : DATA
}

/** Hot: one past the media type, where its parameters begin. */
function mediaTypeEnd(bytes: Uint8Array, at: number, end: number): number {
  let i = at
  while (i < end && bytes[i] !== 0x3b && bytes[i] > 0x20) i++
  return i
}

/** Hot: what the name of an image type says. */
function imageOf(bytes: Uint8Array, at: number, end: number): number {
  if (beginsWith(bytes, at, end, 'png')) return PNG
  if (beginsWith(bytes, at, end, 'gif')) return GIF
  return beginsWith(bytes, at, end, 'jp') ? JFIF : MEDIA
}

/** Hot: images by their signatures; Wireshark asks for these whatever the media type. */
function byLook(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 8) return NONE
  const first = bytes[at]
  if (first === 0x89 && beginsExactly(bytes, at + 1, end, 'PNG\r\n\x1a\n')) return PNG
  if (first === 0x47 && (beginsExactly(bytes, at, end, 'GIF87a') || beginsExactly(bytes, at, end, 'GIF89a'))) return GIF
  if (first === 0xff && bytes[at + 1] === 0xd8 && bytes[at + 2] === 0xff) return JFIF
  return NONE
}

// Of the body in hand: whether it is compressed, and where its Content-Type lies.
let isCompressed = false
let contentAt = -1
let contentEnd = -1

/** Hot: the part of a multipart body at `at`. */
function enterPart(packet: Packet, at: number, typeAt: number, typeEnd: number): void {
  const protocol = bodyProtocol(packet, at, typeAt, typeEnd, false)
  if (protocol === MULTIPART) {
    packet.enter(MULTIPART, at)
    enterParts(packet, at, typeAt, typeEnd, enterPart)
  } else if (protocol !== NONE) packet.enter(protocol, at)
}
