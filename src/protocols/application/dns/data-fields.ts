/** Fields of the data of resource records, by type of record. */
import { read16, read32, read64 } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, readInteger, type Visit } from '../../field.ts'
import { asciiText } from '../ascii.ts'
import { DATA, DATA_LENGTH, eachRecord, messageAt, TYPE } from './message.ts'
import { lastName, readName } from './name.ts'
import {
  A,
  AAAA,
  AFSDB,
  CAA,
  CDNSKEY,
  CDS,
  CNAME,
  DNAME,
  DNSKEY,
  DS,
  eachOption,
  eachString,
  findPart,
  HINFO,
  HTTPS,
  isUnknown,
  MX,
  NAPTR,
  NS,
  NSEC,
  NSEC3,
  NSEC3PARAM,
  NULL,
  OPT,
  PTR,
  part,
  RP,
  RRSIG,
  SIG,
  SOA,
  SPF,
  SRV,
  SSHFP,
  SVCB,
  TLSA,
  TSIG,
  TXT,
} from './shapes.ts'
import { ALGORITHMS, DIGEST_TYPES, OPTION_CODES, SERVICE_PARAMETERS, TYPES } from './values.ts'

/**
 * Visits what a part of a record's data says; `at` is its first octet, `length` how many there are, and `pass` that over the message's
 * names.
 */
type ReadPart = (packet: Packet, layer: number, at: number, length: number, visit: Visit, pass: number) => boolean

/** The field in part `index` of the data of records of `types`. */
function inPart(
  type: FieldType,
  name: string,
  types: number | readonly number[],
  index: number,
  description: string,
  read: ReadPart,
  options?: FieldOptions,
): Field {
  const isOf = typeof types === 'number' ? (t: number) => t === types : (t: number) => types.includes(t)
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachRecord(packet, layer, (_name, fixed, pass) => {
        const { bytes } = packet
        const type = read16(bytes, fixed + TYPE)
        const length = read16(bytes, fixed + DATA_LENGTH)
        const end = packet.layerEnd[layer]
        if (!isOf(type) || !findPart(pass, bytes, messageAt(packet, layer), type, fixed + DATA, length, end, index))
          return false
        return read(packet, layer, part.at, part.length, visit, pass)
      }),
    options,
  )
}

const readUnsigned: ReadPart = (packet, _layer, at, length, visit) => visit(readInteger(packet.bytes, at, length), 0)
const readName_: ReadPart = (packet, layer, at, _length, visit, pass) => {
  readName(pass, packet.bytes, messageAt(packet, layer), at, packet.layerEnd[layer])
  return visit(lastName.text, 0)
}
const readOctets: ReadPart = (_packet, _layer, at, length, visit) => length > 0 && visit(at, length)
const readString: ReadPart = (packet, _layer, at, length, visit) =>
  visit(asciiText(packet.bytes, at + 1, length - 1), 0)
const readStringLength: ReadPart = (packet, _layer, at, _length, visit) => visit(packet.bytes[at], 0)
const readStringOctets: ReadPart = (_packet, _layer, at, length, visit) => visit(at + 1, length - 1)
const readText: ReadPart = (packet, _layer, at, length, visit) => visit(asciiText(packet.bytes, at, length), 0)
const readStrings: ReadPart = (packet, layer, at, length, visit) =>
  eachString(packet.bytes, at, length, packet.layerEnd[layer], (string) =>
    visit(asciiText(packet.bytes, string + 1, packet.bytes[string]), 0),
  )
const readStringLengths: ReadPart = (packet, layer, at, length, visit) =>
  eachString(packet.bytes, at, length, packet.layerEnd[layer], (string) => visit(packet.bytes[string], 0))

type Types = number | readonly number[]

function domain(name: string, types: Types, index: number, description: string): Field {
  return inPart('string', name, types, index, description, readName_)
}

function integer(
  type: FieldType,
  name: string,
  types: Types,
  index: number,
  description: string,
  options?: FieldOptions,
): Field {
  return inPart(type, name, types, index, description, readUnsigned, options)
}

function moment(name: string, types: Types, index: number, description: string): Field {
  return inPart('absolute_time', name, types, index, description, readUnsigned)
}

/** The field in options, or parameters, of `code`. */
function inOption(
  type: FieldType,
  name: string,
  types: Types,
  index: number,
  description: string,
  read: (bytes: Uint8Array, code: number, at: number, length: number, visit: Visit) => boolean,
  options?: FieldOptions,
): Field {
  return inPart(
    type,
    name,
    types,
    index,
    description,
    ({ bytes }, _layer, at, length, visit) =>
      eachOption(bytes, at, at + length, at + length, (code, value, size) => read(bytes, code, value, size, visit)),
    options,
  )
}

const CLIENT_SUBNET = 8
const COOKIE = 10
const ALPN = 1
const PORT = 3
const IPV4_HINT = 4
const IPV6_HINT = 6
const BINDINGS = [SVCB, HTTPS]
const SIGNATURES = [RRSIG, SIG]
const KEYS = [DNSKEY, CDNSKEY]
const DIGESTS = [DS, CDS]
const HASHED = [NSEC3, NSEC3PARAM]

export const DATA_FIELDS: readonly Field[] = [
  inPart('ipv4', 'dns.a', A, 0, 'Address', readUnsigned),
  domain('dns.ns', NS, 0, 'Name Server'),
  domain('dns.cname', CNAME, 0, 'CNAME; canonical name of an alias'),
  domain('dns.soa.mname', SOA, 0, 'Primary name server'),
  domain('dns.soa.rname', SOA, 1, "Responsible authority's mailbox"),
  integer('uint32', 'dns.soa.serial_number', SOA, 2, 'Serial Number; of this version of the zone'),
  integer('uint32', 'dns.soa.refresh_interval', SOA, 3, 'Refresh Interval; in seconds'),
  integer('uint32', 'dns.soa.retry_interval', SOA, 4, 'Retry Interval; in seconds'),
  integer('uint32', 'dns.soa.expire_limit', SOA, 5, 'Expire limit; in seconds'),
  integer('uint32', 'dns.soa.minimum_ttl', SOA, 6, 'Minimum TTL; in seconds'),
  inPart('bytes', 'dns.null', NULL, 0, 'Null (data)', readOctets),
  domain('dns.ptr.domain_name', PTR, 0, 'Domain Name; that an address has'),
  inPart('uint8', 'dns.hinfo.cpu_length', HINFO, 0, 'CPU Length', readStringLength),
  inPart('string', 'dns.hinfo.cpu', HINFO, 0, 'CPU', readString),
  inPart('uint8', 'dns.hinfo.os_length', HINFO, 1, 'OS Length', readStringLength),
  inPart('string', 'dns.hinfo.os', HINFO, 1, 'OS', readString),
  integer('uint16', 'dns.mx.preference', MX, 0, 'Preference; the lowest first'),
  domain('dns.mx.mail_exchange', MX, 1, 'Mail Exchange'),
  inPart('uint8', 'dns.txt.length', TXT, 0, 'TXT Length; of each string', readStringLengths),
  inPart('string', 'dns.txt', TXT, 0, 'TXT; each string', readStrings),
  inPart('uint8', 'dns.spf.length', SPF, 0, 'SPF Length; of each string', readStringLengths),
  inPart('string', 'dns.spf', SPF, 0, 'SPF; each string', readStrings),
  domain('dns.rp.mailbox', RP, 0, 'Mailbox; of the person responsible'),
  domain('dns.rp.txt_rr', RP, 1, 'TXT RR; name of a text record'),
  integer('uint16', 'dns.afsdb.subtype', AFSDB, 0, 'Subtype'),
  domain('dns.afsdb.hostname', AFSDB, 1, 'Hostname'),
  inPart('ipv6', 'dns.aaaa', AAAA, 0, 'AAAA Address', readOctets),
  integer('uint16', 'dns.srv.priority', SRV, 0, 'Priority; the lowest first'),
  integer('uint16', 'dns.srv.weight', SRV, 1, 'Weight; share among those of one priority'),
  integer('uint16', 'dns.srv.port', SRV, 2, 'Port'),
  domain('dns.srv.target', SRV, 3, 'Target; host that offers the service'),
  integer('uint16', 'dns.naptr.order', NAPTR, 0, 'Order'),
  integer('uint16', 'dns.naptr.preference', NAPTR, 1, 'Preference'),
  inPart('uint8', 'dns.naptr.flags_length', NAPTR, 2, 'Flags Length', readStringLength),
  inPart('string', 'dns.naptr.flags', NAPTR, 2, 'Flags', readString),
  inPart('uint8', 'dns.naptr.service_length', NAPTR, 3, 'Service Length', readStringLength),
  inPart('string', 'dns.naptr.service', NAPTR, 3, 'Service', readString),
  inPart('uint8', 'dns.naptr.regex_length', NAPTR, 4, 'Regex Length', readStringLength),
  inPart('string', 'dns.naptr.regex', NAPTR, 4, 'Regex', readString),
  domain('dns.naptr.replacement', NAPTR, 5, 'Replacement'),
  domain('dns.dname', DNAME, 0, 'Dname; name that a whole tree is redirected to'),
  inOption('none', 'dns.opt', OPT, 0, 'Option', (_bytes, _code, _at, _length, visit) => visit(0, 0)),
  inOption('uint16', 'dns.opt.code', OPT, 0, 'Option Code', (_bytes, code, _at, _length, visit) => visit(code, 0), {
    values: OPTION_CODES,
  }),
  inOption('uint16', 'dns.opt.len', OPT, 0, 'Option Length', (_bytes, _code, _at, length, visit) => visit(length, 0)),
  inOption('bytes', 'dns.opt.data', OPT, 0, 'Option Data', (_bytes, _code, at, length, visit) => visit(at, length)),
  inOption(
    'uint16',
    'dns.opt.client.family',
    OPT,
    0,
    'Family; of the address (RFC 7871 §6)',
    (bytes, code, at, length, visit) => code === CLIENT_SUBNET && length >= 4 && visit(read16(bytes, at), 0),
  ),
  inOption(
    'uint8',
    'dns.opt.client.netmask',
    OPT,
    0,
    'Source Netmask',
    (bytes, code, at, length, visit) => code === CLIENT_SUBNET && length >= 4 && visit(bytes[at + 2], 0),
  ),
  inOption(
    'uint8',
    'dns.opt.client.scope',
    OPT,
    0,
    'Scope Netmask',
    (bytes, code, at, length, visit) => code === CLIENT_SUBNET && length >= 4 && visit(bytes[at + 3], 0),
  ),
  inOption(
    'bytes',
    'dns.opt.cookie.client',
    OPT,
    0,
    'Client Cookie (RFC 7873 §4)',
    (_bytes, code, at, length, visit) => code === COOKIE && length >= 8 && visit(at, 8),
  ),
  inOption(
    'bytes',
    'dns.opt.cookie.server',
    OPT,
    0,
    'Server Cookie',
    (_bytes, code, at, length, visit) => code === COOKIE && length >= 8 && visit(at + 8, length - 8),
  ),
  integer('uint16', 'dns.ds.key_id', DIGESTS, 0, 'Key id', { base: 'hex' }),
  integer('uint8', 'dns.ds.algorithm', DIGESTS, 1, 'Algorithm', { values: ALGORITHMS }),
  integer('uint8', 'dns.ds.digest_type', DIGESTS, 2, 'Digest Type', { values: DIGEST_TYPES }),
  inPart('bytes', 'dns.ds.digest', DIGESTS, 3, 'Digest; of the key', readOctets),
  integer('uint8', 'dns.sshfp.algorithm', SSHFP, 0, 'Algorithm'),
  integer('uint8', 'dns.sshfp.fingerprint.type', SSHFP, 1, 'Fingerprint type'),
  inPart('bytes', 'dns.sshfp.fingerprint', SSHFP, 2, 'Fingerprint', readOctets),
  integer('uint16', 'dns.rrsig.type_covered', SIGNATURES, 0, 'Type Covered; by the signature', { values: TYPES }),
  integer('uint8', 'dns.rrsig.algorithm', SIGNATURES, 1, 'Algorithm', { values: ALGORITHMS }),
  integer('uint8', 'dns.rrsig.labels', SIGNATURES, 2, 'Labels; of the name as it was signed'),
  integer('uint32', 'dns.rrsig.original_ttl', SIGNATURES, 3, 'Original TTL; in seconds'),
  moment('dns.rrsig.signature_expiration', SIGNATURES, 4, 'Signature Expiration'),
  moment('dns.rrsig.signature_inception', SIGNATURES, 5, 'Signature Inception'),
  integer('uint16', 'dns.rrsig.key_tag', SIGNATURES, 6, 'Key Tag'),
  domain('dns.rrsig.signers_name', SIGNATURES, 7, "Signer's name"),
  inPart('bytes', 'dns.rrsig.signature', SIGNATURES, 8, 'Signature', readOctets),
  domain('dns.nsec.next_domain_name', NSEC, 0, 'Next Domain Name'),
  integer('uint16', 'dns.dnskey.flags', KEYS, 0, 'Flags', { base: 'hex' }),
  integer('uint8', 'dns.dnskey.protocol', KEYS, 1, 'Protocol; always 3'),
  integer('uint8', 'dns.dnskey.algorithm', KEYS, 2, 'Algorithm', { values: ALGORITHMS }),
  inPart('bytes', 'dns.dnskey.public_key', KEYS, 3, 'Public Key', readOctets),
  integer('uint8', 'dns.nsec3.algo', HASHED, 0, 'Hash algorithm'),
  integer('uint8', 'dns.nsec3.flags', HASHED, 1, 'NSEC3 flags'),
  integer('uint16', 'dns.nsec3.iterations', HASHED, 2, 'NSEC3 iterations'),
  inPart('uint8', 'dns.nsec3.salt_length', HASHED, 3, 'Salt length', readStringLength),
  inPart('bytes', 'dns.nsec3.salt_value', HASHED, 3, 'Salt value', readStringOctets),
  inPart('uint8', 'dns.nsec3.hash_length', NSEC3, 4, 'Hash length', readStringLength),
  inPart(
    'string',
    'dns.nsec3.hash_value',
    NSEC3,
    4,
    'Next hashed owner; in base 32',
    ({ bytes }, _layer, at, length, visit) => (length > 1 ? visit(base32(bytes, at + 1, length - 1), 0) : false),
  ),
  integer('uint8', 'dns.tlsa.certificate_usage', TLSA, 0, 'Certificate Usage'),
  integer('uint8', 'dns.tlsa.selector', TLSA, 1, 'Selector'),
  integer('uint8', 'dns.tlsa.matching_type', TLSA, 2, 'Matching Type'),
  inPart('bytes', 'dns.tlsa.certificate_association_data', TLSA, 3, 'Certificate Association Data', readOctets),
  integer('uint16', 'dns.svcb.svcpriority', BINDINGS, 0, 'SvcPriority; 0 in an alias'),
  domain('dns.svcb.targetname', BINDINGS, 1, 'TargetName'),
  inOption('none', 'dns.svcb.svcparam', BINDINGS, 2, 'SvcParam', (_bytes, _code, _at, _length, visit) => visit(0, 0)),
  inOption(
    'uint16',
    'dns.svcb.svcparam.key',
    BINDINGS,
    2,
    'SvcParamKey',
    (_bytes, code, _at, _length, visit) => visit(code, 0),
    { values: SERVICE_PARAMETERS },
  ),
  inOption(
    'uint16',
    'dns.svcb.svcparam.value.length',
    BINDINGS,
    2,
    'SvcParamValue length',
    (_bytes, _code, _at, length, visit) => visit(length, 0),
  ),
  inOption('string', 'dns.svcb.svcparam.alpn', BINDINGS, 2, 'ALPN', (bytes, code, at, length, visit) =>
    code === ALPN
      ? eachString(bytes, at, length, at + length, (s) => visit(asciiText(bytes, s + 1, bytes[s]), 0))
      : false,
  ),
  inOption(
    'uint16',
    'dns.svcb.svcparam.port',
    BINDINGS,
    2,
    'Port',
    (bytes, code, at, length, visit) => code === PORT && length >= 2 && visit(read16(bytes, at), 0),
  ),
  inOption('ipv4', 'dns.svcb.svcparam.ipv4hint.ip', BINDINGS, 2, 'IP', (bytes, code, at, length, visit) => {
    if (code === IPV4_HINT) for (let i = 0; i + 4 <= length; i += 4) if (visit(read32(bytes, at + i), 0)) return true
    return false
  }),
  inOption('ipv6', 'dns.svcb.svcparam.ipv6hint.ip', BINDINGS, 2, 'IP', (_bytes, code, at, length, visit) => {
    if (code === IPV6_HINT) for (let i = 0; i + 16 <= length; i += 16) if (visit(at + i, 16)) return true
    return false
  }),
  domain('dns.tsig.algorithm_name', TSIG, 0, 'Algorithm Name'),
  inPart('absolute_time', 'dns.tsig.time_signed', TSIG, 1, 'Time Signed', ({ bytes }, _layer, at, _length, visit) =>
    visit(Number(read64(bytes, at) >> 16n), 0),
  ),
  integer('uint16', 'dns.tsig.fudge', TSIG, 2, 'Fudge; seconds that clocks may differ'),
  integer('uint16', 'dns.tsig.original_id', TSIG, 4, 'Original Id'),
  integer('uint16', 'dns.tsig.error', TSIG, 5, 'Error'),
  integer('uint8', 'dns.caa.flags', CAA, 0, 'CAA Flags', { base: 'hex' }),
  inPart('string', 'dns.caa.tag', CAA, 1, 'Tag', readString),
  inPart('string', 'dns.caa.value', CAA, 2, 'Value', readText),
  computed('bytes', 'dns.data', 'Data; of a record of a type that is not known', (packet, layer, visit) =>
    eachRecord(packet, layer, (_name, fixed) => {
      const length = read16(packet.bytes, fixed + DATA_LENGTH)
      if (length === 0 || !isUnknown(read16(packet.bytes, fixed + TYPE))) return false
      return fixed + DATA + length <= packet.layerEnd[layer] && visit(fixed + DATA, length)
    }),
  ),
]

/** RFC 4648 §7, without padding. */
function base32(bytes: Uint8Array, at: number, length: number): string {
  let text = ''
  let bits = 0
  let value = 0
  for (let i = 0; i < length; i++) {
    value = ((value << 8) | bytes[at + i]) & 0xfff
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += ((value >> bits) & 31).toString(32)
    }
  }
  if (bits > 0) text += ((value << (5 - bits)) & 31).toString(32)
  return text
}
