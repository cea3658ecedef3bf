/**
 * IGMP's fields. Version 0: RFC 988; 1: RFC 1112; 2: RFC 2236; 3: RFC 3376; traceroute: draft-ietf-idmr-traceroute-ipm.
 */
import { read16, read24, read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { CHECKSUM_BAD, checksumStatusNames } from '../checksum.ts'
import { computed, type Field, type FieldOptions, type FieldType, type Visit } from '../field.ts'
import {
  CHECKSUM,
  CODE,
  CODED,
  checkSum,
  eachAddress,
  eachBlock,
  eachRecord,
  GROUP,
  isElsewhere,
  kindOf,
  NOT_IGMP,
  QUERY_3_LENGTH,
  RECORD_LENGTH,
  TRACEROUTE,
  TYPE,
} from './message.ts'
import { forwardingNames, recordNames, replyNames, routingNames, typeNames } from './names.ts'
import * as types from './types.ts'

/** The fields, for layers of the protocol `igmp`. A message of IGMP's own has two layers, of which the first has none. */
export function igmpFields(igmp: number): readonly Field[] {
  type Read = (packet: Packet, layer: number, at: number, visit: Visit, kind: number) => boolean

  function isFirstOfTwo(packet: Packet, layer: number): boolean {
    const next = layer + 1
    return (
      next < packet.layerCount && packet.layerProtocol[next] === igmp && packet.layerAt[next] === packet.layerAt[layer]
    )
  }

  function field(
    type: FieldType,
    name: string,
    description: string,
    isThere: (kind: number, type: number) => boolean,
    read: Read,
    options?: FieldOptions,
  ): Field {
    return computed(
      type,
      name,
      description,
      (packet, layer, visit) => {
        const at = packet.layerAt[layer]
        if (at >= packet.layerEnd[layer] || isFirstOfTwo(packet, layer)) return false
        const kind = kindOf(packet, layer)
        return isThere(kind, packet.bytes[at + TYPE]) && read(packet, layer, at, visit, kind)
      },
      options,
    )
  }

  /** An integer of `width` octets at `offset`. */
  function integer(
    type: FieldType,
    name: string,
    description: string,
    isThere: (kind: number, type: number) => boolean,
    offset: number,
    width: number,
    options?: FieldOptions,
  ): Field {
    return field(
      type,
      name,
      description,
      isThere,
      (packet, layer, at, visit) => {
        if (at + offset + width > packet.layerEnd[layer]) return false
        const { bytes } = packet
        const place = at + offset
        if (width === 1) return visit(bytes[place], 0)
        if (width === 2) return visit(read16(bytes, place), 0)
        return visit(width === 3 ? read24(bytes, place) : read32(bytes, place), 0)
      },
      options,
    )
  }

  /** A part of each block of a traceroute. */
  function ofBlock(
    type: FieldType,
    name: string,
    description: string,
    part: (bytes: Uint8Array, at: number) => number,
    options?: FieldOptions,
  ): Field {
    return field(
      type,
      name,
      description,
      isTrace,
      (packet, layer, _at, visit) => eachBlock(packet, layer, (block) => visit(part(packet.bytes, block), 0)),
      options,
    )
  }

  /** A part of each group record. */
  function ofRecord(
    type: FieldType,
    name: string,
    description: string,
    part: (bytes: Uint8Array, at: number) => number,
    options?: FieldOptions,
  ): Field {
    return field(
      type,
      name,
      description,
      isReport3,
      (packet, layer, _at, visit) => eachRecord(packet, layer, (record) => visit(part(packet.bytes, record), 0)),
      options,
    )
  }

  const isIgmp = (kind: number): boolean => kind !== NOT_IGMP
  const isTrace = (kind: number): boolean => kind === TRACEROUTE
  const isVersion0 = (kind: number): boolean => kind === 0
  const isReport3 = (_kind: number, type: number): boolean => type === types.REPORT_3
  const isQuery3 = (kind: number, type: number): boolean => kind === 3 && type === types.QUERY
  /** Answers of version 0 have even types. */
  const isReply = (kind: number, type: number): boolean => kind === 0 && (type & 1) === 0

  return [
    field(
      'uint8',
      'igmp.version',
      'IGMP Version; of the message',
      (kind) => kind >= 0 && kind <= 3,
      (_packet, _layer, _at, visit, kind) => visit(kind, 0),
    ),
    field(
      'uint8',
      'igmp.type',
      'Type; of message',
      (kind, type) => kind !== NOT_IGMP || !types.isOwnType(type),
      (packet, layer, at, visit) => {
        const type = packet.bytes[at + TYPE]
        return type !== types.DVMRP_TYPE && type !== types.PIM_TYPE && !isElsewhere(packet, layer) && visit(type, 0)
      },
      { base: 'hex', values: typeNames },
    ),
    field(
      'bytes',
      'igmp.data',
      'Data; of messages of other types',
      (kind, type) =>
        kind === NOT_IGMP && type !== types.DVMRP_TYPE && type !== types.PIM_TYPE && !types.isOwnType(type),
      (packet, layer, at, visit) =>
        !isElsewhere(packet, layer) &&
        at + 1 < packet.layerEnd[layer] &&
        visit(at + 1, packet.layerEnd[layer] - at - 1),
    ),
    field(
      'bytes',
      'igmp.reserved',
      'Reserved; octets that have no meaning in this version',
      (kind, type) => kind === 1 || type === types.REPORT_3,
      (packet, layer, at, visit, kind) => {
        const end = packet.layerEnd[layer]
        if (at + CODE >= end) return false
        if (visit(at + CODE, 1)) return true
        return kind === 3 && at + 6 <= end && visit(at + 4, 2)
      },
    ),
    integer(
      'uint8',
      'igmp.group_type',
      'Type Of Group; in version 0',
      (kind, type) => kind === 0 && type === types.CREATE_GROUP_REQUEST,
      CODE,
      1,
      { values: { 0: 'Public Group', 1: 'Private Group' } },
    ),
    field(
      'uint8',
      'igmp.reply',
      'Reply; in version 0',
      isReply,
      (packet, layer, at, visit) =>
        at + CODE < packet.layerEnd[layer] && packet.bytes[at + CODE] < 5 && visit(packet.bytes[at + CODE], 0),
      { values: replyNames },
    ),
    field(
      'uint8',
      'igmp.reply.pending',
      'Reply Pending; in version 0: seconds after which to ask again',
      isReply,
      (packet, layer, at, visit) =>
        at + CODE < packet.layerEnd[layer] && packet.bytes[at + CODE] >= 5 && visit(packet.bytes[at + CODE], 0),
    ),
    // Larger than the type says where version 3 codes it: Wireshark shows the whole number.
    field(
      'uint8',
      'igmp.max_resp',
      'Max Resp Time; tenths of a second to answer in',
      (kind, type) => kind === 2 || isQuery3(kind, type),
      (packet, layer, at, visit, kind) => {
        if (at + CODE >= packet.layerEnd[layer]) return false
        const code = packet.bytes[at + CODE]
        if (kind === 2 || code < CODED) return visit(code, 0)
        return visit(((code & 0x0f) | 0x10) << (((code & 0x70) >> 4) + 3), 0)
      },
    ),
    field(
      'uint8',
      'igmp.max_resp.exp',
      'Exponent',
      isQuery3,
      (packet, _layer, at, visit) =>
        packet.bytes[at + CODE] >= CODED && visit((packet.bytes[at + CODE] & 0x70) >> 4, 0),
      { base: 'hex' },
    ),
    field(
      'uint8',
      'igmp.max_resp.mant',
      'Mantissa',
      isQuery3,
      (packet, _layer, at, visit) => packet.bytes[at + CODE] >= CODED && visit(packet.bytes[at + CODE] & 0x0f, 0),
      { base: 'hex' },
    ),
    integer('uint8', 'igmp.mtrace.max_hops', '# hops; to trace at most', isTrace, CODE, 1),
    integer('uint16', 'igmp.checksum', 'Checksum', isIgmp, CHECKSUM, 2, { base: 'hex' }),
    field(
      'uint8',
      'igmp.checksum.status',
      'Checksum Status; of the message',
      isIgmp,
      (packet, layer, at, visit, kind) =>
        at + CHECKSUM + 2 <= packet.layerEnd[layer] && visit(checkSum(packet, layer, kind), 0),
      { values: checksumStatusNames },
    ),
    field(
      'none',
      'igmp.bad_checksum',
      'Bad checksum',
      isIgmp,
      (packet, layer, at, visit, kind) =>
        at + CHECKSUM + 2 <= packet.layerEnd[layer] && checkSum(packet, layer, kind) === CHECKSUM_BAD && visit(0, 0),
    ),
    integer('uint32', 'igmp.identifier', 'Identifier; in version 0', isVersion0, 4, 4),
    field(
      'ipv4',
      'igmp.maddr',
      'Multicast Address; of the group, or of each group record',
      isIgmp,
      (packet, layer, at, visit, kind) => {
        if (packet.bytes[at + TYPE] === types.REPORT_3)
          return eachRecord(packet, layer, (record) => visit(read32(packet.bytes, record + 4), 0))
        return eachAddress(packet, at + (kind === 0 ? 8 : GROUP), 1, packet.layerEnd[layer], visit)
      },
    ),
    field(
      'bytes',
      'igmp.access_key',
      'Access Key; in version 0',
      isVersion0,
      (packet, layer, at, visit) => at + 20 <= packet.layerEnd[layer] && visit(at + 12, 8),
    ),
    field(
      'boolean',
      'igmp.s',
      'S; routers shall not shorten their timers',
      isQuery3,
      (packet, layer, at, visit) => at + 8 < packet.layerEnd[layer] && visit((packet.bytes[at + 8] >> 3) & 1, 0),
    ),
    field(
      'uint8',
      'igmp.qrv',
      "QRV; querier's robustness variable",
      isQuery3,
      (packet, layer, at, visit) => at + 8 < packet.layerEnd[layer] && visit(packet.bytes[at + 8] & 7, 0),
    ),
    integer('uint8', 'igmp.qqic', "QQIC; querier's query interval, coded as the response time is", isQuery3, 9, 1),
    integer('uint16', 'igmp.num_grp_recs', 'Num Group Records', isReport3, 6, 2),
    ofRecord('uint8', 'igmp.record_type', 'Record Type', (bytes, at) => bytes[at], { values: recordNames }),
    ofRecord('uint8', 'igmp.aux_data_len', 'Aux Data Len; in words of four octets', (bytes, at) => bytes[at + 1]),
    field(
      'uint16',
      'igmp.num_src',
      'Num Src; of the query, or of each group record',
      (kind) => kind === 3,
      (packet, layer, at, visit) => {
        if (packet.bytes[at + TYPE] === types.REPORT_3)
          return eachRecord(packet, layer, (record) => visit(read16(packet.bytes, record + 2), 0))
        return at + QUERY_3_LENGTH <= packet.layerEnd[layer] && visit(read16(packet.bytes, at + 10), 0)
      },
    ),
    field(
      'ipv4',
      'igmp.saddr',
      'Source Address',
      (kind) => kind === 3,
      (packet, layer, at, visit) => {
        const { bytes } = packet
        const end = packet.layerEnd[layer]
        if (bytes[at + TYPE] === types.REPORT_3)
          return eachRecord(packet, layer, (record) =>
            eachAddress(packet, record + RECORD_LENGTH, read16(bytes, record + 2), end, visit),
          )
        return (
          at + QUERY_3_LENGTH <= end && eachAddress(packet, at + QUERY_3_LENGTH, read16(bytes, at + 10), end, visit)
        )
      },
    ),
    field('bytes', 'igmp.aux_data', 'Aux Data; of a group record', isReport3, (packet, layer, _at, visit) =>
      eachRecord(packet, layer, (record, end) => {
        const at = record + RECORD_LENGTH + 4 * read16(packet.bytes, record + 2)
        const length = 4 * packet.bytes[record + 1]
        return length > 0 && at + length <= end && visit(at, length)
      }),
    ),
    integer('ipv4', 'igmp.mtrace.saddr', 'Source Address; of the path traced', isTrace, 8, 4),
    integer('ipv4', 'igmp.mtrace.raddr', 'Receiver Address; of the path traced', isTrace, 12, 4),
    integer('ipv4', 'igmp.mtrace.rspaddr', 'Response Address', isTrace, 16, 4),
    integer('uint8', 'igmp.mtrace.resp_ttl', 'Response TTL', isTrace, 20, 1),
    integer('uint24', 'igmp.mtrace.q_id', 'Query ID', isTrace, 21, 3),
    ofBlock('uint32', 'igmp.mtrace.q_arrival', 'Query Arrival', (bytes, at) => read32(bytes, at)),
    ofBlock('ipv4', 'igmp.mtrace.q_inaddr', 'In itf addr', (bytes, at) => read32(bytes, at + 4)),
    ofBlock('ipv4', 'igmp.mtrace.q_outaddr', 'Out itf addr', (bytes, at) => read32(bytes, at + 8)),
    ofBlock('ipv4', 'igmp.mtrace.q_prevrtr', 'Previous rtr addr', (bytes, at) => read32(bytes, at + 12)),
    ofBlock('uint32', 'igmp.mtrace.q_inpkt', 'In pkts', (bytes, at) => read32(bytes, at + 16)),
    ofBlock('uint32', 'igmp.mtrace.q_outpkt', 'Out pkts', (bytes, at) => read32(bytes, at + 20)),
    ofBlock('uint32', 'igmp.mtrace.q_total', 'S,G pkt count', (bytes, at) => read32(bytes, at + 24)),
    ofBlock('uint8', 'igmp.mtrace.q_rtg_proto', 'Rtg Protocol', (bytes, at) => bytes[at + 28], {
      values: routingNames,
    }),
    ofBlock('uint8', 'igmp.mtrace.q_fwd_ttl', 'FwdTTL', (bytes, at) => bytes[at + 29]),
    ofBlock('uint8', 'igmp.mtrace.q_mbz', 'MBZ', (bytes, at) => bytes[at + 30] >> 7, { base: 'hex' }),
    ofBlock('uint8', 'igmp.mtrace.q_s', 'S', (bytes, at) => (bytes[at + 30] >> 6) & 1, { base: 'hex' }),
    ofBlock('uint8', 'igmp.mtrace.q_src_mask', 'Src Mask', (bytes, at) => bytes[at + 30] & 0x3f, { base: 'hex' }),
    ofBlock('uint8', 'igmp.mtrace.q_fwd_code', 'Forwarding Code', (bytes, at) => bytes[at + 31], {
      base: 'hex',
      values: forwardingNames,
    }),
  ]
}
