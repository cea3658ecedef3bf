/** The fields of LDAP, which connectionless LDAP has too. */
import { read32 } from '../../../packet/bytes.ts'
import { MAX_LAYERS, type Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type Visit } from '../../field.ts'
import { element, readElement, readInteger } from '../security/asn1.ts'
import {
  ADD_REQUEST,
  BIND_REQUEST,
  COMPARE_REQUEST,
  credentialsAt,
  DELETE_REQUEST,
  EXTENDED_REQUEST,
  MODIFY_REQUEST,
  message,
  nth,
  OCTET_STRING,
  RENAME_REQUEST,
  RESULTS,
  readMessage,
  SEARCH_ENTRY,
  SEARCH_REQUEST,
} from './message.ts'

/** By layer: where its first message begins, behind SASL's length and token; -1 if it is encrypted. */
export const layerMessage = new Int32Array(MAX_LAYERS)
/** By layer: whether SASL's length stands in front. */
export const layerIsSasl = new Uint8Array(MAX_LAYERS)

/** Messages and list items of one layer that are looked at. */
const MAX_ITEMS = 1024

/** Calls `each` for each message of the layer, with `message` set. */
function eachMessage(packet: Packet, layer: number, each: () => boolean): boolean {
  const end = packet.layerEnd[layer]
  let at = layerMessage[layer]
  for (let i = 0; i < MAX_ITEMS && at >= 0 && at < end; i++) {
    if (!readMessage(packet.bytes, at, end)) return false
    const next = message.end
    if (each()) return true
    if (next <= at) return false
    at = next
  }
  return false
}

type Read = (bytes: Uint8Array, at: number, end: number, visit: Visit) => boolean

const text: Read = (bytes, at, end, visit) =>
  visit(Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('utf8'), 0)
const integer: Read = (bytes, at, end, visit) => visit(readInteger(bytes, at, end) >>> 0, 0)
const truth: Read = (bytes, at, end, visit) => at < end && visit(bytes[at] === 0 ? 0 : 1, 0)

/** The nth element of operations of these kinds. */
function inOperation(
  type: Field['type'],
  name: string,
  isIn: (operation: number) => boolean,
  n: number,
  read: Read,
  description: string,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachMessage(packet, layer, () => {
        const { bytes } = packet
        if (!isIn(message.operation) || !nth(bytes, message.at, message.operationEnd, n)) return false
        return read(bytes, element.at, element.end, visit)
      }),
    options,
  )
}

const is =
  (...operations: number[]) =>
  (operation: number): boolean =>
    operations.includes(operation)

const isResult = (operation: number): boolean => RESULTS.has(operation)

/** Calls `each` for each element of the contents from `at` to `end`, with where its contents lie. */
function eachElement(
  bytes: Uint8Array,
  at: number,
  end: number,
  each: (at: number, end: number, tag: number) => boolean,
): boolean {
  let next = at
  for (let i = 0; i < MAX_ITEMS && readElement(bytes, next, end); i++) {
    const following = element.end
    if (following > end || following <= next) return false
    if (each(element.at, following, element.tag)) return true
    next = following
  }
  return false
}

/** The authentication of a bind request: its choice, and where it lies in `element`. */
function authentication(packet: Packet): number {
  const { bytes } = packet
  if (message.operation !== BIND_REQUEST || !nth(bytes, message.at, message.operationEnd, 2)) return -1
  return element.tag & 0x1f
}

const SIMPLE = 0
const SASL = 3

export const ldapFields: readonly Field[] = [
  computed('uint32', 'ldap.sasl_buffer_length', 'SASL Buffer Length; in octets', (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    return layerIsSasl[layer] === 1 && at + 4 <= packet.layerEnd[layer] && visit(read32(packet.bytes, at), 0)
  }),
  computed('uint32', 'ldap.messageID', 'messageID; the same in the response', (packet, layer, visit) =>
    eachMessage(packet, layer, () => visit(message.id >>> 0, 0)),
  ),
  computed(
    'uint32',
    'ldap.protocolOp',
    'protocolOp; what the message does',
    (packet, layer, visit) => eachMessage(packet, layer, () => visit(message.operation, 0)),
    {
      values: {
        0: 'bindRequest',
        1: 'bindResponse',
        2: 'unbindRequest',
        3: 'searchRequest',
        4: 'searchResEntry',
        5: 'searchResDone',
        6: 'modifyRequest',
        7: 'modifyResponse',
        8: 'addRequest',
        9: 'addResponse',
        10: 'delRequest',
        11: 'delResponse',
        12: 'modDNRequest',
        13: 'modDNResponse',
        14: 'compareRequest',
        15: 'compareResponse',
        16: 'abandonRequest',
        19: 'searchResRef',
        23: 'extendedReq',
        24: 'extendedResp',
        25: 'intermediateResponse',
      },
    },
  ),
  inOperation('uint32', 'ldap.version', is(BIND_REQUEST), 0, integer, 'version; of the protocol'),
  inOperation('string', 'ldap.name', is(BIND_REQUEST), 1, text, 'name; who binds'),
  computed(
    'uint32',
    'ldap.authentication',
    'authentication',
    (packet, layer, visit) =>
      eachMessage(packet, layer, () => {
        const choice = authentication(packet)
        return choice >= 0 && visit(choice, 0)
      }),
    { values: { 0: 'simple', 3: 'sasl', 10: 'ntlmsspNegotiate', 11: 'ntlmsspAuth' } },
  ),
  computed('string', 'ldap.simple', 'simple; the password', (packet, layer, visit) =>
    eachMessage(packet, layer, () => {
      if (authentication(packet) !== SIMPLE) return false
      return text(packet.bytes, element.at, element.end, visit)
    }),
  ),
  computed('string', 'ldap.mechanism', 'mechanism; of SASL', (packet, layer, visit) =>
    eachMessage(packet, layer, () => {
      if (authentication(packet) !== SASL || !nth(packet.bytes, element.at, element.end, 0)) return false
      return text(packet.bytes, element.at, element.end, visit)
    }),
  ),
  computed('bytes', 'ldap.credentials', 'credentials; of SASL', (packet, layer, visit) =>
    eachMessage(packet, layer, () => {
      if (authentication(packet) !== SASL) return false
      const at = credentialsAt(packet.bytes)
      return at >= 0 && at < element.end && visit(at, element.end - at)
    }),
  ),
  inOperation('string', 'ldap.baseObject', is(SEARCH_REQUEST), 0, text, 'baseObject; where the search begins'),
  inOperation('uint32', 'ldap.scope', is(SEARCH_REQUEST), 1, integer, 'scope', {
    values: { 0: 'baseObject', 1: 'singleLevel', 2: 'wholeSubtree' },
  }),
  inOperation('uint32', 'ldap.derefAliases', is(SEARCH_REQUEST), 2, integer, 'derefAliases', {
    values: { 0: 'neverDerefAliases', 1: 'derefInSearching', 2: 'derefFindingBaseObj', 3: 'derefAlways' },
  }),
  inOperation('uint32', 'ldap.sizeLimit', is(SEARCH_REQUEST), 3, integer, 'sizeLimit; entries at most'),
  inOperation('uint32', 'ldap.timeLimit', is(SEARCH_REQUEST), 4, integer, 'timeLimit; seconds at most'),
  inOperation('boolean', 'ldap.typesOnly', is(SEARCH_REQUEST), 5, truth, 'typesOnly; no values'),
  computed('string', 'ldap.AttributeDescription', 'AttributeDescription; what is asked for', (packet, layer, visit) =>
    eachMessage(packet, layer, () => {
      const { bytes } = packet
      if (message.operation !== SEARCH_REQUEST || !nth(bytes, message.at, message.operationEnd, 7)) return false
      return eachElement(
        bytes,
        element.at,
        element.end,
        (at, end, tag) => tag === OCTET_STRING && text(bytes, at, end, visit),
      )
    }),
  ),
  inOperation('string', 'ldap.objectName', is(SEARCH_ENTRY), 0, text, 'objectName; of the entry found'),
  inOperation('string', 'ldap.object', is(MODIFY_REQUEST), 0, text, 'object; that is modified'),
  inOperation(
    'string',
    'ldap.entry',
    is(ADD_REQUEST, RENAME_REQUEST, COMPARE_REQUEST),
    0,
    text,
    'entry; that is added, renamed, or compared with',
  ),
  computed('string', 'ldap.delRequest', 'delRequest; the entry that is deleted', (packet, layer, visit) =>
    eachMessage(packet, layer, () =>
      message.operation === DELETE_REQUEST ? text(packet.bytes, message.at, message.operationEnd, visit) : false,
    ),
  ),
  inOperation('string', 'ldap.newrdn', is(RENAME_REQUEST), 1, text, 'newrdn; the new name'),
  inOperation('string', 'ldap.requestName', is(EXTENDED_REQUEST), 0, text, 'requestName; of an extended request'),
  inOperation('uint32', 'ldap.resultCode', isResult, 0, integer, 'resultCode', {
    values: {
      0: 'success',
      1: 'operationsError',
      2: 'protocolError',
      3: 'timeLimitExceeded',
      4: 'sizeLimitExceeded',
      5: 'compareFalse',
      6: 'compareTrue',
      7: 'authMethodNotSupported',
      8: 'strongAuthRequired',
      10: 'referral',
      11: 'adminLimitExceeded',
      12: 'unavailableCriticalExtension',
      13: 'confidentialityRequired',
      14: 'saslBindInProgress',
      16: 'noSuchAttribute',
      17: 'undefinedAttributeType',
      18: 'inappropriateMatching',
      19: 'constraintViolation',
      20: 'attributeOrValueExists',
      21: 'invalidAttributeSyntax',
      32: 'noSuchObject',
      33: 'aliasProblem',
      34: 'invalidDNSyntax',
      36: 'aliasDereferencingProblem',
      48: 'inappropriateAuthentication',
      49: 'invalidCredentials',
      50: 'insufficientAccessRights',
      51: 'busy',
      52: 'unavailable',
      53: 'unwillingToPerform',
      54: 'loopDetect',
      64: 'namingViolation',
      65: 'objectClassViolation',
      66: 'notAllowedOnNonLeaf',
      67: 'notAllowedOnRDN',
      68: 'entryAlreadyExists',
      69: 'objectClassModsProhibited',
      71: 'affectsMultipleDSAs',
      80: 'other',
      118: 'canceled',
      119: 'noSuchOperation',
      120: 'tooLate',
      121: 'cannotCancel',
    },
  }),
  inOperation('string', 'ldap.matchedDN', isResult, 1, text, 'matchedDN'),
  inOperation('string', 'ldap.errorMessage', isResult, 2, text, 'errorMessage'),
]
