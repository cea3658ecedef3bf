/** iSCSI: RFC 7143 §11.2 (basic header segment), §11.12 and §11.13 (login), §6.1 (text). */
import { read24 } from '../../../packet/bytes.ts'
import { isPrintable } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const ISCSI_PORT = 3260
const HEADER = 48
const IMMEDIATE = 0x40
const LOGIN_REQUEST = 0x03
const LOGIN_RESPONSE = 0x23
/** Opcodes of initiators, then those of targets (§11.2.1.2). */
const OPCODES = [
  0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x10, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x31, 0x32, 0x3f,
]
const BEGINS = [...OPCODES, ...OPCODES.filter((opcode) => opcode <= 0x10).map((opcode) => opcode | IMMEDIATE)]

export const iscsi: Signature = {
  name: 'iscsi',
  title: 'iSCSI',
  transport: 'tcp',
  evidence: `login of iSCSI, or its header on port ${ISCSI_PORT}`,
  begins: BEGINS,
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER) return false
    const opcode = bytes[at] & 0x3f
    // Additional headers are counted in words; the data, whose length is in octets, are padded to a word.
    const size = HEADER + bytes[at + 4] * 4 + ((read24(bytes, at + 5) + 3) & ~3)
    if (opcode === LOGIN_REQUEST || opcode === LOGIN_RESPONSE) return isLogin(payload, size)
    return payload.hasPort(ISCSI_PORT) && (size === payload.length || size + 4 === payload.length)
  },
}

/** Hot: versions 0 (the only ones there are), no additional headers, and a key with its value. A digest may follow the header. */
function isLogin(payload: Payload, size: number): boolean {
  const { bytes, at } = payload
  if (bytes[at + 2] !== 0 || bytes[at + 3] !== 0 || bytes[at + 4] !== 0) return false
  if (size === HEADER) return payload.hasPort(ISCSI_PORT) && payload.length === HEADER
  const equals = payload.indexOf('=', HEADER)
  return size >= payload.length && equals > HEADER && isPrintable(payload, HEADER, equals)
}
