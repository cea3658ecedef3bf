/** RTP: RFC 3550 §5.1 (header), §5.3.1 (extension); RFC 3551 §4.5 (what frames of speech measure), §6 (payload types). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

// Version 2, padding, extension and number of contributors in one octet; marker and payload type in the next.
const HEADER = 12
const EXTENSION = 0x10
const MIN_PORT = 1024

/** The profile of extensions with headers of one octet (RFC 8285 §4.2). */
const ONE_OCTET_EXTENSIONS = 0xbede
const FIRST_DYNAMIC = 96
const LAST_DYNAMIC = 127

/** Hot: whether frames of this type can take so many octets. */
function areFrames(type: number, octets: number): boolean {
  switch (type) {
    case 0: // PCMU
    case 8: // PCMA
    case 9: // G722: 64 kbit/s, in multiples of 10 ms
      return octets >= 80 && octets <= 960 && octets % 80 === 0
    case 3: // GSM: 33 octets in 20 ms
      return octets > 0 && octets <= 330 && octets % 33 === 0
    case 4: // G723: 24 or 20 octets in 30 ms
      return octets > 0 && octets <= 240 && (octets % 24 === 0 || octets % 20 === 0)
    case 18: // G729: 10 octets in 10 ms, and 2 of silence
      return octets > 0 && octets <= 122 && (octets % 10 === 0 || octets % 10 === 2)
    default:
      return false
  }
}

export const rtp: Signature = {
  name: 'rtp',
  title: 'Real-Time Transport Protocol',
  transport: 'udp',
  evidence: 'three packets of RTP with whole frames of speech, or with extensions that fit',
  begins: [0x80, 0x90],
  payloads: 3,
  matches: ({ bytes, at, end, length, sourcePort, destinationPort }) => {
    if (end - at < HEADER || sourcePort < MIN_PORT || destinationPort < MIN_PORT) return false
    const type = bytes[at + 1] & 0x7f
    if ((bytes[at] & EXTENSION) === 0) return areFrames(type, length - HEADER)
    if (end - at < HEADER + 4 || read16(bytes, at + HEADER) !== ONE_OCTET_EXTENSIONS) return false
    const data = length - HEADER - 4 - 4 * read16(bytes, at + HEADER + 2)
    return data >= 0 && (areFrames(type, data) || (type >= FIRST_DYNAMIC && type <= LAST_DYNAMIC))
  },
}
