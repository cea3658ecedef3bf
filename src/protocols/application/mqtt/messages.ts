/** The messages of MQTT: MQTT 3.1.1 §3, MQTT 5.0 §3. */
import type { Item, Scan } from '../../scan.ts'
import { acknowledge, connect, header, message, properties, reasons, subscription } from './items.ts'
import { counted, scanProperties, variable } from './properties.ts'

/** Versions as CONNECT names them; 0 if that was not seen. */
export const UNKNOWN_VERSION = 0
export const VERSION_3_1 = 3
export const VERSION_3_1_1 = 4
export const VERSION_5 = 5

// Types of messages.
export const CONNECT = 1
const CONNACK = 2
export const PUBLISH = 3
const PUBACK = 4
const PUBREC = 5
const PUBREL = 6
const PUBCOMP = 7
const SUBSCRIBE = 8
const SUBACK = 9
const UNSUBSCRIBE = 10
const UNSUBACK = 11
const DISCONNECT = 14
const AUTH = 15

/** Flags of CONNECT. */
const HAS_USER = 0x80
const HAS_PASSWORD = 0x40
const HAS_WILL = 0x04

/** What is known of a message beyond its octets. */
export interface Knowledge {
  readonly version: number
  /** The topic that an alias stands for; null if there is none, or it is not known. */
  readonly aliased: string | null
}

export function scanMessage(scan: Scan, { version, aliased }: Knowledge): void {
  const first = scan.octet()
  const type = first >> 4
  if (version === UNKNOWN_VERSION && type !== CONNECT) scan.mark(message.unknownVersion)
  scan.here(header.flags)
  scan.here(header.type)
  if (
    type === PUBLISH ||
    (version === VERSION_3_1 && (type === PUBREL || type === SUBSCRIBE || type === UNSUBSCRIBE))
  ) {
    scan.here(header.duplicate)
    scan.here(header.quality)
    scan.here(type === PUBLISH ? header.retain : header.retainReserved)
  } else scan.here(header.reserved)
  scan.skip(1)
  const length = variable(scan, header.length)
  if (!scan.going) return
  scan.end = Math.min(scan.end, scan.at + length)
  const hasProperties = version === VERSION_5
  switch (type) {
    case CONNECT:
      scanConnect(scan)
      return
    case CONNACK:
      scanAcknowledge(scan, version)
      return
    case PUBLISH:
      scanPublish(scan, (first >> 1) & 3, hasProperties, aliased)
      return
    case PUBACK:
      scanReason(scan, reasons.published, hasProperties)
      return
    case PUBREC:
      scanReason(scan, reasons.received, hasProperties)
      return
    case PUBREL:
      scanReason(scan, reasons.released, hasProperties)
      return
    case PUBCOMP:
      scanReason(scan, reasons.completed, hasProperties)
      return
    case SUBSCRIBE:
      scan.add(message.identifier)
      if (hasProperties) scanProperties(scan, properties.all)
      while (scan.going && scan.left > 0) scanSubscription(scan, hasProperties)
      return
    case SUBACK:
      scan.add(message.identifier)
      if (hasProperties) scanProperties(scan, properties.all)
      while (scan.going && scan.left > 0)
        scan.add(version === VERSION_3_1 || version === VERSION_3_1_1 ? message.grantedQuality : reasons.subscribed)
      return
    case UNSUBSCRIBE:
      scan.add(message.identifier)
      if (hasProperties) scanProperties(scan, properties.all)
      while (scan.going && scan.left > 0) scanTopic(scan)
      return
    case UNSUBACK:
      scan.add(message.identifier)
      if (!hasProperties) return
      scanProperties(scan, properties.all)
      while (scan.going && scan.left > 0) scan.add(reasons.unsubscribed)
      return
    case DISCONNECT:
      if (hasProperties) scanOwnReason(scan, reasons.disconnected)
      return
    case AUTH:
      if (hasProperties) scanOwnReason(scan, reasons.authentication)
      return
  }
}

function scanConnect(scan: Scan): void {
  counted(scan, connect.nameLength, connect.name)
  const hasProperties = scan.octet() === VERSION_5
  scan.add(connect.version)
  const flags = scan.octet()
  for (const each of FLAGS_OF_CONNECT) scan.here(each)
  scan.skip(1)
  scan.add(connect.keepAlive)
  if (hasProperties) scanProperties(scan, properties.all)
  counted(scan, connect.clientLength, connect.client)
  if ((flags & HAS_WILL) !== 0) {
    if (hasProperties) scanProperties(scan, properties.ofWill)
    counted(scan, connect.willTopicLength, connect.willTopic)
    counted(scan, connect.willLength, connect.will)
  }
  if ((flags & HAS_USER) !== 0) counted(scan, connect.userLength, connect.user)
  if ((flags & HAS_PASSWORD) !== 0) counted(scan, connect.passwordLength, connect.password)
}

const FLAGS_OF_CONNECT: readonly Item[] = [
  connect.flags,
  connect.hasUser,
  connect.hasPassword,
  connect.willRetain,
  connect.willQuality,
  connect.hasWill,
  connect.clean,
  connect.reserved,
]

function scanAcknowledge(scan: Scan, version: number): void {
  if (version !== VERSION_3_1) {
    scan.here(acknowledge.flags)
    scan.here(acknowledge.sessionPresent)
  }
  if (scan.need(1))
    scan.put(acknowledge.reserved, (scan.octet() & (version === VERSION_3_1 ? 0xff : 0xfe)) !== 0 ? 1 : 0)
  scan.skip(1)
  scan.add(version === VERSION_3_1 || version === VERSION_3_1_1 ? acknowledge.returnCode : reasons.connect)
  if (version === VERSION_5) scanProperties(scan, properties.all)
}

function scanPublish(scan: Scan, quality: number, hasProperties: boolean, aliased: string | null): void {
  // With an alias in its place, a topic may be empty (MQTT 5.0 §3.3.2.3.4).
  const isAliased = hasProperties && scan.two() === 0
  if (isAliased) scan.add(message.topicLength)
  else scanTopic(scan)
  if (quality > 0) scan.add(message.identifier)
  if (hasProperties) scanProperties(scan, properties.all)
  if (isAliased) {
    if (aliased === null) scan.mark(message.unknownAlias)
    else scan.put(message.topic, aliased)
  }
  scan.add(message.content, scan.left)
}

function scanTopic(scan: Scan): void {
  if (scan.two() > 0) {
    counted(scan, message.topicLength, message.topic)
    return
  }
  scan.add(message.topicLength)
  scan.mark(message.noTopic)
}

function scanSubscription(scan: Scan, hasOptions: boolean): void {
  scanTopic(scan)
  if (!hasOptions) {
    scan.add(message.requestedQuality)
    return
  }
  for (const each of Object.values(subscription)) scan.here(each)
  scan.skip(1)
}

/** The answers to a PUBLISH: without a reason if all went well. */
function scanReason(scan: Scan, reason: Item, hasReason: boolean): void {
  scan.add(message.identifier)
  if (hasReason) scanOwnReason(scan, reason)
}

function scanOwnReason(scan: Scan, reason: Item): void {
  if (scan.left === 0) return
  scan.add(reason)
  if (scan.left > 0) scanProperties(scan, properties.all)
}
