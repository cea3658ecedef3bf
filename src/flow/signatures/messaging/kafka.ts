/** Kafka: its documentation, "Kafka protocol guide", "Request Header", "Response Header". */
import { read16, read32 } from '../../../packet/bytes.ts'
import { isPrintable } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const KAFKA_PORT = 9092
/** Length, API key and version, correlation identifier, length of the client's identifier. */
const REQUEST_HEADER = 14
const SIZE = 4
const MAX_KEY = 92
const MAX_VERSION = 20
const MIN_CLIENT = 3
const MAX_CLIENT = 249
const MAX_REQUEST = 0x6400000

export const kafka: Signature = {
  name: 'kafka',
  title: 'Kafka',
  transport: 'tcp',
  evidence: `request of Kafka with a client's identifier, or a length that fits on port ${KAFKA_PORT}`,
  begins: [0, 1, 2, 3, 4, 5, 6],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < SIZE + 4) return false
    const size = read32(bytes, at)
    if (isRequest(payload, size)) return true
    return payload.hasPort(KAFKA_PORT) && size + SIZE === payload.length && read32(bytes, at + SIZE) < 0x80000000
  },
}

/** Hot: a large request begins in this segment and goes on in others. */
function isRequest(payload: Payload, size: number): boolean {
  const { bytes, at, end } = payload
  if (size + SIZE < payload.length || size > MAX_REQUEST || end - at < REQUEST_HEADER + 2) return false
  const client = read16(bytes, at + REQUEST_HEADER - 2)
  return (
    read16(bytes, at + 4) <= MAX_KEY &&
    read16(bytes, at + 6) <= MAX_VERSION &&
    read32(bytes, at + 8) < 0x80000000 &&
    client >= MIN_CLIENT &&
    client <= MAX_CLIENT &&
    REQUEST_HEADER + client <= size + SIZE &&
    isPrintable(payload, REQUEST_HEADER, REQUEST_HEADER + client)
  )
}
