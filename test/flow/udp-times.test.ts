import { describe, expect, test } from 'vitest'
import { StreamTracker } from '../../src/flow/streams.ts'
import { UdpTimes } from '../../src/flow/udp-times.ts'
import { packetOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17. Link type 228 is IPv4.
const DATA = '45000020 00010000 40110000 c0000201 c0000202 03e81b58 000c0000 61626364'
const EMPTY = '4500001c 00010000 40110000 c0000201 c0000202 03e81b58 00080000'

function times(...packets: string[]): unknown[][] {
  const streams = new StreamTracker()
  const tracker = new UdpTimes()
  return packets.map((hex, i) => {
    const packet = packetOf(228, hex)
    packet.seconds = 10 + i * i
    streams.track(packet)
    tracker.track(packet)
    return [...valuesOf(packet, 'udp.time_relative'), ...valuesOf(packet, 'udp.time_delta')]
  })
}

describe('times of UDP streams', () => {
  test('are measured from the first datagram, and from the last that had data', () => {
    expect(times(DATA, DATA, EMPTY, DATA)).toEqual([[0, 0], [1, 1], [], [9, 8]])
  })

  test('a datagram without data begins a stream', () => {
    expect(times(EMPTY, DATA)).toEqual([[], [1, 1]])
  })
})
