/** IMAP: RFC 9051 §2.2 (commands and responses), §6 (commands), §7 (responses). */
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'
import { isDigit, lineLength, mentions } from './line.ts'

const IMAP_PORT = 143
const MAX_TAG = 16
const SPACE = 0x20
const ASTERISK = 0x2a

/** With a tag before them, nobody else's; each but the last two is the whole of its line. */
const OWN_COMMANDS = [' capability\r\n', ' starttls\r\n', ' namespace\r\n', ' login ', ' authenticate ']
/** Completion and commands that other texts have too. */
const SHARED_WORDS = [
  ' ok ',
  ' no ',
  ' bad ',
  ' select ',
  ' examine ',
  ' list ',
  ' lsub ',
  ' status ',
  ' fetch ',
  ' uid ',
  ' search ',
  ' id ',
  ' noop\r\n',
  ' idle\r\n',
  ' logout\r\n',
]
const UNTAGGED = ['* ok ', '* ok\r\n', '* preauth ', '* bye ', '* list ', '* flags ', '* status ', '* search', '* no ']

export const imap: Signature = {
  name: 'imap',
  title: 'Internet Message Access Protocol',
  transport: 'tcp',
  evidence: 'tagged command or untagged response of IMAP',
  begins: [ASTERISK, ...octetRange(0x30, 0x39), ...octetRange(0x41, 0x5a), ...octetRange(0x61, 0x7a)],
  matches: (payload) => {
    const tag = tagLength(payload)
    if (tag === 0 || lineLength(payload) < 0) return false
    const isExpected = payload.hasPort(IMAP_PORT)
    if (payload.bytes[payload.at] === ASTERISK) return isUntagged(payload, isExpected)
    // Tags are counters with letters before them: a word without a digit may be prose.
    if (!isExpected && !isDigit(payload.bytes[payload.at + tag - 1])) return false
    for (const command of OWN_COMMANDS) if (payload.startsWithIgnoringCase(command, tag)) return true
    if (isExpected) for (const word of SHARED_WORDS) if (payload.startsWithIgnoringCase(word, tag)) return true
    return false
  },
}

/** Hot: octets before the first space; 0 if it is too far. */
function tagLength({ bytes, at, end }: Payload): number {
  for (let i = at; i < end && i <= at + MAX_TAG; i++) if (bytes[i] <= SPACE) return bytes[i] === SPACE ? i - at : 0
  return 0
}

/** Hot: "* OK" alone may be anybody's. */
function isUntagged(payload: Payload, isExpected: boolean): boolean {
  if (payload.startsWithIgnoringCase('* capability imap4')) return true
  if (isExpected) {
    for (const start of UNTAGGED) if (payload.startsWithIgnoringCase(start)) return true
    return false
  }
  if (!payload.startsWithIgnoringCase('* ok ') && !payload.startsWithIgnoringCase('* preauth ')) return false
  return mentions(payload, 'imap') || mentions(payload, '[capability ')
}
