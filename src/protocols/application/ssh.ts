/**
 * SSH: Secure Shell, RFC 4253: a line that says the version, then packets; in the clear until NEWKEYS.
 *
 *    0               4                5              6  octets
 *  0 | packet length | padding length | message code | ...
 */
import { createHash } from 'node:crypto'
import { read32 } from '../../packet/bytes.ts'
import { NONE, ONE_MORE_SEGMENT, type Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { LayerNotes } from './layer-notes.ts'
import { beginsWith, utf8 } from './lines.ts'

export const SSH = protocolId('ssh')

const KEXINIT = 20
const NEWKEYS = 21
const REPLY = 31
const GROUP_REPLY = 33

/** A packet in the clear claims no more than this; one that does is shown cut. */
const MAX_PACKET = 0xffff

/** What a layer is. */
const VERSION = 1
const PLAIN = 2
const OPAQUE = 3
/** Encrypted by a cipher that Wireshark knows, but not the keys: it shows nothing. */
const SEALED = 4

const notes = new LayerNotes<{ kind: number }>(() => ({ kind: 0 }))

function kindOf(packet: Packet, layer: number): number {
  return notes.of(packet, layer)?.kind ?? 0
}

class Peer {
  hasVersion = false
  /** Sent NEWKEYS: what follows is encrypted. */
  isEncrypted = false
  /** The ciphers that its KEXINIT offers, from the client and from the server; no more than `MAX_LIST` octets. */
  readonly ciphers: [fromClient: string, fromServer: string] = ['', '']
}

class SshState {
  /** 0 until a peer has said it. */
  version = 0
  readonly peers = [new Peer(), new Peer()]
}

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

const MAX_LIST = 2048
/** Where the ciphers stand among the lists. */
const CIPHERS = 2

const SEALING = /^(chacha20-poly1305@openssh\.com|aes(128|256)-gcm@openssh\.com)$/

/** The lists of KEXINIT, in their order (RFC 4253 §7.1), behind 16 octets of cookie. */
const LISTS = [
  'kex_algorithms',
  'server_host_key_algorithms',
  'encryption_algorithms_client_to_server',
  'encryption_algorithms_server_to_client',
  'mac_algorithms_client_to_server',
  'mac_algorithms_server_to_client',
  'compression_algorithms_client_to_server',
  'compression_algorithms_server_to_client',
  'languages_client_to_server',
  'languages_server_to_client',
]

const COOKIE = 6
const COOKIE_LENGTH = 16

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

/** Where the length of the list number `index` of a KEXINIT lies; -1 if it is cut off. */
function listAt(bytes: Uint8Array, at: number, end: number, index: number): number {
  let list = at + COOKIE + COOKIE_LENGTH
  for (let i = 0; i < index && list + 4 <= end; i++) list += 4 + read32(bytes, list)
  return list + 4 <= end && list + 4 + read32(bytes, list) <= end ? list : -1
}

function listText(bytes: Uint8Array, at: number, end: number, index: number): string | null {
  const list = listAt(bytes, at, end, index)
  return list < 0 ? null : utf8(bytes, list + 4, list + 4 + read32(bytes, list))
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

/** Whether the segment comes from the server: its port is the lower one. */
function isFromServer(packet: Packet): boolean {
  const { bytes } = packet
  const at = packet.layerAt[packet.transport]
  if (packet.transport < 0) return false
  return bytes[at] * 256 + bytes[at + 1] < bytes[at + 2] * 256 + bytes[at + 3]
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

export const ssh: Protocol = {
  id: SSH,
  name: 'ssh',
  title: 'SSH Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': [22, 29418] },
  fields: [
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
    opaque(
      'ssh.packet_length_encrypted',
      'Packet Length (encrypted)',
      (at, end, visit) => end - at >= 4 && visit(at, 4),
    ),
    opaque('ssh.encrypted_packet', 'Encrypted Packet', (at, end, visit) => end - at > 4 && visit(at + 4, end - at - 4)),
  ],

  /** Hot: one layer for each line or packet; one for all that is encrypted. */
  decode(packet, at) {
    const { bytes } = packet
    const state = stateOf(packet)
    const peer = state.peers[packet.transport < 0 ? 0 : packet.layerDirection[packet.transport]]
    const there = packet.end - at
    if (!peer.hasVersion && beginsWith(bytes, at, packet.end, 'ssh-')) {
      const newline = bytes.indexOf(0x0a, at)
      const isWhole = newline >= 0 && newline < packet.end
      if (!isWhole && packet.canReassemble) return waitFor(packet, at, ONE_MORE_SEGMENT)
      enter(packet, at, VERSION)
      peer.hasVersion = true
      state.version =
        beginsWith(bytes, at, packet.end, 'ssh-1.') && !beginsWith(bytes, at, packet.end, 'ssh-1.99-') ? 1 : 2
      if (isWhole) packet.endMessage(newline + 1)
    } else if (state.version !== 2 || peer.isEncrypted) {
      enter(packet, at, isSealed(packet, state) ? SEALED : OPAQUE)
    } else {
      if (there < 4) {
        if (packet.canReassemble) return waitFor(packet, at, 4 - there)
        enter(packet, at, OPAQUE)
        return packet.truncated(SSH)
      }
      const length = 4 + read32(bytes, at)
      if (length > there && packet.canReassemble) return waitFor(packet, at, length - there)
      enter(packet, at, PLAIN)
      if (length - 4 < MAX_PACKET) packet.endMessage(at + length)
      if (there > 5 && bytes[at + 5] === NEWKEYS) peer.isEncrypted = true
      else if (there > 5 && bytes[at + 5] === KEXINIT) learnCiphers(packet, at, peer)
    }
    packet.payload = packet.end
    return NONE
  },
}

function learnCiphers(packet: Packet, at: number, peer: Peer): void {
  for (const index of [0, 1])
    peer.ciphers[index] = (listText(packet.bytes, at, packet.end, CIPHERS + index) ?? '').slice(0, MAX_LIST)
}

/** Hot, but for the lists: whether the cipher of this direction is one that Wireshark would decrypt. */
function isSealed(packet: Packet, { peers }: SshState): boolean {
  if (packet.transport < 0 || peers[0].ciphers[0] === '' || peers[1].ciphers[0] === '') return false
  const fromServer = isFromServer(packet)
  const sender = peers[packet.layerDirection[packet.transport]]
  const receiver = peers[1 - packet.layerDirection[packet.transport]]
  const index = fromServer ? 1 : 0
  const ofServer = (fromServer ? sender : receiver).ciphers[index].split(',')
  // RFC 4253 §7.1: the first that the client names and the server has.
  const chosen = (fromServer ? receiver : sender).ciphers[index].split(',').find((cipher) => ofServer.includes(cipher))
  return chosen !== undefined && SEALING.test(chosen)
}

/** Hot. */
function enter(packet: Packet, at: number, kind: number): void {
  packet.enter(SSH, at)
  notes.add(packet, at).kind = kind
}

/** Hot: Wireshark shows the layer also where nothing of it is whole yet. */
function waitFor(packet: Packet, at: number, missing: number): number {
  const last = packet.layerCount - 1
  const isAgain = last >= 0 && packet.layerProtocol[last] === SSH && packet.layerEnd[last] === at
  if (!isAgain) enter(packet, at, 0)
  return packet.incomplete(missing)
}

/** Hot: the state of the packet's conversation, made if it is new. */
function stateOf(packet: Packet): SshState {
  const { conversation } = packet
  let state = conversation?.state.get(SSH) as SshState | undefined
  if (state === undefined) {
    state = new SshState()
    conversation?.state.set(SSH, state)
  }
  return state
}
