/** SMTP: RFC 5321 §4.1 (commands), §4.2 (replies); RFC 2034 §4 (enhanced status codes). */
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'
import { beginsWithOneOf, eitherCase, isDigit, isOneLineOf, lineLength, mentions, replyCode } from './line.ts'

const SMTP_PORT = 25
const SUBMISSION_PORT = 587
const GREETING = 220
const COMPLETED = 250
/** The codes of SMTP that come with an enhanced status, without their last digit (RFC 5321 §4.2.3). */
const CODE_TENS = [22, 23, 25, 42, 45, 50, 53, 55]
const DOT = 0x2e
const SPACE = 0x20

const HELLOS = ['ehlo ', 'helo ']
/** With the colon and the angle bracket, no other protocol has them. */
const PATHS = ['mail from:<', 'rcpt to:<']
/** What other protocols say as well: only on SMTP's ports. */
const SHARED_LINES = ['starttls', 'auth login', 'auth plain', 'data', 'rset', 'noop', 'quit']
const SHARED_COMMANDS = ['auth plain ', 'auth login ', 'mail from:', 'rcpt to:']
/** Of the answer to EHLO, one a line (RFC 5321 §4.1.1.1). */
const EXTENSIONS = ['pipelining', '8bitmime', 'enhancedstatuscodes', 'starttls', 'size ', 'auth ', 'dsn', 'help']

export const smtp: Signature = {
  name: 'smtp',
  title: 'Simple Mail Transfer Protocol',
  transport: 'tcp',
  evidence: 'command or reply of SMTP',
  begins: [...eitherCase([...HELLOS, ...PATHS, ...SHARED_LINES]), 0x32, 0x33, 0x34, 0x35],
  matches: (payload) => {
    const code = replyCode(payload)
    return code > 0 ? isReply(payload, code) : isCommand(payload)
  },
}

/** Hot: SMTP's ports, which say what a line is that others send too. */
function isExpected(payload: Payload): boolean {
  return payload.hasPort(SMTP_PORT) || payload.hasPort(SUBMISSION_PORT)
}

/** Hot: a greeting is told from FTP's by its words, RFC 5321 §4.3.1 and RFC 959 §5.4 leave them free. */
function isReply(payload: Payload, code: number): boolean {
  if (lineLength(payload) < 0) return false
  if (code === GREETING && mentions(payload, 'smtp') && !mentions(payload, 'ftp')) return true
  if (isExpected(payload))
    return code >= 200 && (code !== GREETING || mentions(payload, 'smtp') || !mentions(payload, 'ftp'))
  if (hasEnhancedStatus(payload, code)) return true
  return code === COMPLETED && payload.startsWith('-', 3) && hasExtension(payload)
}

/** Hot: "250 2.1.0 ": the class is the code's first digit. Only codes that SMTP has. */
function hasEnhancedStatus({ bytes, at, end }: Payload, code: number): boolean {
  return (
    CODE_TENS.includes(Math.floor(code / 10)) &&
    end - at >= 10 &&
    bytes[at + 4] === bytes[at] &&
    bytes[at + 5] === DOT &&
    isDigit(bytes[at + 6]) &&
    bytes[at + 7] === DOT &&
    isDigit(bytes[at + 8]) &&
    bytes[at + 9] === SPACE
  )
}

/** Hot: a later line of the reply names an extension. */
function hasExtension(payload: Payload): boolean {
  let offset = 0
  for (let lines = 0; lines < 16; lines++) {
    const length = lineLength(payload, offset)
    if (length < 0) return false
    offset += length + 2
    if (!payload.startsWith('250', offset)) return false
    for (const extension of EXTENSIONS) if (payload.startsWithIgnoringCase(extension, offset + 4)) return true
  }
  return false
}

/** Hot. */
function isCommand(payload: Payload): boolean {
  if (beginsWithOneOf(payload, HELLOS)) return lineLength(payload) === payload.length - 2 && payload.length > 7
  if (beginsWithOneOf(payload, PATHS)) return lineLength(payload) > 0
  if (!isExpected(payload) || lineLength(payload) < 0) return false
  return isOneLineOf(payload, SHARED_LINES) || beginsWithOneOf(payload, SHARED_COMMANDS)
}
