/** HTTP/2: RFC 9113 §3.4 (connection preface), §4.1 (frames), §6.5 (SETTINGS). */
import { read16, read24, read32 } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const FRAME_HEADER = 9
const SETTINGS = 4
const WINDOW_UPDATE = 8
const LAST_TYPE = 9
/** The server's first frame: settings of 6 octets, of which nine identifiers are assigned and a few private. */
const SETTING = 6
const MAX_SETTINGS = 20
const LAST_SETTING = 0x10
const ENABLE_PUSH = 2
const INITIAL_WINDOW_SIZE = 4
const MAX_FRAME_SIZE = 5

export const http2: Signature = {
  name: 'http2',
  title: 'HyperText Transfer Protocol 2',
  transport: 'tcp',
  evidence: 'connection preface of HTTP/2',
  begins: firstOctets([PREFACE]),
  matches: (payload) => payload.startsWith(PREFACE),
}

export const http2Settings: Signature = {
  name: 'http2',
  title: 'HyperText Transfer Protocol 2',
  transport: 'tcp',
  evidence: 'SETTINGS frame on stream 0, and what may follow it',
  begins: [0],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < FRAME_HEADER || bytes[at + 3] !== SETTINGS || bytes[at + 4] !== 0) return false
    const settings = read24(bytes, at)
    const next = at + FRAME_HEADER + settings
    if (read32(bytes, at + 5) !== 0 || settings % SETTING !== 0 || settings > SETTING * MAX_SETTINGS) return false
    if (next > end) return false
    for (let setting = at + FRAME_HEADER; setting < next; setting += SETTING) {
      const id = read16(bytes, setting)
      const value = read32(bytes, setting + 2)
      if (id === 0 || id > LAST_SETTING || (id === ENABLE_PUSH && value > 1)) return false
      if (id === INITIAL_WINDOW_SIZE && value > 0x7fffffff) return false
      if (id === MAX_FRAME_SIZE && (value < 16_384 || value > 0xffffff)) return false
    }
    if (next - at === length) return true
    if (end - next < FRAME_HEADER) return false
    const type = bytes[next + 3]
    if (type === SETTINGS) return read24(bytes, next) === 0 && bytes[next + 4] === 1 && read32(bytes, next + 5) === 0
    if (type === WINDOW_UPDATE) return read24(bytes, next) === 4 && read32(bytes, next + 5) === 0
    return settings > 0 && type <= LAST_TYPE && (bytes[next + 5] & 0x80) === 0
  },
}
