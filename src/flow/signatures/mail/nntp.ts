/** NNTP: RFC 3977 §3 (commands and responses), §5.1 (greeting); RFC 4643 §2 (AUTHINFO). */
import type { Signature } from '../signature.ts'
import { beginsWithOneOf, eitherCase, isOneLineOf, lineLength, mentionsOneOf, replyCode } from './line.ts'

const NNTP_PORT = 119
const POSTING_ALLOWED = 200
const POSTING_PROHIBITED = 201

/** Nobody else's. */
const OWN_LINES = ['mode reader', 'capabilities', 'list overview.fmt', 'list newsgroups']
const OWN_COMMANDS = ['authinfo user ', 'authinfo pass ', 'authinfo sasl ']
/** Others have these as well, with other arguments. */
const SHARED_COMMANDS = [
  'group ',
  'article',
  'head',
  'body',
  'stat',
  'xover',
  'over',
  'hdr',
  'xhdr',
  'list',
  'post',
  'quit',
]
/** What servers call themselves. */
const WORDS = ['nntp', 'nnrp', 'internetnews', 'usenet']

export const nntp: Signature = {
  name: 'nntp',
  title: 'Network News Transfer Protocol',
  transport: 'tcp',
  evidence: 'command or response of NNTP',
  begins: [...eitherCase([...OWN_LINES, ...OWN_COMMANDS, ...SHARED_COMMANDS]), 0x31, 0x32, 0x33, 0x34, 0x35],
  matches: (payload) => {
    const length = lineLength(payload)
    if (length < 3) return false
    const isExpected = payload.hasPort(NNTP_PORT)
    const code = replyCode(payload)
    if (code > 0) {
      const isGreeting = code === POSTING_ALLOWED || code === POSTING_PROHIBITED
      return isExpected || (isGreeting && length + 2 === payload.length && mentionsOneOf(payload, WORDS))
    }
    if (isOneLineOf(payload, OWN_LINES) || beginsWithOneOf(payload, OWN_COMMANDS)) return true
    return isExpected && beginsWithOneOf(payload, SHARED_COMMANDS)
  },
}
