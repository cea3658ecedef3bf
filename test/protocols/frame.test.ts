import { describe, expect, test } from 'vitest'
import type { Packet } from '../../src/packet/packet.ts'
import { frame } from '../../src/protocols/frame.ts'
import { packetOf } from '../support/packet.ts'

function onlyValue(packet: Packet, name: string): unknown {
  const values: unknown[] = []
  frame.fields
    .find((field) => field.name === name)
    ?.each(packet, -1, (value, extra) => {
      values.push(name.startsWith('frame.time') ? [value, extra] : value)
      return false
    })
  return values[0]
}

describe('frame', () => {
  const packet = packetOf(228, '4500001c 00010000 40110000 c0000201 c0000202 03e81b58 00080000', { originalLength: 60 })

  test('is no layer', () => {
    expect(packet.layerCount).toBe(2)
  })

  test('what the capture says', () => {
    expect(onlyValue(packet, 'frame.number')).toBe(1)
    expect(onlyValue(packet, 'frame.len')).toBe(60)
    expect(onlyValue(packet, 'frame.cap_len')).toBe(28)
    expect(onlyValue(packet, 'frame.protocols')).toBe('ip:udp')
    // WTAP_ENCAP_RAW_IP4, as tshark 4.0.17 prints it
    expect(onlyValue(packet, 'frame.encap_type')).toBe(129)
  })

  test('times have the sign of the whole in both parts', () => {
    packet.seconds = 100
    packet.nanoseconds = 250
    packet.firstSeconds = 99
    packet.firstNanoseconds = 500
    packet.previousSeconds = 101
    packet.previousNanoseconds = 100
    expect(onlyValue(packet, 'frame.time_epoch')).toEqual([100, 250])
    expect(onlyValue(packet, 'frame.time_relative')).toEqual([0, 999_999_750])
    expect(onlyValue(packet, 'frame.time_delta')).toEqual([0, -999_999_850])
  })

  test('a packet without a time has none of the times', () => {
    packet.hasTime = false
    expect(onlyValue(packet, 'frame.time_epoch')).toBeUndefined()
    expect(onlyValue(packet, 'frame.time_delta')).toBeUndefined()
  })
})
