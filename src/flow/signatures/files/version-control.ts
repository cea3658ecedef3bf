/**
 * Version control: git (gitprotocol-pack, "Git Transport"; gitprotocol-common, "pkt-line Format"), Subversion (its
 * `libsvn_ra_svn/protocol`, §2.1), Bazaar's smart protocol (its "network protocol" document), CVS (its "client/server protocol" §2).
 */
import type { Payload } from '../payload.ts'
import { firstOctets, octetRange, type Signature } from '../signature.ts'

const LINE_HEADER = 4
const OBJECT_DIGITS = 40
const GIT_COMMANDS = ['git-upload-pack ', 'git-receive-pack ', 'git-upload-archive ']
const GIT_WORDS = ['version 1\n', 'version 2\n', 'want ', 'ERR ']

/** Hot: the value of a digit of lower-case hexadecimal; -1 if it is none. */
function hexadecimal(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  return octet >= 0x61 && octet <= 0x66 ? octet - 0x57 : -1
}

/** Hot: the length of the pkt-line, itself included, that the first four digits say; -1 if they say none. */
function lineLength({ bytes, at, end }: Payload): number {
  if (end - at < LINE_HEADER + 5) return -1
  let length = 0
  for (let i = at; i < at + LINE_HEADER; i++) {
    const digit = hexadecimal(bytes[i])
    if (digit < 0) return -1
    length = length * 16 + digit
  }
  return length
}

/** Hot: an object's name in hexadecimal, a space and a reference: HEAD, refs/..., or capabilities^{} of an empty repository. */
function isReference(payload: Payload): boolean {
  const { bytes, at, end } = payload
  const name = at + LINE_HEADER
  if (end - name < OBJECT_DIGITS + 5) return false
  for (let i = name; i < name + OBJECT_DIGITS; i++) if (hexadecimal(bytes[i]) < 0) return false
  const reference = LINE_HEADER + OBJECT_DIGITS
  return (
    payload.startsWith(' HEAD', reference) ||
    payload.startsWith(' refs', reference) ||
    payload.startsWith(' capabilities^{}', reference)
  )
}

export const git: Signature = {
  name: 'git',
  title: 'Git Smart Protocol',
  transport: 'tcp',
  evidence: 'pkt-line with a request or a reference of git',
  begins: [...octetRange(0x30, 0x39), ...octetRange(0x61, 0x66)],
  matches: (payload) => {
    const length = lineLength(payload)
    if (length <= LINE_HEADER || length > payload.length) return false
    for (const command of GIT_COMMANDS)
      if (payload.startsWith(command, LINE_HEADER)) return payload.startsWith('/', LINE_HEADER + command.length)
    for (const word of GIT_WORDS) if (payload.startsWith(word, LINE_HEADER)) return true
    return isReference(payload)
  },
}

/** Wireshark has no name for it. */
export const svn: Signature = {
  name: 'svn',
  title: 'Subversion',
  transport: 'tcp',
  evidence: "greeting or its answer in Subversion's lists",
  begins: firstOctets(['( ']),
  matches: (payload) =>
    (payload.startsWith('( success ( ') && payload.indexOf(' ( ', 11) > 0) ||
    payload.startsWith('( 2 ( edit-pipeline '),
}

export const bzr: Signature = {
  name: 'bzr',
  title: 'Bazaar Smart Protocol',
  transport: 'tcp',
  evidence: 'version line of Bazaar',
  begins: firstOctets(['bzr ']),
  matches: (payload) =>
    payload.startsWith('bzr request 2\n') ||
    payload.startsWith('bzr response 2\n') ||
    payload.startsWith('bzr message 3 (bzr '),
}

const CVS_LINES = [
  'BEGIN AUTH REQUEST\n',
  'BEGIN VERIFICATION REQUEST\n',
  'BEGIN GSSAPI REQUEST\n',
  'I LOVE YOU\n',
  'I HATE YOU\n',
]

export const cvs: Signature = {
  name: 'cvspserver',
  title: 'CVS pserver',
  transport: 'tcp',
  evidence: 'authentication of CVS',
  begins: firstOctets(CVS_LINES),
  matches: (payload) => {
    for (const line of CVS_LINES) if (payload.startsWith(line)) return true
    return false
  },
}
