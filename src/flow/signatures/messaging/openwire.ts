/** OpenWire, of ActiveMQ: its "OpenWire Version 2 Specification", "WireFormatInfo". */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const WIRE_FORMAT_INFO = 1
const MAGIC = 'ActiveMQ'
const HEADER = 5
const MAX_VERSION = 12

export const openwire: Signature = {
  name: 'openwire',
  title: 'OpenWire',
  transport: 'tcp',
  evidence: 'WireFormatInfo with "ActiveMQ"',
  begins: [0],
  matches: (payload) => {
    const { bytes, at, end } = payload
    const version = HEADER + MAGIC.length
    return (
      end - at >= version + 4 &&
      bytes[at + 4] === WIRE_FORMAT_INFO &&
      payload.startsWith(MAGIC, HEADER) &&
      read32(bytes, at) + 4 <= payload.length &&
      read32(bytes, at + version) >= 1 &&
      read32(bytes, at + version) <= MAX_VERSION
    )
  },
}
