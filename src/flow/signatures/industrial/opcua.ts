/** OPC UA's connection protocol: OPC 10000-6 §7.1.2.2: three letters, whether more chunks follow, the length. Little-endian. */
import { read32le } from '../../../packet/bytes.ts'
import { firstOctets, type Signature } from '../signature.ts'

/** Only what belongs to a secure channel comes in several chunks (§6.7.2). */
const TYPES = ['HELF', 'ACKF', 'ERRF', 'RHEF', 'OPNF', 'CLOF', 'MSGF', 'MSGC', 'MSGA']
const HEADER = 8
/** Type, length, channel. */
const SHORTEST = 12
/** The largest that a receiver may ask for is in a field of 32 bits; no stack takes so much. */
const MAX_LENGTH = 0x100_0000

export const opcUa: Signature = {
  name: 'opcua',
  title: 'OpcUa Binary Protocol',
  transport: 'tcp',
  evidence: 'type and length of a message',
  begins: firstOctets(TYPES),
  matches: (payload) => {
    if (payload.end - payload.at < HEADER) return false
    const length = read32le(payload.bytes, payload.at + 4)
    if (length < SHORTEST || length > MAX_LENGTH) return false
    for (const type of TYPES) if (payload.startsWith(type)) return true
    return false
  },
}
