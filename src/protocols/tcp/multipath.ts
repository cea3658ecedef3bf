/**
 * Fields of Multipath TCP options: RFC 8684 §3 (version 1), RFC 6824 §3 (version 0).
 *
 *    0      1        2                   3      octets
 *  0 | kind | length | subtype | bits  | what the subtype says ...
 */
import { read16, read32, read64 } from '../../packet/bytes.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import { eachOption } from './header.ts'
import { MULTIPATH_RESET_REASONS, MULTIPATH_SUBTYPES } from './option-kinds.ts'

const MULTIPATH = 30

// Subtypes (RFC 8684 §8.2).
const CAPABLE = 0
const JOIN = 1
const SIGNAL = 2
const ADD_ADDRESS = 3
const REMOVE_ADDRESS = 4
const PRIORITY = 5
const FALLBACK = 6
const FAST_CLOSE = 7
const RESET = 8

// Lengths of a join: in the SYN, in the SYN-ACK, in the third segment (RFC 8684 §3.2).
const JOIN_SYN = 12
const JOIN_SYN_ACK = 16
const JOIN_ACK = 24

// Bits of a data sequence signal, in its octet 3 (RFC 8684 §3.3).
const DATA_ACK = 0x01
const DATA_ACK_8 = 0x02
const SEQUENCE = 0x04
const SEQUENCE_8 = 0x08
const DATA_FIN = 0x10

/** The octets of an option, from `at` on. */
type ReadOption = (bytes: Uint8Array, at: number, length: number, visit: Visit) => boolean

function multipath(
  type: FieldType,
  name: string,
  subtypes: readonly number[],
  description: string,
  read: ReadOption,
  options: FieldOptions = {},
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachOption(packet, layer, (kind, at, length) => {
        if (kind !== MULTIPATH || length < 3 || !subtypes.includes(packet.bytes[at + 2] >> 4)) return false
        return read(packet.bytes, at, length, visit)
      }),
    options,
  )
}

function bit(name: string, subtypes: readonly number[], offset: number, mask: number, description: string): Field {
  return multipath('uint8', name, subtypes, description, (bytes, at, length, visit) => {
    return length > offset && visit((bytes[at + offset] & mask) === 0 ? 0 : 1, 0)
  })
}

/** Version of a `CAPABLE` option. */
function version(bytes: Uint8Array, at: number): number {
  return bytes[at + 2] & 0x0f
}

function key(offset: number): ReadOption {
  return (bytes, at, length, visit) => length >= offset + 8 && visit(read64(bytes, at + offset), 0)
}

/** Where the data sequence number of a signal begins: behind the data acknowledgment, if there is one. */
function sequenceOffset(flags: number): number {
  if ((flags & DATA_ACK) === 0) return 4
  return (flags & DATA_ACK_8) === 0 ? 8 : 12
}

/** Where the subflow's sequence number begins. */
function subflowOffset(flags: number): number {
  return sequenceOffset(flags) + ((flags & SEQUENCE_8) === 0 ? 4 : 8)
}

/** A number of 4 or 8 octets, of type uint64. */
function readLong(bytes: Uint8Array, at: number, isLong: boolean): bigint {
  return isLong ? read64(bytes, at) : BigInt(read32(bytes, at))
}

/** A value of a signal that has a mapping; `offset` counts from the subflow's sequence number. */
function mapping(offset: number, width: number, read: (bytes: Uint8Array, at: number) => number): ReadOption {
  return (bytes, at, length, visit) => {
    if (length < 4 || (bytes[at + 3] & SEQUENCE) === 0) return false
    const from = subflowOffset(bytes[at + 3]) + offset
    return from + width <= length && visit(read(bytes, at + from), 0)
  }
}

// An advertised address (RFC 8684 §3.4.1): the address, a port or none, and a truncated HMAC or none.
const ADDRESS = 4
const ADDRESS_HMAC = 8

/** Octets of the address: version 0 names its family, version 1 goes by the length. */
function addressLength(bytes: Uint8Array, at: number, length: number): number {
  const bits = bytes[at + 2] & 0x0f
  if (bits === 4) return 4
  return bits === 6 || length - ADDRESS >= 16 ? 16 : 4
}

/** Octets behind the address: 2 of a port, 8 of an HMAC, both, or none. */
function behindAddress(bytes: Uint8Array, at: number, length: number): number {
  return length - ADDRESS - addressLength(bytes, at, length)
}

function hasPort(behind: number): boolean {
  return behind === 2 || behind === 2 + ADDRESS_HMAC
}

export const multipathFields: readonly Field[] = [
  computed(
    'uint8',
    'tcp.options.mptcp.subtype',
    'Multipath TCP subtype',
    (packet, layer, visit) =>
      eachOption(
        packet,
        layer,
        (kind, at, length) => kind === MULTIPATH && length >= 3 && visit(packet.bytes[at + 2] >> 4, 0),
      ),
    { values: MULTIPATH_SUBTYPES },
  ),
  multipath('uint8', 'tcp.options.mptcp.version', [CAPABLE], 'Multipath TCP version', (bytes, at, _length, visit) =>
    visit(version(bytes, at), 0),
  ),
  multipath(
    'uint16',
    'tcp.options.mptcp.reserved',
    [JOIN, FALLBACK, FAST_CLOSE],
    'Reserved',
    (bytes, at, length, visit) => {
      if (bytes[at + 2] >> 4 === JOIN && length !== JOIN_ACK) return false
      return length >= 4 && visit(read16(bytes, at + 2) & 0x0fff, 0)
    },
    { base: 'hex' },
  ),
  multipath(
    'uint8',
    'tcp.options.mptcp.flags',
    [CAPABLE, JOIN, SIGNAL, PRIORITY, RESET],
    'Multipath TCP flags',
    (bytes, at, length, visit) => {
      const subtype = bytes[at + 2] >> 4
      if (subtype === JOIN) return (length === JOIN_SYN || length === JOIN_SYN_ACK) && visit(bytes[at + 2], 0)
      if (subtype === PRIORITY || subtype === RESET) return visit(bytes[at + 2], 0)
      return length >= 4 && visit(bytes[at + 3], 0)
    },
    { base: 'hex' },
  ),
  multipath('uint8', 'tcp.options.mptcp.backup.flag', [JOIN, PRIORITY], 'Backup flag', (bytes, at, length, visit) => {
    if (bytes[at + 2] >> 4 === JOIN && length !== JOIN_SYN && length !== JOIN_SYN_ACK) return false
    return visit(bytes[at + 2] & 1, 0)
  }),
  bit('tcp.options.mptcp.checksumreq.flags', [CAPABLE], 3, 0x80, 'Checksum required'),
  bit('tcp.options.mptcp.extensibility.flag', [CAPABLE], 3, 0x40, 'Extensibility'),
  multipath(
    'uint8',
    'tcp.options.mptcp.nomoresubflows.flag',
    [CAPABLE],
    'Do not attempt to establish new subflows to this address and port',
    (bytes, at, length, visit) => length >= 4 && version(bytes, at) === 1 && visit((bytes[at + 3] >> 5) & 1, 0),
  ),
  multipath('uint8', 'tcp.options.mptcp.sha1.flag', [CAPABLE], 'Use HMAC-SHA1', (bytes, at, length, visit) => {
    return length >= 4 && version(bytes, at) === 0 && visit(bytes[at + 3] & 1, 0)
  }),
  multipath('uint8', 'tcp.options.mptcp.sha256.flag', [CAPABLE], 'Use HMAC-SHA256', (bytes, at, length, visit) => {
    return length >= 4 && version(bytes, at) === 1 && visit(bytes[at + 3] & 1, 0)
  }),
  bit('tcp.options.mptcp.datafin.flag', [SIGNAL], 3, DATA_FIN, 'DATA_FIN'),
  bit('tcp.options.mptcp.dseqn8.flag', [SIGNAL], 3, SEQUENCE_8, 'Data Sequence Number is 8 octets'),
  bit(
    'tcp.options.mptcp.dseqnpresent.flag',
    [SIGNAL],
    3,
    SEQUENCE,
    'Data Sequence Number, Subflow Sequence Number, Data-level Length, Checksum present',
  ),
  bit('tcp.options.mptcp.dataack8.flag', [SIGNAL], 3, DATA_ACK_8, 'Data ACK is 8 octets'),
  bit('tcp.options.mptcp.dataackpresent.flag', [SIGNAL], 3, DATA_ACK, 'Data ACK is present'),
  multipath(
    'uint8',
    'tcp.options.mptcp.reserved.flag',
    [CAPABLE],
    'Reserved',
    (bytes, at, length, visit) => {
      const mask = version(bytes, at) === 1 ? 0x1e : 0x3e
      return length >= 4 && visit((bytes[at + 3] & mask) >> 1, 0)
    },
    { base: 'hex' },
  ),
  ...['U', 'V', 'W'].map((letter, i) =>
    multipath(
      'boolean',
      `tcp.options.mptcp.flag_${letter}.flag`,
      [RESET],
      `Flag ${letter}`,
      (bytes, at, _length, visit) => visit((bytes[at + 2] >> (3 - i)) & 1, 0),
    ),
  ),
  multipath('boolean', 'tcp.options.mptcp.flag_T.flag', [RESET], 'Transient', (bytes, at, _length, visit) =>
    visit(bytes[at + 2] & 1, 0),
  ),
  multipath(
    'uint8',
    'tcp.options.mptcp.rst_reason',
    [RESET],
    'TCPRST Reason',
    (bytes, at, length, visit) => length >= 4 && visit(bytes[at + 3], 0),
    { base: 'hex', values: MULTIPATH_RESET_REASONS },
  ),
  multipath(
    'uint8',
    'tcp.options.mptcp.addrid',
    [JOIN, ADD_ADDRESS, REMOVE_ADDRESS, PRIORITY],
    'Address ID',
    (bytes, at, length, visit) => {
      const subtype = bytes[at + 2] >> 4
      if (subtype === JOIN && length !== JOIN_SYN && length !== JOIN_SYN_ACK) return false
      const end = subtype === REMOVE_ADDRESS ? length : Math.min(length, 4)
      for (let offset = 3; offset < end; offset++) if (visit(bytes[at + offset], 0)) return true
      return false
    },
  ),
  multipath('uint64', 'tcp.options.mptcp.sendkey', [CAPABLE], "Sender's Key", (bytes, at, length, visit) => {
    return length >= 12 && visit(read64(bytes, at + 4), 0)
  }),
  multipath(
    'uint64',
    'tcp.options.mptcp.recvkey',
    [CAPABLE, FAST_CLOSE],
    "Receiver's Key",
    (bytes, at, length, visit) => key(bytes[at + 2] >> 4 === CAPABLE ? 12 : 4)(bytes, at, length, visit),
  ),
  multipath('uint32', 'tcp.options.mptcp.recvtok', [JOIN], "Receiver's Token", (bytes, at, length, visit) => {
    return length === JOIN_SYN && visit(read32(bytes, at + 4), 0)
  }),
  multipath('uint32', 'tcp.options.mptcp.sendrand', [JOIN], "Sender's Random Number", (bytes, at, length, visit) => {
    if (length !== JOIN_SYN && length !== JOIN_SYN_ACK) return false
    return visit(read32(bytes, at + length - 4), 0)
  }),
  multipath(
    'uint64',
    'tcp.options.mptcp.sendtrunchmac',
    [JOIN],
    "Sender's Truncated HMAC",
    (bytes, at, length, visit) => {
      return length === JOIN_SYN_ACK && visit(read64(bytes, at + 4), 0)
    },
  ),
  multipath('bytes', 'tcp.options.mptcp.sendhmac', [JOIN], "Sender's HMAC", (_bytes, at, length, visit) => {
    return length === JOIN_ACK && visit(at + 4, 20)
  }),
  multipath(
    'uint64',
    'tcp.options.mptcp.addaddrtrunchmac',
    [ADD_ADDRESS],
    'Truncated HMAC',
    (bytes, at, length, visit) => {
      const behind = behindAddress(bytes, at, length)
      if (behind !== ADDRESS_HMAC && behind !== 2 + ADDRESS_HMAC) return false
      return visit(read64(bytes, at + length - ADDRESS_HMAC), 0)
    },
  ),
  multipath(
    'uint64',
    'tcp.options.mptcp.rawdataack',
    [SIGNAL],
    'Original MPTCP Data ACK',
    (bytes, at, length, visit) => {
      if (length < 4 || (bytes[at + 3] & DATA_ACK) === 0 || length < sequenceOffset(bytes[at + 3])) return false
      return visit(readLong(bytes, at + 4, (bytes[at + 3] & DATA_ACK_8) !== 0), 0)
    },
  ),
  multipath(
    'uint64',
    'tcp.options.mptcp.rawdataseqno',
    [SIGNAL, FALLBACK],
    'Data Sequence Number',
    (bytes, at, length, visit) => {
      if (bytes[at + 2] >> 4 === FALLBACK) return key(4)(bytes, at, length, visit)
      if (length < 4 || (bytes[at + 3] & SEQUENCE) === 0 || length < subflowOffset(bytes[at + 3])) return false
      return visit(readLong(bytes, at + sequenceOffset(bytes[at + 3]), (bytes[at + 3] & SEQUENCE_8) !== 0), 0)
    },
  ),
  multipath('uint32', 'tcp.options.mptcp.subflowseqno', [SIGNAL], 'Subflow Sequence Number', mapping(0, 4, read32)),
  multipath(
    'uint16',
    'tcp.options.mptcp.datalvllen',
    [CAPABLE, SIGNAL],
    'Data-level Length',
    (bytes, at, length, visit) => {
      if (bytes[at + 2] >> 4 === SIGNAL) return mapping(4, 2, read16)(bytes, at, length, visit)
      return length >= 22 && visit(read16(bytes, at + 20), 0)
    },
  ),
  multipath(
    'uint16',
    'tcp.options.mptcp.checksum',
    [CAPABLE],
    'Checksum',
    (bytes, at, length, visit) => length >= 24 && visit(read16(bytes, at + 22), 0),
    { base: 'hex' },
  ),
  multipath('uint8', 'tcp.options.mptcp.ipver', [ADD_ADDRESS], 'IP version', (bytes, at, _length, visit) => {
    const bits = bytes[at + 2] & 0x0f
    return (bits === 4 || bits === 6) && visit(bits, 0)
  }),
  multipath('uint8', 'tcp.options.mptcp.echo', [ADD_ADDRESS], 'Echo', (bytes, at, _length, visit) => {
    const bits = bytes[at + 2] & 0x0f
    return bits !== 4 && bits !== 6 && visit(bits & 1, 0)
  }),
  multipath('ipv4', 'tcp.options.mptcp.ipv4', [ADD_ADDRESS], 'Advertised IPv4 Address', (bytes, at, length, visit) => {
    if (addressLength(bytes, at, length) !== 4 || length < ADDRESS + 4) return false
    return visit(read32(bytes, at + ADDRESS), 0)
  }),
  multipath('ipv6', 'tcp.options.mptcp.ipv6', [ADD_ADDRESS], 'Advertised IPv6 Address', (bytes, at, length, visit) => {
    return addressLength(bytes, at, length) === 16 && length >= ADDRESS + 16 && visit(at + ADDRESS, 16)
  }),
  multipath('uint16', 'tcp.options.mptcp.port', [ADD_ADDRESS], 'Advertised port', (bytes, at, length, visit) => {
    if (!hasPort(behindAddress(bytes, at, length))) return false
    return visit(read16(bytes, at + ADDRESS + addressLength(bytes, at, length)), 0)
  }),
]
