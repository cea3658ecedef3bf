/** MySQL and MariaDB: MySQL Server Doxygen, "MySQL Packets", "Connection Phase", "Command Phase". Little-endian. */
import { read16le, read32le } from '../../../packet/bytes.ts'
import { isDigit, isPrintable } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const MYSQL_PORT = 3306
/** The length of what follows, in three octets, and a number that counts packets of one exchange. */
const HEADER = 4
const GREETING_VERSION = 10
const MAX_VERSION_TEXT = 96
const ERROR = 0xff
const QUERY = 3
const LAST_COMMAND = 0x1f
/** Of the client's capabilities. */
const PROTOCOL_41 = 0x0200
const SSL_REQUEST = 32
/** In a handshake response: after capabilities, largest packet and character set, nothing; MariaDB uses the last four octets. */
const FILLER = HEADER + 9
const FILLER_LENGTH = 19
const STATEMENTS = [
  'select ',
  'show ',
  'set ',
  'insert ',
  'update ',
  'delete ',
  'create ',
  'use ',
  'begin',
  'commit',
  'drop ',
]

export const mysql: Signature = {
  name: 'mysql',
  title: 'MySQL Protocol',
  transport: 'tcp',
  evidence: 'greeting, login, query or column of MySQL',
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < HEADER + 1 || bytes[at + 3] > 3) return false
    const size = read16le(bytes, at) | (bytes[at + 2] << 16)
    if (size === 0 || size + HEADER > length) return false
    const isWhole = size + HEADER === length
    switch (bytes[at + 3]) {
      case 0:
        return isWhole && (isGreeting(payload) || isCommand(payload))
      case 1:
        return isWhole ? isLogin(payload, size) : isColumnCount(payload, size)
      default:
        return isColumn(payload, 0)
    }
  },
}

/** Hot: protocol version 10, the server's version as text, the connection's number, eight octets of salt, and a zero octet. */
function isGreeting(payload: Payload): boolean {
  const { bytes, at, end } = payload
  if (bytes[at + HEADER] === ERROR)
    return payload.hasPort(MYSQL_PORT) && end - at > HEADER + 4 && isPrintable(payload, HEADER + 3, end - at)
  if (bytes[at + HEADER] !== GREETING_VERSION || end - at < HEADER + 16 || !isDigit(bytes[at + HEADER + 1]))
    return false
  const textEnd = payload.indexOf('\0', HEADER + 1)
  const dot = payload.indexOf('.', HEADER + 1)
  return (
    dot > 0 &&
    dot < textEnd &&
    textEnd < MAX_VERSION_TEXT &&
    isPrintable(payload, HEADER + 1, textEnd) &&
    at + textEnd + 13 < end &&
    bytes[at + textEnd + 13] === 0
  )
}

/** Hot: a query, which may have a count of its parameters before it, or on MySQL's port any command. */
function isCommand(payload: Payload): boolean {
  const { bytes, at } = payload
  const command = bytes[at + HEADER]
  if (command === QUERY && (isStatement(payload, HEADER + 1) || isStatement(payload, HEADER + 3))) return true
  return payload.hasPort(MYSQL_PORT) && command > 0 && command <= LAST_COMMAND
}

/** Hot. */
function isStatement(payload: Payload, offset: number): boolean {
  for (const statement of STATEMENTS) if (payload.startsWithIgnoringCase(statement, offset)) return true
  return false
}

/** Hot: capabilities that name protocol 4.1, the largest packet, the character set, and the filler; TLS is asked for by the same start. */
function isLogin(payload: Payload, size: number): boolean {
  const { bytes, at, end } = payload
  if (size < SSL_REQUEST || end - at < HEADER + SSL_REQUEST) return false
  if ((read16le(bytes, at + HEADER) & PROTOCOL_41) === 0 || read32le(bytes, at + HEADER + 4) > 0x40000000) return false
  for (let i = at + FILLER; i < at + FILLER + FILLER_LENGTH; i++) if (bytes[i] !== 0) return false
  return bytes[at + HEADER + 8] !== 0
}

/** Hot: the answer to a query: how many columns there are, then the first one. */
function isColumnCount(payload: Payload, size: number): boolean {
  return size === 1 && payload.end - payload.at > HEADER + 1 && isColumn(payload, HEADER + 1)
}

/** Hot: the catalog, which is always "def" with its length before it. */
function isColumn(payload: Payload, offset: number): boolean {
  return payload.startsWith('\x03def', offset + HEADER)
}
