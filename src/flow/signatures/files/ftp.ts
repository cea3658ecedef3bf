/** FTP, the control connection: RFC 959 §4.1 (commands), §4.2 (replies); RFC 2428 (EPRT, EPSV), RFC 4217 §4 (AUTH). */
import { beginsWithOneOf, eitherCase, isOneLineOf, lineLength, mentions, replyCode } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const FTP_PORT = 21
const GREETING = 220
const PASSIVE = 227
const EXTENDED_PASSIVE = 229
const NEED_PASSWORD = 331

/** Nobody else's. */
const OWN_LINES = [
  'pasv',
  'epsv',
  'syst',
  'feat',
  'type i',
  'type a',
  'auth tls',
  'auth ssl',
  'pbsz 0',
  'prot p',
  'opts utf8 on',
  'user anonymous',
  'user ftp',
]
const OWN_COMMANDS = ['eprt |1|', 'eprt |2|']
/** Others have these as well: POP3's USER, PASS, LIST, RETR; SMTP's QUIT. */
const SHARED_COMMANDS = [
  'user ',
  'pass ',
  'port ',
  'cwd ',
  'pwd',
  'retr ',
  'stor ',
  'list',
  'nlst',
  'mlsd',
  'size ',
  'mdtm ',
  'opts ',
  'type ',
  'quit',
  'noop',
]

export const ftp: Signature = {
  name: 'ftp',
  title: 'File Transfer Protocol (FTP)',
  transport: 'tcp',
  evidence: 'command or reply of FTP',
  begins: [...eitherCase([...OWN_LINES, ...OWN_COMMANDS, ...SHARED_COMMANDS]), 0x31, 0x32, 0x33, 0x34, 0x35],
  matches: (payload) => {
    if (isOneLineOf(payload, OWN_LINES)) return true
    if (lineLength(payload) < 3) return false
    const code = replyCode(payload)
    if (code > 0) return isReply(payload, code)
    if (beginsWithOneOf(payload, OWN_COMMANDS) || isPort(payload)) return true
    return payload.hasPort(FTP_PORT) && beginsWithOneOf(payload, SHARED_COMMANDS)
  },
}

/** Hot: SMTP greets with the same code, so the words decide. */
function isReply(payload: Payload, code: number): boolean {
  if (code === PASSIVE && payload.startsWithIgnoringCase('227 entering passive mode')) return true
  if (code === EXTENDED_PASSIVE && payload.startsWithIgnoringCase('229 entering extended passive mode')) return true
  if (payload.hasPort(FTP_PORT)) return code !== GREETING || mentions(payload, 'ftp') || !mentions(payload, 'smtp')
  if (code === NEED_PASSWORD) return mentions(payload, 'password')
  return code === GREETING && mentions(payload, 'ftp') && !mentions(payload, 'smtp')
}

/** Hot: "PORT h1,h2,h3,h4,p1,p2" (RFC 959 §5.3.2). */
function isPort(payload: Payload): boolean {
  if (!payload.startsWithIgnoringCase('port ')) return false
  const { bytes, at } = payload
  let commas = 0
  const length = lineLength(payload)
  for (let i = at + 5; i < at + length; i++) {
    if (bytes[i] === 0x2c) commas++
    else if (bytes[i] < 0x30 || bytes[i] > 0x39) return false
  }
  return commas === 5 && length + 2 === payload.length
}
