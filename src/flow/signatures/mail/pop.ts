/** POP3: RFC 1939 §3 (replies), §5 to §7 (commands); RFC 2449 §5 (CAPA), RFC 2595 §4 (STLS). */
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'
import { beginsWithOneOf, eitherCase, isOneLineOf, isPrintable, lineLength, mentions } from './line.ts'

const POP_PORT = 110
const MD5_DIGITS = 32

/** Nobody else's. */
const OWN_LINES = ['capa', 'stls', 'uidl']
/** Others have these as well: FTP's USER and PASS, NNTP's LIST and STAT. */
const SHARED_LINES = ['stat', 'list', 'quit', 'noop', 'rset', 'auth']
const SHARED_COMMANDS = ['user ', 'pass ', 'apop ', 'retr ', 'dele ', 'top ', 'list ', 'uidl ', 'auth ']

export const pop: Signature = {
  name: 'pop',
  title: 'Post Office Protocol',
  transport: 'tcp',
  evidence: 'command or reply of POP3',
  begins: [0x2b, 0x2d, ...eitherCase([...OWN_LINES, ...SHARED_LINES, ...SHARED_COMMANDS])],
  matches: (payload) => {
    if (isOneLineOf(payload, OWN_LINES) || isDigestLogin(payload)) return true
    const length = lineLength(payload)
    if (length < 0) return false
    if (payload.hasPort(POP_PORT))
      return (
        payload.startsWith('+OK') ||
        payload.startsWith('-ERR') ||
        isOneLineOf(payload, SHARED_LINES) ||
        beginsWithOneOf(payload, SHARED_COMMANDS)
      )
    return payload.startsWith('+OK ') && isGreeting(payload, length)
  },
}

/** Hot: "+OK " alone may be anybody's; with the protocol's name, or the timestamp of APOP (RFC 1939 §7), it is a greeting. */
function isGreeting(payload: Payload, length: number): boolean {
  if (length + 2 !== payload.length) return false
  if (mentions(payload, 'pop3') || mentions(payload, 'pop server')) return true
  const open = payload.indexOf('<', 4)
  const atSign = payload.indexOf('@', 4)
  return open > 0 && atSign > open + 1 && payload.startsWith('>\r\n', length - 1)
}

/** Hot: "APOP", a name, and the digest in 32 hexadecimal digits (RFC 1939 §7). */
function isDigestLogin(payload: Payload): boolean {
  if (!payload.startsWithIgnoringCase('apop ')) return false
  const length = lineLength(payload)
  const digest = length - MD5_DIGITS
  if (digest < 7 || length + 2 !== payload.length || !payload.startsWith(' ', digest - 1)) return false
  return isPrintable(payload, digest, length) && payload.indexOf(' ', digest) < 0
}
