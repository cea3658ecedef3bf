/** What may stand in front of a payload: headers and their layers, as decoders find them in the packet. */
import { MAX_LAYERS, type Packet } from '../../src/packet/packet.ts'
import { protocols } from '../../src/protocols/index.ts'
import { octets } from './packet.ts'

export interface Carrier {
  readonly name: string
  readonly octets: Uint8Array
  /** Enters the layers; the packet has begun. */
  readonly enter: (packet: Packet) => void
}

const id = (name: string): number => {
  const found = protocols.find((protocol) => protocol.name === name)
  if (found === undefined) throw new Error(`no protocol ${name}`)
  return found.id
}

const NETWORKS = new Set(['ip', 'ipv6'])
const TRANSPORTS = new Set(['tcp', 'udp', 'sctp'])

/** Ethernet II, its type to be put in (IEEE 802.3 §3.2). */
const eth = (type: string) => `020000000002020000000001${type}`
/** IPv4 (RFC 791 §3.1): 20 octets, of 40 in all, from 192.0.2.1 to 192.0.2.2. */
const ip = (protocol: string) => `4500002800010000 40${protocol}0000 c0000201 c0000202`
/** IPv6 (RFC 8200 §3), from 2001:db8::1 to 2001:db8::2. */
const ip6 = (next: string) =>
  `60000000 0020 ${next} 40 20010db8000000000000000000000001 20010db8000000000000000000000002`
const ports = (source: number, destination: number) => [source, destination].map((port) => hex(port, 4)).join('')
/** TCP (RFC 9293 §3.1), PSH and ACK. */
const tcp = (source: number, destination: number) => `${ports(source, destination)} 00000064 000000c8 5018ffff00000000`
/** UDP (RFC 768). */
const udp = (source: number, destination: number) => `${ports(source, destination)} 00280000`

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

/** Layers by name and octets; what follows `quoted` is a quotation. */
function carrier(...layers: readonly (readonly [name: string, octets: string] | 'quoted')[]): Carrier {
  const whole = octets(layers.map((layer) => (layer === 'quoted' ? '' : layer[1])).join(''))
  return {
    name: layers.map((layer) => (layer === 'quoted' ? layer : layer[0])).join(':'),
    octets: whole,
    enter(packet) {
      let at = packet.start
      for (const layer of layers) {
        if (layer === 'quoted') {
          packet.quote()
          continue
        }
        const [name, text] = layer
        if (NETWORKS.has(name)) packet.enterNetwork(id(name), at)
        else if (TRANSPORTS.has(name)) packet.enterTransport(id(name), at)
        else packet.enter(id(name), at)
        at += octets(text).length
      }
    },
  }
}

/** As many layers as decoding goes on behind. */
function deep(protocol: string, name: 'tcp' | 'udp', header: string): Carrier {
  const usual = carrier(['ip', ip(protocol)], [name, header])
  return {
    name: `deep ${name}`,
    octets: usual.octets,
    enter(packet) {
      usual.enter(packet)
      while (packet.layerCount < MAX_LAYERS - 4) packet.enter(id('vlan'), packet.start + usual.octets.length)
    },
  }
}

/** Over TCP and UDP, from one port to another. */
export function transports(source: number, destination: number): readonly Carrier[] {
  const there = [source, destination] as const
  return [
    carrier(['eth', eth('0800')], ['ip', ip('06')], ['tcp', tcp(...there)]),
    carrier(['eth', eth('0800')], ['ip', ip('11')], ['udp', udp(...there)]),
    carrier(['ipv6', ip6('06')], ['tcp', tcp(...there)]),
    carrier(['ipv6', ip6('11')], ['udp', udp(...there)]),
    // ICMP's destination unreachable quotes a datagram (RFC 792).
    carrier(['ip', ip('01')], ['icmp', '0303000000000000'], 'quoted', ['ip', ip('11')], ['udp', udp(...there)]),
    deep('06', 'tcp', tcp(...there)),
    deep('11', 'udp', udp(...there)),
    // Within another layer of the same segment.
    carrier(['ip', ip('06')], ['tcp', tcp(...there)], ['tpkt', '03000028']),
  ]
}

/** Below the network layer, and in it. */
export const links: readonly Carrier[] = [
  carrier(),
  carrier(['eth', eth('0800')]),
  carrier(['eth', eth('0800')], ['vlan', '00018100']),
  carrier(['eth', '0200000000020200000000010028'], ['llc', 'aaaa03 000000 0800']),
  carrier(['ppp', '0021']),
  carrier(['ip', ip('2f')], ['gre', '00000800']),
  carrier(['ip', ip('00')]),
  carrier(['ipv6', ip6('3a')]),
  carrier(['eth', eth('0800')], ['ip', ip('01')], ['icmp', '0303000000000000'], 'quoted', ['ip', ip('3a')]),
  deep('11', 'udp', udp(1, 2)),
]
