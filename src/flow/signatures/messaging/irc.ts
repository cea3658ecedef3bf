/** IRC: RFC 2812 §2.3 (messages), §3 (commands), §5 (replies). */
import { beginsWithOneOf, digitsAt, eitherCase, lineLength } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const IRC_PORT = 6667
const COLON = ':'

/** Nobody else's, with what follows them. */
const OWN_COMMANDS = ['nick ', 'cap ls', 'cap req :', 'join #', 'privmsg #', 'notice auth :', 'notice * :', 'mode #']
const SHARED_COMMANDS = ['pass ', 'ping ', 'pong ', 'privmsg ', 'quit', 'error :', 'whois ', 'who ', 'list', 'part ']
/** What a server says, behind its name. */
const SERVER_COMMANDS = [
  ' notice ',
  ' privmsg ',
  ' join ',
  ' mode ',
  ' ping ',
  ' pong ',
  ' cap ',
  ' nick :',
  ' quit :',
  ' part ',
]

export const irc: Signature = {
  name: 'irc',
  title: 'Internet Relay Chat',
  transport: 'tcp',
  evidence: 'registration, command or reply of IRC',
  begins: [0x3a, ...eitherCase([...OWN_COMMANDS, ...SHARED_COMMANDS, 'user '])],
  matches: (payload) => {
    const length = lineLength(payload)
    if (length < 4) return false
    if (payload.startsWith(COLON)) return isFromServer(payload, length)
    if (payload.startsWithIgnoringCase('user ')) return isUser(payload, length)
    if (beginsWithOneOf(payload, OWN_COMMANDS)) return true
    return payload.hasPort(IRC_PORT) && beginsWithOneOf(payload, SHARED_COMMANDS)
  },
}

/** Hot: the name of whom it comes from, then a command or a reply of three digits and whom it is for. */
function isFromServer(payload: Payload, length: number): boolean {
  const space = payload.indexOf(' ', 1)
  if (space < 4 || space > length) return false
  if (digitsAt(payload, space + 1) === 3 && payload.startsWith(' ', space + 4))
    return payload.indexOf(' ', space + 5) > 0 && space + 5 < length
  for (const command of SERVER_COMMANDS) if (payload.startsWithIgnoringCase(command, space)) return true
  return false
}

/** Hot: "USER name mode unused :real name": FTP's and POP3's USER has one word only. */
function isUser(payload: Payload, length: number): boolean {
  let words = 0
  for (let offset = 4; offset > 0 && offset < length; offset = payload.indexOf(' ', offset + 1)) {
    words++
    if (payload.startsWith(COLON, offset + 1)) return words === 4
  }
  return false
}
