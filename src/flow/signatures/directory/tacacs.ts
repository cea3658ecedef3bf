/** TACACS+: RFC 8907 §4.1. */
import { read32 } from '../../../packet/bytes.ts'
import { octetRange, type Signature } from '../signature.ts'

// Major version 12 with minor 0 or 1, type, sequence number, flags, session, length of the body.
const HEADER = 12
const LAST_TYPE = 3
/** TAC_PLUS_UNENCRYPTED_FLAG and TAC_PLUS_SINGLE_CONNECT_FLAG. */
const FLAGS = 0x05
const MAX_BODY = 0xffff

export const tacacs: Signature = {
  name: 'tacplus',
  title: 'TACACS+',
  transport: 'tcp',
  evidence: 'header of TACACS+ with the length of its body',
  begins: octetRange(0xc0, 0xc1),
  matches: ({ bytes, at, end, length }) => {
    if (end - at < HEADER) return false
    const type = bytes[at + 1]
    const body = read32(bytes, at + 8)
    return (
      type >= 1 &&
      type <= LAST_TYPE &&
      bytes[at + 2] !== 0 &&
      (bytes[at + 3] & ~FLAGS) === 0 &&
      body > 0 &&
      body <= MAX_BODY &&
      HEADER + body === length
    )
  },
}
