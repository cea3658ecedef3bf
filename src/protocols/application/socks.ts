/**
 * SOCKS: version 5, RFC 1928 (and RFC 1929, names and passwords); version 4 and 4A. What comes after the greeting is decoded as
 * what the named server's port carries.
 *
 * Version 5, from the client: | 5 | count | methods ... |, | 5 | command | 0 | address type | address | port |
 * Version 4, from the client: | 4 | command | port (2) | address (4) | name, 0 | [host, 0] |
 */
import { read16 } from '../../packet/bytes.ts'
import { NONE, type Packet, REJECTED } from '../../packet/packet.ts'
import { DATA } from '../data.ts'
import { u8 } from '../field.ts'
import { applicationByTcpPort } from '../handoff.ts'
import { type Protocol, protocolId } from '../protocol.ts'

export const SOCKS = protocolId('socks')

const PORT = 1080
const VERSION_4 = 4
const VERSION_5 = 5
/** Authentication method: name and password (RFC 1928 §3). */
const WITH_PASSWORD = 2

// Address types (RFC 1928 §5), and octets of their addresses.
const IPV4_ADDRESS = 1
const DOMAIN_NAME = 3
const IPV6_ADDRESS = 4

/** What comes next. */
const GREETING = 0
const METHOD = 1
const PASSWORD = 2
const PASSWORD_REPLY = 3
const COMMAND = 4
const REPLY = 5
const RELAY = 6

class State {
  next = GREETING
  version = 0
  /** The port that the client asked for. */
  port = 0
}

function stateOf(packet: Packet): State {
  const known = packet.conversation?.state.get(SOCKS) as State | undefined
  if (known !== undefined) return known
  const state = new State()
  packet.conversation?.state.set(SOCKS, state)
  return state
}

export const socks: Protocol = {
  id: SOCKS,
  name: 'socks',
  title: 'Socks Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORT },
  fields: [u8('socks.version', 0, 'Version')],

  /** Hot, but for the first payload of a stream. */
  decode(packet, at) {
    const { bytes } = packet
    if (at >= packet.end) return REJECTED
    const state = stateOf(packet)
    const isFromClient = read16(bytes, packet.layerAt[packet.transport] + 2) === PORT
    if (state.next === GREETING && (!isFromClient || (bytes[at] !== VERSION_4 && bytes[at] !== VERSION_5)))
      return REJECTED
    packet.enter(SOCKS, at)
    packet.payload = packet.end
    if (state.next === RELAY) {
      packet.payload = at
      return applicationByTcpPort[state.port] || DATA
    }
    advance(state, packet, at, isFromClient)
    return NONE
  },
}

/** Takes in one message of the negotiation. */
function advance(state: State, packet: Packet, at: number, isFromClient: boolean): void {
  const { bytes, end } = packet
  switch (state.next) {
    case GREETING:
      state.version = bytes[at]
      if (state.version === VERSION_5) state.next = METHOD
      else if (end - at >= 4) {
        state.port = read16(bytes, at + 2)
        state.next = REPLY
      }
      return
    case METHOD:
      if (!isFromClient && end - at >= 2) state.next = bytes[at + 1] === WITH_PASSWORD ? PASSWORD : COMMAND
      return
    case PASSWORD:
      if (isFromClient) state.next = PASSWORD_REPLY
      return
    case PASSWORD_REPLY:
      if (!isFromClient) state.next = COMMAND
      return
    case COMMAND:
      if (!isFromClient) return
      state.port = requestedPort(bytes, at, end)
      state.next = REPLY
      return
    default:
      if (!isFromClient) state.next = RELAY
  }
}

/** The port at the end of a version 5 request; 0 if it is not there. */
function requestedPort(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 5) return 0
  const type = bytes[at + 3]
  let port = at + 4
  if (type === IPV4_ADDRESS) port += 4
  else if (type === IPV6_ADDRESS) port += 16
  else if (type === DOMAIN_NAME) port += 1 + bytes[at + 4]
  else return 0
  return port + 2 <= end ? read16(bytes, port) : 0
}
