/** OMRON FINS: OMRON W342 §3 (commands), W421 §7-4 (FINS/TCP). */
import { read32 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

const TCP_MAGIC = 'FINS'
const TCP_HEADER = 16
/** Node addresses of client and server, a frame, a notice, a confirmation. */
const LAST_TCP_COMMAND = 6
/** Octets of magic and length, which the length does not count. */
const UNCOUNTED = 8

export const finsOverTcp: Signature = {
  name: 'omron',
  title: 'OMRON FINS Protocol',
  transport: 'tcp',
  evidence: 'header "FINS" and length',
  begins: firstOctets([TCP_MAGIC]),
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < TCP_HEADER || !payload.startsWith(TCP_MAGIC)) return false
    const counted = read32(bytes, at + 4)
    return (
      counted >= TCP_HEADER - UNCOUNTED && counted + UNCOUNTED <= length && read32(bytes, at + 8) <= LAST_TCP_COMMAND
    )
  },
}

const FINS_PORT = 9600
const HEADER = 10
const GATEWAYS = 2
const MAX_GATEWAYS = 7
const COMMAND = 10
const SUBCOMMAND = 11
/** Commands: memory, parameters, programs, run, status, clock, messages, rights, errors, files, debugging. */
const COMMANDS = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x09, 0x0c, 0x21, 0x22, 0x23, 0x28]
const LAST_SUBCOMMAND = 0x30

/** The first octet: through gateways (0x80), response (0x40), no response needed (0x01). */
export const fins: Signature = {
  name: 'omron',
  title: 'OMRON FINS Protocol',
  transport: 'udp',
  evidence: `header and command on port ${FINS_PORT}`,
  begins: [0x80, 0x81, 0xc0, 0xc1],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!payload.hasPort(FINS_PORT) || end - at < HEADER + 2) return false
    if (bytes[at + 1] !== 0 || bytes[at + GATEWAYS] > MAX_GATEWAYS) return false
    return COMMANDS.includes(bytes[at + COMMAND]) && bytes[at + SUBCOMMAND] <= LAST_SUBCOMMAND
  },
}
