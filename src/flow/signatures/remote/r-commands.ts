/** The remote commands of BSD: rlogin (RFC 1282 §2), rsh and rexec (rshd(8) and rexecd(8), "DESCRIPTION"). */
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'
import { isDigit, isPrintable } from '../web/first-line.ts'

const EXEC_PORT = 512
const SHELL_PORT = 514
const MAX_PORT_DIGITS = 5
const SLASH = 0x2f

/** Hot: the number of texts, each printable and with an octet of 0 behind it, that fill the payload; 0 if others are in it. */
function countTexts({ bytes, at, end, length }: Payload): number {
  if (end - at !== length || bytes[end - 1] !== 0) return 0
  let texts = 0
  for (let i = at; i < end; i++)
    if (bytes[i] === 0) texts++
    else if (!isPrintable(bytes[i])) return 0
  return texts
}

/** Hot: the port for errors as a number, and, in the same segment or the next, two names and a command. */
function isCommand(payload: Payload, port: number): boolean {
  if (payload.destinationPort !== port || !payload.isFirst) return false
  const { bytes, at } = payload
  const texts = countTexts(payload)
  if (texts !== 1 && texts !== 4) return false
  let digits = 0
  while (digits <= MAX_PORT_DIGITS && isDigit(bytes[at + digits])) digits++
  return digits <= MAX_PORT_DIGITS && bytes[at + digits] === 0
}

export const rsh: Signature = {
  name: 'rsh',
  title: 'Remote Shell',
  transport: 'tcp',
  evidence: `port for errors, or that and the command, to port ${SHELL_PORT}`,
  matches: (payload) => isCommand(payload, SHELL_PORT),
}

export const exec: Signature = {
  name: 'exec',
  title: 'Remote Process Execution',
  transport: 'tcp',
  evidence: `port for errors, or that and the command, to port ${EXEC_PORT}`,
  matches: (payload) => isCommand(payload, EXEC_PORT),
}

/** An octet of 0, the user's names at both ends, the terminal and its speed: `xterm/38400`. */
export const rlogin: Signature = {
  name: 'rlogin',
  title: 'Rlogin Protocol',
  transport: 'tcp',
  evidence: "two users' names, and a terminal with its speed",
  begins: [0],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.isFirst || length < 8 || countTexts(payload) !== 4 || bytes[at + 1] === 0) return false
    let digits = end - 1
    while (digits > at && isDigit(bytes[digits - 1])) digits--
    return digits < end - 1 && bytes[digits - 1] === SLASH
  },
}
