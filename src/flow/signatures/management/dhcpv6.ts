/** DHCPv6: RFC 8415 §8 (client and server messages), §9 (relay messages), §21.1 (options). */
import { read16 } from '../../../packet/bytes.ts'
import { octetRange, type Signature } from '../signature.ts'

const CLIENT_PORT = 546
const SERVER_PORT = 547
const HEADER = 4
const RELAY_FORWARD = 12
const RELAY_REPLY = 13
const RELAY_HEADER = 34
/** IANA, "DHCPv6 Message Types". */
const LAST_TYPE = 36
/** RFC 8415 §7.6. */
const MAX_HOPS = 32
const OPTION_HEADER = 4
/** IANA, "DHCPv6 Option Codes": room for those to come. */
const LAST_OPTION = 255

export const dhcpv6: Signature = {
  name: 'dhcpv6',
  title: 'DHCPv6',
  transport: 'udp',
  evidence: `message with options that fill the datagram, on port ${CLIENT_PORT} or ${SERVER_PORT}`,
  begins: octetRange(1, LAST_TYPE),
  matches: (payload) => {
    if (!payload.hasPort(CLIENT_PORT) && !payload.hasPort(SERVER_PORT)) return false
    const { bytes, at, end, length } = payload
    const isRelay = bytes[at] === RELAY_FORWARD || bytes[at] === RELAY_REPLY
    if (isRelay && (end - at < 2 || bytes[at + 1] > MAX_HOPS)) return false
    let offset = isRelay ? RELAY_HEADER : HEADER
    if (length < offset + OPTION_HEADER) return false
    while (offset < length && at + offset + OPTION_HEADER <= end) {
      const option = read16(bytes, at + offset)
      if (option === 0 || option > LAST_OPTION) return false
      offset += OPTION_HEADER + read16(bytes, at + offset + 2)
    }
    // Beyond the end only if octets were not captured.
    return offset === length || (offset < length && end - at < length)
  },
}
