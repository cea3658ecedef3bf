/**
 * MQTT, formerly Message Queuing Telemetry Transport: versions 3.1, 3.1.1 (ISO/IEC 20922) and 5.0 (OASIS, 2019).
 *
 *    0                1             up to 5      octets
 *  0 | type, flags    | length      | content ...
 */
import { read16 } from '../../../packet/bytes.ts'
import { NONE, type Packet } from '../../../packet/packet.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { type Scan, scanned } from '../../scan.ts'
import { LayerNotes } from '../layer-notes.ts'
import { utf8 } from '../lines.ts'
import { mqttItems } from './items.ts'
import { CONNECT, PUBLISH, scanMessage, UNKNOWN_VERSION, VERSION_5 } from './messages.ts'
import { findProperty, numberLength, readNumber, TOPIC_ALIAS } from './properties.ts'

export const MQTT = protocolId('mqtt')

const HEADER_LENGTH = 2
/** Aliases, and characters of their topics, that are remembered for one direction. */
const MAX_ALIASES = 64
const MAX_TOPIC = 256

/** What is known of a connection. */
class MqttState {
  version = UNKNOWN_VERSION
  /** By direction: what the topic aliases stand for (MQTT 5.0 §3.3.2.3.4). */
  readonly aliases = [new Map<number, string>(), new Map<number, string>()] as const
}

/** For messages as they are decoded: the version that is spoken, and the topic that an alias stands for. */
const notes = new LayerNotes<{ version: number; aliased: string | null }>(() => ({
  version: UNKNOWN_VERSION,
  aliased: null,
}))

const NOTHING_KNOWN = { version: UNKNOWN_VERSION, aliased: null }

export const mqtt: Protocol = {
  id: MQTT,
  name: 'mqtt',
  title: 'MQ Telemetry Transport Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': 1883 },
  messages: { headerLength: HEADER_LENGTH, length: messageLength },
  fields: scanned(mqttItems, (scan: Scan) => scanMessage(scan, notes.of(scan.packet, scan.layer) ?? NOTHING_KNOWN)),

  /** Hot: a whole message. */
  decode(packet, at) {
    const note = notes.add(packet, at)
    packet.enter(MQTT, at)
    packet.payload = packet.end
    const state = stateOf(packet)
    note.aliased = null
    if (packet.bytes[at] >> 4 === CONNECT) learnVersion(packet, at, state)
    else if (packet.bytes[at] >> 4 === PUBLISH && state.version === VERSION_5)
      note.aliased = learnAlias(packet, at, state)
    note.version = state.version
    return NONE
  },
}

const detached = new MqttState()

/** Hot: the state of the packet's conversation, made if it is new. */
function stateOf({ conversation }: Packet): MqttState {
  if (conversation === null) {
    detached.version = UNKNOWN_VERSION
    return detached
  }
  let state = conversation.state.get(MQTT) as MqttState | undefined
  if (state === undefined) {
    state = new MqttState()
    conversation.state.set(MQTT, state)
  }
  return state
}

/** Hot: octets of a message; 0 if its length is none, and more than there are if that is not all there. */
function messageLength(bytes: Uint8Array, at: number, { end }: Packet): number {
  const length = numberLength(bytes, at + 1, end)
  if (length < 0) return 0
  return length === 0 ? end - at + 1 : 1 + length + readNumber(bytes, at + 1, length)
}

/** Hot: where the content begins. */
function contentOf({ bytes, end }: Packet, at: number): number {
  return at + 1 + Math.max(1, numberLength(bytes, at + 1, end))
}

/** Hot: CONNECT has the protocol's name behind a length, then the version. */
function learnVersion(packet: Packet, at: number, state: MqttState): void {
  const { bytes, end } = packet
  const content = contentOf(packet, at)
  if (content + 2 > end) return
  const version = content + 2 + read16(bytes, content)
  if (version < end) state.version = bytes[version]
}

/** A PUBLISH either says what an alias stands for, or uses it: then, the topic. */
function learnAlias(packet: Packet, at: number, state: MqttState): string | null {
  const { bytes, end } = packet
  const content = contentOf(packet, at)
  if (content + 2 > end) return null
  const topic = content + 2
  const length = read16(bytes, content)
  const propertiesAt = topic + length + (((bytes[at] >> 1) & 3) > 0 ? 2 : 0)
  const lengthOfLength = numberLength(bytes, propertiesAt, end)
  if (lengthOfLength <= 0) return null
  const from = propertiesAt + lengthOfLength
  const value = findProperty(
    bytes,
    from,
    Math.min(end, from + readNumber(bytes, propertiesAt, lengthOfLength)),
    TOPIC_ALIAS,
  )
  if (value < 0 || value + 2 > end) return null
  const alias = read16(bytes, value)
  const direction = packet.transport < 0 ? 0 : packet.layerDirection[packet.transport]
  const aliases = state.aliases[direction]
  if (length === 0) return aliases.get(alias) ?? null
  if (aliases.size < MAX_ALIASES || aliases.has(alias))
    aliases.set(alias, utf8(bytes, topic, topic + Math.min(length, MAX_TOPIC)))
  return null
}
