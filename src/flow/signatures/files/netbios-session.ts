/**
 * NetBIOS sessions over TCP: RFC 1002 §4.3. SMB over TCP without NetBIOS has the session's framing as well ([MS-SMB2] §2.1),
 * so Wireshark shows NBSS directly above TCP for both.
 */
import { read24 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'

const SESSION_PORT = 139
const SMB_PORT = 445

// RFC 1002 §4.3.1: packet types.
const SESSION_MESSAGE = 0x00
const SESSION_REQUEST = 0x81
const POSITIVE_RESPONSE = 0x82
const NEGATIVE_RESPONSE = 0x83
const RETARGET_RESPONSE = 0x84
const KEEP_ALIVE = 0x85
const SESSION_HEADER = 4
/** The smallest message of SMB: the header of SMB1 with no words and no octets. */
const MIN_SMB = 35
/** Two encoded names without scope. */
const NAMES_LENGTH = 68
/** An encoded name: its length, 32 letters from A to P, the zero octet of the empty scope (RFC 1001 §14.1). */
const NAME_LENGTH = 32
const FIRST_LETTER = 0x41
const LAST_LETTER = 0x50

/** What goes before "SMB": SMB1, SMB2, encrypted and compressed SMB3. */
const SMB_MARKS = [0xff, 0xfe, 0xfd, 0xfc]

export const nbss: Signature = {
  name: 'nbss',
  title: 'NetBIOS Session Service',
  transport: 'tcp',
  evidence: 'session message with SMB, or session request of NetBIOS',
  begins: [SESSION_MESSAGE, ...octetRange(SESSION_REQUEST, KEEP_ALIVE)],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < SESSION_HEADER) return false
    const size = read24(bytes, at + 1)
    const isExpected = payload.hasPort(SESSION_PORT) || payload.hasPort(SMB_PORT)
    switch (bytes[at]) {
      case SESSION_MESSAGE:
        return end - at >= 8 && size >= MIN_SMB && SMB_MARKS.includes(bytes[at + 4]) && payload.startsWith('SMB', 5)
      case SESSION_REQUEST:
        return size === NAMES_LENGTH && isName(payload, SESSION_HEADER) && isName(payload, SESSION_HEADER + 34)
      case POSITIVE_RESPONSE:
      case KEEP_ALIVE:
        return isExpected && size === 0 && length === SESSION_HEADER
      case NEGATIVE_RESPONSE:
        return isExpected && size === 1 && length === SESSION_HEADER + 1 && bytes[at + 4] >= 0x80
      case RETARGET_RESPONSE:
        return isExpected && size === 6 && length === SESSION_HEADER + 6
      default:
        return false
    }
  },
}

/** Hot: whether an encoded name stands at `offset`. */
function isName({ bytes, at, end }: Payload, offset: number): boolean {
  const name = at + offset
  if (end - name < NAME_LENGTH + 2 || bytes[name] !== NAME_LENGTH || bytes[name + NAME_LENGTH + 1] !== 0) return false
  for (let i = name + 1; i <= name + NAME_LENGTH; i++)
    if (bytes[i] < FIRST_LETTER || bytes[i] > LAST_LETTER) return false
  return true
}
