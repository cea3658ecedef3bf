/** netcode, https://github.com/mas-bandwidth/netcode/blob/main/STANDARD.md, "Connection Request Packet"; Yojimbo is built on it. */
import type { Signature } from '../signature.ts'

const CONNECTION_REQUEST = 0
const VERSION = 'NETCODE 1.0'
/** One more digit, and an octet 0. */
const VERSION_LENGTH = 13

export const netcode: Signature = {
  name: 'netcode',
  title: 'netcode',
  transport: 'udp',
  evidence: 'connection request "NETCODE 1.0"',
  begins: [CONNECTION_REQUEST],
  matches: (payload) =>
    payload.end - payload.at > VERSION_LENGTH &&
    payload.startsWith(VERSION, 1) &&
    payload.bytes[payload.at + VERSION_LENGTH] === 0,
}
