/** What is kept across packets is bounded: what finds no room is counted all the same, and said. */
import { describe, expect, test } from 'vitest'
import { ClearTextLogins, MAX_STREAMS } from '../../src/analyzers/clear-text-logins.ts'
import { Destinations, type DestinationsOptions, type DestinationsResult } from '../../src/analyzers/destinations.ts'
import { Endpoints, type EndpointsResult } from '../../src/analyzers/endpoints.ts'
import { HandshakeTimes } from '../../src/analyzers/handshake.ts'
import { HandshakeGroups } from '../../src/analyzers/handshake-groups.ts'
import { Findings } from '../../src/analyzers/unwanted-findings.ts'
import { MOST_STREAMS, maxStreamsOf } from '../../src/cli/options.ts'
import { Conversations } from '../../src/flow/conversations.ts'
import { StreamTracker } from '../../src/flow/streams.ts'
import { MAX_POOL, Unacknowledged } from '../../src/flow/tcp-analysis/unacknowledged.ts'
import type { Packet } from '../../src/packet/packet.ts'
import type { Objection } from '../../src/policy/judge.ts'
import { destinationsReport } from '../../src/report/destinations.ts'
import { endpointsReport } from '../../src/report/endpoints.ts'
import { terminalLines } from '../../src/report/terminal.ts'
import { AddressTable, MAX_ADDRESSES } from '../../src/tables/address-table.ts'
import { datagram, segment } from '../support/dialogue.ts'
import { packetOf } from '../support/packet.ts'

const ETHERNET = 1
const SYN = 2

/** From host `i` to 10.0.0.1, 14 + 20 + 20 octets. */
function syn(i: number, port = 80): Packet {
  return packetOf(ETHERNET, segment(`10.1.${i >> 8}.${i & 255}:1000`, `10.0.0.1:${port}`, SYN, 0, 0, ''))
}

const text = (report: { view(): Parameters<typeof terminalLines>[0] }) =>
  [...terminalLines(report.view(), { color: false, width: 100 })].join('')

describe('endpoints of forged addresses', () => {
  const over = (packets: readonly Packet[], maxAddresses?: number): Endpoints => {
    const endpoints = new Endpoints({ maxAddresses })
    for (const packet of packets) endpoints.observe(packet)
    return endpoints
  }
  const packets = Array.from({ length: 20 }, (_, i) => syn(i % 10))

  test('the first to come are kept, and all others are one', () => {
    const { endpoints, others, ports } = over(packets, 4).result()
    // 10.1.0.0, its destination, 10.1.0.1 and 10.1.0.2: seven hosts find no room, and send two packets of 54 octets each.
    expect(endpoints.map(({ address, packets }) => [address, packets])).toEqual([
      ['10.0.0.1', 20],
      ['10.1.0.0', 2],
      ['10.1.0.1', 2],
      ['10.1.0.2', 2],
    ])
    expect(others).toEqual({ packets: 14, bytes: 756, txPackets: 14, txBytes: 756, rxPackets: 0, rxBytes: 0 })
    expect(ports.find(({ port }) => port === 80)?.packets).toBe(20)
  })

  test('nothing is said where there is room', () => {
    for (const max of [11, 12]) expect(over(packets, max).result().others).toBeNull()
    expect(endpointsReport(over(packets).result(), 10).summary).toEqual({})
  })

  test('the output says so', () => {
    const report = endpointsReport(over(packets, 4).result(), 10)
    expect(report.summary).toMatchObject({ others: { packets: 14, bytes: 756 } })
    expect(text(report)).toContain(
      'further addresses, too many to be told apart: 14 packets, 756 bytes, each end counted',
    )
  })

  test('a part that had room merges into the same as the whole; one that had not says so', () => {
    const whole = over(packets, 4).result()
    const first = over(packets.slice(0, 5), 4)
    const later = over([packets[5], packets[15]], 4)
    const rest = over(packets.slice(6, 7), 4)
    for (const i of [7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19]) first.observe(packets[i])
    expect([first.hasLeftOut, later.hasLeftOut, rest.hasLeftOut]).toEqual([true, false, false])
    first.merge(later)
    first.merge(rest)
    expect(first.result()).toEqual(whole)
  })

  test('what a part left out stays left out', () => {
    const sum = ({ endpoints, others }: EndpointsResult) =>
      endpoints.reduce((total, { packets }) => total + packets, others?.packets ?? 0)
    const first = over(packets.slice(0, 3), 4)
    first.merge(over(packets.slice(3), 4))
    // Both ends of twenty packets.
    expect(sum(first.result())).toBe(40)
  })

  test('both versions share the room', () => {
    const table = new AddressTable(3)
    const bytes = new Uint8Array(32).map((_, i) => i)
    const rows = [table.row4(bytes, 0), table.row6(bytes, 0), table.row4(bytes, 4), table.row6(bytes, 4)]
    expect(rows).toEqual([0, 1, 2, table.others])
    expect([table.row4(bytes, 8), table.row4(bytes, 4), table.row6(bytes, 0), table.size]).toEqual([3, 2, 1, 3])
  })

  test('there is room for two million', () => {
    const table = new AddressTable()
    const bytes = new Uint8Array(4)
    const view = new DataView(bytes.buffer)
    for (let i = 0; i < MAX_ADDRESSES + 10; i++) {
      view.setUint32(0, i)
      table.row4(bytes, 0)
    }
    expect([table.size, table.isFull, table.row4(bytes, 0)]).toEqual([MAX_ADDRESSES, true, MAX_ADDRESSES])
  })
})

describe('destinations of a scan', () => {
  const over = (packets: readonly Packet[], options?: DestinationsOptions): Destinations => {
    const destinations = new Destinations(options)
    for (const packet of packets) destinations.observe(packet)
    return destinations
  }
  /** To ten hosts, ten ports each. */
  const packets = Array.from({ length: 100 }, (_, i) =>
    packetOf(ETHERNET, segment('10.0.0.1:1000', `10.2.0.${i % 10}:${i}`, SYN, 0, 0, '')),
  )
  const listed = ({ destinations }: DestinationsResult) => destinations.reduce((sum, { packets }) => sum + packets, 0)

  test.each<[DestinationsOptions, number]>([
    [{ maxServices: 30 }, 70],
    [{ maxAddresses: 3 }, 70],
    [{ maxAddresses: 3, maxServices: 10 }, 97],
    [{ maxServices: 1 }, 99],
  ])('%o: the totals are exact', (options, left) => {
    const result = over(packets, options).result()
    expect([result.packets, result.bytes]).toEqual([100, 5400])
    // Of the first ten packets three go to hosts that there is room for, or to "others", by port: those fill ten rows.
    expect(result.others).toEqual({ packets: left, bytes: 54 * left })
    expect(listed(result)).toBe(100 - left)
  })

  test('the output says so, and nothing where there is room', () => {
    expect(over(packets).result().others).toBeNull()
    expect(over(packets, { maxServices: 101, maxAddresses: 11 }).result().others).toBeNull()
    const report = destinationsReport(over(packets, { maxServices: 30 }).result(), 10)
    expect(report.summary).toEqual({ packets: 100, bytes: 5400, others: { packets: 70, bytes: 3780 } })
    expect(text(report)).toContain('70 packets (3,780 bytes) to further addresses and ports')
  })

  test('merged', () => {
    for (const options of [{ maxServices: 30 }, { maxAddresses: 3 }]) {
      const whole = over(packets, options).result()
      const first = over(packets.slice(0, 95), options)
      const later = over(packets.slice(95, 97), options)
      expect([first.hasLeftOut, later.hasLeftOut]).toEqual([true, false])
      first.merge(later)
      const last = over(packets.slice(97), { ...options, maxServices: 2 })
      expect(last.hasLeftOut).toBe(true)
      first.merge(last)
      expect(first.result()).toEqual(whole)
    }
  })
})

test('handshakes by server: the groups that find no room are one', () => {
  const over = (servers: readonly number[], max: number): HandshakeGroups => {
    const groups = new HandshakeGroups('server', max)
    const times = new HandshakeTimes()
    for (const server of servers) {
      times.synRtt = 1000 * server
      // Addresses of client and server, then their ports: the words of an IPv4 stream's key.
      groups.add(times, Int32Array.of(1, 100 + server, 0), 3, 0)
    }
    return groups
  }
  const shown = (groups: HandshakeGroups) =>
    groups.groups().map(({ key, connections, summary }) => [key, connections, summary.count])
  const whole = over([1, 2, 3, 4, 5, 1, 5], 2)
  expect(shown(whole)).toEqual([
    ['others', 4, 4],
    ['0.0.0.102', 1, 1],
    ['0.0.0.101', 2, 2],
  ])
  expect(shown(over([1, 2, 1, 2], 2)).map(([key]) => key)).toEqual(['0.0.0.102', '0.0.0.101'])
  const merged = over([1, 2, 3], 2)
  merged.merge(over([4], 2))
  merged.merge(over([5, 1], 2))
  const last = over([7, 8, 5], 2)
  expect([merged.isFull, last.isFull, over([5], 2).isFull]).toEqual([true, true, false])
  merged.merge(last)
  expect(shown(merged)).toEqual([
    ['others', 6, 6],
    ['0.0.0.102', 1, 1],
    ['0.0.0.101', 2, 2],
  ])
})

describe('findings', () => {
  const rule = { id: 'telnet', title: 'Telnet', severity: 'high', per: 'server' } as unknown as Objection['rule']
  const objection: Objection = { rule, ground: { kind: 'port', packet: 1, what: '' } as never, protocol: 'telnet' }
  const add = (findings: Findings, server: number) =>
    findings.add(
      objection,
      {
        transport: 'tcp',
        client: { address: '10.0.0.1', port: 1000 },
        server: { address: `10.1.${server >> 8}.${server & 255}`, port: 23 },
        domain: null,
        firstPacket: server,
      } as never,
      { stream: server, packets: 3, bytes: 200, start: null } as never,
    )

  test('past the ceiling they are counted', () => {
    const findings = new Findings(5)
    for (const server of [1, 2, 3, 4, 5, 1, 6, 7, 1]) add(findings, server)
    expect(findings.result().map(({ flows }) => flows)).toEqual([3, 1, 1, 1, 1])
    expect(findings.unlisted).toEqual({ flows: 2, packets: 6, bytes: 400 })
    const all = new Findings(5)
    all.addAll(findings)
    add(all, 9)
    expect(all.unlisted).toEqual({ flows: 3, packets: 9, bytes: 600 })
  })

  test('with room for all, nothing is said', () => {
    const findings = new Findings(5)
    for (const server of [1, 2, 3, 4, 5]) add(findings, server)
    expect(findings.unlisted).toBeNull()
  })
})

test('logins: of further streams nothing is kept', () => {
  const logins = new ClearTextLogins()
  const user = Buffer.from('USER alice\r\n')
  for (let row = 0; row < MAX_STREAMS; row++) logins.observe(user, 0, user.length, row, row + 1)
  const rows = [MAX_STREAMS - 1, MAX_STREAMS]
  for (const row of rows)
    for (const line of ['USER alice\r\n', 'PASS secret\r\n']) {
      const bytes = Buffer.from(line)
      logins.observe(bytes, 0, bytes.length, row, MAX_STREAMS + 1)
    }
  expect(rows.map((row) => logins.of(row, ['ftp'])?.user ?? null)).toEqual(['alice', null])
})

describe('conversations', () => {
  const PROTOCOL = 7
  const streams = new StreamTracker()
  let number = 0
  const packetOfStream = (i: number): Packet => {
    const packet = packetOf(ETHERNET, datagram(`10.1.${i >> 8}.${i & 255}:1000`, '10.0.0.1:2000', 'x'))
    packet.number = ++number
    streams.track(packet)
    return packet
  }
  const of = (conversations: Conversations, packet: Packet) => conversations.of(packet, packet.transport)

  test('those idle longest are forgotten', () => {
    const conversations = new Conversations(100)
    const packets = Array.from({ length: 101 }, (_, i) => packetOfStream(i))
    const first = packets.slice(0, 100).map((packet) => of(conversations, packet))
    expect(conversations.forgotten).toBe(0)
    of(conversations, packets[100])
    // An eighth of the hundred that the packet in hand does not belong to.
    expect(conversations.forgotten).toBe(12)
    const kept = packets.slice(0, 100).map((packet, i) => of(conversations, packet) === first[i])
    expect(kept.indexOf(true)).toBe(12)
  })

  test('what decoders keep counts, and the packet in hand is never forgotten', () => {
    const conversations = new Conversations(1000)
    const busy = packetOfStream(500)
    const many = Array.from({ length: 100 }, (_, i) => packetOfStream(600 + i))
    for (const packet of many) of(conversations, packet).state.set(PROTOCOL, {})
    for (const packet of many) of(conversations, packet)
    expect(conversations.forgotten).toBe(0) // 100 times 1 + 8.
    const { state } = of(conversations, busy)
    state.set(PROTOCOL, 'kept')
    // A unit for each message: 2,000 of them leave room for nobody else.
    for (let i = 0; i < 2000; i++) {
      busy.number = ++number
      expect(of(conversations, busy).state.get(PROTOCOL)).toBe('kept')
    }
    expect(conversations.forgotten).toBe(100)
  })

  test('a stream that is closed out gives back what it kept', () => {
    const conversations = new Conversations(100)
    for (let i = 0; i < 1000; i++) {
      const packet = packetOfStream(1000 + i)
      of(conversations, packet).state.set(PROTOCOL, {})
      of(conversations, packet)
      conversations.close(packet.layerProtocol[packet.transport], packet.layerRow[packet.transport])
    }
    expect(conversations.forgotten).toBe(0)
  })
})

test('segments that are never acknowledged share one pool', () => {
  /** More than a direction's columns. */
  const STRIDE = 32
  const details = { words: new Int32Array(500 * STRIDE).fill(0) }
  for (let own = 0; own < details.words.length; own += STRIDE) details.words[own + 4] = -1
  const pool = new Unacknowledged(details as never)
  let added = 0
  for (let direction = 0; direction < 500; direction++)
    for (; pool.hasRoom(direction * STRIDE); added++) pool.add(direction * STRIDE, added, added + 1, 1, 0, 0)
  // 500 directions may have 10,000 each, as in Wireshark: five million.
  expect(added).toBe(MAX_POOL)
  pool.clear(0)
  expect(pool.hasRoom(499 * STRIDE)).toBe(true)
})

test('streams: no machine keeps more than it takes a gigabyte for, unless it is asked to', () => {
  expect(maxStreamsOf({})).toBeLessThanOrEqual(MOST_STREAMS)
  expect(maxStreamsOf({ maxStreams: 10 * MOST_STREAMS })).toBe(10 * MOST_STREAMS)
})
