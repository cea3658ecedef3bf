/** TDS, of Microsoft SQL Server and Sybase: [MS-TDS] §2.2.3.1 (header), §2.2.6 (messages), §2.2.7 (tokens). */
import { read16, read32le } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const TDS_PORT = 1433
/** Type, status, length (header included), process, number of the packet, window. */
const HEADER = 8
const MAX_STATUS = 0x1f
const BATCH = 1
const RPC = 3
const RESPONSE = 4
const LOGIN7 = 16
const PRELOGIN = 18
const TYPES = [BATCH, 2, RPC, RESPONSE, 6, 7, 8, 14, LOGIN7, 17, PRELOGIN]
/** In a PRELOGIN: VERSION comes first and has six octets; each option has type, offset and length; this ends them. */
const OPTION = 5
const VERSION_LENGTH = 6
const TERMINATOR = 0xff
const MAX_OPTIONS = 16
const LOGIN7_HEADER = 36
/** What a response begins with: LOGINACK, ENVCHANGE, ERROR, INFO, COLMETADATA, DONE, DONEPROC, DONEINPROC, RETURNSTATUS. */
const TOKENS = [0xad, 0xe3, 0xaa, 0xab, 0x81, 0xfd, 0xfe, 0xff, 0x79]

export const tds: Signature = {
  name: 'tds',
  title: 'Tabular Data Stream',
  transport: 'tcp',
  evidence: `PRELOGIN or LOGIN7 of TDS, or its header on port ${TDS_PORT}`,
  begins: TYPES,
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER + 1 || bytes[at + 1] > MAX_STATUS || bytes[at + 7] !== 0) return false
    const length = read16(bytes, at + 2)
    if (length <= HEADER || length > payload.length) return false
    const type = bytes[at]
    if (type === PRELOGIN && isPrelogin(payload, length)) return true
    if (type === LOGIN7 && isLogin(payload, length)) return true
    if (type === RESPONSE && length === payload.length && isPrelogin(payload, length)) return true
    if (!payload.hasPort(TDS_PORT)) return false
    return type === RESPONSE ? TOKENS.includes(bytes[at + HEADER]) : type <= PRELOGIN
  },
}

/** Hot: options whose offsets, from the header's end on, lie behind the last of them and within the message. */
function isPrelogin({ bytes, at, end }: Payload, length: number): boolean {
  const message = at + HEADER
  if (end - message < OPTION + 1 || bytes[message] !== 0 || read16(bytes, message + 3) !== VERSION_LENGTH) return false
  const data = read16(bytes, message + 1)
  if (data + VERSION_LENGTH > length - HEADER) return false
  let option = message
  for (let options = 0; options < MAX_OPTIONS && option < end; options++) {
    if (bytes[option] === TERMINATOR) return option - message + 1 === data
    option += OPTION
  }
  return false
}

/** Hot: the length once more, now little-endian, and a version of TDS 7. */
function isLogin({ bytes, at, end }: Payload, length: number): boolean {
  const message = at + HEADER
  if (end - message < LOGIN7_HEADER || read32le(bytes, message) < length - HEADER) return false
  const version = read32le(bytes, message + 4) >>> 24
  return version >= 0x70 && version <= 0x74 && read32le(bytes, message) <= 0x20000
}
