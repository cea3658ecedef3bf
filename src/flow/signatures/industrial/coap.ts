/** CoAP: RFC 7252 §3. */
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const COAP_PORT = 5683
const HEADER = 4
const VERSION_1 = 0x40
const MAX_TOKEN = 8
const PAYLOAD_MARKER = 0xff
const MAX_OPTIONS = 32
/** An option's number or length of one octet more (13), or two (14). 15 is reserved. */
const EXTENDED_1 = 13
const EXTENDED_2 = 14

/** Hot: the empty message, a request (RFC 7252 §12.1.1, RFC 8132), a response of class 2, 4 or 5, or a signal (RFC 8323). */
function isCode(code: number): boolean {
  const detail = code & 0x1f
  switch (code >> 5) {
    case 0:
      return detail <= 7
    case 2:
    case 4:
    case 5:
      return true
    default:
      return false
  }
}

/** Hot: the octets that a delta or length of that nibble adds. */
function extension(nibble: number): number {
  return nibble === EXTENDED_2 ? 2 : nibble === EXTENDED_1 ? 1 : 0
}

/** Hot: options, up to the end or a payload, which is not empty. */
function isOptions({ bytes, at, end, length }: Payload, start: number): boolean {
  let offset = start
  for (let i = 0; i < MAX_OPTIONS && offset < length; i++) {
    if (at + offset >= end) return true // beyond what is looked at
    if (bytes[at + offset] === PAYLOAD_MARKER) return offset + 1 < length
    const delta = bytes[at + offset] >> 4
    const size = bytes[at + offset] & 0x0f
    if (delta > EXTENDED_2 || size > EXTENDED_2) return false
    const sizeAt = at + offset + 1 + extension(delta)
    const header = 1 + extension(delta) + extension(size)
    if (at + offset + header > end) return false
    const octets =
      size < EXTENDED_1
        ? size
        : size === EXTENDED_1
          ? 13 + bytes[sizeAt]
          : 269 + bytes[sizeAt] * 256 + bytes[sizeAt + 1]
    offset += header + octets
  }
  return offset === length
}

export const coap: Signature = {
  name: 'coap',
  title: 'Constrained Application Protocol',
  transport: 'udp',
  evidence: `header and options on port ${COAP_PORT}`,
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(COAP_PORT) || end - at < HEADER || (bytes[at] & 0xc0) !== VERSION_1) return false
    const token = bytes[at] & 0x0f
    if (token > MAX_TOKEN || !isCode(bytes[at + 1])) return false
    // Acknowledgments and resets without content (RFC 7252 §4.1).
    if (bytes[at + 1] === 0) return token === 0 && length === HEADER
    return isOptions(payload, HEADER + token)
  },
}
