/** Messengers that have been: MSNP ("MSN Messenger Protocol", VER), YMSG, OSCAR (FLAP), and QQ's OICQ, as far as they are known. */
import { read16, read32 } from '../../../packet/bytes.ts'
import { digitsAt, lineLength } from '../mail/line.ts'
import { firstOctets, type Signature } from '../signature.ts'

export const msnms: Signature = {
  name: 'msnms',
  title: 'MSN Messenger Service',
  transport: 'tcp',
  evidence: 'versions of MSNP',
  begins: firstOctets(['VER ']),
  matches: (payload) => {
    const digits = digitsAt(payload, 4)
    return (
      payload.startsWith('VER ') && digits > 0 && payload.startsWith(' MSNP', 4 + digits) && lineLength(payload) > 0
    )
  },
}

const YMSG_HEADER = 20

export const ymsg: Signature = {
  name: 'ymsg',
  title: 'Yahoo YMSG Messenger Protocol',
  transport: 'tcp',
  evidence: 'magic "YMSG" and a length that fits',
  begins: firstOctets(['YMSG']),
  matches: (payload) =>
    payload.startsWith('YMSG') &&
    payload.end - payload.at >= YMSG_HEADER &&
    read16(payload.bytes, payload.at + 8) + YMSG_HEADER <= payload.length,
}

const FLAP = 0x2a
const NEW_CONNECTION = 1
const FLAP_HEADER = 6

export const aim: Signature = {
  name: 'aim',
  title: 'AOL Instant Messenger',
  transport: 'tcp',
  evidence: 'new connection of OSCAR',
  begins: [FLAP],
  matches: ({ bytes, at, end, length }) =>
    end - at >= FLAP_HEADER + 4 &&
    bytes[at + 1] === NEW_CONNECTION &&
    read16(bytes, at + 4) === length - FLAP_HEADER &&
    read32(bytes, at + FLAP_HEADER) === 1,
}

const OICQ_PORT = 8000
const OICQ_START = 2
const OICQ_END = 3
/** Start, version, command, sequence number, account. */
const OICQ_HEADER = 11
const MAX_OICQ_COMMAND = 0x3ff

export const oicq: Signature = {
  name: 'oicq',
  title: 'OICQ - IM software, popular in China',
  transport: 'udp',
  evidence: `first and last octet and a command of OICQ on port ${OICQ_PORT}`,
  begins: [OICQ_START],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!payload.hasPort(OICQ_PORT) || end - at <= OICQ_HEADER || read16(bytes, at + 3) > MAX_OICQ_COMMAND) return false
    return end - at < payload.length || bytes[end - 1] === OICQ_END
  },
}
