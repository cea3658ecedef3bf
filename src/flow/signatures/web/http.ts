/** HTTP/1: RFC 9112 §2. */
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'

const METHODS = ['GET ', 'POST ', 'HEAD ', 'PUT ', 'DELETE ', 'OPTIONS ', 'CONNECT ', 'PATCH ', 'TRACE ', 'PROPFIND ']
const VERSION = ' HTTP/1.'

export const http: Signature = {
  name: 'http',
  title: 'Hypertext Transfer Protocol',
  transport: 'tcp',
  evidence: 'request or status line of HTTP/1',
  begins: firstOctets([...METHODS, 'HTTP/1.']),
  matches: (payload) => {
    if (payload.startsWith('HTTP/1.')) return true
    for (const method of METHODS) if (payload.startsWith(method)) return hasVersion(payload)
    return false
  },
}

/** The request line ends in the version; if it goes on beyond what is looked at, the method must do. */
function hasVersion(payload: Payload): boolean {
  const { bytes, at, end } = payload
  for (let i = at; i < end; i++)
    if (bytes[i] === 0x0d || bytes[i] === 0x0a) return payload.startsWith(VERSION, i - at - VERSION.length - 1)
  return true
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
