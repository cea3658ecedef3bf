/** The fields of SSH: versions, packets in the clear, and HASSH. */
import { createHash } from 'node:crypto'
import { read32 } from '../../packet/bytes.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import { utf8 } from './lines.ts'
import {
  COOKIE,
  COOKIE_LENGTH,
  isFromServer,
  KEXINIT,
  kindOf,
  LISTS,
  listAt,
  listText,
  OPAQUE,
  PLAIN,
  SSH,
  VERSION,
} from './ssh-layers.ts'

// Message codes of replies to a key exchange.
const REPLY = 31
const GROUP_REPLY = 33

const MESSAGE_CODES = {
  1: 'Disconnect',
  2: 'Ignore',
  3: 'Unimplemented',
  4: 'Debug',
  5: 'Service Request',
  6: 'Service Accept',
  20: 'Key Exchange Init',
  21: 'New Keys',
  30: 'Key Exchange Init, or Group Exchange Request (Old)',
  31: 'Key Exchange Reply, or Group Exchange Group',
  32: 'Diffie-Hellman Group Exchange Init',
  33: 'Diffie-Hellman Group Exchange Reply',
  34: 'Diffie-Hellman Group Exchange Request',
}

/** A field of packets in the clear: of those with message code `code`, or of all (0). */
function plain(
  type: FieldType,
  name: string,
  code: number,
  description: string,
  read: (bytes: Uint8Array, at: number, end: number, visit: Visit) => boolean,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      const end = packet.layerEnd[layer]
      if (kindOf(packet, layer) !== PLAIN || at + 6 > end) return false
      if (code !== 0 && packet.bytes[at + 5] !== code) return false
      return read(packet.bytes, at, end, visit)
    },
    { ...options, need: 'dissection' },
  )
}

/** HASSH: the lists that tell implementations apart. Wireshark reads both from every KEXINIT by its sender. */
function hassh(name: string, lists: readonly number[], isServer: boolean, description: string, hash: boolean): Field {
  return computed(
    'string',
    name,
    description,
    (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      const end = packet.layerEnd[layer]
      if (kindOf(packet, layer) !== PLAIN || at + 6 > end || packet.bytes[at + 5] !== KEXINIT) return false
      if (isFromServer(packet) !== isServer) return false
      const text = lists.map((index) => listText(packet.bytes, at, end, index) ?? '').join(';')
      return visit(hash ? createHash('md5').update(text).digest('hex') : text, 0)
    },
    { need: 'dissection' },
  )
}

/** A field of what is encrypted. */
function opaque(name: string, description: string, read: (at: number, end: number, visit: Visit) => boolean): Field {
  return computed(
    'bytes',
    name,
    description,
    (packet, layer, visit) =>
      kindOf(packet, layer) === OPAQUE && read(packet.layerAt[layer], packet.layerEnd[layer], visit),
    { need: 'dissection' },
  )
}

/** A number of four octets behind the last list of a KEXINIT, and the octet before it; -1 if they are cut off. */
function afterLists(bytes: Uint8Array, at: number, end: number): number {
  const last = listAt(bytes, at, end, LISTS.length - 1)
  const next = last < 0 ? end : last + 4 + read32(bytes, last)
  return next + 5 <= end ? next : -1
}

/** The string that a reply to a key exchange begins with: the host's key, which begins with its type (RFC 4253 §8, §6.6). */
function hostKey(
  type: FieldType,
  name: string,
  description: string,
  read: (bytes: Uint8Array, key: number, visit: Visit) => boolean,
): Field {
  return plain(type, name, 0, description, (bytes, at, end, visit) => {
    if (bytes[at + 5] !== REPLY && bytes[at + 5] !== GROUP_REPLY) return false
    const key = at + 6
    if (key + 8 > end || key + 4 + read32(bytes, key) > end) return false
    const typeLength = read32(bytes, key + 4)
    // A group of Diffie-Hellman, which has the same code, begins with a number.
    if (typeLength > 64 || key + 8 + typeLength > end || !isName(bytes, key + 8, key + 8 + typeLength)) return false
    return read(bytes, key, visit)
  })
}

function isName(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = at; i < end; i++) if (bytes[i] <= 0x20 || bytes[i] >= 0x7f) return false
  return end > at
}

export const sshFields: readonly Field[] = [
  computed(
    'string',
    'ssh.protocol',
    'Protocol; the version and the software',
    (packet, layer, visit) => {
      if (kindOf(packet, layer) !== VERSION) return false
      const at = packet.layerAt[layer]
      let end = packet.layerEnd[layer]
      if (end > at && packet.bytes[end - 1] === 0x0a) end--
      if (end > at && packet.bytes[end - 1] === 0x0d) end--
      return visit(utf8(packet.bytes, at, end), 0)
    },
    { need: 'dissection' },
  ),
  plain('uint32', 'ssh.packet_length', 0, 'Packet Length; octets after it', (bytes, at, _end, visit) =>
    visit(read32(bytes, at), 0),
  ),
  plain('uint8', 'ssh.padding_length', 0, 'Padding Length; octets', (bytes, at, _end, visit) =>
    visit(bytes[at + 4], 0),
  ),
  plain('uint8', 'ssh.message_code', 0, 'Message Code', (bytes, at, _end, visit) => visit(bytes[at + 5], 0), {
    values: MESSAGE_CODES,
  }),
  plain(
    'bytes',
    'ssh.cookie',
    KEXINIT,
    'Cookie',
    (_bytes, at, end, visit) => at + COOKIE + COOKIE_LENGTH <= end && visit(at + COOKIE, COOKIE_LENGTH),
  ),
  ...LISTS.flatMap((list, index) => [
    plain('uint32', `ssh.${list}_length`, KEXINIT, `${list} length; octets`, (bytes, at, end, visit) => {
      const found = listAt(bytes, at, end, index)
      return found >= 0 && visit(read32(bytes, found), 0)
    }),
    plain(
      'string',
      `ssh.${list}`,
      KEXINIT,
      `${list} string; the first that both name is used`,
      (bytes, at, end, visit) => {
        const text = listText(bytes, at, end, index)
        return text !== null && visit(text, 0)
      },
    ),
  ]),
  plain(
    'uint8',
    'ssh.first_kex_packet_follows',
    KEXINIT,
    'First KEX Packet Follows; a guess',
    (bytes, at, end, visit) => {
      const next = afterLists(bytes, at, end)
      return next >= 0 && visit(bytes[next], 0)
    },
  ),
  plain('bytes', 'ssh.kex.reserved', KEXINIT, 'Reserved', (bytes, at, end, visit) => {
    const next = afterLists(bytes, at, end)
    return next >= 0 && visit(next + 1, 4)
  }),
  hostKey('uint32', 'ssh.host_key.length', 'Host key length; octets', (bytes, key, visit) =>
    visit(read32(bytes, key), 0),
  ),
  hostKey('uint32', 'ssh.host_key.type_length', 'Host key type length; octets', (bytes, key, visit) =>
    visit(read32(bytes, key + 4), 0),
  ),
  hostKey('string', 'ssh.host_key.type', 'Host key type', (bytes, key, visit) =>
    visit(utf8(bytes, key + 8, key + 8 + read32(bytes, key + 4)), 0),
  ),
  plain('bytes', 'ssh.padding_string', 0, 'Padding String', (bytes, at, end, visit) => {
    const next = at + 4 + read32(bytes, at)
    return (
      bytes[at + 4] > 0 && next <= end && next - bytes[at + 4] >= at + 5 && visit(next - bytes[at + 4], bytes[at + 4])
    )
  }),
  hassh('ssh.kex.hassh_algorithms', [0, 2, 4, 6], false, 'hasshAlgorithms; of the client', false),
  hassh('ssh.kex.hassh', [0, 2, 4, 6], false, 'hassh; its MD5', true),
  hassh('ssh.kex.hasshserver_algorithms', [0, 3, 5, 7], true, 'hasshServerAlgorithms', false),
  hassh('ssh.kex.hasshserver', [0, 3, 5, 7], true, 'hasshServer; its MD5', true),
  computed(
    'boolean',
    'ssh.direction',
    'Direction; from the server to the client',
    (packet, layer, visit) =>
      // Once for all messages of a segment: behind the last.
      (layer + 1 === packet.layerCount || packet.layerProtocol[layer + 1] !== SSH) &&
      visit(isFromServer(packet) ? 1 : 0, 0),
    { need: 'dissection', values: { 0: 'client-to-server', 1: 'server-to-client' } },
  ),
  opaque('ssh.packet_length_encrypted', 'Packet Length (encrypted)', (at, end, visit) => end - at >= 4 && visit(at, 4)),
  opaque('ssh.encrypted_packet', 'Encrypted Packet', (at, end, visit) => end - at > 4 && visit(at + 4, end - at - 4)),
]
