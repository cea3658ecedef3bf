/** The fields of ClientHello and ServerHello. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Field, FieldOptions, FieldType, ValueNames, Visit } from '../../field.ts'
import { utf8 } from '../lines.ts'
import { CIPHER_SUITES } from './cipher-suites.ts'
import { fingerprints } from './fingerprint.ts'
import { GROUPS, SIGNATURES } from './groups.ts'
import {
  CLIENT_HELLO,
  choosesTls13,
  compressionAt,
  ENCRYPTED_EXTENSIONS,
  eachExtension,
  extensionsAt,
  RANDOM,
  SERVER_HELLO,
  SESSION_ID_LENGTH,
  SUPPORTED_VERSIONS,
  suitesAt,
  VERSION,
} from './handshake.ts'
import { ja4Fields } from './ja4.ts'
import { each16 } from './lists.ts'
import { message } from './message-field.ts'
import { COMPRESSION_METHODS, EXTENSIONS, POINT_FORMATS, VERSIONS } from './names.ts'
import { eachSignature } from './signatures.ts'

const HELLOS = [CLIENT_HELLO, SERVER_HELLO]
const WITH_EXTENSIONS = [...HELLOS, ENCRYPTED_EXTENSIONS]

/** What TLS 1.2 made signature algorithms of: a hash and a kind of key (RFC 5246 §7.4.1.4.1). */
const HASHES: ValueNames = {
  0: 'None',
  1: 'MD5',
  2: 'SHA1',
  3: 'SHA224',
  4: 'SHA256',
  5: 'SHA384',
  6: 'SHA512',
  7: 'SM3',
}
const KEYS: ValueNames = { 0: 'Anonymous', 1: 'RSA', 2: 'DSA', 3: 'ECDSA', 4: 'SM2' }

const SERVER_NAME = 0
const STATUS_REQUEST = 5
const SUPPORTED_GROUPS = 10
const EC_POINT_FORMATS = 11
const ALPN = 16
const KEY_SHARE = 51

/** A field within extensions of one type. */
function extension(
  type: FieldType,
  name: string,
  extensionType: number,
  description: string,
  read: (bytes: Uint8Array, at: number, length: number, visit: Visit, hello: number) => boolean,
  options: FieldOptions = {},
): Field {
  return message(
    type,
    name,
    WITH_EXTENSIONS,
    description,
    (bytes, at, end, visit) =>
      eachExtension(
        bytes,
        at,
        end,
        (own, value, length) => own === extensionType && read(bytes, value, length, visit, bytes[at]),
      ),
    options,
  )
}

/** Visits where the strings of a list lie, which begins with its length, as they do (of one octet each). */
function eachString(
  bytes: Uint8Array,
  at: number,
  length: number,
  each: (at: number, length: number) => boolean,
): boolean {
  if (length < 2) return false
  const end = at + Math.min(length, 2 + read16(bytes, at))
  let i = at + 2
  while (i < end) {
    if (i + 1 + bytes[i] > end) return false
    if (each(i + 1, bytes[i])) return true
    i += 1 + bytes[i]
  }
  return false
}

/** Visits the groups of key shares: a list in a ClientHello, one in a ServerHello. */
function eachKeyShare(bytes: Uint8Array, at: number, length: number, visit: Visit, hello: number): boolean {
  if (hello !== CLIENT_HELLO) return length > 2 && visit(read16(bytes, at), 0)
  if (length < 2) return false
  const end = at + length
  let i = at + 2
  while (i + 4 <= end) {
    if (visit(read16(bytes, i), 0)) return true
    i += 4 + read16(bytes, i + 2)
  }
  return false
}

export const helloFields: readonly Field[] = [
  message(
    'uint16',
    'tls.handshake.version',
    HELLOS,
    'Version; TLS 1.3 says 1.2 here, and itself in an extension',
    (bytes, at, end, visit) => at + RANDOM <= end && visit(read16(bytes, at + VERSION), 0),
    { base: 'hex', values: VERSIONS },
  ),
  message(
    'bytes',
    'tls.handshake.random',
    HELLOS,
    'Random',
    (_bytes, at, end, visit) => at + SESSION_ID_LENGTH <= end && visit(at + RANDOM, 32),
  ),
  message(
    'absolute_time',
    'tls.handshake.random_time',
    HELLOS,
    'GMT Unix Time; before TLS 1.3, if at all',
    (bytes, at, end, visit, isQuic) =>
      !isQuic &&
      at + RANDOM + 4 <= end &&
      (bytes[at] === CLIENT_HELLO || !choosesTls13(bytes, at, end)) &&
      visit(read32(bytes, at + RANDOM), 0),
  ),
  message(
    'bytes',
    'tls.handshake.random_bytes',
    HELLOS,
    'Random Bytes',
    (bytes, at, end, visit, isQuic) =>
      !isQuic &&
      at + SESSION_ID_LENGTH <= end &&
      (bytes[at] === CLIENT_HELLO || !choosesTls13(bytes, at, end)) &&
      visit(at + RANDOM + 4, 28),
  ),
  message(
    'uint16',
    'tls.handshake.session_id_length',
    HELLOS,
    'Session ID Length; octets',
    (bytes, at, end, visit) => at + SESSION_ID_LENGTH < end && visit(bytes[at + SESSION_ID_LENGTH], 0),
  ),
  message('bytes', 'tls.handshake.session_id', HELLOS, 'Session ID', (bytes, at, end, visit) => {
    const length = bytes[at + SESSION_ID_LENGTH]
    const first = at + SESSION_ID_LENGTH + 1
    return first + length <= end && length > 0 && visit(first, length)
  }),
  message(
    'uint16',
    'tls.handshake.cipher_suites_length',
    [CLIENT_HELLO],
    'Cipher Suites Length; octets',
    (bytes, at, end, visit) => {
      const suites = suitesAt(bytes, at, end)
      return suites >= 0 && visit(read16(bytes, suites), 0)
    },
  ),
  message(
    'uint16',
    'tls.handshake.ciphersuite',
    HELLOS,
    'Cipher Suite; all that a client offers, the one that the server chose',
    (bytes, at, end, visit) => {
      const suites = suitesAt(bytes, at, end)
      if (suites < 0) return false
      return bytes[at] === SERVER_HELLO ? visit(read16(bytes, suites), 0) : each16(bytes, suites, end - suites, visit)
    },
    { base: 'hex', values: CIPHER_SUITES },
  ),
  message(
    'uint8',
    'tls.handshake.comp_methods_length',
    [CLIENT_HELLO],
    'Compression Methods Length; octets',
    (bytes, at, end, visit) => {
      const compression = compressionAt(bytes, at, end)
      return compression >= 0 && visit(bytes[compression], 0)
    },
  ),
  message(
    'uint8',
    'tls.handshake.comp_method',
    HELLOS,
    'Compression Method',
    (bytes, at, end, visit) => {
      const compression = compressionAt(bytes, at, end)
      if (compression < 0) return false
      if (bytes[at] === SERVER_HELLO) return bytes[at + VERSION] !== 0x7f && visit(bytes[compression], 0)
      for (let i = 1; i <= bytes[compression] && compression + i < end; i++)
        if (visit(bytes[compression + i], 0)) return true
      return false
    },
    { values: COMPRESSION_METHODS },
  ),
  message(
    'uint16',
    'tls.handshake.extensions_length',
    WITH_EXTENSIONS,
    'Extensions Length; octets',
    (bytes, at, end, visit) => {
      const extensions = extensionsAt(bytes, at, end)
      return extensions >= 0 && visit(read16(bytes, extensions), 0)
    },
  ),
  message(
    'uint16',
    'tls.handshake.extension.type',
    WITH_EXTENSIONS,
    'Type',
    (bytes, at, end, visit) => eachExtension(bytes, at, end, (type) => visit(type, 0)),
    { values: EXTENSIONS },
  ),
  message('uint16', 'tls.handshake.extension.len', WITH_EXTENSIONS, 'Length; octets', (bytes, at, end, visit) =>
    eachExtension(bytes, at, end, (_type, _value, length) => visit(length, 0)),
  ),
  extension(
    'string',
    'tls.handshake.extensions_server_name',
    SERVER_NAME,
    'Server Name',
    (bytes, at, length, visit) => {
      const end = at + length
      let i = at + 2
      while (i + 3 <= end) {
        const size = read16(bytes, i + 1)
        if (i + 3 + size > end) return false
        if (visit(utf8(bytes, i + 3, i + 3 + size), 0)) return true
        i += 3 + size
      }
      return false
    },
  ),
  extension('string', 'tls.handshake.extensions_alpn_str', ALPN, 'ALPN Next Protocol', (bytes, at, length, visit) =>
    eachString(bytes, at, length, (from, size) => visit(utf8(bytes, from, from + size), 0)),
  ),
  extension('uint16', 'tls.handshake.extensions_supported_group', SUPPORTED_GROUPS, 'Supported Group', each16, {
    base: 'hex',
    values: GROUPS,
  }),
  extension(
    'uint8',
    'tls.handshake.extensions_ec_point_format',
    EC_POINT_FORMATS,
    'EC point format',
    (bytes, at, length, visit) => {
      for (let i = 1; i < length && i <= bytes[at]; i++) if (visit(bytes[at + i], 0)) return true
      return false
    },
    { values: POINT_FORMATS },
  ),
  message('uint16', 'tls.handshake.sig_hash_alg', [], 'Signature Algorithm', eachSignature, {
    base: 'hex',
    values: SIGNATURES,
  }),
  message(
    'uint8',
    'tls.handshake.sig_hash_hash',
    [],
    'Signature Hash Algorithm Hash',
    (bytes, at, end, visit) => eachSignature(bytes, at, end, (algorithm) => visit(algorithm >> 8, 0)),
    { values: HASHES },
  ),
  message(
    'uint8',
    'tls.handshake.sig_hash_sig',
    [],
    'Signature Hash Algorithm Signature',
    (bytes, at, end, visit) => eachSignature(bytes, at, end, (algorithm) => visit(algorithm & 0xff, 0)),
    { values: KEYS },
  ),
  extension('uint16', 'tls.handshake.extensions_key_share_group', KEY_SHARE, 'Group', eachKeyShare, { values: GROUPS }),
  extension(
    'uint16',
    'tls.handshake.extensions_key_share_selected_group',
    KEY_SHARE,
    'Selected Group; a HelloRetryRequest asks for it',
    (bytes, at, length, visit, hello) => hello === SERVER_HELLO && length === 2 && visit(read16(bytes, at), 0),
    { values: GROUPS },
  ),
  extension(
    'uint16',
    'tls.handshake.extensions.supported_version',
    SUPPORTED_VERSIONS,
    'Supported Version; all that a client offers, the one that the server chose',
    (bytes, at, length, visit, hello) => {
      if (hello !== CLIENT_HELLO) return length >= 2 && visit(read16(bytes, at), 0)
      for (let i = 1; i + 2 <= length && i < bytes[at]; i += 2) if (visit(read16(bytes, at + i), 0)) return true
      return false
    },
    { base: 'hex', values: VERSIONS },
  ),
  extension(
    'uint8',
    'tls.handshake.extensions_status_request_type',
    STATUS_REQUEST,
    'Certificate Status Type',
    (bytes, at, length, visit, hello) => hello === CLIENT_HELLO && length > 0 && visit(bytes[at], 0),
    { values: { 1: 'OCSP', 2: 'OCSP Multi' } },
  ),
  ...fingerprints('tls.handshake.ja3', CLIENT_HELLO, 'JA3'),
  ...fingerprints('tls.handshake.ja3s', SERVER_HELLO, 'JA3S'),
  ...ja4Fields,
]
