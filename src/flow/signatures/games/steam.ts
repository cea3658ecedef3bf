/** Steam: its clients' connections, over TCP ("VT01") and UDP ("VS01"), and the discovery of computers to stream games from. */
import { read16le, read32, read32le } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

// Discovery: the first octets, and then a header with its length.
const DISCOVERY_START = 0xffff_ffff
const DISCOVERY_END = 0x214c_5fa0

export const steamDiscovery: Signature = {
  name: 'steam_ihs_discovery',
  title: 'Steam In-Home Streaming Discovery Protocol',
  transport: 'udp',
  evidence: 'magic octets and a header that fits',
  begins: [0xff],
  matches: ({ bytes, at, end, length }) =>
    end - at >= 12 &&
    read32(bytes, at) === DISCOVERY_START &&
    read32(bytes, at + 4) === DISCOVERY_END &&
    read32le(bytes, at + 8) <= length - 12,
}

const TCP_MAGIC = 'VT01'
/** Octets of a message: more is none. */
const MAX_TCP_LENGTH = 0x10_0000

export const steam: Signature = {
  name: 'steam',
  title: 'Steam',
  transport: 'tcp',
  evidence: 'length and "VT01"',
  matches: (payload) => payload.startsWith(TCP_MAGIC, 4) && read32le(payload.bytes, payload.at) <= MAX_TCP_LENGTH,
}

const UDP_MAGIC = 'VS01'
const UDP_HEADER = 36

export const steamOverUdp: Signature = {
  name: 'steam',
  title: 'Steam',
  transport: 'udp',
  evidence: '"VS01" and the datagram\'s length',
  begins: ['V'.charCodeAt(0)],
  matches: (payload) =>
    payload.end - payload.at >= UDP_HEADER &&
    payload.startsWith(UDP_MAGIC) &&
    read16le(payload.bytes, payload.at + 4) + UDP_HEADER === payload.length,
}
