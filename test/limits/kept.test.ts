/** What is kept until something answers it, or uses it, is bounded: past the ceiling the oldest is given up. */
import { describe, expect, test } from 'vitest'
import { newContext } from '../../src/engine/context.ts'
import { Conversations } from '../../src/flow/conversations.ts'
import { Dissection } from '../../src/flow/dissection.ts'
import { Gaps } from '../../src/flow/gaps.ts'
import { IcmpEchoes } from '../../src/flow/icmp-echoes.ts'
import { Announcements } from '../../src/flow/identification/announcements.ts'
import { Openings } from '../../src/flow/identification/openings.ts'
import { Payload } from '../../src/flow/signatures/payload.ts'
import { StreamTracker } from '../../src/flow/streams.ts'
import { NONE, type Packet } from '../../src/packet/packet.ts'
import { Secrets } from '../../src/packet/secrets.ts'
import { track as observe } from '../support/analysis.ts'
import { datagram, segment } from '../support/dialogue.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

const ETHERNET = 1
const IPV4 = 228
const ACK = 0x10

test('65,536 endpoints that decoders were told of', () => {
  const streams = new StreamTracker()
  const protocolOf = (others: number) => {
    const conversations = new Conversations()
    const packet = packetOf(ETHERNET, datagram('10.0.0.1:1000', '10.0.0.2:2000', 'x'))
    streams.track(packet)
    const conversation = conversations.of(packet, packet.transport)
    const transport = packet.layerProtocol[packet.transport]
    conversation.expect(transport, '10.0.0.9', 9, 7)
    for (let i = 0; i < others; i++) conversation.expect(transport, `10.1.${i >> 8}.${i & 255}`, i & 0xffff, 7)
    const told = packetOf(ETHERNET, datagram('10.0.0.3:3000', '10.0.0.9:9', 'x'))
    streams.track(told)
    return conversations.of(told, told.transport).protocol
  }
  expect([protocolOf(65_535), protocolOf(65_536)]).toEqual([7, NONE])
})

test('octets of unfinished messages: the oldest is given up', () => {
  // DNS over TCP (RFC 7766 §8): 19 octets, a question for `a` of type A, in two segments.
  const question = '\0\x13\0\x01\x01\0\0\x01\0\0\0\0\0\0\x01a\0\0\x01\0\x01'
  const stacks = (maxUnfinished?: number) => {
    const streams = new StreamTracker()
    const dissection = new Dissection(streams, maxUnfinished)
    return [0, 10].flatMap((from) =>
      [1, 2, 3].map((client) => {
        const text = question.slice(from, from === 0 ? 10 : undefined)
        const packet = packetOf(ETHERNET, segment(`10.0.0.${client}:1000`, '10.0.1.1:53', ACK, 1 + from, 1, text))
        streams.track(packet)
        dissection.dissect(packet)
        return stackOf(packet).replace('eth:ethertype:ip:tcp', '')
      }),
    )
  }
  // Each takes 4 KiB at first: of three only two have room.
  expect(stacks().slice(3)).toEqual([':dns', ':dns', ':dns'])
  expect(stacks(10_000).slice(3)).toEqual(['', ':dns', ':dns'])
})

test('a million gaps of TCP streams: what finds no room is lost at once', () => {
  const gaps = new Gaps()
  const perDirection = 64
  const directions = 1_048_576 / perDirection
  for (let direction = 0; direction < directions; direction++)
    for (let gap = 0; gap < perDirection; gap++) gaps.add(direction, 100 * gap, 100 * gap + 10)
  gaps.add(directions, 0, 10)
  // Of the last direction the gap counts, but cannot be filled; of others all can.
  expect([gaps.lost(directions), gaps.fill(directions, 0, 10), gaps.lost(directions)]).toEqual([10, 0, 10])
  expect([gaps.lost(5), gaps.fill(5, 0, 10), gaps.lost(5)]).toEqual([640, 10, 630])
  // That made room.
  gaps.add(directions + 1, 0, 10)
  expect(gaps.fill(directions + 1, 0, 10)).toBe(10)
})

test('65,536 echo requests', () => {
  const tracker = new IcmpEchoes()
  const [client, server] = ['c0000201', 'c0000202']
  const message = (from: string, to: string, icmp: string) =>
    packetOf(IPV4, `4500001c 00010000 40010000 ${from} ${to} ${icmp} 00000000`)
  const request = message(client, server, '0800f7f9')
  const reply = message(server, client, '0000fff9')
  const track = (packet: Packet, identifier: number, number: number): void => {
    new DataView(packet.bytes.buffer).setUint32(packet.bytes.byteOffset + packet.start + 24, identifier)
    packet.number = number
    tracker.track(packet)
  }
  for (let i = 0; i <= 65_536; i++) track(request, i, i + 1)
  const answered = [0, 1, 65_536].map((identifier) => {
    track(reply, identifier, 100_000)
    return valuesOf(reply, 'icmp.resp_to')
  })
  expect(answered).toEqual([[], [2], [65_537]])
})

test('262,144 names of hosts', () => {
  const context = newContext({})
  const word = (value: number) => String.fromCharCode(value >> 8, value & 255)
  /** The most answers that are looked at in one message. */
  const answers = 256
  for (let message = 0; message <= 262_144 / answers; message++) {
    const records = Array.from(
      { length: answers },
      (_, i) => `\xc0\x0c\0\x01\0\x01\0\0\0\x3c\0\x04\x0b${String.fromCharCode(message >> 8, message & 255, i)}`,
    )
    const text = `\0\x01\x81\x80\0\x01${word(answers)}\0\0\0\0\x01a\0\0\x01\0\x01${records.join('')}`
    const packet = packetOf(ETHERNET, datagram('10.0.0.1:53', '10.0.0.2:1000', [...Buffer.from(text, 'latin1')]))
    packet.number = message + 1
    observe(context, packet)
    new Dissection(context.streams).dissect(packet)
    context.names.track(packet)
  }
  const nameOf = (address: string) => context.names.ofAddress(address)?.name ?? null
  // One message more than there is room for: the addresses of the first are forgotten.
  expect(['11.0.0.0', '11.0.0.255', '11.0.1.0', '11.4.0.255'].map(nameOf)).toEqual([null, null, 'a', 'a'])
})

describe('announcements of what streams carry', () => {
  const announced = (i: number, row: number) => ({
    endpoint: `tcp 10.1.${i >> 8}.${i & 255} 1`,
    port: 1,
    application: { name: 'ftp-data', title: 'FTP data' },
    by: ['ftp'],
    transport: 'tcp' as const,
    row,
    packet: 1,
  })
  const find = (all: Announcements, i: number) => all.of('tcp', `10.1.${i >> 8}.${i & 255}`, 1, () => 'ftp') !== null

  test('65,536 are kept', () => {
    const all = new Announcements()
    all.load(
      Array.from({ length: 65_537 }, (_, i) => announced(i, 7)),
      0,
    )
    expect([find(all, 0), find(all, 1), find(all, 65_536)]).toEqual([false, true, true])
  })

  test('a stream that is closed out is judged by what it said itself', () => {
    const all = new Announcements()
    all.load([announced(1, 1), announced(2, 2), announced(3, 1), announced(1, 2)], 0)
    all.close('tcp', 1, () => 'http')
    all.close('udp', 2, () => 'http')
    expect([1, 2, 3].map((i) => find(all, i))).toEqual([false, true, false])
    all.close('tcp', 2, () => 'ftp')
    // Whatever the row is used for now.
    expect(all.of('tcp', '10.1.0.2', 1, () => 'http')?.application.name).toBe('ftp-data')
  })

  // Going through all for each would take half a minute, and longer than a test may.
  test('closing out many costs no more than each has said', () => {
    const all = new Announcements()
    const count = 60_000
    all.load(
      Array.from({ length: count }, (_, i) => announced(i, i)),
      0,
    )
    let asked = 0
    for (let row = 0; row < count; row++)
      all.close('tcp', row, () => {
        asked++
        return 'ftp'
      })
    expect(asked).toBe(count)
  })
})

test('65,536 first payloads that wait for more', () => {
  const openings = new Openings()
  const payload = new Payload()
  payload.bytes = Buffer.from('ABCDx')
  payload.at = 4
  payload.end = 5
  payload.length = 1
  for (let key = 0; key <= 65_536; key++) openings.begin(key, payload, 0, 1)
  const extended = (key: number) => openings.extend(key, payload, 2, new Payload())
  expect([extended(0), extended(1), extended(65_536)]).toEqual([false, true, true])
})

test('65,536 secrets', () => {
  const secrets = new Secrets()
  const random = (i: number) => i.toString(16).padStart(64, '0')
  const lines = Array.from({ length: 65_537 }, (_, i) => `CLIENT_RANDOM ${random(i)} ${'ab'.repeat(24)}`)
  secrets.add(lines.join('\n'))
  const has = (i: number) => secrets.find('CLIENT_RANDOM', random(i)) !== null
  expect([has(0), has(1), has(65_536)]).toEqual([false, true, true])
})
