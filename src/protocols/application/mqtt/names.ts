/** Names of MQTT's numbers, in Wireshark's spelling: MQTT 3.1.1 (OASIS, 2014) §2 and §3; MQTT 5.0 (OASIS, 2019) §2.2.2.2, §2.4. */
import type { ValueNames } from '../../field.ts'

export const MESSAGE_TYPES: ValueNames = {
  0: 'Reserved',
  1: 'Connect Command',
  2: 'Connect Ack',
  3: 'Publish Message',
  4: 'Publish Ack',
  5: 'Publish Received',
  6: 'Publish Release',
  7: 'Publish Complete',
  8: 'Subscribe Request',
  9: 'Subscribe Ack',
  10: 'Unsubscribe Request',
  11: 'Unsubscribe Ack',
  12: 'Ping Request',
  13: 'Ping Response',
  14: 'Disconnect Req',
  15: 'Authentication Exchange',
}

export const QUALITIES: ValueNames = {
  0: 'At most once delivery (Fire and Forget)',
  1: 'At least once delivery (Acknowledged deliver)',
  2: 'Exactly once delivery (Assured Delivery)',
  3: 'Reserved',
}

export const GRANTED_QUALITIES: ValueNames = { ...QUALITIES, 128: 'Failure' }

export const VERSIONS: ValueNames = { 3: 'MQTT v3.1', 4: 'MQTT v3.1.1', 5: 'MQTT v5.0' }

export const RETURN_CODES: ValueNames = {
  0: 'Connection Accepted',
  1: 'Connection Refused: unacceptable protocol version',
  2: 'Connection Refused: identifier rejected',
  3: 'Connection Refused: server unavailable',
  4: 'Connection Refused: bad user name or password',
  5: 'Connection Refused: not authorized',
}

export const RETAIN_HANDLINGS: ValueNames = {
  0: 'Send msgs at subscription time',
  1: 'Send msgs if subscription does not exist',
  2: 'Do not send msgs at subscription time',
  3: 'Reserved',
}

/** What reason codes say in whichever message they stand (MQTT 5.0 §2.4); 0 to 2 depend on the message. */
const REASONS: ValueNames = {
  4: 'Disconnect with Will Message',
  16: 'No matching subscribers',
  17: 'No subscription existed',
  24: 'Continue authentication',
  25: 'Re-authenticate',
  128: 'Unspecified error',
  129: 'Malformed Packet',
  130: 'Protocol Error',
  131: 'Implementation specific error',
  132: 'Unsupported Protocol Version',
  133: 'Client Identifier not valid',
  134: 'Bad User Name or Password',
  135: 'Not authorized',
  136: 'Server unavailable',
  137: 'Server busy',
  138: 'Banned',
  139: 'Server shutting down',
  140: 'Bad authentication method',
  141: 'Keep Alive timeout',
  142: 'Session taken over',
  143: 'Topic Filter invalid',
  144: 'Topic Name invalid',
  145: 'Packet Identifier in use',
  146: 'Packet Identifier not found',
  147: 'Receive Maximum exceeded',
  148: 'Topic Alias invalid',
  149: 'Packet too large',
  150: 'Message rate too high',
  151: 'Quota exceeded',
  152: 'Administrative action',
  153: 'Payload format invalid',
  154: 'Retain not supported',
  155: 'QoS not supported',
  156: 'Use another server',
  157: 'Server moved',
  158: 'Shared Subscription not supported',
  159: 'Connection rate exceeded',
  160: 'Maximum connect time',
  161: 'Subscription Identifiers not supported',
  162: 'Wildcard Subscription not supported',
}

function reasons(success: ValueNames, ...codes: readonly number[]): ValueNames {
  return { ...success, ...Object.fromEntries(codes.map((code) => [code, REASONS[code]])) }
}

const SUCCESS: ValueNames = { 0: 'Success' }
const RECEIVED = reasons(SUCCESS, 16, 128, 131, 135, 144, 145, 151, 153)
const RELEASED = reasons(SUCCESS, 146)

export const CONNECT_REASONS = reasons(
  SUCCESS,
  ...[128, 129, 130, 131, 132, 133, 134, 135, 136, 137, 138, 140, 144, 149, 151, 154, 155, 156, 157, 159],
)
export const PUBLISH_REASONS = RECEIVED
export const RELEASE_REASONS = RELEASED
export const SUBSCRIBE_REASONS = reasons(
  { 0: 'Granted QoS 0', 1: 'Granted QoS 1', 2: 'Granted QoS 2' },
  ...[128, 131, 135, 143, 145, 151, 158, 161, 162],
)
export const UNSUBSCRIBE_REASONS = reasons(SUCCESS, 17, 131, 135, 143, 145)
export const DISCONNECT_REASONS = reasons(
  { 0: 'Normal disconnection' },
  ...[4, 128, 129, 130, 131, 135, 137, 139, 140, 141, 142, 143, 144],
  ...[147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 157, 158, 159, 160, 161, 162],
)
export const AUTHENTICATION_REASONS = reasons(SUCCESS, 24, 25)

export const PROPERTIES: ValueNames = {
  1: 'Payload Format Indicator',
  2: 'Publication Expiry Interval',
  3: 'Content Type',
  8: 'Response Topic',
  9: 'Correlation Data',
  11: 'Subscription Identifier',
  17: 'Session Expiry Interval',
  18: 'Assigned Client Identifier',
  19: 'Server Keep Alive',
  21: 'Authentication Method',
  22: 'Authentication Data',
  23: 'Request Problem Information',
  24: 'Will Delay Interval',
  25: 'Request Response Information',
  26: 'Response Information',
  28: 'Server Reference',
  31: 'Reason String',
  33: 'Receive Maximum',
  34: 'Topic Alias Maximum',
  35: 'Topic Alias',
  36: 'Maximum QoS',
  37: 'Retain Available',
  38: 'User Property',
  39: 'Maximum Packet Size',
  40: 'Wildcard Subscription Available',
  41: 'Subscription Identifier Available',
  42: 'Shared Subscription Available',
}
