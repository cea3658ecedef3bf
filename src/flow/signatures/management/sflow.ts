/** sFlow: version 5 ("sFlow Version 5", §5), versions 2 and 4 (RFC 3176 §4). */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const VERSION_2 = 2
const VERSION_4 = 4
const VERSION_5 = 5
const IPV4 = 1
const IPV6 = 2
// Behind the agent's address: sub-agent (in version 5), sequence number, uptime, number of samples; type and length of the first.
const MAX_SAMPLES = 256
/** Samples of flows and counters, and both expanded; those of enterprises have their number above. */
const LAST_SAMPLE = 4

export const sflow: Signature = {
  name: 'sflow',
  title: 'InMon sFlow',
  transport: 'udp',
  evidence: 'header of sFlow with a first sample that fits',
  begins: [0],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < 32 || length % 4 !== 0) return false
    const version = read32(bytes, at)
    const family = read32(bytes, at + 4)
    if (version !== VERSION_2 && version !== VERSION_4 && version !== VERSION_5) return false
    if (family !== IPV4 && family !== IPV6) return false
    const agentEnd = at + 8 + (family === IPV4 ? 4 : 16)
    const count = agentEnd + (version === VERSION_5 ? 12 : 8)
    if (count + 12 > end) return false
    const samples = read32(bytes, count)
    const sample = read32(bytes, count + 4)
    if (samples === 0 || samples > MAX_SAMPLES || sample === 0 || sample > LAST_SAMPLE) return false
    // Only version 5 states lengths; each sample has at least eight octets of header, and its own sequence number.
    if (version !== VERSION_5) return length >= count - at + 4 + samples * 12
    const sampleLength = read32(bytes, count + 8)
    return sampleLength >= 4 && sampleLength % 4 === 0 && count - at + 12 + sampleLength <= length
  },
}
