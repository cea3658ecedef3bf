/** AMQP: 0-9-1 §2.3 (frames), §4.2.2 (protocol header); 1.0 §2.2 (version), §2.3 (frames), §2.7 (performatives), §5.3 (SASL). */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const AMQP_PORT = 5672
const MAGIC = 'AMQP'
const METHOD = 1
const CONTENT_HEADER = 2
const CONTENT_BODY = 3
const HEARTBEAT = 8
const FRAME_HEADER = 7
const FRAME_END = 0xce
const MAX_FRAME = 0x1000000
/** connection, channel, exchange, queue, basic, confirm, tx. */
const CLASSES = [10, 20, 40, 50, 60, 85, 90]
const MAX_METHOD = 120

export const amqp: Signature = {
  name: 'amqp',
  title: 'Advanced Message Queuing Protocol',
  transport: 'tcp',
  evidence: 'protocol header or frame of AMQP',
  begins: [MAGIC.charCodeAt(0), 0, METHOD, CONTENT_HEADER, CONTENT_BODY, HEARTBEAT],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < 8) return false
    if (payload.startsWith(MAGIC)) return isVersion(payload)
    return bytes[at] === 0 ? isPerformative(payload) : isFrame(payload)
  },
}

/** Hot: 0-9-1, the ones before it, and 1.0 by itself, over TLS and over SASL. */
function isVersion({ bytes, at, length }: Payload): boolean {
  if (length !== 8) return false
  const major = bytes[at + 5]
  return bytes[at + 4] <= 3 && (major <= 1 || major === 8 || major === 9) && bytes[at + 6] <= 10 && bytes[at + 7] <= 10
}

/** Hot: type, channel, length, and behind the content an octet that every frame ends with. */
function isFrame(payload: Payload): boolean {
  const { bytes, at, end, length } = payload
  const size = read32(bytes, at + 3)
  const frameEnd = at + FRAME_HEADER + size
  if (size > MAX_FRAME) return false
  const isEnded = frameEnd < end && bytes[frameEnd] === FRAME_END
  // Where the end is not in view, the port has to speak for it.
  if (!isEnded && (frameEnd < end || !payload.hasPort(AMQP_PORT))) return false
  if (bytes[at] === HEARTBEAT) return isEnded && size === 0 && read16(bytes, at + 1) === 0 && length === 8
  if (bytes[at] === CONTENT_BODY) return isEnded && payload.hasPort(AMQP_PORT) && size > 0
  if (size < 4 || at + FRAME_HEADER + 4 > end || !CLASSES.includes(read16(bytes, at + FRAME_HEADER))) return false
  const method = read16(bytes, at + FRAME_HEADER + 2)
  // A content header has the weight here, which is always 0.
  return bytes[at] === CONTENT_HEADER ? method === 0 && size >= 14 : method > 0 && method <= MAX_METHOD
}

/** Hot: 1.0: a frame whose header has two words, AMQP or SASL, and a described list whose descriptor is a small number. */
function isPerformative({ bytes, at, end, length }: Payload): boolean {
  const size = read32(bytes, at)
  if (size > length || size < 12 || end - at < 12 || bytes[at + 4] !== 2) return false
  if (bytes[at + 8] !== 0 || bytes[at + 9] !== 0x53) return false
  const descriptor = bytes[at + 10]
  if (bytes[at + 5] === 0) return descriptor >= 0x10 && descriptor <= 0x18
  return bytes[at + 5] === 1 && descriptor >= 0x40 && descriptor <= 0x44
}
