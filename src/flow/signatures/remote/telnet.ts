/** Telnet: RFC 854 ("TELNET command structure"), RFC 855 (subnegotiation). */
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const PORT = 23
const COMMAND = 0xff
const SUBNEGOTIATION = 0xfa
const SUBNEGOTIATION_END = 0xf0
const WILL = 0xfb
const DONT = 0xfe
/** IANA, "Telnet Options": up to 49, TELOPT_PRAGMA_LOGON and its two neighbors, and the list that is extended. */
const LAST_OPTION = 49
const FIRST_LATE_OPTION = 138
const LAST_LATE_OPTION = 140
const EXTENDED = 255
/** Octets of WILL, WONT, DO and DONT. */
const NEGOTIATION = 3

/** Hot. */
function isOption(octet: number): boolean {
  return octet <= LAST_OPTION || (octet >= FIRST_LATE_OPTION && octet <= LAST_LATE_OPTION) || octet === EXTENDED
}

/** Hot: octets of the command at `from`, or of the subnegotiation with its end; 0 if there is none. */
function commandLength({ bytes, end }: Payload, from: number): number {
  if (end - from < NEGOTIATION || bytes[from] !== COMMAND || !isOption(bytes[from + 2])) return 0
  const command = bytes[from + 1]
  if (command >= WILL && command <= DONT) return NEGOTIATION
  if (command !== SUBNEGOTIATION) return 0
  for (let i = from + NEGOTIATION; i + 1 < end; i++)
    if (bytes[i] === COMMAND && bytes[i + 1] === SUBNEGOTIATION_END) return i + 2 - from
  return 0
}

/** Two commands and what follows them, or one with nothing behind it on the port. */
export const telnet: Signature = {
  name: 'telnet',
  title: 'Telnet',
  transport: 'tcp',
  evidence: 'negotiation of options',
  begins: [COMMAND],
  matches: (payload) => {
    const first = commandLength(payload, payload.at)
    if (first === 0) return false
    return commandLength(payload, payload.at + first) !== 0 || payload.hasPort(PORT)
  },
}
