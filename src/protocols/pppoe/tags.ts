/**
 * The tags of PPPoE: RFC 2516 §4 and appendix A; credits and metrics: RFC 5578 §4; those of the Broadband Forum, within a
 * vendor-specific tag: TR-101 §3.9.4, RFC 4679 §3.3.
 *
 *    0      2        4
 *  0 | type | length | value ...
 *
 * The Broadband Forum's have one octet of type and one of length.
 */
import { read16, read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { fieldsWithin, type ReadElement } from '../elements.ts'
import { absent, computed, type Field, type FieldOptions, type FieldType } from '../field.ts'
import {
  broadbandTagNames,
  dataLinkNames,
  encapsulation1Names,
  encapsulation2Names,
  tagNames,
  unitNames,
} from './names.ts'

/** Octets of PPPoE's header. */
const HEADER_LENGTH = 6
/** Where it says how long the payload is. */
const LENGTH = 4
export const TAG_HEADER_LENGTH = 4
const BROADBAND_HEADER_LENGTH = 2

// Tag types.
const END_OF_LIST = 0x0000
const SERVICE_NAME = 0x0101
const AC_NAME = 0x0102
const HOST_UNIQUE = 0x0103
const AC_COOKIE = 0x0104
const VENDOR_SPECIFIC = 0x0105
export const CREDITS = 0x0106
const METRICS = 0x0107
const SEQUENCE_NUMBER = 0x0108
const CREDIT_SCALE = 0x0109
const RELAY_SESSION = 0x0110
const HURL = 0x0111
const MOTM = 0x0112
const MAX_PAYLOAD = 0x0120
const IP_ROUTE_ADD = 0x0121
const SERVICE_NAME_ERROR = 0x0201
const AC_SYSTEM_ERROR = 0x0202
const GENERIC_ERROR = 0x0203

export const CREDITS_LENGTH = 4
const METRICS_LENGTH = 10

// The Broadband Forum: its enterprise number, and types of its tags.
const BROADBAND_FORUM = 3561
const CIRCUIT_ID = 0x01
const REMOTE_ID = 0x02
const FIRST_RATE = 0x81
const LAST_RATE = 0x8e
const ACCESS_LOOP = 0x90
const MAX_ID_LENGTH = 63
const ACCESS_LOOP_LENGTH = 3

/** Calls `each` for each tag with its type, first octet and length of its value: less than it says if the capture ran out. */
function eachTag(packet: Packet, layer: number, each: (type: number, at: number, length: number) => boolean): boolean {
  const { bytes } = packet
  const start = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  if (start + HEADER_LENGTH > end) return false
  const last = start + HEADER_LENGTH + read16(bytes, start + LENGTH) - 2
  let at = start + HEADER_LENGTH
  while (at <= last && at + TAG_HEADER_LENGTH <= end) {
    const type = read16(bytes, at)
    const length = read16(bytes, at + 2)
    const value = at + TAG_HEADER_LENGTH
    if (type === END_OF_LIST || value + length > end) return false
    if (each(type, value, length)) return true
    at = value + length
  }
  return false
}

/** Calls `each` for each of the Broadband Forum's tags, as far as they were captured. */
function eachBroadbandTag(
  packet: Packet,
  layer: number,
  each: (type: number, at: number, length: number) => boolean,
): boolean {
  const { bytes } = packet
  return eachTag(packet, layer, (tag, place, size) => {
    if (tag !== VENDOR_SPECIFIC || size <= 4 || read32(bytes, place) !== BROADBAND_FORUM) return false
    const end = place + size
    let at = place + 4
    while (at + BROADBAND_HEADER_LENGTH <= end) {
      const length = bytes[at + 1]
      const value = at + BROADBAND_HEADER_LENGTH
      if (each(bytes[at], value, length)) return true
      at = value + length
    }
    return false
  })
}

/** A value in the tags of one type: PPPoE's own, and the Broadband Forum's. */
const tag = fieldsWithin(eachTag)
const broadband = fieldsWithin(eachBroadbandTag)

/** What stands for an octet that is not ASCII: Wireshark reads no UTF-8 here, though RFC 2516 says it is. */
const REPLACEMENT = '\ufffd'

const octets: ReadElement = (_bytes, at, length, visit) => visit(at, length)
const text: ReadElement = (bytes, at, length, visit) => {
  let value = ''
  for (let i = at; i < at + length && bytes[i] !== 0; i++)
    value += bytes[i] < 0x80 ? String.fromCharCode(bytes[i]) : REPLACEMENT
  return visit(value, 0)
}

/** Two octets at `offset` of a value of `size` octets. */
function u16(offset: number, size: number): ReadElement {
  return (bytes, at, length, visit) => length === size && visit(read16(bytes, at + offset), 0)
}

function u8(offset: number, size: number): ReadElement {
  return (bytes, at, length, visit) => length === size && visit(bytes[at + offset], 0)
}

/** Some bits of the first two octets of the metrics. */
function metricsBits(
  type: FieldType,
  name: string,
  mask: number,
  shift: number,
  description: string,
  options?: FieldOptions,
): Field {
  return tag(
    type,
    name,
    METRICS,
    description,
    (bytes, at, length, visit) => length === METRICS_LENGTH && visit((read16(bytes, at) & mask) >> shift, 0),
    options,
  )
}

function isRate(type: number): boolean {
  return type >= FIRST_RATE && type <= LAST_RATE
}

/** Whether the length of one of the Broadband Forum's tags is what its type wants. */
function isRightLength(type: number, length: number): boolean {
  if (type === CIRCUIT_ID || type === REMOTE_ID) return length <= MAX_ID_LENGTH
  if (isRate(type)) return length === 4
  return type !== ACCESS_LOOP || length === ACCESS_LOOP_LENGTH
}

function id(name: string, wanted: number, description: string): Field {
  return broadband(
    'string',
    name,
    wanted,
    description,
    (bytes, at, length, visit) => length <= MAX_ID_LENGTH && text(bytes, at, length, visit),
  )
}

function rate(name: string, wanted: number, description: string): Field {
  return broadband(
    'uint32',
    name,
    wanted,
    description,
    (bytes, at, length, visit) => length === 4 && visit(read32(bytes, at), 0),
  )
}

/** An octet of the access loop's encapsulation, whatever the tag's length. */
function accessLoop(name: string, offset: number, description: string, values: FieldOptions['values']): Field {
  return computed(
    'uint8',
    name,
    description,
    (packet, layer, visit) =>
      eachBroadbandTag(
        packet,
        layer,
        (type, at) =>
          type === ACCESS_LOOP && at + offset < packet.layerEnd[layer] && visit(packet.bytes[at + offset], 0),
      ),
    { base: 'hex', values },
  )
}

/** Calls `each` for each tag that is not known, at both levels: `header` is the octets of its type and of its length. */
function eachUnknown(
  packet: Packet,
  layer: number,
  each: (type: number, at: number, length: number, header: number) => boolean,
): boolean {
  const isBroadband = (type: number): boolean =>
    type === CIRCUIT_ID || type === REMOTE_ID || isRate(type) || type === ACCESS_LOOP
  return (
    eachTag(
      packet,
      layer,
      (type, at, length) => !(type in tagNames) && length > 0 && each(type, at, length, TAG_HEADER_LENGTH),
    ) ||
    eachBroadbandTag(
      packet,
      layer,
      (type, at, length) =>
        !isBroadband(type) &&
        length > 0 &&
        at + length <= packet.layerEnd[layer] &&
        each(type, at, length, BROADBAND_HEADER_LENGTH),
    )
  )
}

function hasPayload(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  return at + HEADER_LENGTH <= packet.layerEnd[layer] && read16(packet.bytes, at + LENGTH) > 0
}

export const tagFields: readonly Field[] = [
  computed('none', 'pppoed.tags', 'PPPoE Tags', (packet, layer, visit) =>
    hasPayload(packet, layer) ? visit(0, 0) : false,
  ),
  // The preference `pppoed.show_tags_and_lengths` is off, and so only tags that are not known have these.
  computed(
    'uint16',
    'pppoed.tag',
    'Tag; type of one that is not known',
    (packet, layer, visit) => eachUnknown(packet, layer, (type) => visit(type, 0)),
    { base: 'hex', values: tagNames },
  ),
  computed('uint16', 'pppoed.tag_length', 'Tag Length', (packet, layer, visit) =>
    eachUnknown(packet, layer, (_type, _at, length, header) => header === TAG_HEADER_LENGTH && visit(length, 0)),
  ),
  computed('uint8', 'pppoed.tag_length_8', 'Tag Length; of the Broadband Forum', (packet, layer, visit) =>
    eachUnknown(packet, layer, (_type, _at, length, header) => header === BROADBAND_HEADER_LENGTH && visit(length, 0)),
  ),
  // Of PPPoE's own tags Wireshark begins at the length, and so leaves out the last two octets of the value.
  computed('bytes', 'pppoed.tag.unknown_data', 'Unknown Data', (packet, layer, visit) =>
    eachUnknown(packet, layer, (_type, at, length, header) =>
      visit(header === TAG_HEADER_LENGTH ? at - 2 : at, length),
    ),
  ),
  computed(
    'none',
    'pppoed.tag_length.invalid',
    'Wrong length',
    (packet, layer, visit) =>
      eachTag(
        packet,
        layer,
        (type, _at, length) => (type === SEQUENCE_NUMBER || type === CREDIT_SCALE) && length !== 2 && visit(0, 0),
      ) || eachBroadbandTag(packet, layer, (type, _at, length) => !isRightLength(type, length) && visit(0, 0)),
  ),
  tag(
    'string',
    'pppoed.tags.service_name',
    SERVICE_NAME,
    'Service-Name',
    (bytes, at, length, visit) => length > 0 && text(bytes, at, length, visit),
  ),
  tag('string', 'pppoed.tags.ac_name', AC_NAME, 'AC-Name; name of the access concentrator', text),
  tag('bytes', 'pppoed.tags.host_uniq', HOST_UNIQUE, 'Host-Uniq', octets),
  tag('bytes', 'pppoed.tags.ac_cookie', AC_COOKIE, 'AC-Cookie', octets),
  tag(
    'uint32',
    'pppoed.tags.vendor_id',
    VENDOR_SPECIFIC,
    'Vendor id; enterprise number',
    (bytes, at, length, visit) => length >= 4 && visit(read32(bytes, at), 0),
  ),
  tag(
    'bytes',
    'pppoed.tags.vendor_unspecified',
    VENDOR_SPECIFIC,
    'Vendor unspecified',
    (bytes, at, length, visit) => length > 4 && read32(bytes, at) !== BROADBAND_FORUM && visit(at + 4, length - 4),
  ),
  tag(
    'none',
    'pppoed.tags.vendorspecific.tags',
    VENDOR_SPECIFIC,
    'Vendor Specific PPPoE Tags; of the Broadband Forum',
    (bytes, at, length, visit) => length > 4 && read32(bytes, at) === BROADBAND_FORUM && visit(0, 0),
  ),
  // The preference `pppoed.show_tags_and_lengths` is off.
  absent('uint8', 'pppoed.tags.vendorspecific.tag', 'Tag', { base: 'hex', values: broadbandTagNames }),
  id('pppoed.tags.circuit_id', CIRCUIT_ID, 'Circuit ID'),
  id('pppoed.tags.remote_id', REMOTE_ID, 'Remote ID'),
  rate('pppoed.tags.act_data_rate_up', 0x81, 'Actual Data Rate Upstream'),
  rate('pppoed.tags.act_data_rate_down', 0x82, 'Actual Data Rate Downstream'),
  rate('pppoed.tags.min_data_rate_up', 0x83, 'Minimum Data Rate Upstream'),
  rate('pppoed.tags.min_data_rate_down', 0x84, 'Minimum Data Rate Downstream'),
  rate('pppoed.tags.attainable_data_rate_up', 0x85, 'Attainable DataRate Upstream'),
  rate('pppoed.tags.attainable_data_rate_down', 0x86, 'Attainable DataRate Downstream'),
  rate('pppoed.tags.max_data_rate_up', 0x87, 'Maximum Data Rate Upstream'),
  rate('pppoed.tags.max_data_rate_down', 0x88, 'Maximum Data Rate Downstream'),
  rate('pppoed.tags.min_data_rate_up_lp', 0x89, 'Min DataRate Upstream in low power state'),
  rate('pppoed.tags.min_data_rate_down_lp', 0x8a, 'Minimum Data Rate Downstream in low power state'),
  rate('pppoed.tags.max_int_delay_up', 0x8b, 'Max Interleaving Delay Upstream'),
  rate('pppoed.tags.act_int_delay_up', 0x8c, 'Actual Interleaving Delay Upstream'),
  rate('pppoed.tags.max_int_delay_down', 0x8d, 'Maximum Interleaving Delay Downstream'),
  rate('pppoed.tags.act_int_delay_down', 0x8e, 'Actual Interleaving Delay Downstream'),
  broadband(
    'none',
    'pppoed.tags.access_loop_encap',
    ACCESS_LOOP,
    'Access-Loop-Encapsulation',
    (_bytes, _at, _length, visit) => visit(0, 0),
  ),
  accessLoop('pppoed.tags.access_loop_encap.data_link', 0, 'Data link', dataLinkNames),
  accessLoop('pppoed.tags.access_loop_encap.encap_1', 1, 'Encaps 1', encapsulation1Names),
  accessLoop('pppoed.tags.access_loop_encap.encap_2', 2, 'Encaps 2', encapsulation2Names),
  tag(
    'bytes',
    'pppoed.tags.credits',
    CREDITS,
    'Credits; of a wrong length',
    (_bytes, at, length, visit) => length !== CREDITS_LENGTH && visit(at, length),
  ),
  tag('uint16', 'pppoed.tags.credits.fcn', CREDITS, 'FCN; forward credit notification', u16(0, CREDITS_LENGTH)),
  tag('uint16', 'pppoed.tags.credits.bcn', CREDITS, 'BCN; backward credit notification', u16(2, CREDITS_LENGTH)),
  tag(
    'bytes',
    'pppoed.tags.metrics',
    METRICS,
    'Metrics; of a wrong length',
    (_bytes, at, length, visit) => length !== METRICS_LENGTH && visit(at, length),
  ),
  metricsBits('boolean', 'pppoed.tags.metrics.r', 0x01, 0, 'Receive Only'),
  metricsBits('uint16', 'pppoed.tags.metrics.mdr_units', 0x18, 3, 'MDR Units', { base: 'hex', values: unitNames }),
  metricsBits('uint16', 'pppoed.tags.metrics.cdr_units', 0x06, 1, 'CDR Units', { base: 'hex', values: unitNames }),
  tag('uint8', 'pppoed.tags.metrics.rlq', METRICS, 'Relative Link Quality', u8(2, METRICS_LENGTH)),
  tag('uint8', 'pppoed.tags.metrics.resource', METRICS, 'Resource', u8(3, METRICS_LENGTH)),
  tag('uint16', 'pppoed.tags.metrics.latency', METRICS, 'Latency', u16(4, METRICS_LENGTH)),
  tag('uint16', 'pppoed.tags.metrics.curr_drate', METRICS, 'Curr. datarate', u16(6, METRICS_LENGTH)),
  tag('uint16', 'pppoed.tags.metrics.max_drate', METRICS, 'Max. datarate', u16(8, METRICS_LENGTH)),
  tag('uint16', 'pppoed.tags.seq_num', SEQUENCE_NUMBER, 'Sequence Number', u16(0, 2), { base: 'hex' }),
  tag('uint16', 'pppoed.tags.credit_scale', CREDIT_SCALE, 'Credit Scale Factor', u16(0, 2)),
  tag('bytes', 'pppoed.tags.relay_session_id', RELAY_SESSION, 'Relay-Session-Id', octets),
  tag('bytes', 'pppoed.tags.hurl', HURL, 'HURL', octets),
  tag('bytes', 'pppoed.tags.motm', MOTM, 'MOTM', octets),
  tag('bytes', 'pppoed.tags.max_payload', MAX_PAYLOAD, 'PPP-Max-Payload', octets),
  tag('bytes', 'pppoed.tags.ip_route_add', IP_ROUTE_ADD, 'IP Route Add', octets),
  tag('string', 'pppoed.tags.service_name_error', SERVICE_NAME_ERROR, 'Service-Name-Error', text),
  tag('string', 'pppoed.tags.ac_system_error', AC_SYSTEM_ERROR, 'AC-System-Error', text),
  tag('string', 'pppoed.tags.generic_error', GENERIC_ERROR, 'Generic-Error', text),
]
