/** Every value of every field of a decoded packet, held to what `Visit` promises of its type. */
import type { Packet } from '../../src/packet/packet.ts'
import type { Field } from '../../src/protocols/field.ts'
import { protocolById } from '../../src/protocols/index.ts'
import { formatValue } from '../../src/protocols/value-format.ts'
import { isPlace } from './decoder-bench.ts'

/** Reserved bits are a boolean in Wireshark, however many there are. */
const UNSIGNED: Readonly<Record<string, number>> = {
  uint8: 8,
  uint16: 16,
  uint24: 24,
  uint32: 32,
  ipv4: 32,
  boolean: 32,
}
const SIGNED: Readonly<Record<string, number>> = { int8: 8, int16: 16, int32: 32 }
const WIDTHS: Readonly<Record<string, number>> = { ether: 6, ipv6: 16 }
const MAX_NANOSECONDS = 999_999_999

/**
 * Values that one field may have for each octet of the packet, besides a few: a bit each, and those of the sums and lists that
 * are made of them.
 */
const VALUES_FOR_OCTET = 8
const VALUES_BESIDES = 64

/**
 * Fields whose values Wireshark shows beyond their type: IGMPv3 codes a time in eight bits (RFC 3376 §4.1.1), RIP's metric has 32
 * (RFC 2453 §3.1), ICMP counts words (RFC 4884 §4), Modbus counts in two octets; and where IP and UDP-Lite leave out the length,
 * it is that of the packet.
 */
const WIDER: Readonly<Record<string, number>> = {
  'icmp.length.original_datagram': 16,
  'igmp.max_resp': 16,
  'ip.len': 32,
  'modbus.byte_cnt_16': 16,
  'rip.metric': 32,
  'udp.length': 32,
}

/** As in Wireshark, an acknowledgment of 0 before any other is a duplicate of none. */
const MAY_BE_ZERO = 'tcp.analysis.duplicate_ack_frame'

/** What is wrong with a value; undefined if it is as its type says. */
function wrong({ name, type }: Field, packet: Packet, value: unknown, extra: number): string | undefined {
  const bits = WIDER[name] ?? UNSIGNED[type] ?? SIGNED[type]
  if (bits !== undefined) {
    const least = type in SIGNED ? -(2 ** (bits - 1)) : 0
    const isWithin = Number.isInteger(value) && (value as number) >= least && (value as number) < least + 2 ** bits
    return isWithin ? undefined : 'out of range'
  }
  switch (type) {
    case 'none':
      return value === 0 ? undefined : 'none has no value'
    case 'framenum':
      return Number.isInteger(value) && (value as number) >= (name === MAY_BE_ZERO ? 0 : 1)
        ? undefined
        : 'no number of a packet'
    case 'uint64':
    case 'eui64':
      return typeof value === 'bigint' && BigInt.asUintN(64, value) === value ? undefined : 'out of range'
    case 'int64':
      return typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? undefined : 'out of range'
    case 'float':
    case 'double':
      return typeof value === 'number' ? undefined : 'not a number'
    case 'string':
      return typeof value === 'string' ? undefined : 'not a string'
    case 'absolute_time':
    case 'relative_time':
      if (!Number.isInteger(value) || !Number.isInteger(extra)) return 'parts that are not whole'
      if (Math.abs(extra) > MAX_NANOSECONDS) return 'more than a second of nanoseconds'
      if (type === 'absolute_time') return extra < 0 ? 'nanoseconds below zero' : undefined
      return Math.sign(value as number) * Math.sign(extra) < 0 ? 'two signs' : undefined
    default: {
      const at = value as number
      if (!Number.isInteger(at) || !Number.isInteger(extra) || extra < 0) return 'no place'
      const length = WIDTHS[type] ?? extra
      return isPlace(packet, at) && isPlace(packet, at + length) ? undefined : 'outside of the packet'
    }
  }
}

/** Calls `visit` with each value of each field of each layer, and its text. Throws where a value is not as its type says. */
export function eachValue(packet: Packet, visit: (field: Field, text: string) => void): void {
  const most = VALUES_BESIDES + VALUES_FOR_OCTET * (packet.capturedLength + packet.scratchFree - packet.scratch)
  for (let layer = 0; layer < packet.layerCount; layer++)
    for (const field of protocolById[packet.layerProtocol[layer]]?.fields ?? []) {
      let count = 0
      const stopped = field.each(packet, layer, (value, extra) => {
        if (++count > most) throw new Error(`${field.name}: ${count} values of ${packet.capturedLength} octets`)
        const problem = wrong(field, packet, value, extra)
        if (problem !== undefined) throw new Error(`${field.name} (${field.type}): ${value}, ${extra}: ${problem}`)
        visit(field, formatValue(field, packet, value, extra))
        return false
      })
      if (stopped !== false) throw new Error(`${field.name}: stopped by itself, with ${stopped}`)
      if (count > 0) checkStops(packet, layer, field)
    }
}

/** Whoever has seen enough is not called again, and is told so. */
function checkStops(packet: Packet, layer: number, field: Field): void {
  let count = 0
  const stopped = field.each(packet, layer, () => {
    count++
    return true
  })
  if (stopped !== true || count !== 1) throw new Error(`${field.name}: went on after the first value`)
}

/** The text of a value in which the numbers of packets are counted from `numbersFrom`. */
export function relativeText({ type }: Field, text: string, numbersFrom: number): string {
  return type === 'framenum' && text !== '0' ? String(Number(text) - numbersFrom) : text
}
