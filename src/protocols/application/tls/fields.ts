/** The fields of TLS: records, alerts and handshake messages. Those of hellos are in `hello-fields.ts`. */
import { read16, read24 } from '../../../packet/bytes.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../../field.ts'
import { certificateFields } from './certificate-fields.ts'
import { exchangeFields } from './exchange-fields.ts'
import { extensionFields } from './extension-fields.ts'
import { helloFields } from './hello-fields.ts'
import { message } from './message-field.ts'
import { ALERT_LEVELS, ALERTS, CONTENT_TYPES, HANDSHAKE_TYPES, VERSIONS } from './names.ts'
import { ENCRYPTED, OLD, OPAQUE, piecesOf, recordAt, recordFlags } from './pieces.ts'
import { quicParameterFields } from './quic-parameters.ts'

const CHANGE_CIPHER_SPEC = 20
const ALERT = 21
const HANDSHAKE = 22
const APPLICATION_DATA = 23
const HEARTBEAT = 24

/** `end` is that of the layer: of a record that was cut, not all is there. */
type ReadRecord = (bytes: Uint8Array, at: number, end: number, visit: Visit, flags: number) => boolean

/** A field of records: of those with content type `type`, or of all (0). */
function record(
  type: FieldType,
  name: string,
  content: number,
  description: string,
  read: ReadRecord,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const { bytes } = packet
      const { firstRecord, lastRecord } = piecesOf(packet, layer)
      for (let i = firstRecord; i < lastRecord; i++) {
        const at = recordAt[i]
        if (content !== 0 && ((recordFlags[i] & OLD) !== 0 || bytes[at] !== content)) continue
        if (read(bytes, at, packet.layerEnd[layer], visit, recordFlags[i])) return true
      }
      return false
    },
    { ...options, need: 'dissection' },
  )
}

/** One of alerts that are not encrypted. */
function alert(name: string, offset: number, description: string, values: FieldOptions['values']): Field {
  return record(
    'uint8',
    name,
    ALERT,
    description,
    (bytes, at, end, visit, flags) =>
      (flags & ENCRYPTED) === 0 && read16(bytes, at + 3) === 2 && at + offset < end && visit(bytes[at + offset], 0),
    { values },
  )
}

export const tlsFields: readonly Field[] = [
  record('none', 'tls.record', 0, 'Record Layer', (_bytes, _at, _end, visit) => visit(0, 0)),
  record(
    'uint8',
    'tls.record.content_type',
    0,
    'Content Type',
    (bytes, at, _end, visit, flags) => (flags & (OLD | OPAQUE)) === 0 && visit(bytes[at], 0),
    { values: CONTENT_TYPES },
  ),
  record(
    'uint8',
    'tls.record.opaque_type',
    APPLICATION_DATA,
    'Opaque Type; in TLS 1.3, the same for all that is encrypted',
    (bytes, at, _end, visit, flags) => (flags & OPAQUE) !== 0 && visit(bytes[at], 0),
    { values: CONTENT_TYPES },
  ),
  record(
    'uint16',
    'tls.record.version',
    0,
    'Version; of the record layer, which TLS 1.3 leaves at 1.2',
    (bytes, at, _end, visit, flags) => (flags & OLD) === 0 && visit(read16(bytes, at + 1), 0),
    { base: 'hex', values: VERSIONS },
  ),
  record('uint16', 'tls.record.length', 0, 'Length; octets of the content', (bytes, at, _end, visit, flags) => {
    if ((flags & OLD) === 0) return visit(read16(bytes, at + 3), 0)
    return visit(((bytes[at] & ((bytes[at] & 0x80) !== 0 ? 0x7f : 0x3f)) << 8) | bytes[at + 1], 0)
  }),
  record('none', 'tls.change_cipher_spec', CHANGE_CIPHER_SPEC, 'Change Cipher Spec Message', (_b, _at, _end, visit) =>
    visit(0, 0),
  ),
  record('none', 'tls.alert_message', ALERT, 'Alert Message', (_bytes, _at, _end, visit) => visit(0, 0)),
  alert('tls.alert_message.level', 5, 'Level', ALERT_LEVELS),
  alert('tls.alert_message.desc', 6, 'Description', ALERTS),
  computed(
    'none',
    'tls.handshake',
    'Handshake Protocol',
    (packet, layer, visit) => {
      const { firstRecord, lastRecord, firstMessage, lastMessage } = piecesOf(packet, layer)
      for (let i = firstRecord; i < lastRecord; i++)
        if ((recordFlags[i] & OLD) === 0 && packet.bytes[recordAt[i]] === HANDSHAKE && visit(0, 0)) return true
      // QUIC carries messages without records.
      if (firstRecord === lastRecord) for (let i = firstMessage; i < lastMessage; i++) if (visit(0, 0)) return true
      return false
    },
    { need: 'dissection' },
  ),
  message(
    'uint8',
    'tls.handshake.type',
    [],
    'Handshake Message Type',
    (bytes, at, _end, visit) => visit(bytes[at], 0),
    {
      values: HANDSHAKE_TYPES,
      withOld: true,
    },
  ),
  message(
    'uint24',
    'tls.handshake.length',
    [],
    'Length; octets of the message',
    (bytes, at, end, visit) => at + 4 <= end && visit(read24(bytes, at + 1), 0),
  ),
  ...helloFields,
  ...extensionFields,
  ...quicParameterFields,
  ...exchangeFields,
  ...certificateFields,
  record('bytes', 'tls.app_data', APPLICATION_DATA, 'Encrypted Application Data', (bytes, at, end, visit) => {
    const length = Math.min(read16(bytes, at + 3), end - at - 5)
    return length > 0 && visit(at + 5, length)
  }),
  record('none', 'tls.heartbeat_message', HEARTBEAT, 'Heartbeat Message; RFC 6520', (_bytes, _at, _end, visit) =>
    visit(0, 0),
  ),
]
