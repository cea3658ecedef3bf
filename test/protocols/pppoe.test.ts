import { describe, expect, test } from 'vitest'
import type { Packet } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.
const ADDRESSES = '00005e005302 00005e005301'

/** A discovery packet with these tags. */
function discovery(tags: string): Packet {
  const octets = tags.replace(/\s/g, '')
  const length = (octets.length / 2).toString(16).padStart(4, '0')
  return packetOf(1, `${ADDRESSES} 8863 11 09 0000 ${length} ${octets}`)
}

describe('PPPoE', () => {
  test('tags up to the end of the list', () => {
    // Service name, empty; unique; end; a name that is not read.
    const packet = discovery('0101 0000 0103 0004 01020304 0000 0000 0102 0002 4142')
    expect(valuesOf(packet, 'pppoed.tags')).toEqual([0])
    expect(valuesOf(packet, 'pppoed.tags.service_name')).toEqual([])
    expect(valuesOf(packet, 'pppoed.tags.host_uniq')).toEqual(['01020304'])
    expect(valuesOf(packet, 'pppoed.tags.ac_name')).toEqual([])
  })

  test('tags that are not known have a type; text is ASCII', () => {
    const packet = discovery('0140 0004 41424344 0102 0003 41c3a9')
    expect(valuesOf(packet, 'pppoed.tag')).toEqual([0x0140])
    expect(valuesOf(packet, 'pppoed.tag_length')).toEqual([4])
    expect(valuesOf(packet, 'pppoed.tag.unknown_data')).toEqual(['00044142'])
    expect(valuesOf(packet, 'pppoed.tags.ac_name')).toEqual(['A\ufffd\ufffd'])
  })

  test("the Broadband Forum's tags", () => {
    const packet = discovery('0105 0017 00000de9 9003 000208 0102 6162 8104 01020304 8202 0102')
    expect(valuesOf(packet, 'pppoed.tags.vendor_id')).toEqual([3561])
    expect(valuesOf(packet, 'pppoed.tags.access_loop_encap.encap_2')).toEqual([8])
    expect(valuesOf(packet, 'pppoed.tags.circuit_id')).toEqual(['ab'])
    expect(valuesOf(packet, 'pppoed.tags.act_data_rate_up')).toEqual([0x01020304])
    expect(valuesOf(packet, 'pppoed.tags.act_data_rate_down')).toEqual([])
    expect(valuesOf(packet, 'pppoed.tag_length.invalid')).toEqual([0])
  })

  test('metrics', () => {
    const packet = discovery('0107 000a 6162636465666768 6970')
    expect(valuesOf(packet, 'pppoed.tags.metrics.cdr_units')).toEqual([1])
    expect(valuesOf(packet, 'pppoed.tags.metrics.rlq')).toEqual([99])
    expect(valuesOf(packet, 'pppoed.tags.metrics.max_drate')).toEqual([26992])
  })

  test("credits in front of a session's data", () => {
    const packet = packetOf(1, `${ADDRESSES} 8864 11 00 0003 000e 0106 0004 0001 0002 c021 01010004`)
    expect(stackOf(packet)).toBe('eth:ethertype:pppoes:ppp:lcp')
    expect(valuesOf(packet, 'pppoes.tags.credits.fcn')).toEqual([1])
    expect(valuesOf(packet, 'pppoes.tags.credits.bcn')).toEqual([2])
  })
})
