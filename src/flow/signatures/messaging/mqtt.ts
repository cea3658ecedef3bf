/** MQTT: MQTT 5.0 §2.1 (fixed header), §3 (packets); MQTT 3.1.1 likewise. */
import { read16 } from '../../../packet/bytes.ts'
import { isPrintable } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import { octetRange, type Signature } from '../signature.ts'

const MQTT_PORT = 1883
// The type in the upper half of the first octet, the flags in the lower.
const CONNECT = 0x10
const CONNECT_ACKNOWLEDGMENT = 0x20
const PUBLISH = 0x30
const PUBLISH_QOS = 0x06
const SUBSCRIBE = 0x82
const PING_REQUEST = 0xc0
const PING_RESPONSE = 0xd0
const CONTINUED = 0x80
const MIN_TOPIC = 2

export const mqtt: Signature = {
  name: 'mqtt',
  title: 'MQ Telemetry Transport Protocol',
  transport: 'tcp',
  evidence: 'CONNECT, its acknowledgment, SUBSCRIBE or PUBLISH of MQTT',
  begins: [CONNECT, CONNECT_ACKNOWLEDGMENT, ...octetRange(0x30, 0x3d), SUBSCRIBE, PING_REQUEST, PING_RESPONSE],
  matches: (payload) => {
    const { bytes, at, end } = payload
    const header = headerLength(payload)
    if (header === 0) return false
    const remaining = remainingLength(payload, header)
    const isWhole = header + remaining === payload.length
    switch (bytes[at]) {
      case CONNECT:
        return remaining >= 12 && isConnect(payload, header)
      case CONNECT_ACKNOWLEDGMENT:
        return payload.isFirst && isWhole && end - at === payload.length && isAcknowledgment(payload, remaining)
      case SUBSCRIBE:
        return isWhole && isSubscribe(payload, header, remaining)
      case PING_REQUEST:
      case PING_RESPONSE:
        return payload.hasPort(MQTT_PORT) && isWhole && remaining === 0
      default:
        return isWhole && (bytes[at] & 0xf0) === PUBLISH && isPublish(payload, header, remaining)
    }
  },
}

/** Hot: octets of the fixed header, in which the remaining length takes one to four (§1.5.5); 0 if it goes on beyond. */
function headerLength({ bytes, at, end }: Payload): number {
  for (let i = at + 1; i < end && i <= at + 4; i++) if (bytes[i] < CONTINUED) return i - at + 1
  return 0
}

/** Hot: seven bits an octet, the lowest first. */
function remainingLength({ bytes, at }: Payload, header: number): number {
  let length = 0
  for (let i = header - 1; i >= 1; i--) length = length * 128 + (bytes[at + i] & 0x7f)
  return length
}

/** Hot: the protocol's name and level, and flags of which the lowest is reserved (§3.1.2). */
function isConnect(payload: Payload, header: number): boolean {
  const { bytes, at, end } = payload
  const name = payload.startsWith('\0\x04MQTT', header) ? 6 : payload.startsWith('\0\x06MQIsdp', header) ? 8 : 0
  const level = at + header + name
  return name > 0 && level + 1 < end && bytes[level] >= 3 && bytes[level] <= 5 && (bytes[level + 1] & 1) === 0
}

/** Hot: session present or not, the code, and in version 5 properties that fill the rest (§3.2). */
function isAcknowledgment({ bytes, at }: Payload, remaining: number): boolean {
  if (remaining < 2 || bytes[at + 2] > 1) return false
  if (remaining === 2) return bytes[at + 3] <= 5
  return (bytes[at + 3] === 0 || bytes[at + 3] >= 0x80) && bytes[at + 4] === remaining - 3
}

/** Hot: the packet's identifier, no properties or none yet, a topic filter, and its options. One filter only is looked for. */
function isSubscribe(payload: Payload, header: number, remaining: number): boolean {
  return isFilter(payload, header + 2, remaining - 5) || isFilter(payload, header + 3, remaining - 6)
}

/** Hot. */
function isFilter(payload: Payload, offset: number, length: number): boolean {
  const { bytes, at, end } = payload
  return (
    length > 0 &&
    at + offset + 2 <= end &&
    read16(bytes, at + offset) === length &&
    isPrintable(payload, offset + 2, offset + 2 + length)
  )
}

/** Hot: a topic's name, which has no wildcards, and which the packet's end lies behind. */
function isPublish(payload: Payload, header: number, remaining: number): boolean {
  const { bytes, at, end } = payload
  if ((bytes[at] & PUBLISH_QOS) === PUBLISH_QOS || at + header + 2 > end) return false
  const topic = read16(bytes, at + header)
  const topicEnd = header + 2 + topic
  if (topic < MIN_TOPIC || topic + 2 > remaining || !isPrintable(payload, header + 2, topicEnd)) return false
  const wildcard = payload.indexOf('#', header + 2)
  return wildcard < 0 || wildcard >= topicEnd
}
