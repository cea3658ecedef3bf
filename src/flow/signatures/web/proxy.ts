/** The PROXY protocol of HAProxy, versions 1 and 2 (proxy-protocol.txt §2.1, §2.2): who really asks, before what is asked. */
import { read16 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'

const VERSION_1 = ['PROXY TCP4 ', 'PROXY TCP6 ', 'PROXY UNKNOWN']
/** §2.1: with the CR LF. */
const MAX_LINE = 107
const VERSION_2 = '\r\n\r\n\0\r\nQUIT\n'
const HEADER_2 = 16

export const proxy: Signature = {
  name: 'proxy',
  title: 'PROXY Protocol',
  transport: 'tcp',
  evidence: 'header of the PROXY protocol',
  begins: firstOctets(['PROXY', '\r']),
  matches: (payload) => proxyHeaderLength(payload) > 0,
}

/** Hot: octets of the header that the payload begins with; 0 if it begins with none. */
export function proxyHeaderLength(payload: Payload): number {
  const { bytes, at, end } = payload
  if (payload.startsWith(VERSION_2)) {
    // Version 2 and a command of 0 or 1; family and transport; the length of what follows.
    if (end - at < HEADER_2 || (bytes[at + 12] & 0xfe) !== 0x20 || bytes[at + 13] >> 4 > 3) return 0
    return HEADER_2 + read16(bytes, at + 14)
  }
  if (!isVersion1(payload)) return 0
  const last = Math.min(end, at + MAX_LINE)
  for (let i = at; i + 1 < last; i++) if (bytes[i] === 0x0d) return bytes[i + 1] === 0x0a ? i + 2 - at : 0
  return 0
}

/** Hot. */
function isVersion1(payload: Payload): boolean {
  for (const text of VERSION_1) if (payload.startsWith(text)) return true
  return false
}
