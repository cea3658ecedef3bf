/**
 * NTLMSSP: NT LAN Manager's messages, [MS-NLMP] §2.2.1. Little-endian. Strings lie behind the fixed part; a header of eight
 * octets says how long each is and where (§2.2.1.3).
 *
 *    0            8       12
 *    | "NTLMSSP\0" | type | what the type says ...
 */
import { read16le, read32le } from '../../../packet/bytes.ts'
import { NONE, type Packet } from '../../../packet/packet.ts'
import { computed, type Field } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { le32 } from '../little-endian.ts'

export const NTLMSSP = protocolId('ntlmssp')

const SIGNATURE = [0x4e, 0x54, 0x4c, 0x4d, 0x53, 0x53, 0x50, 0]
const TYPE = 8
const NEGOTIATE = 1
const CHALLENGE = 2
const AUTHENTICATE = 3

/** Whether the negotiated flags say that strings are UTF-16; they lie at this offset, by type. */
const FLAGS_AT: Readonly<Record<number, number>> = { [NEGOTIATE]: 12, [CHALLENGE]: 20, [AUTHENTICATE]: 60 }
const UNICODE = 1

/** Hot. */
export function isNtlmssp(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + SIGNATURE.length > end) return false
  for (let i = 0; i < SIGNATURE.length; i++) if (bytes[at + i] !== SIGNATURE[i]) return false
  return true
}

function typeOf(packet: Packet, layer: number): number {
  const at = packet.layerAt[layer] + TYPE
  return at + 4 <= packet.layerEnd[layer] ? read32le(packet.bytes, at) : 0
}

/** A string of messages of type `type`, whose header is at `offset`. */
function text(name: string, type: number, offset: number, description: string): Field {
  return computed('string', name, description, (packet, layer, visit) => {
    const { bytes } = packet
    const at = packet.layerAt[layer]
    const end = packet.layerEnd[layer]
    const flagsAt = at + FLAGS_AT[type]
    if (typeOf(packet, layer) !== type || at + offset + 8 > end) return false
    const length = read16le(bytes, at + offset)
    const from = at + read32le(bytes, at + offset + 4)
    if (length === 0) return visit('NULL', 0)
    if (from + length > end) return false
    const isUnicode = type !== NEGOTIATE && flagsAt + 4 <= end && (read32le(bytes, flagsAt) & UNICODE) !== 0
    const octets = Buffer.from(bytes.buffer, bytes.byteOffset + from, length)
    return visit(octets.toString(isUnicode ? 'utf16le' : 'latin1'), 0)
  })
}

export const ntlmssp: Protocol = {
  id: NTLMSSP,
  name: 'ntlmssp',
  title: 'NTLM Secure Service Provider',
  need: 'dissection',
  fields: [
    computed('string', 'ntlmssp.identifier', 'NTLMSSP identifier; always NTLMSSP', (packet, layer, visit) =>
      isNtlmssp(packet.bytes, packet.layerAt[layer], packet.layerEnd[layer]) ? visit('NTLMSSP', 0) : false,
    ),
    le32('ntlmssp.messagetype', TYPE, 'NTLM Message Type', {
      base: 'hex',
      values: { 1: 'NTLMSSP_NEGOTIATE', 2: 'NTLMSSP_CHALLENGE', 3: 'NTLMSSP_AUTH', 4: 'NTLMSSP_UNKNOWN' },
    }),
    computed('bytes', 'ntlmssp.ntlmserverchallenge', 'NTLM Server Challenge', (packet, layer, visit) => {
      const at = packet.layerAt[layer] + 24
      return typeOf(packet, layer) === CHALLENGE && at + 8 <= packet.layerEnd[layer] && visit(at, 8)
    }),
    text('ntlmssp.challenge.target_name', CHALLENGE, 12, 'Target Name; the server, or its domain'),
    text('ntlmssp.auth.domain', AUTHENTICATE, 28, "Domain name; the user's"),
    text('ntlmssp.auth.username', AUTHENTICATE, 36, 'User name'),
    text('ntlmssp.auth.hostname', AUTHENTICATE, 44, "Host name; the client's"),
  ],

  /** Hot: the layer is entered by what carries it. */
  decode() {
    return NONE
  },
}
