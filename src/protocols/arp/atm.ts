/**
 * ATMARP, ARP over ATM: RFC 2225 §8.3. The packet is ARP's up to the operation, with other lengths, and has subaddresses.
 *
 *    0               2                4                                  6
 *  0 | 19            | protocol type | sender number (1), subaddress (1) | operation |
 *  8 | sender protocol (1), target number (1), target subaddress (1), target protocol (1) |
 * 12 | sender: number, subaddress, protocol address; target: the same
 *
 * The octets of length of numbers and subaddresses have the kind of number in bit 6: E.164, or an NSAP address. NSAP addresses
 * (ATM Forum UNI 3.1 §5.1.3) have 20 octets: format, then by format, an end system's identifier (6) and a selector.
 */
import { read16 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'

export const ATM_HARDWARE = 19

// Octets from the first octet of the packet.
const HARDWARE_TYPE = 0
const SENDER_NUMBER = 4
const SENDER_SUBADDRESS = 5
const SENDER_PROTOCOL = 8
const TARGET_NUMBER = 9
const TARGET_SUBADDRESS = 10
const TARGET_PROTOCOL = 11
/** Octets before the addresses. */
export const ATM_HEADER_LENGTH = 12

const LENGTH_MASK = 0x3f
const E164_MASK = 0x40

const NSAP_LENGTH = 20

// Formats of NSAP addresses: by data country code, international code designator, ISDN number; each alone and as a group.
const COUNTRY = 0x39
const COUNTRY_GROUP = 0xbd
const DESIGNATOR = 0x47
const DESIGNATOR_GROUP = 0xc5
const ISDN = 0x45
const ISDN_GROUP = 0xc3

const formats = {
  [COUNTRY]: 'DCC ATM format',
  [COUNTRY_GROUP]: 'DCC ATM group format',
  [DESIGNATOR]: 'ICD ATM format',
  [DESIGNATOR_GROUP]: 'ICD ATM group format',
  [ISDN]: 'E.164 ATM format',
  [ISDN_GROUP]: 'E.164 ATM group format',
}

// The parts of the packet behind its header, in order.
const PARTS = [
  SENDER_NUMBER,
  SENDER_SUBADDRESS,
  SENDER_PROTOCOL,
  TARGET_NUMBER,
  TARGET_SUBADDRESS,
  TARGET_PROTOCOL,
] as const

type Part = (typeof PARTS)[number]

/** Octets of a part. */
function lengthOf(bytes: Uint8Array, at: number, part: Part): number {
  return part === SENDER_PROTOCOL || part === TARGET_PROTOCOL ? bytes[at + part] : bytes[at + part] & LENGTH_MASK
}

export function isAtm(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  return at + 2 <= packet.layerEnd[layer] && read16(packet.bytes, at + HARDWARE_TYPE) === ATM_HARDWARE
}

/** Octets of the whole packet at `at`; 12 octets are there. */
export function atmLength(bytes: Uint8Array, at: number): number {
  let length = ATM_HEADER_LENGTH
  for (const part of PARTS) length += lengthOf(bytes, at, part)
  return length
}

/** First octet of a part; -1 if the packet was not captured whole. */
function placeOf(packet: Packet, layer: number, part: Part): number {
  const { bytes } = packet
  const at = packet.layerAt[layer]
  if (!isAtm(packet, layer) || at + ATM_HEADER_LENGTH > packet.layerEnd[layer]) return -1
  if (at + atmLength(bytes, at) > packet.layerEnd[layer]) return -1
  let place = at + ATM_HEADER_LENGTH
  for (const before of PARTS) {
    if (before === part) return place
    place += lengthOf(bytes, at, before)
  }
  return -1
}

/** Hands over the place and length of a part that is there and not empty. */
function visitPart(packet: Packet, layer: number, part: Part, visit: Visit): boolean {
  const at = placeOf(packet, layer, part)
  if (at < 0) return false
  const length = lengthOf(packet.bytes, packet.layerAt[layer], part)
  return length > 0 && visit(at, length)
}

/** The sender's or the target's protocol address. */
export function visitAtmProtocol(packet: Packet, layer: number, party: number, visit: Visit): boolean {
  return visitPart(packet, layer, party === 0 ? SENDER_PROTOCOL : TARGET_PROTOCOL, visit)
}

/** Some bits of an octet of the header. */
function header(type: FieldType, name: string, part: Part, mask: number, shift: number, description: string): Field {
  return computed(type, name, description, (packet, layer, visit) => {
    const at = packet.layerAt[layer]
    if (!isAtm(packet, layer) || at + ATM_HEADER_LENGTH > packet.layerEnd[layer]) return false
    return visit((packet.bytes[at + part] & mask) >> shift, 0)
  })
}

function isE164(packet: Packet, layer: number, part: Part): boolean {
  return (packet.bytes[packet.layerAt[layer] + part] & E164_MASK) !== 0
}

function number(type: 'string' | 'bytes', name: string, part: Part, description: string): Field {
  return computed(type, name, description, (packet, layer, visit) =>
    visitPart(packet, layer, part, (at, length) => {
      if (isE164(packet, layer, part) !== (type === 'string')) return false
      if (type === 'bytes') return visit(at, length)
      return visit(Buffer.from(packet.bytes.buffer, packet.bytes.byteOffset + at, length).toString('latin1'), 0)
    }),
  )
}

/** A part of both parties' NSAP addresses. Wireshark names it as the sender's. */
function ofAddress(
  type: FieldType,
  name: string,
  description: string,
  read: (bytes: Uint8Array, at: number, visit: Visit) => boolean,
  options?: FieldOptions,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      [SENDER_NUMBER, TARGET_NUMBER].some((part) =>
        visitPart(
          packet,
          layer,
          part as Part,
          (at, length) =>
            !isE164(packet, layer, part as Part) && length >= NSAP_LENGTH && read(packet.bytes, at, visit),
        ),
      ),
    options,
  )
}

/** Two octets behind a format of `format`. */
function code(name: string, format: number, description: string): Field {
  return ofAddress(
    'uint16',
    name,
    description,
    (bytes, at, visit) => bytes[at] === format && visit(read16(bytes, at + 1), 0),
    { base: 'hex' },
  )
}

function isIsdn(format: number): boolean {
  return format === ISDN || format === ISDN_GROUP
}

export const atmFields: readonly Field[] = [
  header('boolean', 'arp.src.htype', SENDER_NUMBER, E164_MASK, 6, 'Sender ATM number type; E.164, not NSAP'),
  header('uint8', 'arp.src.hlen', SENDER_NUMBER, LENGTH_MASK, 0, 'Sender ATM number length'),
  header('boolean', 'arp.src.stype', SENDER_SUBADDRESS, E164_MASK, 6, 'Sender ATM subaddress type; E.164, not NSAP'),
  header('uint8', 'arp.src.slen', SENDER_SUBADDRESS, LENGTH_MASK, 0, 'Sender ATM subaddress length'),
  header('uint8', 'arp.src.pln', SENDER_PROTOCOL, 0xff, 0, 'Sender protocol size'),
  header('boolean', 'arp.dst.htype', TARGET_NUMBER, E164_MASK, 6, 'Target ATM number type; E.164, not NSAP'),
  header('uint8', 'arp.dst.hlen', TARGET_NUMBER, LENGTH_MASK, 0, 'Target ATM number length'),
  header('boolean', 'arp.dst.stype', TARGET_SUBADDRESS, E164_MASK, 6, 'Target ATM subaddress type; E.164, not NSAP'),
  header('uint8', 'arp.dst.slen', TARGET_SUBADDRESS, LENGTH_MASK, 0, 'Target ATM subaddress length'),
  header('uint8', 'arp.dst.pln', TARGET_PROTOCOL, 0xff, 0, 'Target protocol size'),
  number('string', 'arp.src.atm_num_e164', SENDER_NUMBER, 'Sender ATM number (E.164)'),
  number('bytes', 'arp.src.atm_num_nsap', SENDER_NUMBER, 'Sender ATM number (NSAP)'),
  computed('bytes', 'arp.src.atm_subaddr', 'Sender ATM subaddress', (packet, layer, visit) =>
    visitPart(packet, layer, SENDER_SUBADDRESS, visit),
  ),
  number('string', 'arp.dst.atm_num_e164', TARGET_NUMBER, 'Target ATM number (E.164)'),
  number('bytes', 'arp.dst.atm_num_nsap', TARGET_NUMBER, 'Target ATM number (NSAP)'),
  computed('bytes', 'arp.dst.atm_subaddr', 'Target ATM subaddress', (packet, layer, visit) =>
    visitPart(packet, layer, TARGET_SUBADDRESS, visit),
  ),
  ofAddress('uint8', 'arp.src.atm_afi', "AFI; an NSAP address's format", (bytes, at, visit) => visit(bytes[at], 0), {
    base: 'hex',
    values: formats,
  }),
  ofAddress(
    'none',
    'arp.src.atm_afi.unknown',
    'Unknown AFI',
    (bytes, at, visit) => !(bytes[at] in formats) && visit(0, 0),
  ),
  code('arp.src.atm_data_country_code', COUNTRY, 'Data Country Code'),
  code('arp.src.atm_data_country_code_group', COUNTRY_GROUP, 'Data Country Code (group)'),
  code('arp.src.atm_international_code_designator', DESIGNATOR, 'International Code Designator'),
  code('arp.src.atm_international_code_designator_group', DESIGNATOR_GROUP, 'International Code Designator (group)'),
  ofAddress(
    'bytes',
    'arp.src.atm_e.164_isdn',
    'E.164 ISDN',
    (bytes, at, visit) => bytes[at] === ISDN && visit(at + 1, 8),
  ),
  ofAddress(
    'bytes',
    'arp.src.atm_e.164_isdn_group',
    'E.164 ISDN',
    (bytes, at, visit) => bytes[at] === ISDN_GROUP && visit(at + 1, 8),
  ),
  ofAddress('bytes', 'arp.src.atm_high_order_dsp', 'High Order DSP', (bytes, at, visit) => {
    if (!(bytes[at] in formats)) return false
    return isIsdn(bytes[at]) ? visit(at + 9, 4) : visit(at + 3, 10)
  }),
  ofAddress(
    'bytes',
    'arp.src.atm_end_system_identifier',
    'End System Identifier',
    (bytes, at, visit) => bytes[at] in formats && visit(at + 13, 6),
  ),
  ofAddress(
    'uint8',
    'arp.src.atm_selector',
    'Selector',
    (bytes, at, visit) => bytes[at] in formats && visit(bytes[at + 19], 0),
    { base: 'hex' },
  ),
  ofAddress(
    'bytes',
    'arp.src.atm_rest_of_address',
    'Rest of address; of a format not known',
    (bytes, at, visit) => !(bytes[at] in formats) && visit(at + 1, NSAP_LENGTH - 1),
  ),
]
