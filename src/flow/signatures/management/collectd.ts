/** collectd's binary protocol: "Binary protocol", part structure and types. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'
import { isText } from '../web/first-line.ts'

// A part: type, length with these four octets, content. The first is the host's name, with an octet of 0 behind.
const PART_HEADER = 4
const HOST = 0x0000
const TIME = 0x0001
const TIME_HIGH_RESOLUTION = 0x0008
const PLUGIN = 0x0002
const TIME_PART = 12
const MAX_HOST = 128

export const collectd: Signature = {
  name: 'collectd',
  title: 'collectd network data',
  transport: 'udp',
  evidence: "host's name, then a time or a plugin's name",
  begins: [0],
  matches: ({ bytes, at, end, length }) => {
    if (end - at < 2 * PART_HEADER || read16(bytes, at) !== HOST) return false
    const host = read16(bytes, at + 2)
    const next = at + host
    if (host < PART_HEADER + 2 || host > MAX_HOST || next + PART_HEADER > end) return false
    if (bytes[next - 1] !== 0 || !isText(bytes, at + PART_HEADER, next - 1)) return false
    const type = read16(bytes, next)
    const part = read16(bytes, next + 2)
    if (host + part > length) return false
    return type === TIME || type === TIME_HIGH_RESOLUTION ? part === TIME_PART : type === PLUGIN && part > PART_HEADER
  },
}
