/** Packets of nothing but headers: decoded as far as there is room, in time that grows with their octets and no faster. */
import { describe, expect, test } from 'vitest'
import { Dissection } from '../../src/flow/dissection.ts'
import { StreamTracker } from '../../src/flow/streams.ts'
import { MAX_LAYERS, type Packet } from '../../src/packet/packet.ts'
import { protocolById } from '../../src/protocols/index.ts'
import { octets, packetOf, stackOf } from '../support/packet.ts'

const ETHERNET = 1
/** The longest packet that a capture may have (Wireshark's WTAP_MAX_PACKET_SIZE_STANDARD). */
const LONGEST = 262_144
/** What fits into an IPv4 datagram behind its header and UDP's (RFC 791 §3.1, RFC 768). */
const DATAGRAM = 65_507

function filled(length: number, unit: string): Buffer {
  return Buffer.alloc(length, octets(unit))
}

function ethernet(type: string, payload: Uint8Array): Buffer {
  return Buffer.concat([octets(`00005e005302 00005e005301 ${type}`), payload])
}

function ipv4(protocol: number, payload: Uint8Array): Buffer {
  const header = Buffer.from(octets('4500 0000 0001 0000 4000 0000 0a000001 0a000002'))
  header.writeUInt16BE(20 + payload.length, 2)
  header[9] = protocol
  return Buffer.concat([header, payload])
}

function udp(port: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8)
  header.writeUInt16BE(40_000, 0)
  header.writeUInt16BE(port, 2)
  header.writeUInt16BE(8 + payload.length, 4)
  return ethernet('0800', ipv4(17, Buffer.concat([header, payload])))
}

function tcp(port: number, payload: Uint8Array): Buffer {
  const header = Buffer.from(octets('9c40 0000 00000001 00000001 5018 ffff 0000 0000'))
  header.writeUInt16BE(port, 2)
  return ethernet('0800', ipv4(6, Buffer.concat([header, payload])))
}

/** `depth` times a header around what is inside. */
function nested(depth: number, wrap: (inside: Uint8Array) => Uint8Array): Uint8Array {
  let packet: Uint8Array = new Uint8Array(8)
  for (let i = 0; i < depth; i++) packet = wrap(packet)
  return packet
}

/** BER sequences within each other (X.690 §8.1): a tag, and a length of two octets in long form. */
function sequences(depth: number, tag: number): Buffer {
  const length = 4 * depth
  return Buffer.concat(
    Array.from({ length: depth }, (_, i) =>
      Buffer.of(tag, 0x82, (length - 4 * (i + 1)) >> 8, (length - 4 * (i + 1)) & 255),
    ),
  )
}

function decodedWhole(bytes: Uint8Array): Packet {
  const packet = packetOf(ETHERNET, bytes)
  const streams = new StreamTracker()
  streams.track(packet)
  new Dissection(streams).dissect(packet)
  return packet
}

describe('VLAN tags', () => {
  const tagged = (tags: number) =>
    stackOf(
      packetOf(
        ETHERNET,
        ethernet(
          '8100',
          Buffer.concat([filled(4 * tags - 4, '00018100'), octets('00010800'), ipv4(253, new Uint8Array(8))]),
        ),
      ),
    )

  // tshark 4.0.17: twenty tags are decoded; of the next it says "Too many nested VLAN tags" and shows nothing behind it.
  test.each([
    [20, 20, 'ip:data'],
    [21, 21, 'vlan'],
    [22, 21, 'vlan'],
    [1000, 21, 'vlan'],
  ])('%i of them', (tags, shown, end) => {
    const stack = tagged(tags)
    expect(stack.split(':').filter((name) => name === 'vlan')).toHaveLength(shown)
    expect(stack.endsWith(`:${end}`)).toBe(true)
  })
})

const HEADERS: readonly (readonly [string, Uint8Array])[] = [
  ['a million VLAN tags', ethernet('8100', filled(LONGEST - 14, '00018100'))],
  ['tags of provider bridges', ethernet('88a8', filled(LONGEST - 14, '000188a8'))],
  ['MPLS labels without a bottom', ethernet('8847', filled(LONGEST - 14, '00010040'))],
  [
    'IP in IP, a thousand deep',
    ethernet(
      '0800',
      nested(1000, (inside) => ipv4(4, inside)),
    ),
  ],
  [
    'GRE, a thousand deep',
    ethernet(
      '0800',
      nested(1000, (inside) => ipv4(47, Buffer.concat([octets('00000800'), inside]))),
    ),
  ],
  ['VXLAN, a thousand deep', nested(1000, (inside) => udp(4789, Buffer.concat([octets('0800000000000100'), inside])))],
  [
    'destination options without end',
    ethernet(
      '86dd',
      Buffer.concat([octets('60000000 ffff 3c 40'), new Uint8Array(32), filled(65_535, '3c00000000000000')]),
    ),
  ],
  ['LLDP', ethernet('88cc', filled(LONGEST - 14, 'fe00'))],
  [
    '65,535 DNS questions',
    udp(53, Buffer.concat([octets('1234 0100 ffff 0000 0000 0000'), filled(DATAGRAM - 12, 'c00c00010001')])),
  ],
  [
    'a DNS name that points to itself',
    udp(53, Buffer.concat([octets('1234 0100 ffff 0000 0000 0000'), filled(DATAGRAM - 12, 'c00cc00c')])),
  ],
  [
    'DNS labels without end',
    udp(53, Buffer.concat([octets('1234 8180 ffff ffff 0000 0000'), filled(DATAGRAM - 12, '0161')])),
  ],
  ['SNMP within SNMP', udp(161, sequences(15_000, 0x30))],
  ['Kerberos', udp(88, sequences(15_000, 0x6a))],
  [
    'LDAP filters',
    tcp(
      389,
      Buffer.concat([
        octets('3082eb00 020101 6382eaf0 0400 0a0100 0a0100 020100 020100 010100'),
        sequences(15_000, 0xa2),
      ]),
    ),
  ],
  ['a certificate', tcp(443, Buffer.concat([octets('160303ea80 0b00ea7c 00ea79 00ea76'), sequences(15_000, 0x30)]))],
  [
    'TLS extensions',
    tcp(
      443,
      Buffer.concat([
        octets('160301fd20 0100fd1c 0303'),
        new Uint8Array(32),
        octets('00 0002 1301 01 00 fcf0'),
        filled(64_752, '00000000'),
      ]),
    ),
  ],
  ['HTTP headers', tcp(80, Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n'), Buffer.alloc(65_000, 'a: b\r\n')]))],
  ['pipelined requests', tcp(80, Buffer.alloc(65_000, 'GET / HTTP/1.1\r\n\r\n'))],
  ['MQTT pings', tcp(1883, filled(65_000, 'c000'))],
  [
    'bencoded lists',
    udp(6881, Buffer.concat([Buffer.from('d1:ad2:id20:aaaaaaaaaaaaaaaaaaaa'), Buffer.alloc(65_000, 'l')])),
  ],
]

describe('bounded in layers and in time', () => {
  test.each(HEADERS)('%s', (_, bytes) => {
    const packet = decodedWhole(bytes)
    expect(packet.layerCount).toBeLessThanOrEqual(MAX_LAYERS)
    // Every field is read: two milliseconds for each thousand octets of each field, which takes a hundredth of that.
    for (let layer = 0; layer < packet.layerCount; layer++)
      for (const field of protocolById[packet.layerProtocol[layer]]?.fields ?? []) {
        const from = process.cpuUsage()
        field.each(packet, layer, () => false)
        const { user, system } = process.cpuUsage(from)
        expect((user + system) / 1000, field.name).toBeLessThan(500)
      }
  })
})
