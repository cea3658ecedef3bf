/**
 * IPv4's security options: basic (RFC 791 §3.1, "Security", and RFC 1108 §2), extended (RFC 1108 §3), and the commercial one,
 * CIPSO (draft-ietf-cipso-ipsecurity-01 §3.4, FIPS 188 §6).
 *
 *    0      1        2
 *  0 | 130  | 11     | security (2) | compartments (2) | handling restrictions (2) | transmission control (3)
 *  0 | 130  | length | classification level | protection authority flags ...
 *  0 | 133  | length | format code | information ...
 *  0 | 134  | length | domain of interpretation (4) | tags: type, length, value ...
 */
import { read16, read32 } from '../../packet/bytes.ts'
import type { Field, Visit } from '../field.ts'
import { COMMERCIAL_SECURITY, EXTENDED_SECURITY, optionField, type ReadOption, SECURITY } from './option-walk.ts'

const HEADER_LENGTH = 2

/** Octets of the basic option as RFC 791 has it. RFC 1108 gave the same type another meaning. */
const RFC_791_LENGTH = 11

const securities = {
  0: 'Unclassified',
  61749: 'Confidential',
  30874: 'EFTO',
  48205: 'MMMM',
  24102: 'PROG',
  44819: 'Restricted',
  55176: 'Secret',
  27589: 'Top secret',
  13794: 'Reserved',
  39665: 'Reserved',
  19832: 'Reserved',
  9405: 'Reserved',
  4958: 'Reserved',
  35247: 'Reserved',
  50390: 'Reserved',
  57963: 'Reserved',
}

const levels = {
  1: 'Reserved 4',
  61: 'Top secret',
  90: 'Secret',
  150: 'Confidential',
  102: 'Reserved 3',
  204: 'Reserved 2',
  171: 'Unclassified',
  241: 'Reserved 1',
}

/** Whether a basic option is RFC 791's. */
function isOld(bytes: Uint8Array, at: number, length: number): boolean {
  return length === RFC_791_LENGTH && read16(bytes, at + HEADER_LENGTH) in securities
}

/** A field of RFC 791's option. */
function old(type: 'uint16' | 'string', name: string, description: string, read: ReadOption, options = {}): Field {
  return optionField(
    type,
    name,
    description,
    [SECURITY],
    (packet, at, length, visit) => isOld(packet.bytes, at, length) && read(packet, at, length, visit),
    options,
  )
}

function text(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length)
    .toString('latin1')
    .replace(/\0.*$/s, '')
}

/** Calls `each` for each octet of protection authority flags, with its place and index: each says whether one follows. */
function eachFlags(
  bytes: Uint8Array,
  at: number,
  length: number,
  each: (at: number, index: number) => boolean,
): boolean {
  if (isOld(bytes, at, length)) return false
  for (let i = HEADER_LENGTH + 1; i < length; i++) {
    if (each(at + i, i - HEADER_LENGTH - 1)) return true
    if ((bytes[at + i] & 1) === 0) break
  }
  return false
}

/** Whether the flags of the basic option end before it does, or the option before they do. */
export function hasWrongFlags(bytes: Uint8Array, at: number, length: number): boolean {
  if (length <= HEADER_LENGTH + 1 || isOld(bytes, at, length)) return false
  let last = at
  eachFlags(bytes, at, length, (place) => {
    last = place
    return false
  })
  return last + 1 < at + length || (bytes[last] & 1) !== 0
}

/** One bit of the first octet of flags. */
function authority(name: string, mask: number, description: string): Field {
  return optionField('boolean', name, description, [SECURITY], (packet, at, length, visit) =>
    eachFlags(
      packet.bytes,
      at,
      length,
      (place, index) => index === 0 && visit((packet.bytes[place] & mask) === 0 ? 0 : 1, 0),
    ),
  )
}

// CIPSO's tag types.
const PADDING = 0
const BITMAP = 1
const ENUMERATED = 2
const RANGED = 5
const PERMISSIVE = 6
const FREE_FORM = 7

const tagTypes = {
  0: 'Padding',
  1: 'Restrictive Category Bitmap',
  2: 'Enumerated Categories',
  5: 'Ranged Categories',
  6: 'Permissive Categories',
  7: 'Free Form',
}

/** Octets before the tags. */
const TAGS = 6
/** Of a tag: type, length, alignment, sensitivity level. */
const TAG_HEADER_LENGTH = 4
/** What an IPv4 header has room for. */
const MAX_TAG_LENGTH = 34

/**
 * Calls `each` for each tag of a CIPSO option, with its type, place and length: 0 if that is wrong, or the type is not known,
 * and then it is the last.
 */
function eachTag(
  bytes: Uint8Array,
  at: number,
  length: number,
  each: (type: number, at: number, length: number) => boolean,
): boolean {
  const end = at + length
  let next = at + TAGS
  while (next < end) {
    const type = bytes[next]
    if (type === PADDING) {
      if (each(type, next, 1)) return true
      next++
      continue
    }
    const size = next + 1 < end ? bytes[next + 1] : 1
    const isCategories = type === BITMAP || type === ENUMERATED || type === RANGED
    const least = type === FREE_FORM ? 2 : TAG_HEADER_LENGTH
    const isSound =
      (isCategories || type === PERMISSIVE || type === FREE_FORM) &&
      size >= least &&
      size <= MAX_TAG_LENGTH &&
      next + size <= end
    if (each(type, next, isSound ? size : 0)) return true
    if (!isSound) return false
    next += size
  }
  return false
}

function tagField(
  type: Field['type'],
  name: string,
  description: string,
  read: (bytes: Uint8Array, type: number, at: number, length: number, visit: Visit) => boolean,
  options = {},
): Field {
  return optionField(
    type,
    name,
    description,
    [COMMERCIAL_SECURITY],
    (packet, at, length, visit) =>
      eachTag(packet.bytes, at, length, (tag, place, size) => read(packet.bytes, tag, place, size, visit)),
    options,
  )
}

/** The categories of a tag, as `0,2,10-7`. A range stands with its upper end first; a lower end left out is 0. */
function categories(bytes: Uint8Array, type: number, at: number, length: number): string {
  const end = at + length
  const list: (number | string)[] = []
  let next = at + TAG_HEADER_LENGTH
  if (type === BITMAP) {
    for (let bit = 0; bit < 8 * (end - next); bit++)
      if ((bytes[next + (bit >> 3)] & (0x80 >> (bit & 7))) !== 0) list.push(bit)
  } else if (type === ENUMERATED) for (; next + 2 <= end; next += 2) list.push(read16(bytes, next))
  else
    for (; next + 2 <= end; next += 4) {
      const high = read16(bytes, next)
      const low = next + 4 <= end ? read16(bytes, next + 2) : 0
      list.push(low === high ? high : `${high}-${low}`)
    }
  return list.join(',')
}

function isCategories(type: number): boolean {
  return type === BITMAP || type === ENUMERATED || type === RANGED
}

export const securityFields: readonly Field[] = [
  old(
    'uint16',
    'ip.opt.sec_rfc791_sec',
    'Security',
    (packet, at, _length, visit) => visit(read16(packet.bytes, at + 2), 0),
    { base: 'hex', values: securities },
  ),
  old('uint16', 'ip.opt.sec_rfc791_comp', 'Compartments', (packet, at, _length, visit) =>
    visit(read16(packet.bytes, at + 4), 0),
  ),
  old('string', 'ip.opt.sec_rfc791_hr', 'Handling Restrictions', (packet, at, _length, visit) =>
    visit(text(packet.bytes, at + 6, 2), 0),
  ),
  old('string', 'ip.opt.sec_rfc791_tcc', 'Transmission Control Code', (packet, at, _length, visit) =>
    visit(text(packet.bytes, at + 8, 3), 0),
  ),
  optionField(
    'uint8',
    'ip.opt.sec_cl',
    'Classification Level',
    [SECURITY],
    (packet, at, length, visit) =>
      length > HEADER_LENGTH && !isOld(packet.bytes, at, length) && visit(packet.bytes[at + HEADER_LENGTH], 0),
    { base: 'hex', values: levels },
  ),
  optionField(
    'uint8',
    'ip.opt.sec_prot_auth_flags',
    'Protection Authority Flags',
    [SECURITY],
    (packet, at, length, visit) => eachFlags(packet.bytes, at, length, (place) => visit(packet.bytes[place], 0)),
    { base: 'hex' },
  ),
  authority('ip.opt.sec_prot_auth_genser', 0x80, 'GENSER'),
  authority('ip.opt.sec_prot_auth_siop_esi', 0x40, 'SIOP-ESI'),
  authority('ip.opt.sec_prot_auth_sci', 0x20, 'SCI'),
  authority('ip.opt.sec_prot_auth_nsa', 0x10, 'NSA'),
  authority('ip.opt.sec_prot_auth_doe', 0x08, 'DOE'),
  optionField(
    'uint8',
    'ip.opt.sec_prot_auth_unassigned',
    'Unassigned',
    [SECURITY],
    (packet, at, length, visit) =>
      eachFlags(packet.bytes, at, length, (place, index) =>
        visit((packet.bytes[place] & (index === 0 ? 0x06 : 0xfe)) >> 1, 0),
      ),
    { base: 'hex' },
  ),
  optionField(
    'boolean',
    'ip.opt.sec_prot_auth_fti',
    'Field Termination Indicator; another octet of flags follows',
    [SECURITY],
    (packet, at, length, visit) => eachFlags(packet.bytes, at, length, (place) => visit(packet.bytes[place] & 1, 0)),
  ),
  optionField(
    'uint8',
    'ip.opt.ext_sec_add_sec_info_format_code',
    'Additional Security Info Format Code',
    [EXTENDED_SECURITY],
    (packet, at, length, visit) => length > 2 && visit(packet.bytes[at + 2], 0),
    { base: 'hex' },
  ),
  optionField(
    'bytes',
    'ip.opt.ext_sec_add_sec_info',
    'Additional Security Info',
    [EXTENDED_SECURITY],
    (_packet, at, length, visit) => length > 3 && visit(at + 3, length - 3),
  ),
  optionField(
    'uint32',
    'ip.cipso.doi',
    'DOI; domain of interpretation',
    [COMMERCIAL_SECURITY],
    (packet, at, length, visit) => length >= TAGS && visit(read32(packet.bytes, at + 2), 0),
  ),
  tagField('uint8', 'ip.cipso.tag_type', 'Tag Type', (_bytes, type, _at, _length, visit) => visit(type, 0), {
    values: tagTypes,
  }),
  tagField(
    'uint8',
    'ip.cipso.sensitivity_level',
    'Sensitivity Level',
    (bytes, type, at, length, visit) => isCategories(type) && length > 0 && visit(bytes[at + 3], 0),
  ),
  tagField(
    'string',
    'ip.cipso.categories',
    'Categories',
    (bytes, type, at, length, visit) =>
      isCategories(type) && length > TAG_HEADER_LENGTH && visit(categories(bytes, type, at, length), 0),
  ),
  tagField(
    'bytes',
    'ip.cipso.tag_data',
    'Tag data',
    (_bytes, type, at, length, visit) =>
      (type === PERMISSIVE || type === FREE_FORM) && length > 2 && visit(at + 2, length - 2),
  ),
  tagField(
    'none',
    'ip.cipso.malformed',
    'Malformed CIPSO tag',
    (_bytes, type, _at, length, visit) => length === 0 && type in tagTypes && visit(0, 0),
  ),
]
