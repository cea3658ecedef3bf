/** Fields of DHCP: the fixed part, and options. */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'
import {
  ipv4 as address,
  bits,
  computed,
  type Field,
  type FieldType,
  flag,
  u8,
  u16,
  u32,
  type Visit,
  when,
} from '../../field.ts'
import { hardwareNames } from '../../hardware-names.ts'
import { asciiText } from '../ascii.ts'
import {
  COOKIE,
  eachOption,
  FILE,
  FILE_LENGTH,
  HARDWARE_ADDRESS,
  HARDWARE_ADDRESS_LENGTH,
  HARDWARE_LENGTH,
  HARDWARE_TYPE,
  hasMagicCookie,
  isShown,
  OVERLOADS_FILE,
  OVERLOADS_SERVER,
  overloadOf,
  SERVER,
  SERVER_LENGTH,
  TRAILER,
  VENDOR_LENGTH,
} from './message.ts'
import { MESSAGE_TYPES, type OptionKind, SIMPLE_OPTIONS } from './options.ts'

const OPERATION = 0
const HOPS = 3
const TRANSACTION = 4
const SECONDS = 8
const FLAGS = 10
const CLIENT = 12
const YOUR = 16
const NEXT_SERVER = 20
const RELAY = 24

// Types of hardware with MAC addresses (IANA: ARP Parameters).
const ETHERNET = 1
const IEEE_802 = 6
const MAC_LENGTH = 6
/** Below it, the first octet of a client identifier of 7 is taken for a type of hardware. */
const MAX_HARDWARE_TYPE = 48

const CLIENT_IDENTIFIER = 61
const END = 255

function hasMac(type: number): boolean {
  return type === ETHERNET || type === IEEE_802
}

/** Whether the octets up to `offset` of the layer are there. */
function reaches(packet: Packet, layer: number, offset: number): boolean {
  return packet.layerAt[layer] + offset <= packet.layerEnd[layer]
}

const hardwareType = computed(
  'uint8',
  'dhcp.hw.type',
  'Hardware type; of the client, and of its identifier',
  (packet, layer, visit) => {
    if (!reaches(packet, layer, HARDWARE_TYPE + 1)) return false
    if (visit(packet.bytes[packet.layerAt[layer] + HARDWARE_TYPE], 0)) return true
    return eachClientHardware(packet, layer, (at) => visit(packet.bytes[at], 0))
  },
  { base: 'hex', values: hardwareNames },
)

const mac = computed(
  'ether',
  'dhcp.hw.mac_addr',
  'Client MAC address; and that of its identifier',
  (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    if (reaches(packet, layer, HARDWARE_ADDRESS + MAC_LENGTH)) {
      const length = packet.bytes[at + HARDWARE_LENGTH]
      if (hasMac(packet.bytes[at + HARDWARE_TYPE]) && length === MAC_LENGTH && visit(at + HARDWARE_ADDRESS, MAC_LENGTH))
        return true
    }
    return eachClientHardware(packet, layer, (id) => hasMac(packet.bytes[id]) && visit(id + 1, MAC_LENGTH))
  },
)

/** Calls `each` with client identifiers that are a type of hardware and six octets (RFC 2132 §9.14). */
function eachClientHardware(packet: Packet, layer: number, each: (at: number) => boolean): boolean {
  return eachOption(
    packet,
    layer,
    (code, at, length) =>
      code === CLIENT_IDENTIFIER &&
      length === 1 + MAC_LENGTH &&
      packet.bytes[at] > 0 &&
      packet.bytes[at] < MAX_HARDWARE_TYPE &&
      each(at),
  )
}

const otherAddress = computed(
  'bytes',
  'dhcp.hw.addr',
  'Client hardware address; that is no MAC address',
  (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    if (!reaches(packet, layer, HARDWARE_ADDRESS + HARDWARE_ADDRESS_LENGTH)) return false
    const length = packet.bytes[at + HARDWARE_LENGTH]
    if (length === 0 || length > HARDWARE_ADDRESS_LENGTH) return false
    if (hasMac(packet.bytes[at + HARDWARE_TYPE]) && length === MAC_LENGTH) return false
    return visit(at + HARDWARE_ADDRESS, HARDWARE_ADDRESS_LENGTH)
  },
)

const padding = computed('bytes', 'dhcp.hw.addr_padding', 'Client hardware address padding', (packet, layer, visit) => {
  const at = packet.layerAt[layer]
  if (!reaches(packet, layer, HARDWARE_ADDRESS + HARDWARE_ADDRESS_LENGTH)) return false
  const length = packet.bytes[at + HARDWARE_LENGTH]
  if (length === 0 || length >= HARDWARE_ADDRESS_LENGTH) return false
  return visit(at + HARDWARE_ADDRESS + length, HARDWARE_ADDRESS_LENGTH - length)
})

function name(field: string, offset: number, length: number, overload: number, description: string): Field {
  return computed('string', field, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer] + offset
    if (!reaches(packet, layer, offset + length) || packet.bytes[at] === 0) return false
    if ((overloadOf(packet, layer) & overload) !== 0) return false
    return visit(asciiText(packet.bytes, at, length), 0)
  })
}

function ofOption(code: number, kind: OptionKind, field: string, description: string): Field {
  const type = kind.replace('_list', '') as FieldType
  return computed(
    type,
    field,
    description,
    (packet, layer, visit) =>
      eachOption(
        packet,
        layer,
        (other, at, length) => other === code && readValue(packet.bytes, kind, at, length, visit),
      ),
    field === 'dhcp.option.dhcp' ? { values: MESSAGE_TYPES } : undefined,
  )
}

/** Wireshark shows no value whose length does not fit its type. */
function readValue(bytes: Uint8Array, kind: OptionKind, at: number, length: number, visit: Visit): boolean {
  switch (kind) {
    case 'string':
      return length > 0 && visit(asciiText(bytes, at, length), 0)
    case 'boolean':
      return length === 1 && visit(bytes[at] === 0 ? 0 : 1, 0)
    case 'uint8':
      return length === 1 && visit(bytes[at], 0)
    case 'uint16':
      return length === 2 && visit(read16(bytes, at), 0)
    case 'ipv4':
    case 'uint32':
      return length === 4 && visit(read32(bytes, at), 0)
    case 'int32':
      return length === 4 && visit(read32(bytes, at) | 0, 0)
    default:
      return readList(bytes, kind, at, length, visit)
  }
}

function readList(bytes: Uint8Array, kind: OptionKind, at: number, length: number, visit: Visit): boolean {
  const width = kind === 'ipv4_list' ? 4 : kind === 'uint16_list' ? 2 : 1
  for (let i = 0; i + width <= length; i += width) {
    const value = width === 4 ? read32(bytes, at + i) : width === 2 ? read16(bytes, at + i) : bytes[at + i]
    if (visit(value, 0)) return true
  }
  return false
}

const fields: readonly Field[] = [
  u8('dhcp.type', OPERATION, 'Message type', { values: { 1: 'Boot Request', 2: 'Boot Reply' } }),
  hardwareType,
  u8('dhcp.hw.len', HARDWARE_LENGTH, 'Hardware address length; in octets'),
  u8('dhcp.hops', HOPS, 'Hops; relay agents passed'),
  u32('dhcp.id', TRANSACTION, 'Transaction ID; the same in the answer', { base: 'hex' }),
  computed('uint16', 'dhcp.secs', 'Seconds elapsed; since the client began', (packet, layer, visit) => {
    if (!reaches(packet, layer, SECONDS + 2)) return false
    const seconds = read16(packet.bytes, packet.layerAt[layer] + SECONDS)
    // Some clients write it with its lower octet first; Wireshark takes a multiple of 256 for that.
    return visit((seconds & 0xff) === 0 ? seconds >> 8 : seconds, 0)
  }),
  u16('dhcp.flags', FLAGS, 'Bootp flags', { base: 'hex' }),
  flag('dhcp.flags.bc', FLAGS, 2, 0x8000, 'Broadcast flag; the answer has to be broadcast'),
  bits('uint16', 'dhcp.flags.reserved', FLAGS, 2, 0x7fff, 'Reserved flags', { base: 'hex' }),
  address('dhcp.ip.client', CLIENT, 'Client IP address; that it already has'),
  address('dhcp.ip.your', YOUR, 'Your (client) IP address; that the server gives'),
  address('dhcp.ip.server', NEXT_SERVER, 'Next server IP address; to boot from'),
  address('dhcp.ip.relay', RELAY, 'Relay agent IP address'),
  mac,
  otherAddress,
  padding,
  name('dhcp.server', SERVER, SERVER_LENGTH, OVERLOADS_SERVER, 'Server host name'),
  name('dhcp.file', FILE, FILE_LENGTH, OVERLOADS_FILE, 'Boot file name'),
  computed('ipv4', 'dhcp.cookie', 'Magic cookie; options follow (RFC 2132 §2)', (packet, layer, visit) =>
    hasMagicCookie(packet, layer) ? visit(read32(packet.bytes, packet.layerAt[layer] + COOKIE), 0) : false,
  ),
  computed(
    'bytes',
    'dhcp.vendor_specific_options',
    'Bootp vendor specific options; no options follow',
    (packet, layer, visit) =>
      reaches(packet, layer, COOKIE + VENDOR_LENGTH) && !hasMagicCookie(packet, layer)
        ? visit(packet.layerAt[layer] + COOKIE, VENDOR_LENGTH)
        : false,
  ),
  computed('uint8', 'dhcp.option.type', 'Option; 0 for a run of padding and for the end', (packet, layer, visit) =>
    eachOption(packet, layer, (code) => code !== TRAILER && visit(code === END ? 0 : code, 0), true),
  ),
  computed('uint8', 'dhcp.option.length', 'Length; of each option, in octets', (packet, layer, visit) =>
    eachOption(packet, layer, (code, at) => (code === END || code <= 0 ? false : visit(packet.bytes[at - 1], 0)), true),
  ),
  computed('bytes', 'dhcp.option.value', 'Value; of each option', (packet, layer, visit) =>
    eachOption(packet, layer, (_code, at, length) => visit(at, length)),
  ),
  computed('bytes', 'dhcp.option.padding', 'Padding', (packet, layer, visit) =>
    eachOption(packet, layer, (code, at, length) => code <= 0 && visit(at, length), true),
  ),
  computed('uint8', 'dhcp.option.end', 'Option End', (packet, layer, visit) =>
    eachOption(packet, layer, (code) => code === END && visit(END, 0), true),
  ),
  computed(
    'uint8',
    'dhcp.client_id.type',
    'Type; of an identifier that is no hardware address',
    (packet, layer, visit) =>
      eachOption(
        packet,
        layer,
        (code, at, length) => code === CLIENT_IDENTIFIER && length > 0 && packet.bytes[at] === 0 && visit(0, 0),
      ),
  ),
  ...SIMPLE_OPTIONS.map(([code, kind, field, description]) => ofOption(code, kind, field, description)),
]

export const dhcpFields: readonly Field[] = fields.map((field) => when(isShown, field))
