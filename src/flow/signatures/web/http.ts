/** HTTP/1: RFC 9112 §2. Methods: RFC 9110 §9, and of WebDAV (RFC 4918 §9), CalDAV and UPnP what browsers and devices send. */
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'
import { firstLineEndsIn, firstLineLength } from './first-line.ts'

const METHODS = [
  'GET ',
  'POST ',
  'HEAD ',
  'PUT ',
  'DELETE ',
  'OPTIONS ',
  'CONNECT ',
  'PATCH ',
  'TRACE ',
  'PROPFIND ',
  'PROPPATCH ',
  'REPORT ',
  'SEARCH ',
  'MKCOL ',
  'COPY ',
  'MOVE ',
  'LOCK ',
  'UNLOCK ',
  'SUBSCRIBE ',
  'UNSUBSCRIBE ',
  'NOTIFY ',
]
const VERSIONS = [' HTTP/1.1', ' HTTP/1.0']
const CONNECT = 'CONNECT '

export const http: Signature = {
  name: 'http',
  title: 'Hypertext Transfer Protocol',
  transport: 'tcp',
  evidence: 'request or status line of HTTP/1',
  begins: firstOctets([...METHODS, 'HTTP/1.']),
  matches: (payload) => {
    if (payload.startsWith('HTTP/1.')) return true
    for (const method of METHODS) if (payload.startsWith(method)) return hasVersion(payload, method)
    return false
  },
}

/**
 * The request line ends in the version; if it goes on beyond what is looked at, the method must do, and a target of HTTP's form:
 * RTSP, SIP and ICAP have methods of the same names, and URIs of their own schemes.
 */
function hasVersion(payload: Payload, method: string): boolean {
  for (const version of VERSIONS) if (firstLineEndsIn(payload, version)) return true
  if (firstLineLength(payload) >= 0) return false
  return (
    method === CONNECT ||
    payload.end - payload.at === method.length ||
    payload.startsWith('/', method.length) ||
    payload.startsWith('http', method.length)
  )
}

/** SSDP: HTTP's form over UDP (UPnP Device Architecture 2.0 §1.2). */
export const ssdp: Signature = {
  name: 'ssdp',
  title: 'Simple Service Discovery Protocol',
  transport: 'udp',
  evidence: 'request or status line of SSDP',
  begins: firstOctets(['M-SEARCH', 'NOTIFY', 'HTTP/1.1']),
  matches: (payload) =>
    payload.startsWith('M-SEARCH * HTTP/1.') ||
    payload.startsWith('NOTIFY * HTTP/1.') ||
    payload.startsWith('HTTP/1.1 200 OK'),
}
