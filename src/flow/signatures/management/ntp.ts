/** NTP: RFC 5905 §7.3. */
import type { Signature } from '../signature.ts'

const NTP_PORT = 123
const NTP_HEADER = 48

export const ntp: Signature = {
  name: 'ntp',
  title: 'Network Time Protocol',
  transport: 'udp',
  evidence: `version and mode of NTP on port ${NTP_PORT}`,
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (!payload.hasPort(NTP_PORT) || end - at < NTP_HEADER) return false
    const version = (bytes[at] >> 3) & 7
    const mode = bytes[at] & 7
    return version >= 1 && version <= 4 && mode >= 1 && mode <= 5
  },
}
