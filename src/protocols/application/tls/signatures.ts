/** Signature algorithms in handshake messages. */
import { read16 } from '../../../packet/bytes.ts'
import type { Visit } from '../../field.ts'
import { CLIENT_HELLO, eachExtension, SERVER_HELLO } from './handshake.ts'
import { each16 } from './lists.ts'

const SERVER_KEY_EXCHANGE = 12
const CERTIFICATE_REQUEST = 13
const CERTIFICATE_VERIFY = 15

const SIGNATURE_ALGORITHMS = 13
const CERTIFICATE_TIMESTAMPS = 18

/** The curve of a ServerKeyExchange is told by its number (RFC 8422 §5.4). */
const NAMED_CURVE = 3

/** Visits the signature algorithms that a message offers, asks for or uses (RFC 5246 §7.4). */
export function eachSignature(bytes: Uint8Array, at: number, end: number, visit: Visit): boolean {
  const body = at + 4
  switch (bytes[at]) {
    case CLIENT_HELLO:
    case SERVER_HELLO:
      return eachExtension(bytes, at, end, (type, value, length) => {
        if (type === SIGNATURE_ALGORITHMS) return each16(bytes, value, length, visit)
        return type === CERTIFICATE_TIMESTAMPS && eachTimestamp(bytes, value, length, visit)
      })
    case SERVER_KEY_EXCHANGE:
      return visitSignature(bytes, signatureAt(bytes, body, end), end, visit)
    case CERTIFICATE_VERIFY:
      return visitSignature(bytes, body, end, visit)
    case CERTIFICATE_REQUEST: {
      // Before TLS 1.2 the names of authorities follow at once, and reach the end.
      const list = body + 1 + bytes[body]
      if (list + 2 > end || list + 2 + read16(bytes, list) >= end) return false
      return each16(bytes, list, end - list, visit)
    }
    default:
      return false
  }
}

/** Visits the algorithms of signed certificate timestamps (RFC 6962 §3.2), a list within a list of octets. */
function eachTimestamp(bytes: Uint8Array, at: number, length: number, visit: Visit): boolean {
  const end = at + length
  let item = at + 2
  while (item + 2 <= end) {
    const next = item + 2 + read16(bytes, item)
    // Version, log and time are 41 octets.
    const extensions = item + 2 + 41
    const signature = extensions + 2 <= end ? extensions + 2 + read16(bytes, extensions) : end
    if (next <= end && signature + 2 <= next && visit(read16(bytes, signature), 0)) return true
    item = next
  }
  return false
}

/** Where the signature of a ServerKeyExchange begins: behind a curve and a point, or three numbers. */
function signatureAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 <= end && bytes[at] === NAMED_CURVE) return at + 4 + bytes[at + 3]
  let position = at
  for (let i = 0; i < 3 && position + 2 <= end; i++) position += 2 + read16(bytes, position)
  return position
}

/** Visits the algorithm at `at`, if the signature behind it reaches the end: before TLS 1.2 there is none. */
function visitSignature(bytes: Uint8Array, at: number, end: number, visit: Visit): boolean {
  return at + 4 <= end && at + 4 + read16(bytes, at + 2) === end && visit(read16(bytes, at), 0)
}
