/** SOCKS: version 4 as its memo of 1992 has it, 4A; version 5: RFC 1928 §3 (greeting), §4 (requests), §6 (replies). */
import { read16 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'
import { isPrintable, isText } from './first-line.ts'

const PORT = 1080
const VERSION_4 = 4
const VERSION_5 = 5
const TITLE = 'Socks Protocol'

// Version 4: CONNECT or BIND, port, address, the user's name with an octet of 0 behind. Replies begin with 0 and their code.
const REQUEST_4 = 9
const LAST_COMMAND_4 = 2
const REPLY_4 = 8
const FIRST_CODE_4 = 0x5a
const LAST_CODE_4 = 0x5d

// Version 5: CONNECT, BIND, UDP ASSOCIATE; the kinds of address; the codes of a reply.
const LAST_COMMAND_5 = 3
const IPV4_ADDRESS = 1
const DOMAIN_NAME = 3
const IPV6_ADDRESS = 4
const LAST_CODE_5 = 8
/** Assigned methods (RFC 1928 §3, IANA), and none acceptable. */
const LAST_METHOD = 9
const NONE_ACCEPTABLE = 0xff

/** A request, or version 5's reply: every octet of it has its place. */
export const socks: Signature = {
  name: 'socks',
  title: TITLE,
  transport: 'tcp',
  evidence: 'request or reply of SOCKS with an address, and nothing behind',
  begins: [VERSION_4, VERSION_5],
  matches: (payload) => (payload.bytes[payload.at] === VERSION_4 ? isRequest4(payload) : hasAddress5(payload)),
}

/** Hot. */
function isRequest4({ bytes, at, end, length }: Payload): boolean {
  if (length < REQUEST_4 || end - at !== length || bytes[end - 1] !== 0) return false
  if (bytes[at + 1] === 0 || bytes[at + 1] > LAST_COMMAND_4 || read16(bytes, at + 2) === 0) return false
  // 4A: an address 0.0.0.x, which nobody has, says that a name follows the user's.
  const hasName = read16(bytes, at + 4) === 0 && bytes[at + 6] === 0 && bytes[at + 7] !== 0
  if (bytes[at + 4] === 0 && !hasName) return false
  let texts = 0
  for (let i = at + 8; i < end; i++)
    if (bytes[i] === 0) texts++
    else if (!isPrintable(bytes[i])) return false
  return texts === (hasName ? 2 : 1)
}

/** Hot: a reserved octet, the kind of address, the address, the port; what is told by length alone is nothing else. */
function hasAddress5({ bytes, at, end, length }: Payload): boolean {
  if (end - at < 10 || end - at !== length || bytes[at + 1] > LAST_CODE_5 || bytes[at + 2] !== 0) return false
  const kind = bytes[at + 3]
  if (kind === IPV4_ADDRESS) return length === 10
  if (kind === IPV6_ADDRESS) return length === 22
  // Only a request names its host.
  if (kind !== DOMAIN_NAME || bytes[at + 1] === 0 || bytes[at + 1] > LAST_COMMAND_5) return false
  return length === 7 + bytes[at + 4] && isText(bytes, at + 5, end - 2)
}

/** Greetings, choices and version 4's replies have too few octets to be told elsewhere than on the port. */
export const socksOnPort: Signature = {
  name: 'socks',
  title: TITLE,
  transport: 'tcp',
  evidence: `greeting, or reply of version 4, on port ${PORT}`,
  begins: [0, VERSION_5],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(PORT) || end - at !== length || length < 2) return false
    if (bytes[at] === 0) return length === REPLY_4 && bytes[at + 1] >= FIRST_CODE_4 && bytes[at + 1] <= LAST_CODE_4
    if (length === 2) return bytes[at + 1] <= LAST_METHOD || bytes[at + 1] === NONE_ACCEPTABLE
    if (length !== 2 + bytes[at + 1]) return false
    for (let i = at + 2; i < end; i++) if (bytes[i] > LAST_METHOD && bytes[i] < 0x80) return false
    return true
  },
}
