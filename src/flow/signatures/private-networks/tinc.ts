/** tinc: its meta connection begins with a line of text, `0 <name> <version>` (tinc's manual, "The meta-protocol"). */
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const PREFIX = '0 '
/** Version 1.0 says 17; version 1.1 adds its own minor number. */
const VERSION = ' 17'
const LINE_FEED = 0x0a
const DOT = 0x2e
const MAX_NAME = 64

/** Hot: letters, digits and underscores, as names of nodes have to be. */
function isNameOctet(octet: number): boolean {
  const lower = octet | 0x20
  return (lower >= 0x61 && lower <= 0x7a) || (octet >= 0x30 && octet <= 0x39) || octet === 0x5f
}

/** Hot: what follows `name`: the version, and nothing but the end of the line. */
function endsInVersion(payload: Payload, offset: number): boolean {
  if (!payload.startsWith(VERSION, offset)) return false
  const { bytes, end } = payload
  let at = payload.at + offset + VERSION.length
  if (at < end && bytes[at] === DOT)
    do at++
    while (at < end && bytes[at] >= 0x30 && bytes[at] <= 0x39)
  return at < end && bytes[at] === LINE_FEED
}

export const tinc: Signature = {
  name: 'tinc',
  title: 'tinc VPN',
  transport: 'tcp',
  evidence: 'line with a name and version 17',
  begins: ['0'.charCodeAt(0)],
  matches: (payload) => {
    if (!payload.startsWith(PREFIX)) return false
    let offset = PREFIX.length
    while (offset < MAX_NAME && payload.at + offset < payload.end && isNameOctet(payload.bytes[payload.at + offset]))
      offset++
    return offset > PREFIX.length && endsInVersion(payload, offset)
  },
}
