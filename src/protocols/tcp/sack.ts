/**
 * Fields of selective acknowledgments: RFC 2018 §3; duplicates: RFC 2883 §4.
 *
 *    0      1       2                4  octets
 *  0 | kind | length |
 *  2 |   left edge of block 1    |    first octet received
 *  6 |   right edge of block 1   |    behind the last one
 * 10 |   left edge of block 2 ...
 */
import { read32 } from '../../packet/bytes.ts'
import type { Packet } from '../../packet/packet.ts'
import { computed, type Field, type FieldType, type Visit } from '../field.ts'
import { ACKNOWLEDGMENT, eachOption, SACK } from './header.ts'

/** Octets of kind and length, and of a block. */
const HEADER = 2
const BLOCK = 8
const RIGHT = 4

/** Edges are relative to the first number of the direction that is acknowledged. */
function baseOf(packet: Packet, layer: number): number {
  const facts = packet.tcpFacts[layer]
  return facts?.hasSequence === true ? facts.acknowledgedBase : 0
}

/** Calls `read(at, end)` for each selective acknowledgment: from its first block to behind its last octet. */
function sack(
  type: FieldType,
  name: string,
  description: string,
  read: (packet: Packet, layer: number, at: number, end: number, visit: Visit) => boolean,
): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) =>
      eachOption(
        packet,
        layer,
        (kind, at, length) => kind === SACK && read(packet, layer, at + HEADER, at + length, visit),
      ),
    { need: 'analysis' },
  )
}

/** One edge of each block, also of a last block that lacks the right one. */
function edges(name: string, edge: number, description: string): Field {
  return sack('uint32', name, description, (packet, layer, at, end, visit) => {
    const base = baseOf(packet, layer)
    for (let block = at; block + edge + 4 <= end; block += BLOCK)
      if (visit((read32(packet.bytes, block + edge) - base) >>> 0, 0)) return true
    return false
  })
}

/** RFC 2883 §4: the first block reports octets that came twice if it is acknowledged already, or lies in the second. */
function reportsDuplicate(packet: Packet, layer: number, at: number, end: number): boolean {
  const { bytes } = packet
  if (at + 4 > end) return false
  const facts = packet.tcpFacts[layer]
  const base = baseOf(packet, layer)
  const left = read32(bytes, at)
  const acknowledged =
    facts?.isKnown === true ? facts.acknowledgment + base : read32(bytes, packet.layerAt[layer] + ACKNOWLEDGMENT)
  if (at + BLOCK > end) return ((left - acknowledged) | 0) < 0
  const right = read32(bytes, at + RIGHT)
  if (((right - acknowledged) | 0) <= 0) return true
  if (at + 2 * BLOCK > end) return false
  const isBehind = ((left - read32(bytes, at + BLOCK)) | 0) >= 0
  return isBehind && ((right - read32(bytes, at + BLOCK + RIGHT)) | 0) <= 0
}

function duplicate(name: string, edge: number, description: string): Field {
  return sack('uint32', name, description, (packet, layer, at, end, visit) => {
    if (at + edge + 4 > end || !reportsDuplicate(packet, layer, at, end)) return false
    return visit((read32(packet.bytes, at + edge) - baseOf(packet, layer)) >>> 0, 0)
  })
}

export const sackFields: readonly Field[] = [
  edges('tcp.options.sack_le', 0, 'TCP SACK Left Edge; of each block, relative as tcp.ack'),
  edges('tcp.options.sack_re', RIGHT, 'TCP SACK Right Edge; of each block, relative as tcp.ack'),
  sack('uint8', 'tcp.options.sack.count', 'TCP SACK Count; of blocks', (_packet, _layer, at, end, visit) =>
    visit(Math.floor((end - at) / BLOCK), 0),
  ),
  duplicate('tcp.options.sack.dsack_le', 0, 'TCP D-SACK Left Edge; octets that came twice (RFC 2883)'),
  duplicate('tcp.options.sack.dsack_re', RIGHT, 'TCP D-SACK Right Edge'),
  sack('none', 'tcp.options.sack.dsack', 'D-SACK Sequence', (packet, layer, at, end, visit) => {
    return at + BLOCK <= end && reportsDuplicate(packet, layer, at, end) && visit(0, 0)
  }),
  sack(
    'none',
    'tcp.suboption_malformed',
    'suboption would go past end of option',
    (_packet, _layer, at, end, visit) => {
      return (end - at) % BLOCK !== 0 && visit(0, 0)
    },
  ),
]
