/** TRDP, in trains: IEC 61375-2-3, annex A: sequence number, version 1.x, two letters of type, ..., at octet 20 the data's length. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const VERSION = 4
const MAJOR_VERSION = 1
const TYPE = 6
const LENGTH = 20
const PROCESS_HEADER = 40
const MESSAGE_HEADER = 116

// Process data: data, pull request, reply, error. Messages: notification, request, reply, reply with query, confirmation, error.
const PROCESS_TYPES = [0x5064, 0x5070, 0x5072, 0x5065]
const MESSAGE_TYPES = [0x4d6e, 0x4d72, 0x4d70, 0x4d71, 0x4d63, 0x4d65]

/** Hot: the data behind it is padded to four octets. */
function fits({ length }: Payload, header: number, data: number): boolean {
  return data <= length && header + 4 * Math.ceil(data / 4) === length
}

export const trdp: Signature = {
  name: 'trdp',
  title: 'Train Real Time Data Protocol',
  transport: 'both',
  evidence: 'message type and length of its data',
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < PROCESS_HEADER || bytes[at + VERSION] !== MAJOR_VERSION) return false
    const type = read16(bytes, at + TYPE)
    const data = read32(bytes, at + LENGTH)
    if (PROCESS_TYPES.includes(type)) return fits(payload, PROCESS_HEADER, data)
    return MESSAGE_TYPES.includes(type) && fits(payload, MESSAGE_HEADER, data)
  },
}
