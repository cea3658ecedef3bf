import { describe, expect, test } from 'vitest'
import { FLOW_KINDS } from '../../src/analyzers/flow-kinds.ts'
import { Flows, type FlowsOptions } from '../../src/analyzers/flows.ts'
import { newContext } from '../../src/engine/context.ts'
import type { Packet } from '../../src/packet/packet.ts'
import { analyze, track } from '../support/analysis.ts'
import { packetOf } from '../support/packet.ts'
import { segment } from '../support/segments.ts'

function flowsOf(packets: readonly Packet[], options: FlowsOptions = {}) {
  return analyze((context) => new Flows(context, options), packets)
}

// Ethernet from :01 to :02, type IPv4.
const ETHERNET = [2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x08, 0x00]
const HOSTS = [10, 0, 0, 1, 10, 0, 0, 2]

/** From 10.0.0.1 to 10.0.0.2, port 53: Ethernet 14 + IPv4 20 + UDP 8 + 4 octets = 46. */
function datagram(): Packet {
  return packetOf(
    1,
    Uint8Array.of(
      ...ETHERNET,
      ...[0x45, 0, 0, 32, 0, 7, 0, 0, 64, 17, 0, 0, ...HOSTS],
      ...[0x9c, 0x40, 0, 53, 0, 12, 0, 0, 1, 2, 3, 4],
    ),
  )
}

/** An echo request, or its reply: Ethernet 14 + IPv4 20 + ICMP 8 = 42. */
function echo(isReply: boolean): Packet {
  const hosts = isReply ? [10, 0, 0, 2, 10, 0, 0, 1] : HOSTS
  return packetOf(
    1,
    Uint8Array.of(
      ...ETHERNET,
      ...[0x45, 0, 0, 28, 0, 0, 0, 0, 64, 1, 0, 0, ...hosts],
      ...[isReply ? 0 : 8, 0, 0, 0, 0, 1, 0, 1],
    ),
  )
}

/** TCP segments are 14 + 20 + 20 = 54 octets, and their payload. */
const handshake = (): Packet[] => [
  segment('10', 'client', 'S', 100, 0),
  segment('10.5', 'server', 'SA', 500, 101),
  segment('11', 'client', 'PA', 101, 501, { payload: 6 }),
]

test('each side, the time between first and last packet, who is the client', () => {
  const { flows, totals, omitted } = flowsOf([...handshake(), datagram()])
  expect(flows).toEqual([
    {
      protocol: 'tcp',
      stream: 0,
      client: { address: '10.0.0.1', port: 40_000 },
      server: { address: '10.0.0.2', port: 80 },
      guessed: false,
      state: 'established',
      application: null,
      carries: [],
      evidence: null,
      clientName: null,
      serverName: null,
      firstPacket: 1,
      packets: 3,
      bytes: 168,
      payloadBytes: 6,
      clientPackets: 2,
      clientBytes: 114,
      clientPayloadBytes: 6,
      serverPackets: 1,
      serverBytes: 54,
      serverPayloadBytes: 0,
      clientLostBytes: 0,
      serverLostBytes: 0,
      clientRetransmissions: 0,
      serverRetransmissions: 0,
      duplicates: 0,
      // SYN 1 + SYN-ACK 2 + data 8
      completeness: 11,
      start: { seconds: 10, nanoseconds: 0 },
      duration: 1,
      vlans: [],
      tunnels: [],
      icmp: null,
      // tshark 4.0.17, --enable-protocol communityid
      communityId: '1:3k1SoWXs/FltHw2aBCgUTgbDQF4=',
    },
    expect.objectContaining({
      protocol: 'udp',
      stream: 0,
      guessed: true,
      state: null,
      packets: 1,
      bytes: 46,
      payloadBytes: 4,
      clientLostBytes: null,
      duration: 0,
    }),
  ])
  expect(totals).toEqual({ flows: 2, packets: 4, bytes: 214 })
  expect(omitted).toBe(0)
})

describe('kinds', () => {
  test('ICMP: request and reply are one flow, without ports', () => {
    const { flows } = flowsOf([echo(false), echo(true)])
    expect(flows).toEqual([
      expect.objectContaining({
        protocol: 'icmp',
        stream: null,
        client: { address: '10.0.0.1', port: null },
        server: { address: '10.0.0.2', port: null },
        icmp: { type: 8, code: 0 },
        packets: 2,
        bytes: 84,
        payloadBytes: 16,
        clientPackets: 1,
        serverPackets: 1,
      }),
    ])
  })

  test('by IP and Ethernet address: all between two hosts', () => {
    const { flows } = flowsOf([...handshake(), datagram(), echo(false)], { kinds: ['ip', 'ethernet'] })
    expect(flows).toEqual([
      expect.objectContaining({
        protocol: 'eth',
        client: { address: '02:00:00:00:00:01', port: null },
        server: { address: '02:00:00:00:00:02', port: null },
        // 54 + 54 + 60 + 46 + 42, less 14 each
        packets: 5,
        bytes: 256,
        payloadBytes: 186,
      }),
      expect.objectContaining({
        protocol: 'ip',
        client: { address: '10.0.0.1', port: null },
        // less 20 more each
        payloadBytes: 86,
        clientPackets: 4,
        serverPackets: 1,
      }),
    ])
  })

  test('TCP and UDP whose ports were not captured: by address', () => {
    const { flows } = flowsOf([segment('0', 'client', 'S', 1, 0, { snaplen: 34 }), ...handshake()])
    expect(flows.map(({ protocol, stream, packets, client }) => [protocol, stream, packets, client.port])).toEqual([
      ['tcp', 0, 3, 40_000],
      ['tcp', null, 1, null],
    ])
  })

  test('VLANs and tunnels of the first packet', () => {
    const inner = segment('0', 'client', 'S', 100, 0).bytes
    const vxlan = packetOf(
      1,
      Uint8Array.of(
        // Ethernet, type 802.1Q; VLAN 100, then IPv4
        ...[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0x00, 0, 100, 0x08, 0x00],
        ...[0x45, 0, 0, 36 + inner.length, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2],
        ...[0xc0, 0, 0x12, 0xb5, 0, 16 + inner.length, 0, 0],
        // VXLAN (RFC 7348 §5): flags, network identifier 4242
        ...[8, 0, 0, 0, 0, 0x10, 0x92, 0],
        ...inner,
      ),
    )
    const { flows } = flowsOf([vxlan])
    expect(flows.map(({ protocol, vlans, tunnels }) => ({ protocol, vlans, tunnels }))).toEqual([
      { protocol: 'tcp', vlans: [100], tunnels: [{ protocol: 'vxlan', id: 4242 }] },
      { protocol: 'udp', vlans: [100], tunnels: [] },
    ])
  })
})

describe('order and number', () => {
  const packets = (): Packet[] => [
    segment('1', 'client', 'A', 1, 1, { clientPort: 1001 }),
    segment('2', 'client', 'A', 1, 1, { clientPort: 1002, payload: 100 }),
    segment('3', 'client', 'A', 1, 1, { clientPort: 1001 }),
    segment('4', 'client', 'A', 1, 1, { clientPort: 1003, payload: 50 }),
    segment('5', 'client', 'A', 1, 1, { clientPort: 1003, payload: 50 }),
  ]
  test.each([
    // 154, 108 and 208 octets; 1, 2 and 2 packets; 100, 0 and 100 of payload
    ['bytes', [2, 1, 0]],
    ['packets', [2, 0, 1]],
    ['payload', [2, 1, 0]],
    // 2, 0 and 1 seconds
    ['duration', [0, 2, 1]],
    ['start', [0, 1, 2]],
    ['stream', [0, 1, 2]],
    // The last segment repeats octets.
    ['retransmissions', [2, 1, 0]],
  ] as const)('by %s', (order, streams) => {
    expect(flowsOf(packets(), { order }).flows.map((flow) => flow.stream)).toEqual(streams)
  })

  test('the first few, and how many that leaves out', () => {
    const { flows, omitted, totals } = flowsOf(packets(), { top: 1 })
    expect(flows.map((flow) => flow.stream)).toEqual([2])
    expect(omitted).toBe(2)
    expect(totals).toEqual({ flows: 3, packets: 5, bytes: 470 })
  })
})

test('past the bound, flows are closed out into the totals', () => {
  const ports = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
  const packets = ports.map((port) => segment(`${port}`, 'client', 'S', 1, 0, { clientPort: port }))
  const context = newContext({ maxStreams: 4 })
  const { flows, closedOut, totals } = analyze((shared) => new Flows(shared, { order: 'stream' }), packets, context)
  expect(flows.map((flow) => flow.client.port)).toEqual([7, 8, 9, 10])
  expect(closedOut).toEqual({ flows: 6, packets: 6, bytes: 324 })
  expect(totals).toEqual({ flows: 10, packets: 10, bytes: 540 })
})

test('only flows of which a packet was marked, counted whole', () => {
  const context = newContext()
  const flows = new Flows(context, { kinds: FLOW_KINDS, onlyMarked: true })
  for (const packet of [...handshake(), datagram(), echo(false)]) {
    track(context, packet)
    flows.observe(packet)
    if (packet.originalLength === 60) flows.mark()
  }
  // The segment with payload marks its stream, its hosts and their interfaces.
  expect(flows.result().flows.map(({ protocol, packets }) => [protocol, packets])).toEqual([
    ['eth', 5],
    ['ip', 5],
    ['tcp', 3],
  ])
})
