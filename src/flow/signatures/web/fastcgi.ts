/** FastCGI: specification 1.0 §3.3 (records), §5.1 (BEGIN_REQUEST). */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

// A record: version 1, type, request identifier, length of content, length of padding, a reserved octet.
const VERSION_1 = 1
const RECORD_HEADER = 8
const BEGIN_REQUEST = 1
const END_REQUEST = 3
const STDOUT = 6
const STDERR = 7
const LAST_TYPE = 11
const LAST_ROLE = 3
const MAX_PADDING = 255

/** A web server's request, or an application's answer with the records that follow its first. */
export const fastcgi: Signature = {
  name: 'fcgi',
  title: 'FastCGI',
  transport: 'tcp',
  evidence: 'BEGIN_REQUEST record, or the records of an answer',
  begins: [VERSION_1],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < 2 * RECORD_HEADER || bytes[at + 7] !== 0) return false
    const type = bytes[at + 1]
    const content = read16(bytes, at + 4)
    if (type === BEGIN_REQUEST) {
      // The role, a flag, five reserved octets.
      if (content !== 8 || bytes[at + 6] !== 0 || bytes[at + 11] !== 0 || bytes[at + 12] !== 0) return false
      const role = read16(bytes, at + 8)
      return role >= 1 && role <= LAST_ROLE && bytes[at + 10] <= 1
    }
    if ((type !== STDOUT && type !== STDERR) || content === 0 || bytes[at + 6] >= MAX_PADDING) return false
    // Either what follows is a record of the same request, or nothing does and the length says so.
    const next = at + RECORD_HEADER + content + bytes[at + 6]
    if (next - at > length || next + RECORD_HEADER > end) return false
    return (
      bytes[next] === VERSION_1 &&
      bytes[next + 1] >= END_REQUEST &&
      bytes[next + 1] <= LAST_TYPE &&
      read16(bytes, next + 2) === read16(bytes, at + 2) &&
      bytes[next + 7] === 0
    )
  },
}
