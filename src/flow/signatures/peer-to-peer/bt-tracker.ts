/** BitTorrent's trackers over UDP: BEP 15. What clients send; the answers have nothing to tell them by. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

// BEP 15, "connect": the constant that stands for a connection id, in two halves.
const PROTOCOL_ID_HIGH = 0x417
const PROTOCOL_ID_LOW = 0x2710_1980
const ACTION = 8
const CONNECT = 0
const CONNECT_LENGTH = 16

const ANNOUNCE = 1
const ANNOUNCE_LENGTH = 98
const EVENT = 80
/** None, completed, started, stopped. */
const LAST_EVENT = 3
const WANTED = 92
/** -1 stands for the tracker's choice. */
const DEFAULT_WANTED = 0xffff_ffff
const MAX_WANTED = 1000
const PORT = 96

/** Hot. */
function isConnect({ bytes, at, end, length }: Payload): boolean {
  return (
    length === CONNECT_LENGTH &&
    end - at >= CONNECT_LENGTH &&
    read32(bytes, at) === PROTOCOL_ID_HIGH &&
    read32(bytes, at + 4) === PROTOCOL_ID_LOW &&
    read32(bytes, at + ACTION) === CONNECT
  )
}

/** Hot: BEP 41 lets options follow. */
function isAnnounce({ bytes, at, end }: Payload): boolean {
  if (end - at < ANNOUNCE_LENGTH || read32(bytes, at + ACTION) !== ANNOUNCE || read32(bytes, at + EVENT) > LAST_EVENT)
    return false
  const wanted = read32(bytes, at + WANTED)
  return (wanted <= MAX_WANTED || wanted === DEFAULT_WANTED) && read16(bytes, at + PORT) !== 0
}

/** Of the 64 bits that a `left` of less than 16 TiB, a `downloaded` and an `uploaded` have, the first 20 are 0. */
function hasPlausibleAmounts({ bytes, at }: Payload): boolean {
  for (let offset = 56; offset <= 72; offset += 8) if (read32(bytes, at + offset) > 0xfff) return false
  return true
}

export const bitTorrentTrackerConnect: Signature = {
  name: 'bt-tracker',
  title: 'BitTorrent Tracker',
  transport: 'udp',
  evidence: 'connect request with the protocol id',
  begins: [0],
  matches: isConnect,
}

export const bitTorrentTrackerAnnounce: Signature = {
  name: 'bt-tracker',
  title: 'BitTorrent Tracker',
  transport: 'udp',
  evidence: 'announce request',
  matches: (payload) => isAnnounce(payload) && hasPlausibleAmounts(payload),
}
