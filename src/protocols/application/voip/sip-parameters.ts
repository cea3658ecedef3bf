/** Fields of SIP that are parameters of several headers: tags, names, credentials, reasons, asserted identities. */
import { computed, type Field } from '../../field.ts'
import { addressOf, eachValue, ofHeader, parametersOf, parseUri } from './sip-text.ts'

/** The headers of authentication (RFC 3261 §22, RFC 7616). */
const CREDENTIALS: readonly string[] = [
  'www-authenticate',
  'proxy-authenticate',
  'authorization',
  'proxy-authorization',
  'authentication-info',
]

/** What Wireshark names after parameters of credentials, behind `sip.auth.`. */
const PARAMETERS: readonly (readonly [parameter: string, field: string, title: string])[] = [
  ['username', 'username', 'Username'],
  ['realm', 'realm', 'Realm'],
  ['nonce', 'nonce', 'Nonce Value'],
  ['uri', 'uri', 'Authentication URI'],
  ['response', 'digest.response', 'Digest Authentication Response'],
  ['algorithm', 'algorithm', 'Algorithm'],
  ['cnonce', 'cnonce', 'CNonce Value'],
  ['qop', 'qop', 'QOP'],
  ['nc', 'nc', 'Nonce Count'],
  ['opaque', 'opaque', 'Opaque Value'],
  ['domain', 'domain', 'Authentication Domain'],
  ['stale', 'stale', 'Stale Flag'],
  ['auts', 'auts', 'Authentication Token'],
  ['rspauth', 'rspauth', 'Response auth'],
  ['nextnonce', 'nextnonce', 'Next Nonce'],
]

const TAG = /;\s*tag=([^;\s]*)/i
const DISPLAY = /^\s*("[^"]*"|[^<"]+?)\s*</

/** Something of the values of several headers, in the order of the message. */
function ofHeaders(
  name: string,
  headers: readonly string[],
  description: string,
  read: (value: string) => string | undefined,
): Field {
  return computed('string', name, description, (packet, layer, visit) =>
    eachValue(packet, layer, headers, (value) => {
      const part = read(value)
      return part !== undefined && part !== '' && visit(part, 0)
    }),
  )
}

/** The value of a parameter of credentials, quotes and all; it may stand first, behind the scheme. */
function credential(parameter: string): (value: string) => string | undefined {
  const pattern = new RegExp(`(?:^\\S+\\s+|,\\s*)${parameter}\\s*=\\s*("[^"]*"|[^,\\s]*)`, 'i')
  return (value) => pattern.exec(value)?.[1]
}

/** The fields of an address in a header that says who someone is (RFC 3325 §9). */
function identity(name: string, header: string, title: string): Field[] {
  const part = (field: string, description: string, read: (value: string) => string | undefined): Field =>
    ofHeader('string', `sip.${name}.${field}`, header, `SIP ${title} ${description}`, (value) => read(value) ?? '')
  return [
    part('display.info', 'display info', (value) => DISPLAY.exec(value)?.[1]),
    part('addr', 'Address', addressOf),
    part('user', 'User Part', (value) => parseUri(addressOf(value))?.user),
    part('host', 'Host Part', (value) => parseUri(addressOf(value))?.host),
    part('port', 'Host Port', (value) => parseUri(addressOf(value))?.port),
  ]
}

const ADDRESSES: readonly string[] = ['from', 'to', 'contact', 'p-asserted-identity', 'p-preferred-identity']

export const sipParameterFields: readonly Field[] = [
  ofHeaders(
    'sip.tag',
    ['from', 'to'],
    'SIP tag; of either side of a dialog',
    (value) => TAG.exec(parametersOf(value))?.[1],
  ),
  ofHeaders(
    'sip.display.info',
    ADDRESSES,
    'SIP Display info; the name of an address',
    (value) => DISPLAY.exec(value)?.[1],
  ),
  ...identity('pai', 'p-asserted-identity', 'PAI'),
  ...identity('ppi', 'p-preferred-identity', 'PPI'),
  ofHeaders('sip.auth.scheme', CREDENTIALS, 'Authentication Scheme', (value) => /^\S+/.exec(value)?.[0]),
  ...PARAMETERS.map(([parameter, field, title]) =>
    ofHeaders(`sip.auth.${field}`, CREDENTIALS, title, credential(parameter)),
  ),
  ofHeader('string', 'sip.reason_protocols', 'reason', 'Reason Protocols', (value) => value.split(';')[0]),
  ofHeader(
    'string',
    'sip.reason_text',
    'reason',
    'Text; why, in words',
    (value) => /;\s*text="([^"]*)"/i.exec(value)?.[1] ?? '',
  ),
]
