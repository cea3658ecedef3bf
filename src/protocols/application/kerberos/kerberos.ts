/**
 * Kerberos version 5, RFC 4120: ASN.1 in DER. Over TCP each message comes behind its length in four octets (§7.2.2).
 * What is read is what is not encrypted.
 */
import { read32 } from '../../../packet/bytes.ts'
import { NONE, type Packet, REJECTED } from '../../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../../field.ts'
import { type Protocol, registered } from '../../protocol.ts'
import { TCP } from '../../tcp.ts'
import { readInteger } from '../security/asn1.ts'
import { KERBEROS } from './id.ts'
import { eachValue } from './messages.ts'
import {
  encryptionTypeNames,
  errorCodeNames,
  messageTypeNames,
  nameTypeNames,
  preauthenticationTypeNames,
} from './names.ts'

const PORT = 88

/** Octets of the length in front of a message over TCP; its highest bit is reserved. */
const RECORD_MARK = 4
const LENGTH_MASK = 0x7fff_ffff
/** Wireshark's bound on a message. */
const MAX_MESSAGE = 10 * 1_048_576

/** Application tags of messages (RFC 4120 §5.10), those that Wireshark takes for one. */
const TAGS = new Set([1, 2, 3, 10, 11, 12, 13, 14, 15, 20, 21, 25, 26, 27, 28, 29, 30])
/** Class of a tag: the two highest bits. */
const CLASS = 0xc0
const APPLICATION = 0x40

/** Kerberos 4 has its version where version 5 has a tag, and then the kind of message, shifted up by one bit. */
const VERSION_4 = 4
const MAX_KIND_4 = 8

/** Hot. */
function isTag(octet: number): boolean {
  return (octet & CLASS) === APPLICATION && TAGS.has(octet & 0x1f)
}

/** First octet of the message in the layer: behind the record mark, which begins with 0. */
function messageAt(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer]
  return at < packet.layerEnd[layer] && isTag(packet.bytes[at]) ? at : at + RECORD_MARK
}

/** How the contents of a value become what a visitor takes. */
type Read = (bytes: Uint8Array, at: number, end: number, visit: Visit) => boolean

const integer: Read = (bytes, at, end, visit) => visit(readInteger(bytes, at, end) | 0, 0)
const unsigned: Read = (bytes, at, end, visit) => visit(readInteger(bytes, at, end) >>> 0, 0)
const text: Read = (bytes, at, end, visit) =>
  visit(Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8'), 0)
const octets: Read = (_bytes, at, end, visit) => at < end && visit(at, end - at)
/** A bit string begins with how many bits of its last octet do not count. */
const bitString: Read = (_bytes, at, end, visit) => at + 1 < end && visit(at + 1, end - at - 1)

/** A name of 15 octets, filled with spaces, and the kind of service, which Wireshark writes behind it in hexadecimal digits. */
const netbiosName: Read = (bytes, at, end, visit) => {
  if (end - at !== 16) return false
  const name = Buffer.from(bytes.buffer, bytes.byteOffset + at, 15).toString('latin1')
  return visit(`${name}<${bytes[at + 15].toString(16).padStart(2, '0')}>`, 0)
}

/** GeneralizedTime as RFC 4120 §5.2.3 restricts it: `20370913024805Z`. */
const time: Read = (bytes, at, end, visit) => {
  const digits = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('latin1')
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits)
  if (parts === null) return false
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number)
  return visit(Date.UTC(year, month - 1, day, hour, minute, second) / 1000, 0)
}

function value(type: FieldType, name: string, read: Read, description: string, options: FieldOptions = {}): Field {
  return computed(
    type,
    `kerberos.${name}`,
    description,
    (packet, layer, visit) =>
      eachValue(
        packet.bytes,
        messageAt(packet, layer),
        packet.layerEnd[layer],
        (field, at, end) => field === name && read(packet.bytes, at, end, visit),
      ),
    options,
  )
}

/** Bits of options, counted from the highest: KDCOptions (RFC 4120 §5.4.1), APOptions (§5.5.1). */
function options(of: string, group: string, bits: readonly (readonly [bit: number, name: string])[]): Field[] {
  return bits.map(([bit, name]) => {
    const description = name.replaceAll('.', '-')
    const read: Read = (bytes, at, end, visit) => {
      const octet = at + 1 + (bit >> 3)
      return octet < end && visit((bytes[octet] >> (7 - (bit & 7))) & 1, 0)
    }
    return { ...value('boolean', of, read, description), name: `kerberos.${group}.${name}` }
  })
}

const KDC_OPTIONS: readonly (readonly [bit: number, name: string])[] = [
  [1, 'forwardable'],
  [2, 'forwarded'],
  [3, 'proxiable'],
  [4, 'proxy'],
  [5, 'allow.postdate'],
  [6, 'postdated'],
  [8, 'renewable'],
  [11, 'opt.hardware.auth'],
  [14, 'constrained.delegation'],
  [15, 'canonicalize'],
  [16, 'request.anonymous'],
  [26, 'disable.transited.check'],
  [27, 'renewable.ok'],
  [28, 'enc.tkt.in.skey'],
  [30, 'renew'],
  [31, 'validate'],
]
const AP_OPTIONS: readonly (readonly [bit: number, name: string])[] = [
  [1, 'use.session.key'],
  [2, 'mutual.required'],
]

/** An address of the client, of one kind (RFC 4120 §7.5.3): its kind stands before it. */
function address(type: FieldType, name: string, kind: number, read: Read, description: string): Field {
  return computed(type, `kerberos.${name}`, description, (packet, layer, visit) => {
    let last = -1
    return eachValue(packet.bytes, messageAt(packet, layer), packet.layerEnd[layer], (field, at, end) => {
      if (field === 'addr_type') last = readInteger(packet.bytes, at, end)
      return field === 'address' && last === kind && read(packet.bytes, at, end, visit)
    })
  })
}

const IPV4_ADDRESS = 2
const NETBIOS_ADDRESS = 20
const IPV6_ADDRESS = 24

/** Whether the layer has a record mark. */
function hasMark(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  return at + RECORD_MARK <= packet.layerEnd[layer] && messageAt(packet, layer) !== at
}

export const kerberos: Protocol = {
  id: KERBEROS,
  name: 'kerberos',
  title: 'Kerberos',
  need: 'dissection',
  carriedBy: { 'udp.application': PORT, 'tcp.application': PORT },
  messages: {
    headerLength: RECORD_MARK,
    length: (bytes, at) => RECORD_MARK + (read32(bytes, at) & LENGTH_MASK),
  },
  fields: [
    computed(
      'boolean',
      'kerberos.rm.reserved',
      'Reserved',
      (packet, layer, visit) => hasMark(packet, layer) && visit(packet.bytes[packet.layerAt[layer]] >> 7, 0),
    ),
    computed(
      'uint32',
      'kerberos.rm.length',
      'Record Length; over TCP, in octets',
      (packet, layer, visit) =>
        hasMark(packet, layer) && visit(read32(packet.bytes, packet.layerAt[layer]) & LENGTH_MASK, 0),
    ),
    value('uint32', 'pvno', unsigned, 'pvno; version of the protocol, 5'),
    value('int32', 'msg_type', integer, 'msg-type', { values: messageTypeNames }),
    value('int32', 'padata_type', integer, 'padata-type; of preauthentication data', {
      values: preauthenticationTypeNames,
    }),
    value('bytes', 'padata_value', octets, 'padata-value'),
    value('bytes', 'kdc_options', bitString, 'kdc-options'),
    ...options('kdc_options', 'KDCOptions', KDC_OPTIONS),
    value('bytes', 'ap_options', bitString, 'ap-options'),
    ...options('ap_options', 'APOptions', AP_OPTIONS),
    value('int32', 'name_type', integer, 'name-type', { values: nameTypeNames }),
    value('string', 'crealm', text, "crealm; the client's realm"),
    value('string', 'CNameString', text, "CNameString; parts of the client's name"),
    value('string', 'realm', text, "realm; the server's, or that of a ticket"),
    value('string', 'SNameString', text, "SNameString; parts of the server's name"),
    value('uint32', 'tkt_vno', unsigned, 'tkt-vno; version of the ticket, 5'),
    value('absolute_time', 'from', time, 'from; when the ticket becomes valid'),
    value('absolute_time', 'till', time, 'till; when the ticket shall expire'),
    value('absolute_time', 'rtime', time, 'rtime; until when it shall be renewable'),
    value('uint32', 'nonce', unsigned, 'nonce'),
    value('int32', 'ENCTYPE', integer, 'ENCTYPE; kinds of encryption that the client takes', {
      values: encryptionTypeNames,
    }),
    value('int32', 'addr_type', integer, "addr-type; of the client's addresses", {
      values: { 2: 'iPv4', 20: 'nETBIOS', 24: 'iPv6' },
    }),
    address(
      'ipv4',
      'addr_ip',
      IPV4_ADDRESS,
      (bytes, at, end, visit) => end - at === 4 && visit(read32(bytes, at), 0),
      'IP Address',
    ),
    address(
      'ipv6',
      'addr_ipv6',
      IPV6_ADDRESS,
      (_bytes, at, end, visit) => end - at === 16 && visit(at, 16),
      'IPv6 Address',
    ),
    address(
      'string',
      'addr_nb',
      NETBIOS_ADDRESS,
      netbiosName,
      'NetBIOS Address; the name of the client, and what kind of service',
    ),
    value('int32', 'etype', integer, 'etype; kind of encryption of what is encrypted', { values: encryptionTypeNames }),
    value('uint32', 'kvno', unsigned, 'kvno; version of the key'),
    value('bytes', 'cipher', octets, 'cipher; what is encrypted'),
    value('absolute_time', 'ctime', time, "ctime; the client's clock"),
    value('uint32', 'cusec', unsigned, 'cusec; microseconds of it'),
    value('absolute_time', 'stime', time, "stime; the server's clock"),
    value('uint32', 'susec', unsigned, 'susec; microseconds of it'),
    value('int32', 'error_code', integer, 'error-code', { values: errorCodeNames }),
    value('string', 'e_text', text, 'e-text; the error in words'),
  ],

  /** Hot. */
  decode(packet, at) {
    const isTcp = packet.layerProtocol[packet.layerCount - 1] === TCP || packet.layerProtocol[packet.transport] === TCP
    return isTcp ? overTcp(packet, at) : overUdp(packet, at)
  },
}

/** Hot. */
function overUdp(packet: Packet, at: number): number {
  const { bytes } = packet
  if (packet.end - at > 2 && bytes[at] === VERSION_4 && bytes[at + 1] >> 1 >= 1 && bytes[at + 1] >> 1 <= MAX_KIND_4) {
    const version4 = kerberos4()
    if (version4 !== NONE) {
      packet.enter(version4, at)
      packet.payload = packet.end
      return NONE
    }
  }
  if (at >= packet.end || !isTag(bytes[at])) return REJECTED
  packet.enter(KERBEROS, at)
  packet.payload = packet.end
  return NONE
}

/** Hot: one record. Wireshark shows nothing where a record is too long, or holds no message. */
function overTcp(packet: Packet, at: number): number {
  const message = at + RECORD_MARK
  packet.payload = packet.end
  if (message >= packet.end || (read32(packet.bytes, at) & LENGTH_MASK) > MAX_MESSAGE) return NONE
  if (!isTag(packet.bytes[message])) return NONE
  packet.enter(KERBEROS, at)
  return NONE
}

let idOfVersion4 = -1

/** The number of Kerberos 4, which has its own port as well; `NONE` if it is not there. */
function kerberos4(): number {
  if (idOfVersion4 < 0)
    idOfVersion4 = Math.max(
      NONE,
      registered.findIndex((protocol) => protocol?.name === 'krb4'),
    )
  return idOfVersion4
}
