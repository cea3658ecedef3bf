/** Kerberos: RFC 4120 §5.4 to §5.9 (messages), §7.2.2 (over TCP); changing passwords: RFC 3244 §2. */
import { read16, read32 } from '../../../packet/bytes.ts'
import { octetRange, type Signature } from '../signature.ts'
import { berHeader, berSize } from './ber.ts'

/** A message's application tag is its type: constructed, application class. */
const APPLICATION = 0x60
const AS_REQ = 10
const TGS_REQ = 12
/** AS-REQ to AP-REP, KRB-SAFE to KRB-CRED, KRB-ERROR. */
const TYPES = [AS_REQ, 11, TGS_REQ, 13, 14, 15, 20, 21, 22, 30]
const TAGS = TYPES.map((type) => APPLICATION | type)
const SEQUENCE = 0x30
const VERSION_5 = 5
const RECORD_MARK = 4

/** Hot: octets of the message at `at`; 0 if there is none. Version and type come first, in requests as fields 1 and 2. */
function messageSize(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 16 || !TAGS.includes(bytes[at])) return 0
  const header = berHeader(bytes, at, end)
  const size = berSize(bytes, at, end)
  const sequence = at + header
  if (header === 0 || bytes[sequence] !== SEQUENCE || header + berSize(bytes, sequence, end) !== size) return 0
  const fields = sequence + berHeader(bytes, sequence, end)
  if (fields === sequence || end - fields < 10) return 0
  const type = bytes[at] & 0x1f
  const first = type === AS_REQ || type === TGS_REQ ? 0xa1 : 0xa0
  const isMessage =
    isSmall(bytes, fields, first, VERSION_5) && isSmall(bytes, fields + 5, first + 1, type) && fields + 10 <= at + size
  return isMessage ? size : 0
}

/** Hot: a field with this tag that contains an INTEGER of one octet, this one. */
function isSmall(bytes: Uint8Array, at: number, tag: number, value: number): boolean {
  return (
    bytes[at] === tag && bytes[at + 1] === 3 && bytes[at + 2] === 2 && bytes[at + 3] === 1 && bytes[at + 4] === value
  )
}

export const kerberos: Signature = {
  name: 'kerberos',
  title: 'Kerberos',
  transport: 'udp',
  evidence: 'message of Kerberos 5: tag, version and type',
  begins: TAGS,
  matches: ({ bytes, at, end, length }) => messageSize(bytes, at, end) === length,
}

export const kerberosOverTcp: Signature = {
  name: 'kerberos',
  title: 'Kerberos',
  transport: 'tcp',
  evidence: 'length and message of Kerberos 5: tag, version and type',
  begins: [0],
  matches: ({ bytes, at, end }) => {
    const size = messageSize(bytes, at + RECORD_MARK, end)
    return size !== 0 && size === read32(bytes, at)
  },
}

// Length, version (1, or 0xff80 of Microsoft's), length of the AP-REQ or AP-REP that follows; 0 where a KRB-ERROR does.
const PASSWORD_HEADER = 6
const CHANGE_PASSWORD = 1
const SET_PASSWORD = 0xff80

/** Hot: `length` is the message's on the wire. */
function isPasswordMessage(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (end - at < PASSWORD_HEADER + 16 || read16(bytes, at) !== length) return false
  const version = read16(bytes, at + 2)
  if (version !== CHANGE_PASSWORD && version !== SET_PASSWORD) return false
  const size = messageSize(bytes, at + PASSWORD_HEADER, end)
  const stated = read16(bytes, at + 4)
  return size !== 0 && (stated === 0 || stated === size) && PASSWORD_HEADER + size <= length
}

export const kpasswd: Signature = {
  name: 'kpasswd',
  title: 'MS Kpasswd',
  transport: 'udp',
  evidence: 'length, version and a message of Kerberos 5',
  // The length's high octet: no ticket makes it longer.
  begins: octetRange(0, 0x3f),
  matches: ({ bytes, at, end, length }) => isPasswordMessage(bytes, at, end, length),
}

export const kpasswdOverTcp: Signature = {
  name: 'kpasswd',
  title: 'MS Kpasswd',
  transport: 'tcp',
  evidence: 'two lengths, version and a message of Kerberos 5',
  begins: [0],
  matches: ({ bytes, at, end }) =>
    end - at > RECORD_MARK && isPasswordMessage(bytes, at + RECORD_MARK, end, read32(bytes, at)),
}
