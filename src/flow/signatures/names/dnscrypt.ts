/** DNSCrypt, versions 1 and 2: draft-denis-dprive-dnscrypt §10 (responses). Its certificates are asked for in plain DNS. */
import { read16 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

const TITLE = 'DNSCrypt'
/** Every response begins so, "r6fnvWj8"; then a nonce of 24 octets and a box, of which 16 are its tag. */
const RESOLVER_MAGIC = 'r6fnvWj8'
const MIN_RESPONSE = RESOLVER_MAGIC.length + 24 + 16

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
