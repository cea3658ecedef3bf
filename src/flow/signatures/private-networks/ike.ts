/** IKE: RFC 7296 §3.1 (version 2), RFC 2408 §3.1 (version 1); in UDP with ESP: RFC 3948 §2; in TCP with ESP: RFC 9329 §4. */
import { read32 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const HEADER = 28
const NEXT_PAYLOAD = 16
const VERSION = 17
const EXCHANGE_TYPE = 18
const FLAGS = 19
const LENGTH = 24

const VERSION_1 = 0x10
const VERSION_2 = 0x20
/** Encryption, commit, authentication only (RFC 2408 §3.1). */
const FLAGS_1 = 0x07
/** Initiator, version, response (RFC 7296 §3.1). */
const FLAGS_2 = 0x38

/** Hot: identity protection and its like (1 to 6), quick mode and its like (32 to 34). */
function isExchange1(type: number): boolean {
  return (type >= 1 && type <= 6) || (type >= 32 && type <= 34)
}

/** Hot: IKE_SA_INIT (34) to IKE_FOLLOWUP_KE (44). */
function isExchange2(type: number): boolean {
  return type >= 34 && type <= 44
}

/** Hot: a header whose length is that of the whole message, `length`. */
function isMessage(bytes: Uint8Array, at: number, end: number, length: number): boolean {
  if (end - at < HEADER || read32(bytes, at + LENGTH) !== length) return false
  if (read32(bytes, at) === 0 && read32(bytes, at + 4) === 0) return false
  const payload = bytes[at + NEXT_PAYLOAD]
  const type = bytes[at + EXCHANGE_TYPE]
  const flags = bytes[at + FLAGS]
  switch (bytes[at + VERSION]) {
    case VERSION_1:
      return payload <= 21 && isExchange1(type) && (flags & ~FLAGS_1) === 0
    case VERSION_2:
      return (payload === 0 || (payload >= 33 && payload <= 54)) && isExchange2(type) && (flags & ~FLAGS_2) === 0
    default:
      return false
  }
}

export const isakmp: Signature = {
  name: 'isakmp',
  title: 'Internet Security Association and Key Management Protocol',
  transport: 'udp',
  evidence: 'header of IKE with the length of the datagram',
  matches: ({ bytes, at, end, length }) => isMessage(bytes, at, end, length),
}

/** Port 4500 is decoded without any look at it: this is for every other one. */
export const udpEncapsulation: Signature = {
  name: 'udpencap',
  title: 'UDP Encapsulation of IPsec Packets',
  transport: 'udp',
  evidence: 'non-ESP marker and header of IKE',
  begins: [0],
  matches: ({ bytes, at, end, length }) =>
    end - at >= 4 && read32(bytes, at) === 0 && isMessage(bytes, at + 4, end, length - 4),
}

export const tcpEncapsulation: Signature = {
  name: 'tcpencap',
  title: 'TCP Encapsulation of IPsec Packets',
  transport: 'tcp',
  evidence: 'stream prefix "IKETCP"',
  begins: ['I'.charCodeAt(0)],
  matches: (payload) => payload.startsWith('IKETCP'),
}
