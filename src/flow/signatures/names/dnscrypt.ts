/** DNSCrypt, versions 1 and 2: draft-denis-dprive-dnscrypt §9 (certificates), §10 (responses). */
import { read16 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'
import { DNS_HEADER, isWholeMessage } from './dns-message.ts'

const TITLE = 'DNSCrypt'
const DNS_PORT = 53
/** Every response begins so, "r6fnvWj8"; then a nonce of 24 octets and a box, of which 16 are its tag. */
const RESOLVER_MAGIC = 'r6fnvWj8'
const MIN_RESPONSE = RESOLVER_MAGIC.length + 24 + 16
/** What a client asks first: the certificate for version 2 of the protocol, whose name begins so. */
const CERTIFICATE = '\x012\x0ddnscrypt-cert'

export const dnscrypt: Signature = {
  name: 'dnscrypt',
  title: TITLE,
  transport: 'udp',
  evidence: `response that begins with "${RESOLVER_MAGIC}"`,
  begins: firstOctets([RESOLVER_MAGIC]),
  matches: (payload) => payload.length >= MIN_RESPONSE && payload.startsWith(RESOLVER_MAGIC),
}

/** Over TCP a length goes before it. */
export const dnscryptOverTcp: Signature = {
  name: 'dnscrypt',
  title: TITLE,
  transport: 'tcp',
  evidence: `length, and response that begins with "${RESOLVER_MAGIC}"`,
  matches: (payload) =>
    payload.length >= 2 + MIN_RESPONSE &&
    payload.startsWith(RESOLVER_MAGIC, 2) &&
    read16(payload.bytes, payload.at) >= MIN_RESPONSE,
}

/** The certificate is asked for in plain DNS. On DNS's own port it is no more than that; elsewhere it is what the port is for. */
export const dnscryptCertificate: Signature = {
  name: 'dnscrypt',
  title: TITLE,
  transport: 'udp',
  evidence: 'question for the certificate of a DNSCrypt resolver, or its answer',
  matches: (payload) =>
    payload.startsWith(CERTIFICATE, DNS_HEADER) &&
    !payload.hasPort(DNS_PORT) &&
    isWholeMessage(payload.bytes, payload.at, payload.end, payload.length),
}
