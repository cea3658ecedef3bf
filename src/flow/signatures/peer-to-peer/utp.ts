/**
 * uTP: BEP 29.
 *
 *   | type (4 bits), version (4) | extension (1) | connection id (2) | time (4) | time difference (4) | window (4) |
 *   | sequence number (2) | acknowledgment number (2) | extensions: next, length, content ... | data
 */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'
import { HANDSHAKE } from './bittorrent.ts'

const HEADER = 20
const EXTENSION = 1
const CONNECTION_ID = 2
const TIME = 4
const TIME_DIFFERENCE = 8
const WINDOW = 12
const SEQUENCE = 16
const ACKNOWLEDGMENT = 18

// Types, each with version 1 behind it.
const DATA = 0x01
const FIN = 0x11
const STATE = 0x21
const RESET = 0x31
const SYN = 0x41

/** 1 is the selective acknowledgment; 2 and 3 were used by clients before and after the BEP. */
const MAX_EXTENSION = 3
const MAX_EXTENSIONS = 4
/** No client grants more. */
const MAX_WINDOW = 0x0fff_ffff

/** Hot: the octets up to the end of the extensions; -1 if they do not fit. */
function headerLength({ bytes, at, end, length }: Payload): number {
  let extension = bytes[at + EXTENSION]
  let offset = HEADER
  for (let i = 0; extension !== 0; i++) {
    if (i === MAX_EXTENSIONS || extension > MAX_EXTENSION || at + offset + 2 > end) return -1
    extension = bytes[at + offset]
    const content = bytes[at + offset + 1]
    if (content === 0 || content % 4 !== 0) return -1
    offset += 2 + content
  }
  return offset <= length ? offset : -1
}

/**
 * A connection's first packet: ST_SYN, sequence number 1, no time difference and nothing acknowledged yet. Or BitTorrent's own
 * handshake behind any uTP header.
 */
export const bitTorrentUtp: Signature = {
  name: 'bt-utp',
  title: 'uTorrent Transport Protocol',
  transport: 'udp',
  evidence: 'ST_SYN of uTP, or a BitTorrent handshake within it',
  begins: [DATA, SYN],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER || bytes[at + EXTENSION] > MAX_EXTENSION) return false
    if (bytes[at] === DATA) return payload.startsWith(HANDSHAKE, HEADER)
    return (
      read32(bytes, at + TIME_DIFFERENCE) === 0 &&
      read16(bytes, at + SEQUENCE) === 1 &&
      read16(bytes, at + ACKNOWLEDGMENT) === 0
    )
  },
}

/** A connection whose ST_SYN was missed: nothing in its headers is fixed, so several have to be consistent. */
export const bitTorrentUtpHeaders: Signature = {
  name: 'bt-utp',
  title: 'uTorrent Transport Protocol',
  transport: 'udp',
  evidence: 'several headers of uTP',
  begins: [DATA, FIN, STATE, RESET],
  payloads: 4,
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < HEADER || bytes[at + EXTENSION] > MAX_EXTENSION) return false
    if (read16(bytes, at + CONNECTION_ID) < 2 || read16(bytes, at + SEQUENCE) === 0) return false
    const window = read32(bytes, at + WINDOW)
    // The clock counts microseconds: 0 in its upper or lower half is a structure's field, not a time.
    if (window > MAX_WINDOW || read16(bytes, at + TIME) === 0 || read16(bytes, at + TIME + 2) === 0) return false
    const header = headerLength(payload)
    if (header < 0) return false
    return bytes[at] === DATA ? length > header && bytes[at + EXTENSION] === 0 && window > 0 : length === header
  },
}
