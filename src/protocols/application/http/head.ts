/**
 * The head of an HTTP message: what its headers say of the body (RFC 9112 §6), and whether all of the message is there.
 * There is one `Head`, refilled for each message.
 */
import { ONE_MORE_SEGMENT, type Packet, UNTIL_FIN } from '../../../packet/packet.ts'
import { beginsExactly, beginsWith, lineEnd, nextLine } from '../lines.ts'
import { chunkSize, chunkSizeIn } from './chunks.ts'
import { kindOfLine, lastMethod, OTHER, RESPONSE, statusCode } from './first-line.ts'

/** The largest Content-Length that Wireshark waits for: SSTP says 2^64, and means it. */
const MAX_CONTENT_LENGTH = 0x7fff_ffff
/** From this length on, RPC over HTTP does not mean what it says ([MS-RPCH] §2.1.2.1.1). */
const MIN_RPC_LENGTH = 128 * 1024

export const head = {
  kind: OTHER,
  method: '',
  /** Of the first line; one past it, without its line end. */
  firstAt: 0,
  firstEnd: 0,
  status: 0,
  /** Where the body begins. */
  bodyAt: 0,
  hasLength: false,
  length: 0,
  /** Transfer-Encoding is there; names `chunked`; names a compression. */
  hasTransferEncoding: false,
  isChunked: false,
  isTransferCompressed: false,
  // Values of headers that matter, from and to; -1 if not there.
  typeAt: -1,
  typeEnd: -1,
  encodingAt: -1,
  encodingEnd: -1,
  upgradeAt: -1,
  upgradeEnd: -1,
  hostAt: -1,
  hostEnd: -1,
  /** A first or header line was seen. */
  hasLine: false,
  /** The octets end within what looks like a header. */
  isCut: false,
}

/** Hot: reads the head of the message at `at`, up to a blank line or one that is no header. */
export function readHead(bytes: Uint8Array, at: number, end: number): void {
  head.kind = OTHER
  head.status = 0
  head.hasLength = false
  head.length = 0
  head.hasTransferEncoding = false
  head.isChunked = false
  head.isTransferCompressed = false
  head.typeAt = -1
  head.encodingAt = -1
  head.upgradeAt = -1
  head.hostAt = -1
  head.hasLine = false
  head.isCut = false
  head.firstAt = -1
  let line = at
  while (line < end) {
    const stop = lineEnd(bytes, line, end, false)
    const next = nextLine
    const kind = kindOfLine(bytes, line, stop)
    if (kind !== OTHER) {
      head.kind = kind
      head.firstAt = line
      head.firstEnd = stop
      if (kind === RESPONSE) head.status = statusCode(bytes, line, stop)
      else head.method = lastMethod
      head.hasLine = true
    } else if (stop === line) {
      head.hasLine = true
      line = next
      break
    } else {
      const colon = find(bytes, line, stop, COLON)
      if (colon < 0) {
        head.isCut = head.hasLine && stop >= end
        break
      }
      head.hasLine = true
      if (isName(bytes, line, colon)) readHeader(bytes, line, colon, stop)
    }
    line = next
  }
  head.bodyAt = line
}

const COLON = 0x3a

/** Hot. */
function find(bytes: Uint8Array, at: number, end: number, octet: number): number {
  for (let i = at; i < end; i++) if (bytes[i] === octet) return i
  return -1
}

/** The octets of a header's name (RFC 9110 §5.6.2), with the backslash that Wireshark allows. */
const NAME_OCTETS = new Uint8Array(256)
for (let i = 0; i < 128; i++) if (/[A-Za-z0-9!#$%&\\:*+\-.^_`|~]/.test(String.fromCharCode(i))) NAME_OCTETS[i] = 1

/** Hot: whether a header's name is well-formed; Wireshark reads no others. */
export function isName(bytes: Uint8Array, at: number, colon: number): boolean {
  for (let i = at; i < colon; i++) if (NAME_OCTETS[bytes[i]] === 0) return false
  return colon > at
}

/** Hot: where the value of a header begins. */
export function valueAt(bytes: Uint8Array, colon: number, end: number): number {
  let at = colon + 1
  while (at < end && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++
  return at
}

/** Hot. */
function readHeader(bytes: Uint8Array, at: number, colon: number, end: number): void {
  const value = valueAt(bytes, colon, end)
  switch (colon - at) {
    case 4:
      if (!beginsWith(bytes, at, colon, 'host')) return
      head.hostAt = value
      head.hostEnd = end
      return
    case 7:
      if (!beginsWith(bytes, at, colon, 'upgrade')) return
      head.upgradeAt = value
      head.upgradeEnd = end
      return
    case 12:
      if (!beginsWith(bytes, at, colon, 'content-type')) return
      head.typeAt = value
      head.typeEnd = end
      return
    case 14:
      if (beginsWith(bytes, at, colon, 'content-length')) readLength(bytes, value, end)
      return
    case 16:
      if (!beginsWith(bytes, at, colon, 'content-encoding')) return
      head.encodingAt = value
      head.encodingEnd = end
      return
    case 17:
      if (beginsWith(bytes, at, colon, 'transfer-encoding')) readTransferEncoding(bytes, value, end)
  }
}

/** Hot: a number, alone or before white space. */
function readLength(bytes: Uint8Array, at: number, end: number): void {
  let i = at
  let length = 0
  while (i < end && bytes[i] >= 0x30 && bytes[i] <= 0x39) length = 10 * length + bytes[i++] - 0x30
  head.hasLength = i > at && (i === end || bytes[i] === 0x20 || bytes[i] === 0x09)
  head.length = head.hasLength ? length : 0
}

/** Hot. */
function readTransferEncoding(bytes: Uint8Array, at: number, end: number): void {
  head.hasTransferEncoding = true
  let i = at
  while (i < end) {
    while (i < end && (bytes[i] === 0x20 || bytes[i] === 0x09 || bytes[i] === 0x2c)) i++
    if (beginsExactly(bytes, i, end, 'chunked')) head.isChunked = true
    else if (
      beginsExactly(bytes, i, end, 'gzip') ||
      beginsExactly(bytes, i, end, 'x-gzip') ||
      beginsExactly(bytes, i, end, 'deflate') ||
      beginsExactly(bytes, i, end, 'compress') ||
      beginsExactly(bytes, i, end, 'x-compress')
    )
      head.isTransferCompressed = true
    const comma = find(bytes, i, end, 0x2c)
    if (comma < 0) return
    i = comma
  }
}

/** `missingOf`: nothing is. */
export const COMPLETE = 0

/**
 * Hot: what the message at `at` lacks: `COMPLETE`, octets, `ONE_MORE_SEGMENT` or `UNTIL_FIN`. Without `withBody` only the
 * head counts.
 */
export function missingOf(packet: Packet, at: number, withBody: boolean, isResponse: boolean): number {
  const { bytes, end } = packet
  let line = at
  let length = -1
  let isChunked = false
  let isRpc = false
  for (;;) {
    if (line >= end) return ONE_MORE_SEGMENT
    const stop = lineEnd(bytes, line, end, true)
    if (stop < 0) return ONE_MORE_SEGMENT
    if (stop === line) break
    if (withBody) {
      const first = bytes[line] | 0x20
      if (first === 0x63) {
        if (beginsWith(bytes, line, stop, 'content-length:')) {
          const value = lengthToWaitFor(bytes, line + 15, stop)
          if (value >= 0) length = value
        } else if (beginsWith(bytes, line, stop, 'content-type:'))
          isRpc = beginsExactly(bytes, valueAt(bytes, line + 12, stop), stop, 'application/rpc')
      } else if (first === 0x74 && beginsWith(bytes, line, stop, 'transfer-encoding:'))
        isChunked ||= beginsWith(bytes, valueAt(bytes, line + 17, stop), stop, 'chunked')
    }
    line = nextLine
  }
  if (!withBody) return COMPLETE
  const body = nextLine
  if (isChunked) return missingOfChunks(packet, body)
  if (length >= 0) {
    if (length >= MIN_RPC_LENGTH && (isRpc || isRpcMethod(bytes, at, end))) return COMPLETE
    return body + length <= end ? COMPLETE : body + length - end
  }
  return isResponse ? UNTIL_FIN : COMPLETE
}

/** Hot. */
function isRpcMethod(bytes: Uint8Array, at: number, end: number): boolean {
  return beginsExactly(bytes, at, end, 'RPC_IN_DATA') || beginsExactly(bytes, at, end, 'RPC_OUT_DATA')
}

/** Hot: the number between white space that is all of the value; -1 if there is none, or too large a one. */
function lengthToWaitFor(bytes: Uint8Array, at: number, end: number): number {
  let from = at
  let to = end
  while (from < to && bytes[from] <= 0x20) from++
  while (to > from && bytes[to - 1] <= 0x20) to--
  if (from === to) return -1
  let length = 0
  for (let i = from; i < to; i++) {
    const digit = bytes[i] - 0x30
    if (digit < 0 || digit > 9) return -1
    length = 10 * length + digit
  }
  return length > MAX_CONTENT_LENGTH ? -1 : length
}

/** Hot: chunks up to the last one, and one line after it. */
function missingOfChunks(packet: Packet, at: number): number {
  const { bytes, end } = packet
  let chunk = at
  for (;;) {
    const remaining = end - chunk
    if (remaining < 1) return ONE_MORE_SEGMENT
    const stop = lineEnd(bytes, chunk, end, true)
    if (stop < 0) return ONE_MORE_SEGMENT
    const data = nextLine
    if (!chunkSizeIn(bytes, chunk, stop)) return COMPLETE
    const size = chunkSize
    if (size > 0x8000_0000) return COMPLETE
    if (size === 0) return lineEnd(bytes, data, end, true) < 0 ? ONE_MORE_SEGMENT : COMPLETE
    if (remaining <= size) return ONE_MORE_SEGMENT
    chunk = data + size + 2
  }
}
