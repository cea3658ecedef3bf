/**
 * TFTP: Trivial File Transfer Protocol, RFC 1350. Options: RFC 2347.
 *
 *   | operation (2) | request: file name, 0, mode, 0; then options: name, 0, value, 0 ...
 *                   | data, acknowledgement: block number (2), data ...
 *                   | error: code (2), message, 0
 *
 * A request goes to port 69; the answer comes from another port, and all else goes between the two new ports.
 */
import { formatIpv4, formatIpv6 } from '../../packet/address.ts'
import { read16, read32 } from '../../packet/bytes.ts'
import { NONE, type Packet } from '../../packet/packet.ts'
import { DATA } from '../data.ts'
import { computed, type Field, u16, type ValueNames, type Visit, when } from '../field.ts'
import { SOURCE as V4_SOURCE } from '../ipv4.ts'
import { SOURCE as V6_SOURCE } from '../ipv6.ts'
import { IPV6 } from '../ipv6-id.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { UDP } from '../udp.ts'
import { asciiText } from './ascii.ts'

export const TFTP = protocolId('tftp')

// Octets from the first octet of the message.
const OPERATION = 0
const NAME = 2
const BLOCK = 2
const ERROR_CODE = 2
const CONTENT = 4

// Operations (RFC 1350 §5, RFC 2347).
const READ = 1
const WRITE = 2
const CONTENTS = 3
const ACKNOWLEDGEMENT = 4
const ERROR = 5
const OPTIONS = 6

const PORT = 69

const OPERATIONS: ValueNames = {
  1: 'Read Request',
  2: 'Write Request',
  3: 'Data Packet',
  4: 'Acknowledgement',
  5: 'Error Code',
  6: 'Option Acknowledgement',
  255: 'Information (MSDP)',
}
const ERRORS: ValueNames = {
  0: 'Not defined',
  1: 'File not found',
  2: 'Access violation',
  3: 'Disk full or allocation exceeded',
  4: 'Illegal TFTP Operation',
  5: 'Unknown transfer ID',
  6: 'File already exists',
  7: 'No such user',
  8: 'Option negotiation failed',
}

/** Hot. */
function operationOf({ bytes, layerAt, layerEnd }: Packet, layer: number): number {
  return layerAt[layer] + NAME <= layerEnd[layer] ? read16(bytes, layerAt[layer] + OPERATION) : 0
}

function ofOperations(operations: readonly number[], field: Field): Field {
  return when((packet, layer) => operations.includes(operationOf(packet, layer)), field)
}

/** Hot: one past the zero octet that ends the text at `at`; -1 if none does. */
function afterText(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) if (bytes[i] === 0) return i + 1
  return -1
}

/** Visits text `index` of those from `offset` on, all ended by a zero octet. */
function text(name: string, operations: readonly number[], offset: number, index: number, description: string): Field {
  return computed('string', name, description, (packet, layer, visit) => {
    if (!operations.includes(operationOf(packet, layer))) return false
    const end = packet.layerEnd[layer]
    let at = packet.layerAt[layer] + offset
    for (let i = 0; i < index && at >= 0; i++) at = afterText(packet.bytes, at, end)
    return at >= 0 && visitText(packet.bytes, at, end, visit)
  })
}

function visitText(bytes: Uint8Array, at: number, end: number, visit: Visit): boolean {
  return afterText(bytes, at, end) >= 0 && visit(asciiText(bytes, at, end - at), 0)
}

/** The names (`index` 0) or values (1) of options. */
function option(name: string, index: number, description: string): Field {
  return computed('string', name, description, ({ bytes, layerAt, layerEnd }, layer, visit) => {
    const end = layerEnd[layer]
    let at = firstOption(bytes, layerAt[layer], end)
    while (at >= 0 && at < end) {
      const value = afterText(bytes, at, end)
      const next = value < 0 ? -1 : afterText(bytes, value, end)
      if (next < 0) return false
      if (visitText(bytes, index === 0 ? at : value, end, visit)) return true
      at = next
    }
    return false
  })
}

/** Hot: where options begin; -1 if the message has none, or is cut before. */
function firstOption(bytes: Uint8Array, at: number, end: number): number {
  if (at + NAME > end) return -1
  const operation = read16(bytes, at + OPERATION)
  if (operation === OPTIONS) return at + NAME
  if (operation !== READ && operation !== WRITE) return -1
  const mode = afterText(bytes, at + NAME, end)
  return mode < 0 ? -1 : afterText(bytes, mode, end)
}

export const tftp: Protocol = {
  id: TFTP,
  name: 'tftp',
  title: 'Trivial File Transfer Protocol',
  need: 'dissection',
  carriedBy: { 'udp.application': PORT },
  looksLike: { udp: (packet, at) => isRequest(packet.bytes, at, packet.end) },
  fields: [
    u16('tftp.opcode', OPERATION, 'Opcode; the operation', { values: OPERATIONS }),
    text('tftp.source_file', [READ], NAME, 0, 'Source File; that is asked for'),
    text('tftp.destination_file', [WRITE], NAME, 0, 'Destination File; that will be written'),
    text('tftp.type', [READ, WRITE], NAME, 1, 'Type; the mode of transfer'),
    ofOperations([CONTENTS, ACKNOWLEDGEMENT], u16('tftp.block', BLOCK, 'Block; its number')),
    ofOperations([ERROR], u16('tftp.error.code', ERROR_CODE, 'Error code', { values: ERRORS })),
    text('tftp.error.message', [ERROR], CONTENT, 0, 'Error message'),
    option('tftp.option.name', 0, 'Option name'),
    option('tftp.option.value', 1, 'Option value'),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(TFTP, at)
    const { bytes, end } = packet
    packet.payload = end
    expectAnswers(packet, at)
    if (at + NAME > end) return packet.truncated(TFTP)
    const operation = read16(bytes, at + OPERATION)
    if (operation === CONTENTS || operation === ACKNOWLEDGEMENT || operation === ERROR) {
      if (at + CONTENT > end) return packet.truncated(TFTP)
      if (operation === ERROR && afterText(bytes, at + CONTENT, end) < 0) return packet.truncated(TFTP)
      if (operation !== CONTENTS || at + CONTENT === end) return NONE
      packet.payload = at + CONTENT
      return DATA
    }
    if (operation !== READ && operation !== WRITE && operation !== OPTIONS) return NONE
    let option = firstOption(bytes, at, end)
    while (option >= 0 && option < end) {
      const value = afterText(bytes, option, end)
      option = value < 0 ? -1 : afterText(bytes, value, end)
    }
    return option < 0 ? packet.truncated(TFTP) : NONE
  },
}

const MODES = ['netascii', 'octet', 'mail']

/**
 * Hot until what looks like a request is found: two octets, then printable text in an even number of parts, each ended by
 * a zero octet, of which the second is a mode of transfer. Wireshark does not look at the operation.
 */
function isRequest(bytes: Uint8Array, at: number, end: number): boolean {
  let zeros = 0
  for (let i = at + NAME; i < end; i++) {
    if (bytes[i] === 0) zeros++
    else if (bytes[i] < 0x20 || bytes[i] > 0x7e) return false
  }
  if (zeros === 0 || (zeros & 1) !== 0) return false
  const mode = afterText(bytes, at + NAME, end)
  return MODES.includes(asciiText(bytes, mode, end - mode).toLowerCase())
}

/** Hot, but for requests: those that answer will do so to the port that a request came from. */
function expectAnswers(packet: Packet, at: number): void {
  const { conversation, bytes, transport, network } = packet
  if (conversation === null || transport < 0 || network < 0 || packet.layerProtocol[transport] !== UDP) return
  const isKnown = conversation.protocol === TFTP
  if (isKnown || (packet.matchPort !== 0 && !isToPort(packet)) || !isRequest(bytes, at, packet.end)) return
  const address = packet.layerAt[network]
  const from =
    packet.layerProtocol[network] === IPV6
      ? formatIpv6(bytes, address + V6_SOURCE)
      : formatIpv4(read32(bytes, address + V4_SOURCE))
  conversation.protocol = TFTP
  conversation.expect(UDP, from, read16(bytes, packet.layerAt[transport]), TFTP)
}

/** Hot. */
function isToPort(packet: Packet): boolean {
  return read16(packet.bytes, packet.layerAt[packet.transport] + 2) === PORT
}
