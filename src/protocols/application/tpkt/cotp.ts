/**
 * COTP: ISO 8073 / X.224 §13, connection-oriented transport; over TCP class 0 of it.
 *
 *    0        1                 2              4          6         7  octets
 *    | length | type, credit | destination | source | class | parameters ...       connect, disconnect
 *    | length | type, credit | last, number | data ...                             data
 *
 * The length counts what follows it in the header, without the data.
 */
import { NONE, type Packet, REJECTED } from '../../../packet/packet.ts'
import { DATA } from '../../data.ts'
import { bits, computed, type Field, flag, u8, u16, when } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { isRdpAnswer, isRdpRequest, RDP } from './rdp.ts'
import { isT125, T125 } from './t125.ts'

export const COTP = protocolId('cotp')
const S7COMM = protocolId('s7comm')
const MMS = protocolId('mms')

// Types: the upper half of the second octet.
const EXPEDITED = 0x1
const EXPEDITED_ACKNOWLEDGEMENT = 0x2
const REJECT = 0x5
const ACKNOWLEDGEMENT = 0x6
const ERROR = 0x7
const DISCONNECT_REQUEST = 0x8
const DISCONNECT_CONFIRM = 0xc
const CONNECT_CONFIRM = 0xd
const CONNECT_REQUEST = 0xe
const DATA_TYPE = 0xf

/** Octets that the length counts at least, by type. */
const MIN_LENGTH: Readonly<Record<number, number>> = {
  [EXPEDITED]: 4,
  [EXPEDITED_ACKNOWLEDGEMENT]: 4,
  [REJECT]: 4,
  [ACKNOWLEDGEMENT]: 4,
  [ERROR]: 4,
  [DISCONNECT_REQUEST]: 6,
  [DISCONNECT_CONFIRM]: 5,
  [CONNECT_CONFIRM]: 6,
  [CONNECT_REQUEST]: 6,
  [DATA_TYPE]: 2,
}

/** The data unit ends here: no more of it follows. */
const LAST = 0x80

/** First octets by which Wireshark recognises what data holds. */
const S7COMM_ID = 0x32

const typeOf = (packet: Packet, layer: number): number => {
  const at = packet.layerAt[layer]
  // Wireshark shows nothing of a data unit that lacks an octet.
  return at + 3 <= packet.layerEnd[layer] ? packet.bytes[at + 1] >> 4 : -1
}

function ofTypes(types: readonly number[], field: Field): Field {
  return when((packet, layer) => types.includes(typeOf(packet, layer)), field)
}

const CONNECTIONS = [CONNECT_CONFIRM, CONNECT_REQUEST]
const WITH_SOURCE = [...CONNECTIONS, DISCONNECT_REQUEST, DISCONNECT_CONFIRM]

export const cotp: Protocol = {
  id: COTP,
  name: 'cotp',
  title: 'ISO 8073/X.224 COTP Connection-Oriented Transport Protocol',
  need: 'dissection',
  fields: [
    u8('cotp.li', 0, 'Length; of the rest of the header'),
    computed(
      'uint8',
      'cotp.type',
      'PDU Type',
      (packet, layer, visit) => {
        const type = typeOf(packet, layer)
        return type >= 0 && visit(type, 0)
      },
      {
        base: 'hex',
        values: {
          [EXPEDITED]: 'ED Expedited Data',
          [EXPEDITED_ACKNOWLEDGEMENT]: 'EA Expedited Data Acknowledgement',
          [REJECT]: 'RJ Reject',
          [ACKNOWLEDGEMENT]: 'AK Data Acknowledgement',
          [ERROR]: 'ER TPDU Error',
          [DISCONNECT_REQUEST]: 'DR Disconnect Request',
          [DISCONNECT_CONFIRM]: 'DC Disconnect Confirm',
          [CONNECT_CONFIRM]: 'CC Connect Confirm',
          [CONNECT_REQUEST]: 'CR Connect Request',
          [DATA_TYPE]: 'DT Data',
        },
      },
    ),
    computed(
      'uint16',
      'cotp.destref',
      'Destination reference; in data of class 0 there is none, and it is shown as 0',
      (packet, layer, visit) => {
        const at = packet.layerAt[layer]
        const type = typeOf(packet, layer)
        if (type === DATA_TYPE && packet.bytes[at] === 2) return visit(0, 0)
        return (
          type >= 0 && at + 4 <= packet.layerEnd[layer] && visit((packet.bytes[at + 2] << 8) | packet.bytes[at + 3], 0)
        )
      },
      { base: 'hex' },
    ),
    ofTypes(WITH_SOURCE, u16('cotp.srcref', 4, 'Source reference', { base: 'hex' })),
    ofTypes(CONNECTIONS, bits('uint8', 'cotp.class', 6, 1, 0xf0, 'Class')),
    ofTypes(CONNECTIONS, flag('cotp.opts.extended_formats', 6, 1, 0x02, 'Extended formats')),
    ofTypes(CONNECTIONS, flag('cotp.opts.no_explicit_flow_control', 6, 1, 0x01, 'No explicit flow control')),
    when(
      (packet, layer) => typeOf(packet, layer) === DATA_TYPE && packet.bytes[packet.layerAt[layer]] === 2,
      bits('uint8', 'cotp.tpdu-number', 2, 1, 0x7f, 'TPDU number', { base: 'hex' }),
    ),
    when(
      (packet, layer) => typeOf(packet, layer) === DATA_TYPE && packet.bytes[packet.layerAt[layer]] === 2,
      flag('cotp.eot', 2, 1, LAST, 'Last data unit; of what was cut into several'),
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    const { bytes, end } = packet
    if (at + 2 > end) return REJECTED
    const length = bytes[at]
    const type = bytes[at + 1] >> 4
    if (length < (MIN_LENGTH[type] ?? 256)) return REJECTED
    packet.enter(COTP, at)
    const next = at + 1 + length
    if (next > end) return packet.truncated(COTP)
    packet.payload = next
    if (type === CONNECT_REQUEST || type === CONNECT_CONFIRM) return connect(packet, at, next, type)
    if (type === EXPEDITED) return next < end ? DATA : NONE
    if (type !== DATA_TYPE) return NONE
    // The pieces of a cut data unit are not put together.
    if ((bytes[at + 2] & LAST) === 0 || next >= end) return NONE
    return dataUnit(packet, next)
  },
}

/** Hot: Remote Desktop's negotiation stands where class 0 has parameters. What stands behind the header is data. */
function connect(packet: Packet, at: number, next: number, type: number): number {
  const parameters = at + 7
  const isRdp =
    type === CONNECT_REQUEST
      ? isRdpRequest(packet.bytes, parameters, next)
      : isRdpAnswer(packet.bytes, parameters, next)
  if (isRdp) {
    packet.payload = parameters
    return RDP
  }
  return next < packet.end ? DATA : NONE
}

/** Hot: what data is, is told by its first octet. */
function dataUnit(packet: Packet, at: number): number {
  const first = packet.bytes[at]
  if (isT125(packet.bytes, at, packet.end)) return T125
  if (first === S7COMM_ID && packet.end - at >= 2) return S7COMM
  // Confirmed and unconfirmed services, by context tag (ISO 9506-2).
  if ((first >= 0x80 && first <= 0x8d) || (first >= 0xa0 && first <= 0xad)) return MMS
  return DATA
}

function named(id: number, name: string, title: string): Protocol {
  return {
    id,
    name,
    title,
    need: 'dissection',
    fields: [],

    /** Hot. */
    decode(packet, at) {
      packet.enter(id, at)
      packet.payload = packet.end
      return NONE
    },
  }
}

export const cotpPayloads: readonly Protocol[] = [named(S7COMM, 's7comm', 'S7 Communication'), named(MMS, 'mms', 'MMS')]
