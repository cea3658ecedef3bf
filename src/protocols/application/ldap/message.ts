/**
 * LDAP messages, RFC 4511 §4, in BER: a sequence of a number, an operation that is told by its application tag, and controls.
 */
import { element, find, open, readElement, readInteger } from '../security/asn1.ts'

// Operations, by the number of their application tag (RFC 4511 §4.2 to §4.12).
export const BIND_REQUEST = 0
export const BIND_RESPONSE = 1
export const SEARCH_REQUEST = 3
export const SEARCH_ENTRY = 4
export const MODIFY_REQUEST = 6
export const ADD_REQUEST = 8
export const DELETE_REQUEST = 10
export const RENAME_REQUEST = 12
export const COMPARE_REQUEST = 14
export const EXTENDED_REQUEST = 23
export const EXTENDED_RESPONSE = 24

/** Operations that are a result: a code, a name, a text (§4.1.9). */
export const RESULTS = new Set([BIND_RESPONSE, 5, 7, 9, 11, 13, 15, EXTENDED_RESPONSE])

export const SEQUENCE = 0x30
const INTEGER = 0x02
export const OCTET_STRING = 0x04
/** Tag of SASL's credentials in a bind request, and of the server's in the response. */
const SASL = 0xa3
const SERVER_CREDENTIALS = 0x87

/** A message as `readMessage` found it; one object, refilled. */
export const message = {
  /** Its number, and one past the message. */
  id: 0,
  end: 0,
  /** The operation, and where its contents lie. */
  operation: 0,
  at: 0,
  operationEnd: 0,
}

/** Hot: reads the head of the message at `at` into `message`. */
export function readMessage(bytes: Uint8Array, at: number, end: number): boolean {
  const sequence = open(bytes, at, end, SEQUENCE)
  if (sequence < 0) return false
  message.end = element.end
  const to = Math.min(element.end, end)
  const idAt = open(bytes, sequence, to, INTEGER)
  if (idAt < 0 || element.end > to) return false
  message.id = readInteger(bytes, idAt, element.end)
  if (!readElement(bytes, element.end, to) || (element.tag & 0xc0) !== 0x40) return false
  message.operation = element.tag & 0x1f
  message.at = element.at
  message.operationEnd = Math.min(element.end, to)
  return true
}

/** Hot: the nth element of the contents from `at` to `end` into `element`; false if there are fewer. */
export function nth(bytes: Uint8Array, at: number, end: number, n: number): boolean {
  let next = at
  for (let i = 0; i <= n; i++) {
    if (!readElement(bytes, next, end)) return false
    next = element.end
  }
  return element.end <= end
}

/** Hot: where the credentials of SASL begin in the bind request or response that `message` holds; `element.end` is their end. */
export function credentialsAt(bytes: Uint8Array): number {
  const { at, operationEnd } = message
  if (message.operation === BIND_RESPONSE) {
    const found = find(bytes, at, operationEnd, SERVER_CREDENTIALS)
    return found < 0 || element.end > operationEnd ? -1 : element.at
  }
  if (message.operation !== BIND_REQUEST || !nth(bytes, at, operationEnd, 2)) return -1
  // Microsoft's own negotiation [MS-ADTS] §5.1.1.1.3 has NTLMSSP under tags 10 and 11.
  if (element.tag === 0x8a || element.tag === 0x8b) return element.at
  if (element.tag !== SASL) return -1
  const sasl = element.at
  return nth(bytes, sasl, element.end, 1) ? element.at : -1
}

/** Hot: whether `message` holds an extended request whose name is `oid`. */
export function isExtendedRequest(bytes: Uint8Array, oid: string): boolean {
  if (message.operation !== EXTENDED_REQUEST || !nth(bytes, message.at, message.operationEnd, 0)) return false
  if (element.end - element.at !== oid.length) return false
  for (let i = 0; i < oid.length; i++) if (bytes[element.at + i] !== oid.charCodeAt(i)) return false
  return true
}

/** Hot: whether `message` holds a result of code 0. */
export function isSuccess(bytes: Uint8Array): boolean {
  return nth(bytes, message.at, message.operationEnd, 0) && readInteger(bytes, element.at, element.end) === 0
}
