/** ONC RPC: RFC 5531 §9 (messages), §11 (record marking over TCP). The portmapper of port 111 speaks it (RFC 1833). */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const CALL = 0
const REPLY = 1
const RPC_VERSION = 2
/** rpcbind; programs are assigned from 100000 on (RFC 5531 §8.2). */
const FIRST_PROGRAM = 100_000
const LAST_PROGRAM = 0x5fffffff
const MAX_VERSION = 255
const PORTMAP = 111

/** Hot: a call, or a reply that says accepted or denied. `at` is the transaction identifier. */
function isMessage(bytes: Uint8Array, at: number, end: number, isExpected: boolean): boolean {
  if (end - at < 24) return false
  const type = read32(bytes, at + 4)
  if (type === CALL) {
    const program = read32(bytes, at + 12)
    const version = read32(bytes, at + 16)
    return (
      read32(bytes, at + 8) === RPC_VERSION &&
      program >= FIRST_PROGRAM &&
      program <= LAST_PROGRAM &&
      version <= MAX_VERSION
    )
  }
  // A reply has little to tell it by: only where RPC is expected.
  return isExpected && type === REPLY && read32(bytes, at + 8) <= 1 && read32(bytes, at + 20) <= 5
}

export const rpc: Signature = {
  name: 'rpc',
  title: 'Remote Procedure Call',
  transport: 'udp',
  evidence: 'call or reply of ONC RPC',
  matches: (payload) => isMessage(payload.bytes, payload.at, payload.end, payload.hasPort(PORTMAP)),
}

/** Over TCP: a record mark of 4 octets, the last-fragment bit and the length, goes before the message. */
export const rpcOverTcp: Signature = {
  name: 'rpc',
  title: 'Remote Procedure Call',
  transport: 'tcp',
  // The mark's first octet: the last-fragment bit, and 0 of the length.
  begins: [0x00, 0x80],
  evidence: 'record mark with a call or reply of ONC RPC',
  matches: (payload) => isMessage(payload.bytes, payload.at + 4, payload.end, payload.hasPort(PORTMAP)),
}
