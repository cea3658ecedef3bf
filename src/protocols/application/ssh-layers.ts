/** What the layers of SSH are, as decoding found it, and the lists that peers exchange: what both decoder and fields need. */
import { read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { protocolId } from '../protocol.ts'
import { LayerNotes } from './layer-notes.ts'
import { utf8 } from './lines.ts'

export const SSH = protocolId('ssh')

/** The message code of KEXINIT. */
export const KEXINIT = 20

/** What a layer is. */
export const VERSION = 1
export const PLAIN = 2
export const OPAQUE = 3
/** Encrypted by a cipher that Wireshark knows, but not the keys: it shows nothing. */
export const SEALED = 4

export const sshNotes = new LayerNotes<{ kind: number }>(() => ({ kind: 0 }))

export function kindOf(packet: Packet, layer: number): number {
  return sshNotes.of(packet, layer)?.kind ?? 0
}

/** The lists of KEXINIT, in their order (RFC 4253 §7.1), behind 16 octets of cookie. */
export const LISTS = [
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

export const COOKIE = 6
export const COOKIE_LENGTH = 16

/** Where the length of the list number `index` of a KEXINIT lies; -1 if it is cut off. */
export function listAt(bytes: Uint8Array, at: number, end: number, index: number): number {
  let list = at + COOKIE + COOKIE_LENGTH
  for (let i = 0; i < index && list + 4 <= end; i++) list += 4 + read32(bytes, list)
  return list + 4 <= end && list + 4 + read32(bytes, list) <= end ? list : -1
}

export function listText(bytes: Uint8Array, at: number, end: number, index: number): string | null {
  const list = listAt(bytes, at, end, index)
  return list < 0 ? null : utf8(bytes, list + 4, list + 4 + read32(bytes, list))
}

/** Whether the segment comes from the server: its port is the lower one. */
export function isFromServer(packet: Packet): boolean {
  const { bytes } = packet
  const at = packet.layerAt[packet.transport]
  if (packet.transport < 0) return false
  return bytes[at] * 256 + bytes[at + 1] < bytes[at + 2] * 256 + bytes[at + 3]
}
