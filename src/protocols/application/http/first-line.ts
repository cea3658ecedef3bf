/** The first line of an HTTP message: a request, a response, or neither (RFC 9112 §3 and §4). */
import { beginsExactly, nextToken, tokenEnd } from '../lines.ts'

/** Kinds of message, as Wireshark tells them apart. */
export const OTHER = 0
export const REQUEST = 1
export const RESPONSE = 2
/** GENA's NOTIFY, SUBSCRIBE and UNSUBSCRIBE (UPnP Device Architecture §4). */
export const NOTIFICATION = 3

/** The methods Wireshark knows, by length; others make no request. */
const REQUEST_METHODS = byLength([
  'GET PUT COPY HEAD LOCK MOVE POLL POST BCOPY BMOVE MKCOL TRACE PATCH LABEL MERGE DELETE SEARCH UNLOCK REPORT UPDATE',
  'BDELETE CONNECT OPTIONS CHECKIN PROPFIND CHECKOUT CCM_POST PROPPATCH BPROPFIND BPROPPATCH UNCHECKOUT MKACTIVITY',
  'MKWORKSPACE RPC_CONNECT RPC_IN_DATA RPC_OUT_DATA VERSION-CONTROL BASELINE-CONTROL SSTP_DUPLEX_POST',
])
const NOTIFICATION_METHODS = byLength(['NOTIFY SUBSCRIBE UNSUBSCRIBE'])

function byLength(lists: readonly string[]): readonly string[][] {
  const methods: string[][] = []
  for (const method of lists.flatMap((list) => list.split(' '))) {
    methods[method.length] ??= []
    methods[method.length].push(method)
  }
  return methods
}

/** Of the line that `kindOfLine` took for a request or notification: the method. Valid until its next call. */
export let lastMethod = ''

/** Hot: what the line from `at` to `end` begins. */
export function kindOfLine(bytes: Uint8Array, at: number, end: number): number {
  // RFC 2774: the prefix of a request with mandatory extensions.
  const start = beginsExactly(bytes, at, end, 'M-') ? at + 2 : at
  if (beginsExactly(bytes, start, end, 'HTTP/') || beginsExactly(bytes, start, end, 'ICY')) return RESPONSE
  let space = start
  const last = Math.min(end, start + 17)
  while (space < last && bytes[space] !== 0x20) space++
  if (isOneOf(REQUEST_METHODS, bytes, start, space)) return REQUEST
  return isOneOf(NOTIFICATION_METHODS, bytes, start, space) ? NOTIFICATION : OTHER
}

/** Hot. */
function isOneOf(methods: readonly (string[] | undefined)[], bytes: Uint8Array, at: number, end: number): boolean {
  const candidates = methods[end - at]
  if (candidates === undefined) return false
  for (let i = 0; i < candidates.length; i++) {
    if (!beginsExactly(bytes, at, end, candidates[i])) continue
    lastMethod = candidates[i]
    return true
  }
  return false
}

/** Hot: where the status code of a status line begins, which runs to `nextToken`; -1 if there is none. */
export function statusCodeAt(bytes: Uint8Array, at: number, end: number): number {
  if (tokenEnd(bytes, at, end) === at) return -1
  const code = nextToken
  return tokenEnd(bytes, code, end) - code < 3 ? -1 : code
}

/** Hot: the status code of a status line; 0 if there is none. */
export function statusCode(bytes: Uint8Array, at: number, end: number): number {
  const code = statusCodeAt(bytes, at, end)
  if (code < 0) return 0
  let value = 0
  for (let i = code; i < code + 3; i++) {
    const digit = bytes[i] - 0x30
    if (digit < 0 || digit > 9) return value
    value = 10 * value + digit
  }
  return value
}

/** Hot: where the request target of a request line begins. Two spaces after the method mean that it is empty. */
export function targetAt(bytes: Uint8Array, at: number, end: number): number {
  const method = tokenEnd(bytes, at, end)
  return nextToken - method >= 2 && bytes[nextToken - 1] === 0x20 ? nextToken - 1 : nextToken
}
