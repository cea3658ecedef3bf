import { describe, expect, test } from 'vitest'
import { IcmpEchoes } from '../../src/flow/icmp-echoes.ts'
import { packetOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17. Link type 228 is IPv4.
const A = 'c0000201'
const B = 'c0000202'

/** Runs echoes of 4 octets through a tracker, one a second; gives the request that each answers. */
function answers(...messages: (readonly [from: string, to: string, message: string])[]): unknown[][] {
  const tracker = new IcmpEchoes()
  return messages.map(([from, to, message], i) => {
    const packet = packetOf(228, `45000020 00010000 40010000 ${from} ${to} ${message}`)
    packet.number = i + 1
    packet.seconds = i
    tracker.track(packet)
    return [...valuesOf(packet, 'icmp.resp_to'), ...valuesOf(packet, 'icmp.resptime')]
  })
}

const REQUEST = [A, B, '0800 f7f9 0005 0001 00000000'] as const
const REPLY = [B, A, '0000 fff9 0005 0001 00000000'] as const

describe('echo replies', () => {
  test('a reply answers the last request, once', () => {
    expect(answers(REQUEST, REQUEST, REPLY, REPLY)).toEqual([[], [], [2, 1000], []])
  })

  test('the data has to be the same, as the checksum tells', () => {
    expect(answers(REQUEST, [B, A, '0000 fff8 0005 0001 00000001'])).toEqual([[], []])
  })

  test('another host does not answer', () => {
    expect(answers(REQUEST, ['c0000203', A, REPLY[2]])).toEqual([[], []])
  })
})
