/** WireGuard, https://www.wireguard.com/protocol/: a type, three reserved octets that are 0, and one length for each handshake. */
import { read24, read32, read32le } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const INITIATION = 1
const RESPONSE = 2
const COOKIE_REPLY = 3
const TRANSPORT = 4

/** Octets of each handshake message, by its type. */
const LENGTHS: readonly number[] = [0, 148, 92, 64]
/** Header, and the tag of what may be empty; content is padded to 16 octets. */
const SHORTEST_TRANSPORT = 32
const RECEIVER = 4
const COUNTER = 8

export const wireGuardHandshake: Signature = {
  name: 'wg',
  title: 'WireGuard Protocol',
  transport: 'udp',
  evidence: 'handshake message of its exact length',
  begins: [INITIATION, RESPONSE, COOKIE_REPLY],
  matches: ({ bytes, at, end, length }) =>
    end - at >= RECEIVER + 4 &&
    read24(bytes, at + 1) === 0 &&
    length === LENGTHS[bytes[at]] &&
    read32(bytes, at + RECEIVER) !== 0,
}

/** Hot: a counter below 2 to the 32nd: as long as nobody sends four thousand million packets. */
function isTransportData({ bytes, at, end, length }: Payload): boolean {
  if (end - at < SHORTEST_TRANSPORT || read24(bytes, at + 1) !== 0 || length % 16 !== 0) return false
  return read32(bytes, at + RECEIVER) !== 0 && read32le(bytes, at + COUNTER + 4) === 0
}

/** A tunnel whose handshake was missed. */
export const wireGuardData: Signature = {
  name: 'wg',
  title: 'WireGuard Protocol',
  transport: 'udp',
  evidence: 'transport data messages',
  begins: [TRANSPORT],
  payloads: 2,
  matches: isTransportData,
}
