/**
 * Modbus, over TCP: MODBUS Messaging on TCP/IP Implementation Guide V1.0b §3.1; the MODBUS Application Protocol V1.1b3.
 *
 *    0             2             4         6      7           8  octets
 *  0 | transaction | protocol, 0 | length  | unit | function  | data ...
 */
import { read16 } from '../../../packet/bytes.ts'
import { NONE, type Packet, REJECTED } from '../../../packet/packet.ts'
import { u8, u16 } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { scanned } from '../../scan.ts'
import { LayerNotes } from '../layer-notes.ts'
import { notAnswered, RecentRequests } from '../recent-requests.ts'
import { modbusItems } from './items.ts'
import { type Knowledge, REQUEST, RESPONSE, scanModbus } from './messages.ts'

export const MODBUS_TCP = protocolId('mbtcp')
export const MODBUS = protocolId('modbus')

const PORT = 502
const TRANSACTION = 0
const PROTOCOL = 2
const LENGTH = 4
const UNIT = 6
/** Octets that the length does not count. */
const PREFIX_LENGTH = 6
/** Octets before the function code. */
const HEADER_LENGTH = 7
const notes = new LayerNotes<Knowledge>(nothingKnown)

function nothingKnown(): Knowledge {
  return { kind: 0, request: notAnswered() }
}

export const modbusTcp: Protocol = {
  id: MODBUS_TCP,
  name: 'mbtcp',
  title: 'Modbus/TCP',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORT },
  messages: { headerLength: PREFIX_LENGTH, length: (bytes, at) => PREFIX_LENGTH + read16(bytes, at + LENGTH) },
  fields: [
    u16('mbtcp.trans_id', TRANSACTION, 'Transaction Identifier; the same in the answer'),
    u16('mbtcp.prot_id', PROTOCOL, 'Protocol Identifier; 0'),
    u16('mbtcp.len', LENGTH, 'Length; octets that follow'),
    u8('mbtcp.unit_id', UNIT, 'Unit Identifier; the device behind a gateway'),
  ],

  /** Hot: a whole message. */
  decode(packet, at) {
    const { bytes, end } = packet
    if (end - at >= PREFIX_LENGTH && (read16(bytes, at + PROTOCOL) !== 0 || read16(bytes, at + LENGTH) < 2))
      return REJECTED
    packet.enter(MODBUS_TCP, at)
    packet.payload = at + HEADER_LENGTH
    return end > packet.payload ? MODBUS : packet.truncated(MODBUS_TCP)
  },
}

export const modbus: Protocol = {
  id: MODBUS,
  name: 'modbus',
  title: 'Modbus',
  need: 'dissection',
  fields: scanned(modbusItems, (scan) => scanModbus(scan, notes.of(scan.packet, scan.layer) ?? nothingKnown())),

  /** Hot: what follows the header of Modbus/TCP. */
  decode(packet, at) {
    const { bytes, end } = packet
    packet.enter(MODBUS, at)
    packet.payload = end
    const known = notes.add(packet, at)
    known.kind = kindOf(packet)
    known.request.frame = known.request.first = known.request.second = 0
    if (packet.conversation === null || known.kind === 0) return NONE
    const requests = requestsOf(packet)
    const key = (read16(bytes, at - HEADER_LENGTH) * 256 + bytes[at - 1]) * 256 + bytes[at]
    if (known.kind === RESPONSE) requests.find(packet, key, known.request)
    else requests.add(packet, key, at + 3 <= end ? read16(bytes, at + 1) : 0, at + 5 <= end ? read16(bytes, at + 3) : 0)
    return NONE
  },
}

/** Hot: the server's port tells requests and responses apart. */
function kindOf({ bytes, transport, layerAt }: Packet): number {
  if (transport < 0) return 0
  const isFromServer = read16(bytes, layerAt[transport]) === PORT
  const isToServer = read16(bytes, layerAt[transport] + 2) === PORT
  return isFromServer === isToServer ? 0 : isToServer ? REQUEST : RESPONSE
}

function requestsOf({ conversation }: Packet): RecentRequests {
  const { state } = conversation!
  let requests = state.get(MODBUS) as RecentRequests | undefined
  if (requests === undefined) {
    requests = new RecentRequests()
    state.set(MODBUS, requests)
  }
  return requests
}
