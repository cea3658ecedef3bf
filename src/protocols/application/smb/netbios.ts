/**
 * NetBIOS frames over LLC (NetBEUI), IBM's "LAN Technical Reference". Little-endian.
 *
 *    0        2        4         5
 *    | length | 0xefff | command | what the command says ... | data ...
 *
 * The length counts the header.
 */
import { read16le } from '../../../packet/bytes.ts'
import { NONE } from '../../../packet/packet.ts'
import { DATA } from '../../data.ts'
import { u8 } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { le16 } from '../little-endian.ts'
import { sessionMessage } from './nbss.ts'

export const NETBIOS = protocolId('netbios')

const LSAP = 0xf0

const DELIMITER = 2
const COMMAND = 4
/** Octets up to the command. */
const MIN_LENGTH = 5

// Commands that carry data.
const DATAGRAM = 0x08
const DATAGRAM_BROADCAST = 0x09
const DATA_FIRST_MIDDLE = 0x15
const DATA_ONLY_LAST = 0x16

export const netbios: Protocol = {
  id: NETBIOS,
  name: 'netbios',
  title: 'NetBIOS',
  carriedBy: { 'llc.dsap': LSAP },
  fields: [
    le16('netbios.hdr_len', 0, 'Length; of the header'),
    le16('netbios.delimiter', DELIMITER, 'Delimiter; 0xefff', { base: 'hex' }),
    u8('netbios.command', COMMAND, 'Command', { base: 'hex' }),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(NETBIOS, at)
    const { bytes, end } = packet
    packet.payload = end
    if (end - at < MIN_LENGTH) return NONE
    const command = bytes[at + COMMAND]
    if (
      command !== DATAGRAM &&
      command !== DATAGRAM_BROADCAST &&
      command !== DATA_FIRST_MIDDLE &&
      command !== DATA_ONLY_LAST
    )
      return NONE
    const data = at + read16le(bytes, at)
    if (data < at + MIN_LENGTH || data >= end) return NONE
    const next = sessionMessage(packet, data)
    if (next === DATA) return NONE
    packet.payload = data
    return next
  },
}
