/**
 * Cassandra: "CQL Binary Protocol" §2 (frame header), §4 (messages), and the first message between its nodes, which is known
 * from its source (`HandshakeProtocol`).
 */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const CQL_PORT = 9042
/** Version, flags, stream (two octets since version 3), opcode, length. */
const HEADER = 9
const RESPONSE = 0x80
const FIRST_VERSION = 3
const LAST_VERSION = 5
const MAX_FLAGS = 0x1f
const STARTUP = 1
const OPTIONS = 5
const SUPPORTED = 6
const MAX_OPCODE = 16
const MAX_BODY = 0x10000000
/** Opcodes of requests: STARTUP, OPTIONS, QUERY, PREPARE, EXECUTE, REGISTER, BATCH, AUTH_RESPONSE. */
const REQUESTS = [STARTUP, OPTIONS, 7, 9, 10, 11, 13, 15]
/** ERROR, READY, AUTHENTICATE, SUPPORTED, RESULT, EVENT, AUTH_CHALLENGE, AUTH_SUCCESS. */
const RESPONSES = [0, 2, 3, SUPPORTED, 8, 12, 14, MAX_OPCODE]

export const cql: Signature = {
  name: 'cql',
  title: 'Cassandra CQL Protocol',
  transport: 'tcp',
  evidence: `OPTIONS, STARTUP or SUPPORTED of CQL, or its frame header on port ${CQL_PORT}`,
  begins: [3, 4, 5, RESPONSE | 3, RESPONSE | 4, RESPONSE | 5],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER || bytes[at + 1] > MAX_FLAGS) return false
    const version = bytes[at] & 0x7f
    if (version < FIRST_VERSION || version > LAST_VERSION) return false
    const opcode = bytes[at + 4]
    const isResponse = (bytes[at] & RESPONSE) !== 0
    if (!(isResponse ? RESPONSES : REQUESTS).includes(opcode)) return false
    const body = read32(bytes, at + 5)
    const fits = body + HEADER === payload.length
    if (opcode === OPTIONS) return fits && body === 0
    if (opcode === STARTUP || opcode === SUPPORTED) return fits && payload.indexOf('CQL_VERSION', HEADER) > 0
    return payload.hasPort(CQL_PORT) && body <= MAX_BODY
  },
}

const NODE_MAGIC = 0xca552dfa

/** Wireshark has no name for it. */
export const cassandra: Signature = {
  name: 'cassandra',
  title: 'Cassandra Internode Protocol',
  transport: 'tcp',
  evidence: "magic number of Cassandra's nodes",
  begins: [NODE_MAGIC >>> 24],
  matches: (payload) =>
    payload.isFirst && payload.end - payload.at >= 8 && read32(payload.bytes, payload.at) === NODE_MAGIC,
}
