/** SSH: RFC 4253 §4.2 (identification), §6 (packets), §7.1 (key exchange). */
import { read32 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'
import { isText } from '../web/first-line.ts'

export const ssh: Signature = {
  name: 'ssh',
  title: 'SSH Protocol',
  transport: 'tcp',
  evidence: 'identification "SSH-"',
  begins: firstOctets(['SSH-']),
  matches: (payload) => payload.startsWith('SSH-2.0-') || payload.startsWith('SSH-1.'),
}

// A packet: length, length of padding, and the message: its number, 16 random octets, the first list's length and text.
const MIN_PADDING = 4
const MESSAGE = 5
const KEXINIT = 20
const FIRST_LIST = 22
const MAX_PACKET = 35_000
const MAX_LIST = 4096

/** The message behind the identification, for a stream whose beginning was missed. */
export const sshKeyExchange: Signature = {
  name: 'ssh',
  title: 'SSH Protocol',
  transport: 'tcp',
  evidence: 'SSH_MSG_KEXINIT with a list of algorithms',
  begins: [0],
  matches: ({ bytes, at, end }) => {
    if (end - at < FIRST_LIST + 24 || bytes[at + MESSAGE] !== KEXINIT || bytes[at + 4] < MIN_PADDING) return false
    const packet = read32(bytes, at)
    const list = read32(bytes, at + FIRST_LIST)
    if (packet > MAX_PACKET || list === 0 || list > MAX_LIST || list >= packet) return false
    return isText(bytes, at + FIRST_LIST + 4, Math.min(end, at + FIRST_LIST + 4 + list))
  },
}
