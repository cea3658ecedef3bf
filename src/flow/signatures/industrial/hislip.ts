/** HiSLIP, for test instruments: IVI-6.1 §2.4: "HS", message type, control code, parameter (4), length (8). */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const PROLOGUE = 'HS'
const HEADER = 16
const LENGTH_HIGH = 8
const LENGTH_LOW = 12
/** Of the standard; 128 and more are vendors'. */
const LAST_TYPE = 38
const MAX_LENGTH = 0x100_0000

export const hislip: Signature = {
  name: 'hislip',
  title: 'High-Speed LAN Instrument Protocol',
  transport: 'tcp',
  evidence: 'prologue "HS", message type and length',
  begins: [PROLOGUE.charCodeAt(0)],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER || !payload.startsWith(PROLOGUE) || bytes[at + 2] > LAST_TYPE) return false
    return read32(bytes, at + LENGTH_HIGH) === 0 && read32(bytes, at + LENGTH_LOW) <= MAX_LENGTH
  },
}
