/** HTTP/1: RFC 9112 §2. */
import { firstOctets, type Signature, startsWith } from './signature.ts'

const METHODS = ['GET ', 'POST ', 'HEAD ', 'PUT ', 'DELETE ', 'OPTIONS ', 'CONNECT ', 'PATCH ', 'TRACE ', 'PROPFIND ']

/** Octets of the request line to look at for ` HTTP/1.`; longer targets are left to the answer. */
const REQUEST_LINE = 4096
const VERSION = ' HTTP/1.'

export const http: Signature = {
  name: 'http',
  title: 'Hypertext Transfer Protocol',
  transport: 'tcp',
  begins: firstOctets([...METHODS, 'HTTP/1.']),
  matches: (bytes, at, end) => {
    if (startsWith(bytes, at, end, 'HTTP/1.')) return true
    for (const method of METHODS) if (startsWith(bytes, at, end, method)) return hasVersion(bytes, at, end)
    return false
  },
}

/** The request line ends in the version; if it goes on in another segment, the method must do. */
function hasVersion(bytes: Uint8Array, at: number, end: number): boolean {
  const limit = Math.min(end, at + REQUEST_LINE)
  for (let i = at; i < limit; i++)
    if (bytes[i] === 0x0d || bytes[i] === 0x0a)
      return i - at > VERSION.length && startsWith(bytes, i - VERSION.length - 1, end, VERSION)
  return true
}

/** SSDP: HTTP's form over UDP (UPnP Device Architecture 2.0 §1.2). */
export const ssdp: Signature = {
  name: 'ssdp',
  title: 'Simple Service Discovery Protocol',
  transport: 'udp',
  begins: firstOctets(['M-SEARCH', 'NOTIFY', 'HTTP/1.1']),
  matches: (bytes, at, end) =>
    startsWith(bytes, at, end, 'M-SEARCH * HTTP/1.') ||
    startsWith(bytes, at, end, 'NOTIFY * HTTP/1.') ||
    startsWith(bytes, at, end, 'HTTP/1.1 200 OK'),
}
