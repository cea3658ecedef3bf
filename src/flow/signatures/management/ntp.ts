/** NTP: RFC 5905 §7.3; control messages: RFC 9327 §2; private mode: the reference implementation's ntp_request.h. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const NTP_PORT = 123
const NTP_HEADER = 48
const CONTROL = 6
const PRIVATE = 7
const CONTROL_HEADER = 12
const PRIVATE_HEADER = 8
/** RFC 9327 §3: the opcodes that are assigned, and that of an unset trap. */
const LAST_OPCODE = 12
const UNSET_TRAP = 31
/** Implementations that use the private mode: any, that of old, that of ntpd 4. */
const IMPLEMENTATIONS = [0, 2, 3]

export const ntp: Signature = {
  name: 'ntp',
  title: 'Network Time Protocol',
  transport: 'udp',
  evidence: `version and mode of NTP on port ${NTP_PORT}`,
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (!payload.hasPort(NTP_PORT) || end - at < PRIVATE_HEADER) return false
    const version = (bytes[at] >> 3) & 7
    const mode = bytes[at] & 7
    if (version < 1 || version > 4) return false
    if (mode === CONTROL) {
      const opcode = bytes[at + 1] & 0x1f
      return end - at >= CONTROL_HEADER && (opcode <= LAST_OPCODE || opcode === UNSET_TRAP)
    }
    // The number of items, and the octets of each.
    if (mode === PRIVATE) return IMPLEMENTATIONS.includes(bytes[at + 2]) && (read16(bytes, at + 4) & 0xfff) <= length
    return end - at >= NTP_HEADER && mode >= 1
  },
}
