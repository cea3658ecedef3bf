/** PCP: RFC 6887 §7 (headers); NAT-PMP, which it continues: RFC 6886 §3.2 to §3.3. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const SERVER_PORT = 5351
const NAT_PMP = 0
const PCP = 2
const RESPONSE = 0x80

// NAT-PMP: the external address, or a mapping for UDP or TCP; octets of requests and responses.
const EXTERNAL_ADDRESS = 0
const LAST_OPCODE_NAT_PMP = 2
const LAST_RESULT_NAT_PMP = 5
const ADDRESS_REQUEST = 2
const MAPPING_REQUEST = 12
const ADDRESS_RESPONSE = 12
const MAPPING_RESPONSE = 16

// PCP: ANNOUNCE, MAP, PEER, AUTHENTICATION.
const PCP_HEADER = 24
const LAST_OPCODE_PCP = 3
const LAST_RESULT_PCP = 32
/** RFC 6887 §7. */
const MAX_PCP = 1100

/** Wireshark calls both by PCP's name. */
export const portControl: Signature = {
  name: 'portcontrol',
  title: 'Port Control Protocol',
  transport: 'udp',
  evidence: `message of PCP or NAT-PMP on port ${SERVER_PORT}`,
  begins: [NAT_PMP, PCP],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(SERVER_PORT) || end - at < ADDRESS_REQUEST) return false
    const isResponse = (bytes[at + 1] & RESPONSE) !== 0
    const opcode = bytes[at + 1] & ~RESPONSE
    if (isResponse !== (payload.sourcePort === SERVER_PORT)) return false
    if (bytes[at] === PCP) {
      if (end - at < PCP_HEADER || length % 4 !== 0 || length > MAX_PCP || opcode > LAST_OPCODE_PCP) return false
      return isResponse ? bytes[at + 2] === 0 && bytes[at + 3] <= LAST_RESULT_PCP : read16(bytes, at + 2) === 0
    }
    if (opcode > LAST_OPCODE_NAT_PMP) return false
    if (isResponse) {
      if (length !== (opcode === EXTERNAL_ADDRESS ? ADDRESS_RESPONSE : MAPPING_RESPONSE) || end - at < 4) return false
      return read16(bytes, at + 2) <= LAST_RESULT_NAT_PMP
    }
    if (opcode === EXTERNAL_ADDRESS) return length === ADDRESS_REQUEST
    return length === MAPPING_REQUEST && end - at === length && read16(bytes, at + 2) === 0 && read32(bytes, at + 4) > 0
  },
}
