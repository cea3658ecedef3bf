/** Soulseek, https://nicotine-plus.org/doc/SLSKPROTOCOL.html: little-endian; a length, a code, strings with lengths of their own. */
import { read32le } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'

const LOGIN = 1
const LOGIN_STRINGS = 8
const PEER_INIT = 1
const PEER_INIT_STRINGS = 5
const MAX_NAME = 64
/** Connections to peers, for files, and of the distributed network. */
const CONNECTION_TYPES = 'PFD'
const TOKEN_LENGTH = 4
/** Of the login: versions, and an MD5 in hexadecimal digits. */
const VERSION_LENGTH = 4
const MD5_LENGTH = 32

/** Hot: the offset behind the string at `offset`; -1 if it is empty, too long or no text. */
function endOfString({ bytes, at, end }: Payload, offset: number): number {
  if (offset < 0 || at + offset + 4 > end) return -1
  const length = read32le(bytes, at + offset)
  if (length === 0 || length > MAX_NAME || at + offset + 4 + length > end) return -1
  for (let i = 0; i < length; i++) if (bytes[at + offset + 4 + i] < 0x20) return -1
  return offset + 4 + length
}

/** Hot: name, password, version, MD5 of both, minor version. */
function isLogin(payload: Payload): boolean {
  if (read32le(payload.bytes, payload.at + 4) !== LOGIN) return false
  const md5 = endOfString(payload, endOfString(payload, LOGIN_STRINGS)) + VERSION_LENGTH
  if (md5 < LOGIN_STRINGS || endOfString(payload, md5) !== md5 + 4 + MD5_LENGTH) return false
  return payload.length === md5 + 4 + MD5_LENGTH + VERSION_LENGTH
}

/** Hot: name, type of the connection, token. */
function isPeerInit(payload: Payload): boolean {
  const { bytes, at, length } = payload
  if (bytes[at + 4] !== PEER_INIT) return false
  const type = endOfString(payload, PEER_INIT_STRINGS)
  if (type < 0 || endOfString(payload, type) !== type + 5 || length !== type + 5 + TOKEN_LENGTH) return false
  const letter = bytes[at + type + 4]
  for (let i = 0; i < CONNECTION_TYPES.length; i++) if (CONNECTION_TYPES.charCodeAt(i) === letter) return true
  return false
}

export const soulseek: Signature = {
  name: 'slsk',
  title: 'SoulSeek Protocol',
  transport: 'tcp',
  evidence: 'login at the server, or greeting of a peer',
  begins: octetRange(0x0f, 0xef),
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < 20 || read32le(bytes, at) + 4 !== length) return false
    return isLogin(payload) || isPeerInit(payload)
  },
}
