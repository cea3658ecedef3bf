/** XMPP: RFC 6120 §4 (streams), §5 (STARTTLS), §6 (SASL), §8 (stanzas). */
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'

const NAMESPACES = ['jabber:', 'http://etherx.jabber.org/streams']
const STREAM_STARTS = ['<stream:stream ', '<stream:features', '<stream:error', '</stream:stream>']
/** Elements whose namespace the specification gives. */
const NEGOTIATION = 'urn:ietf:params:xml:ns:xmpp-'
const NEGOTIATION_STARTS = ['<starttls ', '<proceed ', '<auth ', '<challenge ', '<response ', '<success ', '<failure ']
const STANZA_STARTS = ['<iq ', '<message ', '<presence', '<r xmlns=', '<a xmlns=']
const XMPP_PORTS = [5222, 5223, 5269]

export const xmpp: Signature = {
  name: 'xmpp',
  title: 'XMPP Protocol',
  transport: 'tcp',
  evidence: 'stream, negotiation or stanza of XMPP',
  begins: firstOctets(['<']),
  matches: (payload) => {
    const offset = behindDeclaration(payload)
    for (const start of STREAM_STARTS)
      if (payload.startsWith(start, offset)) return offset === 0 || hasNamespace(payload) || hasPort(payload)
    for (const start of NEGOTIATION_STARTS)
      if (payload.startsWith(start)) return payload.indexOf(NEGOTIATION, start.length) > 0
    for (const start of STANZA_STARTS) if (payload.startsWith(start)) return hasPort(payload) || hasNamespace(payload)
    // The declaration may come in a segment of its own.
    return hasPort(payload) && offset > 0 && offset === payload.length
  },
}

/** Hot: "<?xml version='1.0'?>", and white space behind it; 0 if there is none. */
function behindDeclaration(payload: Payload): number {
  if (!payload.startsWith('<?xml ')) return 0
  const declarationEnd = payload.indexOf('?>', 6)
  if (declarationEnd < 0) return 0
  const { bytes, at, end } = payload
  let next = at + declarationEnd + 2
  while (next < end && (bytes[next] === 0x20 || (bytes[next] >= 0x09 && bytes[next] <= 0x0d))) next++
  return next - at
}

/** Hot. */
function hasNamespace(payload: Payload): boolean {
  for (const namespace of NAMESPACES) if (payload.indexOf(namespace) > 0) return true
  return false
}

/** Hot. */
function hasPort(payload: Payload): boolean {
  return XMPP_PORTS.includes(payload.sourcePort) || XMPP_PORTS.includes(payload.destinationPort)
}
