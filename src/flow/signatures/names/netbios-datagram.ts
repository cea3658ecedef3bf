/** NetBIOS datagrams: RFC 1002 §4.4. */
import { read16 } from '../../../packet/bytes.ts'
import { octetRange, type Signature } from '../signature.ts'

// Type, flags, identifier, address, port, length behind the header, offset of the fragment.
const HEADER = 14
const DIRECT_UNIQUE = 0x10
const BROADCAST = 0x12
const ERROR = 0x13
const LAST_TYPE = 0x16
const RESERVED_FLAGS = 0xf0
const LENGTH = 10
/** An encoded name: 32 letters from A to P behind their number (RFC 1001 §14.1). */
const NAME_LENGTH = 32
const FIRST_LETTER = 0x41
const LAST_LETTER = 0x50

export const netBiosDatagram: Signature = {
  name: 'nbdgm',
  title: 'NetBIOS Datagram Service',
  transport: 'udp',
  evidence: 'header of a NetBIOS datagram, its length and its first name',
  begins: octetRange(DIRECT_UNIQUE, LAST_TYPE),
  matches: ({ bytes, at, end, length }) => {
    const type = bytes[at]
    if (end - at <= LENGTH || (bytes[at + 1] & RESERVED_FLAGS) !== 0 || type === ERROR) return false
    // A name follows at once in a query, behind length and offset in a datagram. One in 14 octets of header, the other in 10.
    const isDatagram = type <= BROADCAST
    const name = at + (isDatagram ? HEADER : LENGTH)
    if (end - name < 1 + NAME_LENGTH || bytes[name] !== NAME_LENGTH) return false
    if (isDatagram && read16(bytes, at + LENGTH) !== length - HEADER) return false
    for (let i = name + 1; i <= name + NAME_LENGTH; i++)
      if (bytes[i] < FIRST_LETTER || bytes[i] > LAST_LETTER) return false
    return true
  },
}
