/** Hierarchy, endpoints, destinations, flows and statistics over one small conversation whose sums can be seen. */
import { describe, expect, test } from 'vitest'
import { Destinations } from '../../src/analyzers/destinations.ts'
import { Endpoints } from '../../src/analyzers/endpoints.ts'
import { ProtocolHierarchy } from '../../src/analyzers/protocol-hierarchy.ts'
import { CaptureStatistics } from '../../src/analyzers/statistics.ts'
import type { Packet } from '../../src/packet/packet.ts'
import { analyze } from '../support/analysis.ts'
import { packetOf } from '../support/packet.ts'
import { segment } from '../support/segments.ts'

/** From 10.0.0.1 to 10.0.0.2: Ethernet 14 + IPv4 20 + UDP 8 + 4 octets = 46. */
function datagram(fragmentOffset = 0): Packet {
  return packetOf(
    1,
    Uint8Array.of(
      ...[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00],
      ...[0x45, 0, 0, 32, 0, 7, 0, fragmentOffset, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2],
      ...[0x9c, 0x40, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4],
    ),
  )
}

/** Broadcast ARP, 14 + 28 octets. */
function arp(): Packet {
  const request = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2]
  return packetOf(1, Uint8Array.of(255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 0x08, 0x06, ...request))
}

/** TCP segments are 14 + 20 + 20 = 54 octets, and their payload. */
const capture = (): Packet[] => [
  segment('10', 'client', 'S', 100, 0),
  segment('10.5', 'server', 'SA', 500, 101),
  segment('11', 'client', 'PA', 101, 501, { payload: 6 }),
  datagram(),
  arp(),
]

describe('ProtocolHierarchy', () => {
  test('each packet counts once for each layer, with its length on the wire', () => {
    const { packets, bytes, protocols } = analyze((context) => new ProtocolHierarchy(context), capture())
    // 54 + 54 + 60 + 46 + 42 = 256
    expect({ packets, bytes }).toEqual({ packets: 5, bytes: 256 })
    const flat: string[] = []
    const visit = (nodes: typeof protocols, path: string): void => {
      for (const node of nodes) {
        flat.push(`${path}${node.name} ${node.packets}/${node.bytes} ends ${node.endPackets}/${node.endBytes}`)
        visit(node.children, `${path}${node.name}:`)
      }
    }
    visit(protocols, '')
    expect(flat).toEqual([
      'eth 5/256 ends 0/0',
      'eth:ip 4/214 ends 0/0',
      'eth:ip:tcp 3/168 ends 2/108',
      'eth:ip:tcp:data 1/60 ends 1/60',
      'eth:ip:udp 1/46 ends 0/0',
      // four octets that nothing tells, on port 53: as tshark has it
      'eth:ip:udp:dns 1/46 ends 1/46',
      'eth:arp 1/42 ends 1/42',
    ])
  })

  test('an application gets all payloads of its stream, also those before it was told', () => {
    const packets = [
      segment('0', 'client', 'A', 1, 1, { payload: 3 }),
      segment('1', 'client', 'A', 4, 1, { payload: 15 }),
      segment('2', 'server', 'A', 1, 19, { payload: 100 }),
    ]
    packets[1].bytes.set(Buffer.from('SSH-2.0-Test\r\nx'), 54)
    const { protocols } = analyze((context) => new ProtocolHierarchy(context), packets)
    // 57 + 69 + 154 = 280
    expect(protocols[0].children[0].children[0].children).toMatchObject([{ name: 'ssh', packets: 3, bytes: 280 }])
  })

  test('what an ICMP error quotes is not traffic', () => {
    const quoted = datagram().bytes.subarray(14, 14 + 28)
    const error = [3, 3, 0, 0, 0, 0, 0, 0, ...quoted]
    const header = [0x45, 0, 0, 20 + error.length, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1]
    const packet = packetOf(1, Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, ...header, ...error))
    const { protocols } = analyze((context) => new ProtocolHierarchy(context), [packet])
    expect(protocols[0].children).toMatchObject([{ name: 'ip', children: [{ name: 'icmp', children: [] }] }])
  })

  test('a link type that is not decoded is counted under its name', () => {
    // LINKTYPE_DSA_TAG_EDSA is 285.
    const { protocols } = analyze((context) => new ProtocolHierarchy(context), [packetOf(285, '0000000000')])
    expect(protocols).toMatchObject([{ name: 'DSA_TAG_EDSA', packets: 1, bytes: 5, children: [] }])
  })
})

test('Endpoints: each packet counts at both ends, for addresses and for ports', () => {
  const { endpoints, ports } = analyze(() => new Endpoints(), capture())
  // 10.0.0.1 sent 54 + 60 + 46 = 160 and got 54.
  expect(endpoints).toEqual([
    { address: '10.0.0.1', packets: 4, bytes: 214, txPackets: 3, txBytes: 160, rxPackets: 1, rxBytes: 54 },
    { address: '10.0.0.2', packets: 4, bytes: 214, txPackets: 1, txBytes: 54, rxPackets: 3, rxBytes: 160 },
  ])
  expect(ports).toMatchObject([
    { protocol: 'tcp', port: 80, packets: 3, bytes: 168, txPackets: 1, rxPackets: 2 },
    { protocol: 'tcp', port: 40_000, packets: 3, bytes: 168, txPackets: 2, rxPackets: 1 },
    { protocol: 'udp', port: 53, packets: 1, bytes: 46, txPackets: 0, rxPackets: 1 },
    { protocol: 'udp', port: 40_000, packets: 1, bytes: 46, txPackets: 1, rxPackets: 0 },
  ])
})

test('Destinations: address, protocol, port; a later fragment has no port', () => {
  const result = analyze(() => new Destinations(), [...capture(), datagram(2)])
  expect(result.packets).toBe(5)
  expect(result.destinations).toEqual([
    {
      address: '10.0.0.2',
      packets: 4,
      bytes: 206,
      protocols: [
        { name: 'TCP', packets: 2, bytes: 114, ports: [{ port: 80, packets: 2, bytes: 114 }] },
        { name: 'NONE', packets: 1, bytes: 46, ports: [{ port: 0, packets: 1, bytes: 46 }] },
        { name: 'UDP', packets: 1, bytes: 46, ports: [{ port: 53, packets: 1, bytes: 46 }] },
      ],
    },
    {
      address: '10.0.0.1',
      packets: 1,
      bytes: 54,
      protocols: [{ name: 'TCP', packets: 1, bytes: 54, ports: [{ port: 40_000, packets: 1, bytes: 54 }] }],
    },
  ])
  expect(result.ports[0]).toEqual({ protocol: 'TCP', port: 80, packets: 2, bytes: 114, destinations: 1 })
})

test('CaptureStatistics: sums, times, order, and what the snaplen cut', () => {
  const late = segment('9', 'client', 'A', 101, 501, { payload: 100, snaplen: 60 })
  expect(analyze(() => new CaptureStatistics(), [...capture().slice(0, 3), late])).toEqual({
    packets: 4,
    // 54 + 54 + 60 + 154, of which 60 were captured of the last
    bytes: 322,
    capturedBytes: 228,
    start: { seconds: 9, nanoseconds: 0 },
    end: { seconds: 11, nanoseconds: 0 },
    duration: 2,
    inTimeOrder: false,
    cutPackets: 1,
    largestCaptured: 60,
    linkTypes: [{ linkType: 1, name: 'ETHERNET', packets: 4 }],
    truncatedPackets: 0,
    malformedPackets: 0,
  })
})
