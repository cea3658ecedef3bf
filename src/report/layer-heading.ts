/** The line that stands above a layer: its protocol, and what tells this layer from others, as tshark writes it. */
import type { Packet } from '../packet/packet.ts'
import { computed, type Field, type Need } from '../protocols/field.ts'
import type { Protocol } from '../protocols/protocol.ts'
import { formatValue } from '../protocols/value-format.ts'

/** The first value of a field within one layer. */
interface Value {
  readonly raw: unknown
  readonly text: string
  /** Wireshark's name for the value; its text, if it has none. */
  readonly name: string
}

/** Reads fields of one layer by name; a field that is not there, or not declared, is undefined. */
type Read = (name: string) => Value | undefined

interface Heading {
  /** The fields that it reads, for what they need. */
  readonly reads: readonly string[]
  /** Undefined where Wireshark says no more than the name of the protocol. */
  readonly of: (read: Read, packet: Packet, layer: number) => string | undefined
}

/** `title, Src: a, Dst: b`: those of the fields that are there. */
function listed(title: string, ...parts: readonly (readonly [label: string, field: string])[]): Heading {
  return {
    reads: parts.map(([, field]) => field),
    of: (read) =>
      parts.reduce((text, [label, field]) => {
        const value = read(field)
        return value === undefined ? text : `${text}, ${label}: ${value.text}`
      }, title),
  }
}

/** `title (name of the value)` */
function kind(title: string, field: string): Heading {
  return {
    reads: [field],
    of: (read) => {
      const value = read(field)
      return value && `${title} (${value.name})`
    },
  }
}

function plain(title: string): Heading {
  return { reads: [], of: () => title }
}

function queryOrResponse(title: string): Heading {
  return {
    reads: ['dns.flags.response'],
    of: (read) => {
      const response = read('dns.flags.response')
      return response && `${title} (${response.raw === 0 ? 'query' : 'response'})`
    },
  }
}

/** The bit of `tcp.flags` that says the acknowledgment number counts (RFC 9293 §3.1). */
const TCP_ACK = 0x10

const FRAME: Heading = {
  reads: ['frame.interface_id', 'frame.interface_name'],
  of: (read, { number, originalLength, capturedLength }) => {
    const octets = (count: number) => `${count} byte${count === 1 ? '' : 's'}`
    const wire = `${octets(originalLength)} on wire (${8 * originalLength} bits)`
    const text = `Frame ${number}: ${wire}, ${octets(capturedLength)} captured (${8 * capturedLength} bits)`
    const id = read('frame.interface_id')
    if (id === undefined) return text
    return `${text} on interface ${read('frame.interface_name')?.text ?? 'unknown'}, id ${id.text}`
  },
}

const ETHERNET: Heading = {
  reads: ['eth.type', 'eth.len', 'eth.src', 'eth.dst'],
  of: (read) => {
    // Wireshark's own, the space at the end included.
    if (read('eth.len') !== undefined) return 'IEEE 802.3 Ethernet '
    const [source, destination] = [read('eth.src'), read('eth.dst')]
    if (source === undefined || destination === undefined) return undefined
    return `Ethernet II, Src: ${source.text}, Dst: ${destination.text}`
  },
}

const TCP: Heading = {
  reads: ['tcp.srcport', 'tcp.dstport', 'tcp.seq', 'tcp.ack', 'tcp.flags', 'tcp.len'],
  of: (read) => {
    const parts = ['Transmission Control Protocol']
    const add = (label: string, value: Value | undefined) => value && parts.push(`${label}: ${value.text}`)
    add('Src Port', read('tcp.srcport'))
    add('Dst Port', read('tcp.dstport'))
    add('Seq', read('tcp.seq') ?? read('tcp.seq_raw'))
    const flags = read('tcp.flags')
    if (flags !== undefined && (Number(flags.raw) & TCP_ACK) !== 0) add('Ack', read('tcp.ack') ?? read('tcp.ack_raw'))
    add('Len', read('tcp.len'))
    return parts.join(', ')
  },
}

const SCTP: Heading = {
  reads: ['sctp.srcport', 'sctp.dstport'],
  of: (read) => {
    const [source, destination] = [read('sctp.srcport')?.text, read('sctp.dstport')?.text]
    if (source === undefined || destination === undefined) return undefined
    return `Stream Control Transmission Protocol, Src Port: ${source} (${source}), Dst Port: ${destination} (${destination})`
  },
}

const ARP: Heading = {
  reads: ['arp.opcode', 'arp.isprobe', 'arp.isgratuitous', 'arp.isannouncement'],
  of: (read) => {
    const operation = read('arp.opcode')
    if (operation === undefined) return undefined
    if (read('arp.isprobe') !== undefined) return 'Address Resolution Protocol (ARP Probe)'
    if (read('arp.isannouncement') !== undefined) return 'Address Resolution Protocol (ARP Announcement)'
    const gratuitous = read('arp.isgratuitous') === undefined ? '' : '/gratuitous ARP'
    return `Address Resolution Protocol (${operation.name}${gratuitous})`
  },
}

const NTP: Heading = {
  reads: ['ntp.flags.vn', 'ntp.flags.mode'],
  of: (read) => {
    const [version, mode] = [read('ntp.flags.vn'), read('ntp.flags.mode')]
    return version && mode && `Network Time Protocol (${version.name}, ${mode.name})`
  },
}

const RPC: Heading = {
  reads: ['rpc.msgtyp', 'rpc.xid'],
  of: (read) => {
    const [type, id] = [read('rpc.msgtyp'), read('rpc.xid')]
    return type && id && `Remote Procedure Call, Type:${type.name} XID:${id.text}`
  },
}

const ERSPAN: Heading = {
  reads: ['erspan.version'],
  of: (read) => {
    const version = read('erspan.version')
    const type = version && { 1: 'II', 2: 'III' }[Number(version.raw)]
    return type && `Encapsulated Remote Switch Packet ANalysis Type ${type}`
  },
}

const SIP: Heading = {
  reads: ['sip.Method', 'sip.Status-Code'],
  of: (read) => {
    const what = read('sip.Status-Code') ?? read('sip.Method')
    return what && `Session Initiation Protocol (${what.text})`
  },
}

const BGP: Heading = {
  reads: ['bgp.type'],
  of: (read) => {
    const type = read('bgp.type')
    return type && `Border Gateway Protocol - ${type.name}`
  },
}

const RADIOTAP: Heading = {
  reads: ['radiotap.version', 'radiotap.length'],
  of: (read) => {
    const [version, length] = [read('radiotap.version'), read('radiotap.length')]
    return version && length && `Radiotap Header v${version.text}, Length ${length.text}`
  },
}

const DATA: Heading = {
  reads: ['data.len'],
  of: (read) => `Data (${read('data.len')?.text ?? 0} bytes)`,
}

/** By the name of the protocol. */
const HEADINGS: Readonly<Record<string, Heading>> = {
  frame: FRAME,
  eth: ETHERNET,
  vlan: listed('802.1Q Virtual LAN', ['PRI', 'vlan.priority'], ['DEI', 'vlan.dei'], ['ID', 'vlan.id']),
  ieee8021ad: listed('IEEE 802.1ad', ['ID', 'ieee8021ad.id']),
  sll: {
    reads: [],
    of: (_read, { linkType }) => `Linux cooked capture v${linkType === 276 ? 2 : 1}`,
  },
  mpls: listed(
    'MultiProtocol Label Switching Header',
    ['Label', 'mpls.label'],
    ['Exp', 'mpls.exp'],
    ['S', 'mpls.bottom'],
    ['TTL', 'mpls.ttl'],
  ),
  arp: ARP,
  fr: plain('Frame Relay'),
  stp: plain('Spanning Tree Protocol'),
  eigrp: plain('Cisco EIGRP'),
  bfd: plain('BFD Control message'),
  'ipv6.routing': kind('Routing Header for IPv6', 'ipv6.routing.type'),
  dccp: listed('Datagram Congestion Control Protocol', ['Src Port', 'dccp.srcport'], ['Dst Port', 'dccp.dstport']),
  ip: listed('Internet Protocol Version 4', ['Src', 'ip.src'], ['Dst', 'ip.dst']),
  ipv6: listed('Internet Protocol Version 6', ['Src', 'ipv6.src'], ['Dst', 'ipv6.dst']),
  gre: kind('Generic Routing Encapsulation', 'gre.proto'),
  geneve: listed('Generic Network Virtualization Encapsulation', ['VNI', 'geneve.vni']),
  tcp: TCP,
  udp: listed('User Datagram Protocol', ['Src Port', 'udp.srcport'], ['Dst Port', 'udp.dstport']),
  sctp: SCTP,
  dns: queryOrResponse('Domain Name System'),
  mdns: queryOrResponse('Multicast Domain Name System'),
  llmnr: queryOrResponse('Link-local Multicast Name Resolution'),
  dhcp: kind('Dynamic Host Configuration Protocol', 'dhcp.option.dhcp'),
  ntp: NTP,
  rpc: RPC,
  erspan: ERSPAN,
  sip: SIP,
  rtcp: kind('Real-time Transport Control Protocol', 'rtcp.pt'),
  bgp: BGP,
  radiotap: RADIOTAP,
  tpkt: listed('TPKT', ['Version', 'tpkt.version'], ['Length', 'tpkt.length']),
  data: DATA,
}

/**
 * `Internet Protocol Version 4, Src: 10.0.0.1, Dst: 10.0.0.2`, of a layer of `protocol`. Undefined where Wireshark adds
 * nothing to the protocol's name, or what it would add was not captured. `layer` is -1 for `frame`.
 */
export function layerHeading(packet: Packet, layer: number, protocol: Protocol): string | undefined {
  const heading = headingOf(protocol)
  if (heading === undefined) return undefined
  if (isBare(packet, layer)) return undefined
  return heading.of((name) => firstValue(packet, layer, fieldOf(protocol, name)), packet, layer)
}

/** What the headings of the protocol's layers need. */
export function headingNeeds(protocol: Protocol): Need[] {
  // What nothing decodes is only known once everything was tried.
  if (protocol.name === 'data') return ['dissection']
  const names = headingOf(protocol)?.reads ?? []
  return names.map((name) => fieldOf(protocol, name)?.need).filter((need) => need !== undefined)
}

/**
 * The protocol as a column of `fields`: its heading for each layer, as tshark prints it, or its name where there is none.
 * Of `data`, which is nothing but octets, those.
 */
export function headingField(protocol: Protocol): Field {
  const { name, title } = protocol
  if (name === 'data') return fieldOf(protocol, 'data.data') ?? computed('none', name, title, () => false)
  return computed('string', name, title, (packet, layer, visit) =>
    isBare(packet, layer) ? false : visit(layerHeading(packet, layer, protocol) ?? name, 0),
  )
}

/** Whether Wireshark has no item for the layer. */
function isBare(packet: Packet, layer: number): boolean {
  return layer >= 0 && (packet.layerAt[layer] >= packet.layerEnd[layer] || isDouble(packet, layer))
}

/**
 * Whether the layer is only how its protocol was found, and the next one is what it looks like: `igmp` stands twice in
 * `frame.protocols`, for one message.
 */
export function isDouble({ layerAt, layerProtocol, layerCount }: Packet, layer: number): boolean {
  const next = layer + 1
  if (layer < 0 || next >= layerCount) return false
  return layerProtocol[next] === layerProtocol[layer] && layerAt[next] === layerAt[layer]
}

function headingOf({ name }: Protocol): Heading | undefined {
  return Object.hasOwn(HEADINGS, name) ? HEADINGS[name] : undefined
}

function fieldOf({ fields }: Protocol, name: string): Field | undefined {
  return fields.find((field) => field.name === name)
}

function firstValue(packet: Packet, layer: number, field: Field | undefined): Value | undefined {
  let found: Value | undefined
  field?.each(packet, layer, (raw, extra) => {
    const text = formatValue(field, packet, raw, extra)
    found = { raw, text, name: field.values?.[raw] ?? text }
    return true
  })
  return found
}
