/** Fields of the messages after the hellos: key exchange, tickets, requests for certificates (RFC 5246 §7.4, RFC 8422 §5, RFC 5077). */
import { read16 } from '../../../packet/bytes.ts'
import type { Field } from '../../field.ts'
import { type Item, item, type Scan } from '../../scan.ts'
import { GROUPS } from './groups.ts'
import { CLIENT_HELLO, compressionAt, suitesAt } from './handshake.ts'
import { ofMessages } from './message-scan.ts'

const NEW_SESSION_TICKET = 4
const SERVER_KEY_EXCHANGE = 12
const CERTIFICATE_REQUEST = 13
const CLIENT_KEY_EXCHANGE = 16

const NAMED_CURVE = 3

const octets = (type: 'uint8' | 'uint16', name: string, description: string): Item =>
  item(type, `tls.handshake.${name}`, description)
const bytes = (name: string, description: string): Item => item('bytes', `tls.handshake.${name}`, description)

const suites = item('none', 'tls.handshake.ciphersuites', 'Cipher Suites')
const compressions = item('none', 'tls.handshake.comp_methods', 'Compression Methods')
const lifetime = item('uint32', 'tls.handshake.session_ticket_lifetime_hint', 'Session Ticket Lifetime Hint; seconds')
const ageAdd = item('uint32', 'tls.handshake.session_ticket_age_add', 'Session Ticket Age Add')
const nonceLength = octets('uint8', 'session_ticket_nonce_length', 'Session Ticket Nonce Length')
const nonce = bytes('session_ticket_nonce', 'Session Ticket Nonce')
const ticketLength = octets('uint16', 'session_ticket_length', 'Session Ticket Length')
const ticket = bytes('session_ticket', 'Session Ticket')
const curveType = item('uint8', 'tls.handshake.server_curve_type', 'Curve Type', {
  base: 'hex',
  values: { 1: 'explicit_prime', 2: 'explicit_char2', 3: 'named_curve' },
})
const curve = item('uint16', 'tls.handshake.server_named_curve', 'Named Curve', { base: 'hex', values: GROUPS })
const serverPointLength = octets('uint8', 'server_point_len', 'Pubkey Length')
const serverPoint = bytes('server_point', 'Pubkey; the public key of the server')
const primeLength = octets('uint16', 'p_len', 'p Length')
const prime = bytes('p', 'p; the prime of a Diffie-Hellman group')
const generatorLength = octets('uint16', 'g_len', 'g Length')
const generator = bytes('g', 'g; its generator')
const serverKeyLength = octets('uint16', 'ys_len', 'Pubkey Length')
const serverKey = bytes('ys', 'Pubkey; the public key of the server')
const signatureLength = octets('uint16', 'sig_len', 'Signature Length')
const signature = bytes('sig', 'Signature')
const clientPointLength = octets('uint8', 'client_point_len', 'Pubkey Length')
const clientPoint = bytes('client_point', 'Pubkey; the public key of the client')
const typesCount = octets('uint8', 'cert_types_count', 'Certificate types count')
const types = item('none', 'tls.handshake.cert_types', 'Certificate types')
const type = item('uint8', 'tls.handshake.cert_type', 'Certificate type; that the server takes', {
  values: { 1: 'RSA Sign', 2: 'DSS Sign', 3: 'RSA Fixed DH', 4: 'DSS Fixed DH', 64: 'ECDSA Sign' },
})

const items: readonly Item[] = [
  ...[suites, compressions, lifetime, ageAdd, nonceLength, nonce, ticketLength, ticket, curveType, curve],
  ...[serverPointLength, serverPoint, primeLength, prime, generatorLength, generator, serverKeyLength, serverKey],
  ...[signatureLength, signature, clientPointLength, clientPoint, typesCount, types, type],
]

export const exchangeFields: readonly Field[] = ofMessages(items, (scan, kind) => {
  const at = scan.at - 4
  if (kind === CLIENT_HELLO) {
    if (suitesAt(scan.bytes, at, scan.end) >= 0) scan.mark(suites)
    if (compressionAt(scan.bytes, at, scan.end) >= 0) scan.mark(compressions)
  } else if (kind === NEW_SESSION_TICKET) scanTicket(scan)
  else if (kind === SERVER_KEY_EXCHANGE) scanServerKey(scan)
  else if (kind === CLIENT_KEY_EXCHANGE) {
    // Which kind of key it is follows from the cipher suite; only a point has a length of one octet.
    if (scan.left > 1 && scan.octet() === scan.left - 1) counted(scan, clientPointLength, clientPoint)
  } else if (kind === CERTIFICATE_REQUEST) {
    const count = scan.octet()
    scan.add(typesCount)
    if (count === 0 || scan.left < count) return
    scan.mark(types)
    for (let i = 0; i < count && scan.going; i++) scan.add(type)
  }
})

/** A length of one octet or two, and as many octets. */
function counted(scan: Scan, length: Item, what: Item): void {
  const count = length.octets === 1 ? scan.octet() : scan.two()
  scan.add(length)
  if (count > 0) scan.add(what, count)
}

/** TLS 1.2 has a lifetime and the ticket; TLS 1.3 has more before it (RFC 8446 §4.6.1). */
function scanTicket(scan: Scan): void {
  const isOld = scan.left >= 6 && scan.two(4) === scan.left - 6
  scan.add(lifetime)
  if (!isOld) {
    scan.add(ageAdd)
    counted(scan, nonceLength, nonce)
  }
  counted(scan, ticketLength, ticket)
}

/** A point on a named curve, or three numbers; then the signature, with its algorithm since TLS 1.2. */
function scanServerKey(scan: Scan): void {
  const points = scan.left >= 4 ? scan.bytes[scan.at + 3] : 0
  if (scan.octet() === NAMED_CURVE && 4 + points <= scan.left) {
    scan.add(curveType)
    scan.add(curve)
    counted(scan, serverPointLength, serverPoint)
  } else {
    counted(scan, primeLength, prime)
    counted(scan, generatorLength, generator)
    counted(scan, serverKeyLength, serverKey)
  }
  const { left } = scan
  if (!scan.going || left < 2) return
  if (left >= 4 && 4 + read16(scan.bytes, scan.at + 2) === left) scan.skip(2)
  else if (2 + read16(scan.bytes, scan.at) !== left) return
  counted(scan, signatureLength, signature)
}
