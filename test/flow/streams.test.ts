import { expect, test } from 'vitest'
import { StreamTracker } from '../../src/flow/streams.ts'
import type { Packet } from '../../src/packet/packet.ts'
import { packetOf } from '../support/packet.ts'
import { segment } from '../support/segments.ts'

/** The stream of each packet's last transport layer. */
function streamsOf(...packets: Packet[]): number[] {
  const tracker = new StreamTracker()
  return packets.map((packet) => {
    tracker.track(packet)
    return packet.layerStream[packet.transport]
  })
}

test('both directions are one stream; numbers follow the first packet', () => {
  expect(
    streamsOf(
      segment('0', 'server', 'A', 1, 1),
      segment('1', 'client', 'A', 1, 1, { clientPort: 41_000 }),
      segment('2', 'client', 'A', 1, 1),
    ),
  ).toEqual([0, 1, 0])
})

// What tshark 4.0.17 shows as tcp.stream for the same packets.
test('a SYN with another sequence number begins a stream; the same number is a resent SYN', () => {
  expect(
    streamsOf(
      segment('0', 'client', 'S', 1000, 0),
      segment('1', 'client', 'S', 1000, 0),
      segment('2', 'client', 'S', 2000, 0),
      segment('3', 'server', 'SA', 5000, 2001),
    ),
  ).toEqual([0, 0, 1, 1])
})

test('a reset or a FIN alone ends nothing', () => {
  expect(
    streamsOf(
      segment('0', 'client', 'S', 1000, 0),
      segment('1', 'server', 'RA', 0, 1001),
      segment('2', 'client', 'S', 1000, 0),
    ),
  ).toEqual([0, 0, 0])
})

test('a SYN after traffic whose beginning was not captured begins a stream, unless the numbers fit', () => {
  // The first segment says that its direction began at 4999: sequence - 1.
  expect(streamsOf(segment('0', 'client', 'A', 5000, 1), segment('1', 'client', 'S', 4999, 0))).toEqual([0, 0])
  expect(streamsOf(segment('0', 'client', 'A', 5000, 1), segment('1', 'client', 'S', 7000, 0))).toEqual([0, 1])
  // The acknowledgment of the other side says where this direction began: 2001 - 1.
  expect(streamsOf(segment('0', 'server', 'A', 1, 2001), segment('1', 'client', 'S', 2000, 0))).toEqual([0, 0])
  expect(streamsOf(segment('0', 'server', 'A', 1, 2001), segment('1', 'client', 'S', 2001, 0))).toEqual([0, 1])
})

test('the client sent the SYN, or received the SYN-ACK; else a service port and the first packet tell', () => {
  const endpoints = (...packets: Packet[]) => {
    const tracker = new StreamTracker()
    for (const packet of packets) tracker.track(packet)
    const { client, server, guessed } = tracker.tcp.endpoints(0)
    return `${client.address}:${client.port} ${server.address}:${server.port} ${guessed ? 'guessed' : 'known'}`
  }
  const known = '10.0.0.1:40000 10.0.0.2:80 known'
  expect(endpoints(segment('0', 'client', 'S', 1, 0))).toBe(known)
  expect(endpoints(segment('0', 'server', 'SA', 1, 2))).toBe(known)
  expect(endpoints(segment('0', 'server', 'A', 1, 2))).toBe('10.0.0.1:40000 10.0.0.2:80 guessed')
  expect(endpoints(segment('0', 'server', 'S', 1, 0))).toBe('10.0.0.2:80 10.0.0.1:40000 known')
  expect(endpoints(segment('0', 'server', 'A', 1, 2, { clientPort: 79 }))).toBe('10.0.0.2:80 10.0.0.1:79 guessed')
})

test('a segment that an ICMP error quotes belongs to the stream it quotes', () => {
  const syn = segment('0', 'client', 'S', 1000, 0)
  const quoted = [...syn.bytes.subarray(14, 14 + 40)]
  const icmp = packetOf(
    1,
    Uint8Array.of(
      // Ethernet
      ...[2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 3, 0x08, 0x00],
      // IPv4 from 10.0.0.3 to 10.0.0.1, protocol 1, 68 octets in all
      ...[0x45, 0, 0, 68, 0, 0, 0, 0, 64, 1, 0, 0, 10, 0, 0, 3, 10, 0, 0, 1],
      // ICMP (RFC 792): destination unreachable, host unreachable
      ...[3, 1, 0, 0, 0, 0, 0, 0],
      ...quoted,
    ),
  )
  const tracker = new StreamTracker()
  tracker.track(syn)
  tracker.track(icmp)
  expect(icmp.transport).toBe(-1)
  expect(icmp.layerStream[icmp.layerCount - 1]).toBe(0)
  expect(tracker.tcp.count).toBe(1)
})

test('ports that were cut off belong to no stream', () => {
  expect(streamsOf(segment('0', 'client', 'S', 1000, 0, { snaplen: 36 }))).toEqual([-1])
})

// tshark 4.0.17 numbers so: udp.stream of nDPI's snmp.pcap, and of http.pcap cut by editcap -s 34 + n.
test('the first packet of an SNMP conversation is a stream of its own', () => {
  const message = (from: number, to: number, payload: string): Packet => {
    const hex = (n: number): string => n.toString(16).padStart(4, '0')
    const length = 8 + payload.length / 2
    const addresses = from > to ? '0a000001 0a000002' : '0a000002 0a000001'
    return packetOf(
      228,
      `4500 ${hex(20 + length)} 0000 0000 40 11 0000 ${addresses} ${hex(from)} ${hex(to)} ${hex(length)} 0000 ${payload}`,
    )
  }
  // An ASN.1 SEQUENCE with the INTEGER 1
  const snmp = '3003020101'
  expect(
    streamsOf(
      message(40_000, 161, snmp),
      message(161, 40_000, snmp),
      message(40_000, 161, snmp),
      message(41_000, 162, snmp),
      message(41_000, 162, snmp),
      message(42_000, 161, '00'),
      message(42_000, 161, '00'),
    ),
  ).toEqual([0, 1, 1, 2, 3, 4, 4])
})

test('a segment of which fewer than 16 octets were captured has no stream number', () => {
  expect(streamsOf(segment('0', 'client', 'S', 1000, 0, { snaplen: 34 + 15 }))).toEqual([-1])
  expect(streamsOf(segment('0', 'client', 'S', 1000, 0, { snaplen: 34 + 16 }))).toEqual([0])
})

test('past the bound, the streams that were idle longest are closed out, and their rows are used again', () => {
  const tracker = new StreamTracker({ maxStreams: 3 })
  const closed: string[] = []
  tracker.tcp.onClose((row) => closed.push(`${tracker.tcp.numberOf(row)} ${tracker.tcp.endpoints(row).client.port}`))
  const seen = [1, 2, 3, 1, 4, 2].map((port, i) => {
    const packet = segment(`${i}`, 'client', 'S', 1000 + i, 0, { clientPort: 40_000 + port })
    packet.number = i + 1
    tracker.track(packet)
    return `${packet.layerStream[packet.transport]} in ${packet.layerRow[packet.transport]}`
  })
  // The pair of port 40001 comes again with another sequence number: a stream of its own, for which 40001's first is the
  // idlest. Then 40002 and 40003 make room in turn, and 40002 is not known any more when it comes back.
  expect(seen).toEqual(['0 in 0', '1 in 1', '2 in 2', '3 in 0', '4 in 1', '5 in 2'])
  expect(closed).toEqual(['0 40001', '1 40002', '2 40003'])
  expect([tracker.tcp.count, tracker.tcp.closed]).toEqual([6, 3])
})

test('what an earlier stream of the pair left in the row behind the last packet is not taken for the stream', () => {
  const other = segment('1', 'client', 'A', 1, 1, { clientPort: 41_000 })
  const reopened = [segment('2', 'client', 'S', 1000, 0), segment('3', 'client', 'S', 2000, 0)]
  expect(streamsOf(other, ...reopened, other, segment('4', 'client', 'A', 2001, 1))).toEqual([0, 1, 2, 0, 2])

  const tracker = new StreamTracker({ maxStreams: 16 })
  let number = 0
  const streamAt = (port: number): number => {
    const packet = segment('5', 'client', 'A', 1, 1, { clientPort: 40_000 + port })
    packet.number = ++number
    tracker.track(packet)
    return packet.layerStream[packet.transport]
  }
  for (let port = 0; port < 16; port++) streamAt(port)
  for (let port = 0; port < 16; port++) if (port !== 5 && port !== 6) streamAt(port)
  // The 17th closes out those of ports 5 and 6, and takes the row of the latter; the row of the former stays as it was.
  expect([streamAt(16), streamAt(4), streamAt(5)]).toEqual([16, 4, 17])
})

test('packets of a later part that was counted from 1 are later than those before it', () => {
  const packets = (...ports: number[]): Packet[] =>
    ports.map((port, i) => {
      const packet = segment(`${i}`, 'client', 'A', 1, 1, { clientPort: 40_000 + port })
      packet.number = i + 1
      return packet
    })
  const tracker = new StreamTracker({ maxStreams: 3 })
  for (const packet of packets(1, 2, 3)) tracker.track(packet)
  const part = new StreamTracker({ continues: true })
  for (const packet of packets(1, 3)) part.track(packet)
  const later = new StreamTracker({ continues: true })
  later.load(structuredClone(part.save()), 3)
  expect(tracker.merge(later).tcp).toEqual(Int32Array.of(0, 2))
  const closed: number[] = []
  tracker.tcp.onClose((row) => closed.push(tracker.tcp.endpoints(row).client.port))
  for (const [i, packet] of packets(4, 5, 6).entries()) {
    packet.number = 6 + i
    tracker.track(packet)
  }
  expect(closed).toEqual([40_002, 40_001, 40_003])
})

test('a stream that began anew in a later part uses the ports of one before', () => {
  const tracker = new StreamTracker()
  tracker.track(segment('0', 'client', 'S', 1000, 0))
  const later = new StreamTracker({ continues: true })
  later.track(segment('1', 'client', 'S', 2000, 0))
  tracker.merge(later)
  expect([tracker.tcp.count, tracker.tcp.reusesPorts(0), tracker.tcp.reusesPorts(1)]).toEqual([2, false, true])
})
