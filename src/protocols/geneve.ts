/**
 * Geneve: Generic Network Virtualization Encapsulation, RFC 8926 §3.
 *
 *    0                      2               4  octets
 *  0 | ver | options length | O C | protocol |
 *  4 |  network identifier (3)  | reserved   |
 *  8 |  options, data ...
 */
import { read16 } from '../packet/bytes.ts'
import { DATA } from './data.ts'
import { flag as bit, bits, computed, u8, u16, u24 } from './field.ts'
import { protoTypeNames } from './geneve-names.ts'
import { byEthertype } from './handoff.ts'
import { type Protocol, protocolId } from './protocol.ts'
import { flag, type Item, item, part, type Row, type Scan, scanned } from './scan.ts'

export const GENEVE = protocolId('geneve')

/** Octets before the options. */
const HEADER_LENGTH = 8

// Octets from the first octet of this header.
const VERSION_LENGTH = 0
const FLAGS = 1
const PROTOCOL = 2
const NETWORK_IDENTIFIER = 4
const RESERVED = 7

/** The length of the options counts words of 4 octets. */
const LENGTH_MASK = 0x3f
const WORD = 4

// Octets from the first octet of an option (RFC 8926 §3.5), and the length of its header.
const OPTION_CLASS = 0
const OPTION_TYPE = 2
const OPTION_LENGTH = 3
const OPTION_LENGTH_MASK = 0x1f
const OPTION_HEADER_LENGTH = 4

/** Google's options, of class 0x0132, and those of their types that say how long they are: all but the first. */
const GOOGLE = 0x0132
const NETWORK = 1
const ENDPOINT = 2
const PROFILE = 3
const WIDE = 8

const options = item('bytes', 'geneve.options', 'Geneve Options')
const invalid = item('none', 'geneve.option.length.invalid', 'Invalid length for option')
const option = item('bytes', 'geneve.option', 'Option')
const optionRows: readonly Row[] = [
  [item('uint16', 'geneve.option.class', 'Class; who defined the type', { base: 'hex' })],
  [
    item('uint8', 'geneve.option.type', 'Type', { base: 'hex' }),
    flag('geneve.option.type.critical', 1, 0x80, 'Critical Option'),
  ],
]
const optionFlags: Row = [
  // Three bits of the octet; the lowest stands where it is read.
  part('uint8', 'geneve.option.flags', 1, 0xe0, 'Flags', { base: 'hex' }),
  flag('geneve.option.flags.reserved', 1, 0xe0, 'Reserved'),
]
const optionLength = item('uint8', 'geneve.option.length', 'Length; in octets, its header included')
const googleRow: Row = [
  part('uint32', 'geneve.option.gcp.vnid', 4, 0xfffffff0, 'GCP Virtual Network ID'),
  flag('geneve.option.gcp.direction', 4, 0x01, 'GCP Traffic Direction'),
  flag('geneve.option.gcp.reserved', 4, 0x0e, 'GCP Reserved bits'),
]
const endpoint = item('bytes', 'geneve.option.gcp.endpoint', 'GCP Endpoint ID')
const profile = item('uint64', 'geneve.option.gcp.profile', 'GCP Profile ID')
const unknownData = item('bytes', 'geneve.option.unknown.data', 'Unknown Option Data')

const items: readonly Item[] = [
  options,
  option,
  ...optionRows.flat(),
  ...optionFlags,
  optionLength,
  ...googleRow,
  endpoint,
  profile,
  unknownData,
  invalid,
]

/** Walks the options. */
function scanOptions(scan: Scan): void {
  const octets = (scan.octet() & LENGTH_MASK) * WORD
  // The name of an option's length is that of the length of all, too.
  scan.put(optionLength, octets)
  scan.skip(HEADER_LENGTH)
  if (octets === 0 || !scan.going) return
  scan.here(options, octets)
  const end = scan.at + octets
  while (scan.going && scan.at < end) {
    const length = OPTION_HEADER_LENGTH + (scan.octet(OPTION_LENGTH) & OPTION_LENGTH_MASK) * WORD
    if (length > end - scan.at) {
      scan.mark(invalid)
      return
    }
    scanOption(scan, length)
  }
}

function scanOption(scan: Scan, length: number): void {
  const { at } = scan
  scan.here(option, length)
  const optionClass = scan.two(OPTION_CLASS)
  const type = scan.octet(OPTION_TYPE)
  scan.rows(optionRows)
  for (const each of optionFlags) scan.here(each)
  scan.put(optionLength, length)
  scan.skip(1)
  const data = length - OPTION_HEADER_LENGTH
  if (optionClass === GOOGLE && type === NETWORK) for (const each of googleRow) scan.here(each)
  else if (optionClass === GOOGLE && type === ENDPOINT) scan.here(endpoint, data)
  else if (optionClass === GOOGLE && type === PROFILE) {
    if (data === 0) scan.stop()
    else scan.here(profile, Math.min(data, WIDE))
  } else scan.here(unknownData, data)
  if (scan.going) scan.at = at + length
}

export const geneve: Protocol = {
  id: GENEVE,
  name: 'geneve',
  title: 'Generic Network Virtualization Encapsulation',
  carriedBy: { 'udp.port': 6081 },
  fields: [
    bits('uint8', 'geneve.version', VERSION_LENGTH, 1, 0xc0, 'Version; 0'),
    computed('none', 'geneve.version.unknown', 'Unknown version', (packet, layer, visit) => {
      const at = packet.layerAt[layer]
      return at < packet.layerEnd[layer] && packet.bytes[at] >> 6 !== 0 && visit(0, 0)
    }),
    u8('geneve.flags', FLAGS, 'Flags', { base: 'hex' }),
    bit('geneve.flags.oam', FLAGS, 1, 0x80, 'Operations, Administration and Management Frame; a control packet'),
    bit('geneve.flags.critical', FLAGS, 1, 0x40, 'Critical Options Present; some must be understood'),
    bit('geneve.flags.reserved', FLAGS, 1, 0x3f, 'Reserved'),
    u16('geneve.proto_type', PROTOCOL, 'Protocol Type; of the data, as an EtherType', {
      base: 'hex',
      values: protoTypeNames,
    }),
    u24('geneve.vni', NETWORK_IDENTIFIER, 'Virtual Network Identifier (VNI)', { base: 'hex' }),
    u8('geneve.reserved', RESERVED, 'Reserved', { base: 'hex' }),
    ...scanned(items, scanOptions),
  ],

  /** Hot. Wireshark asks the EtherType table here without writing `ethertype`. */
  decode(packet, at) {
    packet.enter(GENEVE, at)
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(GENEVE)
    packet.payload = at + HEADER_LENGTH + (packet.bytes[at + VERSION_LENGTH] & LENGTH_MASK) * WORD
    if (packet.payload > packet.end) return packet.truncated(GENEVE)
    return byEthertype[read16(packet.bytes, at + PROTOCOL)] || DATA
  },
}
