import { describe, expect, test } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17. Each packet is IPv4 (link type 228), protocol 2, to 224.0.0.1.
function message(type: string) {
  return packetOf(228, `4500001c 00010000 01020000 c0000201 e0000001 ${type}`)
}

describe('IGMP', () => {
  test.each([
    ['11640000 00000000', 'ip:igmp:igmp'], // version 2 query
    ['12000000 e1000001', 'ip:igmp:igmp'], // version 1 report
    ['16000000 e1000001', 'ip:igmp:igmp'], // version 2 report
    ['17000000 e1000001', 'ip:igmp:igmp'], // leave
    ['22000000 00000000', 'ip:igmp:igmp'], // version 3 report
    ['01000000 00000000', 'ip:igmp:igmp'], // version 0
    ['13000000 00000000', 'ip:igmp:dvmrp'],
    ['14000000 00000000', 'ip:igmp:pim'],
    ['40000000 00000000', 'ip:igmp:igap'],
    ['30000000 00000000', 'ip:igmp'], // nobody's
  ])('%s is %s', (octets, stack) => {
    expect(stackOf(message(octets))).toBe(stack)
  })

  test('the values stand once, though there are two layers', () => {
    const packet = message('16640102 e1000001')
    expect(valuesOf(packet, 'igmp.type')).toEqual([0x16])
    expect(valuesOf(packet, 'igmp.max_resp')).toEqual([100])
    expect(valuesOf(packet, 'igmp.checksum')).toEqual([0x0102])
    expect(valuesOf(packet, 'igmp.maddr')).toEqual([0xe1000001])
  })

  test('a query of version 1 has no response time', () => {
    expect(valuesOf(message('11000000 00000000'), 'igmp.max_resp')).toEqual([])
  })

  test('a message of another protocol has no type', () => {
    expect(valuesOf(message('14000000 00000000'), 'igmp.type')).toEqual([])
  })
})
