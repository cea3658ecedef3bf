/** DNS: RFC 1035 §4.1, and what has its format: mDNS (RFC 6762), LLMNR (RFC 4795), NetBIOS names (RFC 1002 §4.2). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'
import { isWholeMessage } from './dns-message.ts'

const HEADER = 12
/** The OPCODE and RCODE bits, and the reserved one (RFC 1035 §4.1.1; Z is 0). */
const OPCODE_MASK = 0x7800
const MAX_LABEL = 63
const MAX_NAME = 255
/** More records than this in a message of a few hundred octets is no message. */
const MAX_RECORDS = 256

/** DNS has opcodes up to 6 (RFC 8490 §5.4); NetBIOS has more, of which 15 registers a name with several addresses. */
const LAST_OPCODE = 6
const LAST_NETBIOS_OPCODE = 15

const DNS_PORT = 53
const NBNS_PORT = 137
const MDNS_PORT = 5353
const LLMNR_PORT = 5355

/** Hot: whether a well-formed message starts here: plausible counts, and a first name that ends where it should. */
function isMessage(bytes: Uint8Array, at: number, end: number, lastOpcode: number): boolean {
  if (end - at < HEADER + 5) return false
  const flags = read16(bytes, at + 2)
  const isResponse = (flags & 0x8000) !== 0
  const questions = read16(bytes, at + 4)
  const answers = read16(bytes, at + 6)
  const rest = read16(bytes, at + 8) + read16(bytes, at + 10)
  if ((flags & OPCODE_MASK) >> 11 > lastOpcode || questions + answers + rest > MAX_RECORDS) return false
  if (questions + answers + rest === 0 || (!isResponse && questions === 0 && answers === 0 && rest === 0)) return false
  let name = at + HEADER
  while (name < end && bytes[name] !== 0) {
    if (bytes[name] > MAX_LABEL) return bytes[name] >= 0xc0 && questions === 0
    name += bytes[name] + 1
    if (name - at - HEADER > MAX_NAME) return false
  }
  // Type and class follow the name; a message that the snaplen cut is given the benefit of the doubt.
  if (name + 5 > end) return name + 5 - end < MAX_NAME
  const recordClass = read16(bytes, name + 3) & 0x7fff
  return recordClass <= 4 || recordClass >= 254
}

function withPort(name: string, title: string, port: number, lastOpcode = LAST_OPCODE): Signature {
  return {
    name,
    title,
    transport: 'udp',
    evidence: `message in DNS format on port ${port}`,
    matches: (payload) => payload.hasPort(port) && isMessage(payload.bytes, payload.at, payload.end, lastOpcode),
  }
}

export const dns = withPort('dns', 'Domain Name System', DNS_PORT)
export const mdns = withPort('mdns', 'Multicast Domain Name System', MDNS_PORT)
export const llmnr = withPort('llmnr', 'Link-local Multicast Name Resolution', LLMNR_PORT)
export const nbns = withPort('nbns', 'NetBIOS Name Service', NBNS_PORT, LAST_NETBIOS_OPCODE)

/** Over TCP a length goes before the message (RFC 1035 §4.2.2). */
export const dnsOverTcp: Signature = {
  name: 'dns',
  title: 'Domain Name System',
  transport: 'tcp',
  evidence: `length and message in DNS format on port ${DNS_PORT}`,
  matches: (payload) => payload.hasPort(DNS_PORT) && isMessage(payload.bytes, payload.at + 2, payload.end, LAST_OPCODE),
}

/** Anywhere else a message has to be well-formed from its first octet to its last. */
export const dnsAnywhere: Signature = {
  name: 'dns',
  title: 'Domain Name System',
  transport: 'udp',
  evidence: 'message in DNS format that fills the datagram',
  matches: ({ bytes, at, end, length }) => isWholeMessage(bytes, at, end, length),
}

export const dnsOverTcpAnywhere: Signature = {
  name: 'dns',
  title: 'Domain Name System',
  transport: 'tcp',
  evidence: 'length and message in DNS format that fill the segment',
  matches: ({ bytes, at, end, length }) =>
    end - at > 2 && read16(bytes, at) === length - 2 && isWholeMessage(bytes, at + 2, end, length - 2),
}
