/** The fields of MQTT, as the walk over a message places them. */
import { flag, type Item, item, part } from '../../scan.ts'
import {
  AUTHENTICATION_REASONS,
  CONNECT_REASONS,
  DISCONNECT_REASONS,
  GRANTED_QUALITIES,
  MESSAGE_TYPES,
  PROPERTIES,
  PUBLISH_REASONS,
  QUALITIES,
  RELEASE_REASONS,
  RETAIN_HANDLINGS,
  RETURN_CODES,
  SUBSCRIBE_REASONS,
  UNSUBSCRIBE_REASONS,
  VERSIONS,
} from './names.ts'

const reason = (name: string, values: Item['values']): Item => item('uint8', name, 'Reason Code', { values })

export const header = {
  flags: item('uint8', 'mqtt.hdrflags', 'Header Flags', { base: 'hex' }),
  type: part('uint8', 'mqtt.msgtype', 1, 0xf0, 'Message Type', { values: MESSAGE_TYPES }),
  reserved: part('uint8', 'mqtt.hdr_reserved', 1, 0x0f, 'Reserved'),
  retainReserved: part('uint8', 'mqtt.retain_reserved', 1, 0x01, 'Reserved'),
  duplicate: flag('mqtt.dupflag', 1, 0x08, 'DUP Flag; sent again'),
  quality: part('uint8', 'mqtt.qos', 1, 0x06, 'QoS Level', { values: QUALITIES }),
  retain: flag('mqtt.retain', 1, 0x01, 'Retain; the broker keeps it for later subscribers'),
  length: item('uint64', 'mqtt.len', 'Msg Len; octets that follow'),
}

export const connect = {
  nameLength: item('uint16', 'mqtt.proto_len', 'Protocol Name Length'),
  name: item('string', 'mqtt.protoname', 'Protocol Name'),
  version: item('uint8', 'mqtt.ver', 'Version', { values: VERSIONS }),
  flags: item('uint8', 'mqtt.conflags', 'Connect Flags', { base: 'hex' }),
  hasUser: flag('mqtt.conflag.uname', 1, 0x80, 'User Name Flag'),
  hasPassword: flag('mqtt.conflag.passwd', 1, 0x40, 'Password Flag'),
  willRetain: flag('mqtt.conflag.retain', 1, 0x20, 'Will Retain'),
  willQuality: part('uint8', 'mqtt.conflag.qos', 1, 0x18, 'QoS Level; of the will', { values: QUALITIES }),
  hasWill: flag('mqtt.conflag.willflag', 1, 0x04, 'Will Flag'),
  clean: flag('mqtt.conflag.cleansess', 1, 0x02, 'Clean Session Flag'),
  reserved: flag('mqtt.conflag.reserved', 1, 0x01, '(Reserved)'),
  keepAlive: item('uint16', 'mqtt.kalive', 'Keep Alive; seconds'),
  clientLength: item('uint16', 'mqtt.clientid_len', 'Client ID Length'),
  client: item('string', 'mqtt.clientid', 'Client ID'),
  willTopicLength: item('uint16', 'mqtt.willtopic_len', 'Will Topic Length'),
  willTopic: item('string', 'mqtt.willtopic', 'Will Topic'),
  willLength: item('uint16', 'mqtt.willmsg_len', 'Will Message Length'),
  will: item('bytes', 'mqtt.willmsg', 'Will Message; published if the client is lost'),
  userLength: item('uint16', 'mqtt.username_len', 'User Name Length'),
  user: item('string', 'mqtt.username', 'User Name'),
  passwordLength: item('uint16', 'mqtt.passwd_len', 'Password Length'),
  password: item('string', 'mqtt.passwd', 'Password; in the clear'),
}

export const acknowledge = {
  flags: item('uint8', 'mqtt.conack.flags', 'Acknowledge Flags', { base: 'hex' }),
  reserved: flag('mqtt.conack.flags.reserved', 1, 0xfe, 'Reserved'),
  sessionPresent: flag('mqtt.conack.flags.sp', 1, 0x01, 'Session Present'),
  returnCode: item('uint8', 'mqtt.conack.val', 'Return Code; until version 3.1.1', { values: RETURN_CODES }),
}

export const message = {
  identifier: item('uint16', 'mqtt.msgid', 'Message Identifier'),
  requestedQuality: item('uint8', 'mqtt.sub.qos', 'Requested QoS', { values: QUALITIES }),
  grantedQuality: item('uint8', 'mqtt.suback.qos', 'Granted QoS', { values: GRANTED_QUALITIES }),
  topicLength: item('uint16', 'mqtt.topic_len', 'Topic Length'),
  topic: item('string', 'mqtt.topic', 'Topic'),
  noTopic: item('none', 'mqtt.illegal_topic_length', 'Length cannot be 0'),
  content: item('bytes', 'mqtt.msg', 'Message; what is published'),
  unknownVersion: item('none', 'mqtt.unknown_version', 'Unknown version (missing the CONNECT packet?)'),
  unknownAlias: item('none', 'mqtt.unknown_topic_alias', 'Unknown topic alias'),
}

export const subscription = {
  options: item('uint8', 'mqtt.subscription_options', 'Subscription Options', { base: 'hex' }),
  reserved: part('uint8', 'mqtt.subscription_options_reserved', 1, 0xc0, 'Reserved', { base: 'hex' }),
  retain: part('uint8', 'mqtt.subscription_options_retain', 1, 0x30, 'Retain Handling', { values: RETAIN_HANDLINGS }),
  asPublished: flag('mqtt.subscription_options_rap', 1, 0x08, 'Retain As Published'),
  noLocal: flag('mqtt.subscription_options_nl', 1, 0x04, 'No Local'),
  quality: part('uint8', 'mqtt.subscription_options_qos', 1, 0x03, 'QoS', { values: QUALITIES }),
}

export const reasons = {
  connect: reason('mqtt.connack.reason_code', CONNECT_REASONS),
  published: reason('mqtt.puback.reason_code', PUBLISH_REASONS),
  received: reason('mqtt.pubrec.reason_code', PUBLISH_REASONS),
  released: reason('mqtt.pubrel.reason_code', RELEASE_REASONS),
  completed: reason('mqtt.pubcomp.reason_code', RELEASE_REASONS),
  subscribed: reason('mqtt.suback.reason_code', SUBSCRIBE_REASONS),
  unsubscribed: reason('mqtt.unsuback.reason_code', UNSUBSCRIBE_REASONS),
  disconnected: reason('mqtt.disconnect.reason_code', DISCONNECT_REASONS),
  authentication: reason('mqtt.auth.reason_code', AUTHENTICATION_REASONS),
}

export const properties = {
  all: item('none', 'mqtt.properties', 'Properties'),
  ofWill: item('none', 'mqtt.will_properties', 'Will Properties'),
  length: item('uint64', 'mqtt.property_len', 'Total Length'),
  id: item('uint8', 'mqtt.property_id', 'ID', { base: 'hex', values: PROPERTIES }),
  number: item('uint32', 'mqtt.prop_number', 'Value'),
  contentType: item('string', 'mqtt.property.content_type', 'Content Type'),
  maximumQuality: item('uint8', 'mqtt.property.max_qos', 'QoS', { values: QUALITIES }),
  topicAlias: item('uint16', 'mqtt.property.topic_alias', 'Topic Alias; stands for the topic from then on'),
  unknown: item('string', 'mqtt.prop_unknown', 'Unknown Property'),
  textLength: item('uint32', 'mqtt.prop_string_len', 'Length'),
  text: item('string', 'mqtt.prop_string', 'Value'),
  keyLength: item('uint32', 'mqtt.prop_key_len', 'Key Length'),
  key: item('string', 'mqtt.prop_key', 'Key'),
  valueLength: item('uint32', 'mqtt.prop_value_len', 'Value Length'),
  value: item('string', 'mqtt.prop_value', 'Value'),
}

export const mqttItems: readonly Item[] = [
  ...Object.values(header),
  ...Object.values(connect),
  ...Object.values(acknowledge),
  ...Object.values(message),
  ...Object.values(subscription),
  ...Object.values(reasons),
  ...Object.values(properties),
]
