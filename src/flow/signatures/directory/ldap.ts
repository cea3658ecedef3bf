/** LDAP: RFC 4511 §4.1.1 (message envelope) and §4.2 to §4.14 (operations). CLDAP is the same over UDP ([MS-ADTS] §6.3.3). */
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'
import { berHeader, berSize } from './ber.ts'

const SEQUENCE = 0x30
const INTEGER = 0x02
const OCTET_STRING = 0x04
const ENUMERATED = 0x0a
const MAX_ID_OCTETS = 4

// The operations: application tags, with the bit for constructed ones.
const BIND_REQUEST = 0x60
const BIND_RESPONSE = 0x61
const UNBIND_REQUEST = 0x42
const SEARCH_REQUEST = 0x63
const SEARCH_RESULT_ENTRY = 0x64
const SEARCH_RESULT_DONE = 0x65
const MODIFY_REQUEST = 0x66
const MODIFY_RESPONSE = 0x67
const ADD_REQUEST = 0x68
const ADD_RESPONSE = 0x69
const DELETE_REQUEST = 0x4a
const DELETE_RESPONSE = 0x6b
const MODIFY_NAME_REQUEST = 0x6c
const MODIFY_NAME_RESPONSE = 0x6d
const COMPARE_REQUEST = 0x6e
const COMPARE_RESPONSE = 0x6f
const ABANDON_REQUEST = 0x50
const SEARCH_RESULT_REFERENCE = 0x73
const EXTENDED_REQUEST = 0x77
const EXTENDED_RESPONSE = 0x78
/** The name of an extended request, context tag 0. */
const REQUEST_NAME = 0x80
const CONTROLS = 0xa0

/** Hot: one message's envelope, and the beginning of what its operation must contain. */
function isMessage({ bytes, at, end, length }: Payload): boolean {
  const header = berHeader(bytes, at, end)
  const size = berSize(bytes, at, end)
  if (header === 0 || size < 7) return false
  // The next message, if the segment has more.
  if (size < length && at + size < end && bytes[at + size] !== SEQUENCE) return false
  const id = at + header
  if (id + 4 > end || bytes[id] !== INTEGER || bytes[id + 1] === 0 || bytes[id + 1] > MAX_ID_OCTETS) return false
  const operation = id + 2 + bytes[id + 1]
  const operationHeader = berHeader(bytes, operation, end)
  if (operationHeader === 0) return false
  const rest = at + size - operation - berSize(bytes, operation, end)
  if (
    rest < 0 ||
    (rest > 0 && operation + berSize(bytes, operation, end) < end && bytes[at + size - rest] !== CONTROLS)
  )
    return false
  return isOperation(bytes, operation, operation + operationHeader, end, rest === 0)
}

/** Hot: `content` is the operation's first octet behind its length. */
function isOperation(bytes: Uint8Array, at: number, content: number, end: number, isLast: boolean): boolean {
  switch (bytes[at]) {
    case UNBIND_REQUEST:
      return bytes[at + 1] === 0 && isLast
    case ABANDON_REQUEST:
      return bytes[at + 1] >= 1 && bytes[at + 1] <= MAX_ID_OCTETS && isLast
    case BIND_REQUEST:
      if (end - content < 4 || bytes[content] !== INTEGER || bytes[content + 1] !== 1) return false
      return bytes[content + 2] >= 2 && bytes[content + 2] <= 3 && bytes[content + 3] === OCTET_STRING
    case BIND_RESPONSE:
    case SEARCH_RESULT_DONE:
    case MODIFY_RESPONSE:
    case ADD_RESPONSE:
    case DELETE_RESPONSE:
    case MODIFY_NAME_RESPONSE:
    case COMPARE_RESPONSE:
    case EXTENDED_RESPONSE:
      // LDAPResult (RFC 4511 §4.1.9): the code, the matched name.
      if (end - content < 4 || bytes[content] !== ENUMERATED || bytes[content + 1] !== 1) return false
      return bytes[content + 2] <= 123 && bytes[content + 3] === OCTET_STRING
    case SEARCH_REQUEST:
      return isSearch(bytes, content, end)
    case DELETE_REQUEST:
      return content < end && bytes[content] >= 0x20 && bytes[content] < 0x7f
    case EXTENDED_REQUEST:
      // An object identifier, written out.
      return end - content >= 4 && bytes[content] === REQUEST_NAME && bytes[content + 3] === 0x2e
    case SEARCH_RESULT_ENTRY:
    case MODIFY_REQUEST:
    case ADD_REQUEST:
    case MODIFY_NAME_REQUEST:
    case COMPARE_REQUEST:
    case SEARCH_RESULT_REFERENCE:
      return content < end && bytes[content] === OCTET_STRING
    default:
      return false
  }
}

/** Hot: the base, then the scope and what to do with aliases (RFC 4511 §4.5.1); a long base hides the two. */
function isSearch(bytes: Uint8Array, at: number, end: number): boolean {
  const base = at < end && bytes[at] === OCTET_STRING ? berSize(bytes, at, end) : 0
  const scope = at + base
  if (base === 0) return false
  if (end - scope < 7) return true
  return (
    bytes[scope] === ENUMERATED &&
    bytes[scope + 1] === 1 &&
    bytes[scope + 2] <= 3 &&
    bytes[scope + 3] === ENUMERATED &&
    bytes[scope + 4] === 1 &&
    bytes[scope + 5] <= 3 &&
    bytes[scope + 6] === INTEGER
  )
}

export const ldap: Signature = {
  name: 'ldap',
  title: 'Lightweight Directory Access Protocol',
  transport: 'tcp',
  evidence: 'message of LDAP with a known operation',
  begins: [SEQUENCE],
  matches: isMessage,
}

export const cldap: Signature = {
  name: 'cldap',
  title: 'Connectionless Lightweight Directory Access Protocol',
  transport: 'udp',
  evidence: 'message of LDAP with a known operation, as long as the datagram',
  begins: [SEQUENCE],
  matches: (payload) => berSize(payload.bytes, payload.at, payload.end) === payload.length && isMessage(payload),
}
