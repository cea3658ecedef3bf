/** H.323: call signalling (Q.931 §4 within TPKT, H.225.0 §7.1), RAS (H.225.0 §7.7) and H.245 (§7, TerminalCapabilitySet). */
import { read16 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'

const TPKT_VERSION = 3
const TPKT_HEADER = 4

/** Hot: a TPKT header whose message ends with the segment, or where another begins. */
function isTpkt({ bytes, at, end, length: total }: Payload): boolean {
  if (end - at < TPKT_HEADER + 5 || bytes[at + 1] !== 0) return false
  const length = read16(bytes, at + 2)
  if (length <= TPKT_HEADER + 4) return false
  return length >= total || at + length >= end || bytes[at + length] === TPKT_VERSION
}

// Q.931: protocol discriminator, length of the call reference, the reference, the type.
const DISCRIMINATOR = 0x08
const REFERENCE_LENGTH = 2
/** ALERTING, CALL PROCEEDING, PROGRESS, SETUP, CONNECT, RELEASE COMPLETE, FACILITY, NOTIFY, STATUS ENQUIRY, INFORMATION, STATUS. */
const MESSAGES = [0x01, 0x02, 0x03, 0x05, 0x07, 0x0d, 0x5a, 0x62, 0x6e, 0x75, 0x7b, 0x7d]

/** Wireshark shows no TPKT here. */
export const q931: Signature = {
  name: 'q931',
  title: 'Q.931',
  transport: 'tcp',
  evidence: 'TPKT header with a message of Q.931',
  begins: [TPKT_VERSION],
  matches: (payload) => {
    if (!isTpkt(payload)) return false
    const message = payload.at + TPKT_HEADER
    return (
      payload.bytes[message] === DISCRIMINATOR &&
      payload.bytes[message + 1] === REFERENCE_LENGTH &&
      MESSAGES.includes(payload.bytes[message + 4])
    )
  },
}

/** The object identifiers that messages carry, up to the version: {itu-t recommendation h 2250 version} and ... 245 ... */
const OID_LENGTH = '\x06'
const H225 = `${OID_LENGTH}\0\x08\x91\x4a\0`
const H245 = `${OID_LENGTH}\0\x08\x81\x75\0`
/** Bits before it: the message's kind, its sequence number, what of its options is there. */
const LAST_PLACE = 12

/** Hot. */
function hasIdentifier(payload: Payload, identifier: string, from: number): boolean {
  for (let offset = from; offset <= from + LAST_PLACE; offset++) if (payload.startsWith(identifier, offset)) return true
  return false
}

export const h245: Signature = {
  name: 'h245',
  title: 'MULTIMEDIA-SYSTEM-CONTROL',
  transport: 'tcp',
  evidence: 'TPKT header with the object identifier of H.245',
  begins: [TPKT_VERSION],
  matches: (payload) => isTpkt(payload) && hasIdentifier(payload, H245, TPKT_HEADER),
}

/** RAS: the requests and confirmations of gatekeepers and registrations, which name the version. */
export const h225: Signature = {
  name: 'h225',
  title: 'H323-MESSAGES',
  transport: 'udp',
  evidence: 'object identifier of H.225.0',
  // The extension bit is 0, and those that name the version are among the first sixteen kinds.
  begins: octetRange(0, 0x3f),
  matches: (payload) => hasIdentifier(payload, H225, 0),
}
