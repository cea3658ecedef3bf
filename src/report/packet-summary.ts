/** One packet in one line: what a person needs to recognise it. */
import { formatIpv4, formatIpv6, formatMac } from '../packet/address.ts'
import { read16, read32 } from '../packet/bytes.ts'
import { FAULT_MALFORMED, FAULT_TRUNCATED, type Packet } from '../packet/packet.ts'
import { DATA } from '../protocols/data.ts'
import { findField, protocolById } from '../protocols/index.ts'
import { IPV4 } from '../protocols/ipv4.ts'
import { IPV6 } from '../protocols/ipv6.ts'
import { protocolName } from '../protocols/protocol.ts'
import { formatStack } from '../protocols/stack.ts'
import { TCP } from '../protocols/tcp.ts'
import type { Style } from './terminal.ts'
import { displayWidth, elide } from './text.ts'
import { formatMoment } from './units.ts'

export interface PacketSummary {
  readonly number: number
  /** RFC 3339; null without a timestamp. */
  readonly time: string | null
  /** Seconds since the first packet. */
  readonly relativeTime: number | null
  /** The IP address, else the one of the link layer. */
  readonly source: string | null
  readonly destination: string | null
  readonly sourcePort: number | null
  readonly destinationPort: number | null
  /** The innermost layer that was decoded, by Wireshark's name. */
  readonly protocol: string
  readonly protocols: readonly string[]
  /** Octets on the wire and in the capture. */
  readonly originalLength: number
  readonly capturedLength: number
  /** Ports, flags, type: whatever tells packets of this protocol apart. */
  readonly info: string
}

export const SUMMARY_COLUMNS = [
  'number',
  'time',
  'relativeTime',
  'source',
  'destination',
  'sourcePort',
  'destinationPort',
  'protocol',
  'originalLength',
  'capturedLength',
  'info',
] as const

/** Needs `times`. */
export function summarise(packet: Packet): PacketSummary {
  const [source, destination] = addressesOf(packet)
  const ports = portsOf(packet)
  return {
    number: packet.number,
    time: packet.hasTime ? formatMoment(packet) : null,
    relativeTime: packet.hasTime ? sinceFirst(packet) : null,
    source,
    destination,
    sourcePort: ports?.[0] ?? null,
    destinationPort: ports?.[1] ?? null,
    protocol: protocolName(packet.layerProtocol[topLayer(packet)]),
    protocols: formatStack(packet).split(':'),
    originalLength: packet.originalLength,
    capturedLength: packet.capturedLength,
    info: infoOf(packet, ports),
  }
}

function sinceFirst(packet: Packet): number {
  return ((packet.seconds - packet.firstSeconds) * 1e9 + (packet.nanoseconds - packet.firstNanoseconds)) / 1e9
}

/** The innermost layer of the packet itself that has a meaning; what an ICMP error quotes is not its own. */
function topLayer(packet: Packet): number {
  let layer = Math.min(packet.layerCount, packet.quotedFrom) - 1
  if (layer > 0 && packet.layerProtocol[layer] === DATA) layer--
  return Math.max(0, layer)
}

/** Fields with the addresses of packets that have no IP layer, in the order of preference. */
const OTHER_ADDRESSES = [
  ['arp.src.proto_ipv4', 'arp.dst.proto_ipv4'],
  ['wlan.sa', 'wlan.da'],
  ['eth.src', 'eth.dst'],
  ['sll.src.eth', ''],
] as const

function addressesOf(packet: Packet): [string | null, string | null] {
  const { bytes, network } = packet
  if (network >= 0) {
    const at = packet.layerAt[network]
    const protocol = packet.layerProtocol[network]
    const left = packet.layerEnd[network] - at
    if (protocol === IPV4 && left >= 20) return [formatIpv4(read32(bytes, at + 12)), formatIpv4(read32(bytes, at + 16))]
    if (protocol === IPV6 && left >= 40) return [formatIpv6(bytes, at + 8), formatIpv6(bytes, at + 24)]
  }
  for (const [from, to] of OTHER_ADDRESSES) {
    const source = firstAddress(packet, from)
    if (source !== null) return [source, firstAddress(packet, to)]
  }
  return [null, null]
}

function firstAddress(packet: Packet, name: string): string | null {
  const found = findField(name)
  if (found === undefined) return null
  const layer = packet.find(found.protocol.id)
  if (layer < 0) return null
  let text: string | null = null
  found.field.each(packet, layer, (value) => {
    text = found.field.type === 'ipv4' ? formatIpv4(value) : formatMac(packet.bytes, value)
    return true
  })
  return text
}

/** TCP, UDP, SCTP, DCCP and UDP-Lite all begin with their ports. */
function portsOf(packet: Packet): [number, number] | null {
  const { transport, bytes } = packet
  if (transport < 0 || packet.layerEnd[transport] - packet.layerAt[transport] < 4) return null
  const at = packet.layerAt[transport]
  return [read16(bytes, at), read16(bytes, at + 2)]
}

/** TCP's flags, from the lowest bit (RFC 9293 §3.1). */
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR']

function infoOf(packet: Packet, ports: [number, number] | null): string {
  const parts: string[] = []
  const { transport, bytes } = packet
  if (ports !== null) {
    parts.push(`${ports[0]} > ${ports[1]}`)
    const at = packet.layerAt[transport]
    const isTcp = packet.layerProtocol[transport] === TCP
    if (isTcp && packet.layerEnd[transport] - at >= 14) {
      const flags = bytes[at + 13]
      parts.push(`[${FLAGS.filter((_, bit) => flags & (1 << bit)).join(' ')}]`)
    }
    const header = isTcp ? 4 * (bytes[at + 12] >> 4) : 8
    if (packet.layerEnd[transport] - at > 12) {
      const payload = packet.layerWireEnd[transport] - at - header
      if (payload >= 0) parts.push(`len ${payload}`)
    }
  } else parts.push(...detailOf(packet))
  if (packet.fault === FAULT_TRUNCATED) parts.push(`[${protocolName(packet.faultProtocol)} cut off]`)
  if (packet.fault === FAULT_MALFORMED) parts.push(`[${protocolName(packet.faultProtocol)} malformed]`)
  return parts.join(' ')
}

/** What tells packets of a protocol without ports apart. */
const DETAILS: Readonly<Record<string, readonly [string, string][]>> = {
  icmp: [
    ['type', 'icmp.type'],
    ['code', 'icmp.code'],
  ],
  icmpv6: [
    ['type', 'icmpv6.type'],
    ['code', 'icmpv6.code'],
  ],
  igmp: [['type', 'igmp.type']],
  arp: [['', 'arp.opcode']],
}

function detailOf(packet: Packet): string[] {
  const layer = topLayer(packet)
  const protocol = protocolById[packet.layerProtocol[layer]]
  if (protocol === undefined) return []
  const parts: string[] = []
  for (const [label, name] of DETAILS[protocol.name] ?? []) {
    findField(name)?.field.each(packet, layer, (value) => {
      const meaning = findField(name)?.field.values?.[value]
      parts.push(...[label, meaning === undefined ? String(value) : `${value} (${meaning})`].filter(Boolean))
      return true
    })
  }
  return parts.length > 0 ? parts : [protocol.title]
}

/** Columns that grow as wider values come, like tshark's: a stream of packets cannot be measured beforehand. */
export class SummaryLines {
  readonly #style: Style
  readonly #widths = [5, 9, 11, 11, 4, 4]

  constructor(style: Style) {
    this.#style = style
  }

  /** With its line end. On a terminal it fits into one line. */
  line(summary: PacketSummary): string {
    const { width } = this.#style
    const addressLimit = width === Infinity ? Infinity : Math.max(9, Math.floor((width - 48) / 2))
    const cells = [
      String(summary.number),
      summary.relativeTime === null ? '-' : summary.relativeTime.toFixed(6),
      elide(summary.source ?? '-', addressLimit),
      elide(summary.destination ?? '-', addressLimit),
      summary.protocol,
      String(summary.originalLength),
    ]
    let text = ''
    for (let i = 0; i < cells.length; i++) {
      this.#widths[i] = Math.max(this.#widths[i], cells[i].length)
      const right = i < 2 || i === 5
      text += `${right ? cells[i].padStart(this.#widths[i]) : cells[i].padEnd(this.#widths[i])} `
    }
    text += summary.info
    if (displayWidth(text) > width) text = `${text.slice(0, Math.max(0, width - 1))}~`
    return `${text.trimEnd()}\n`
  }
}
