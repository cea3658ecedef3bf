import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// IPv4 with UDP, and IPv6 with UDP.
const IP = '4500001c00010000401100000102030405060708 1000100000080000'
const IP6 = '60000000 0008 11 40 00000000000000000000000000000001 00000000000000000000000000000002 1000100000080000'
const ADDRESSES = '020000000001 020000000002'

/** Behind an Ethernet header with the MPLS EtherType. */
function mpls(hex: string) {
  return packetOf(1, `${ADDRESSES} 8847 ${hex}`)
}

describe('mpls', () => {
  it('reads the stack of labels as one layer', () => {
    // Label 18, class 1, TTL 64; label 16, bottom, TTL 63.
    const packet = mpls(`00012240 0001013f ${IP}`)
    expect(stackOf(packet)).toBe('eth:ethertype:mpls:ip:udp')
    expect(valuesOf(packet, 'mpls.label')).toEqual([18, 16])
    expect(valuesOf(packet, 'mpls.exp')).toEqual([1, 0])
    expect(valuesOf(packet, 'mpls.bottom')).toEqual([0, 1])
    expect(valuesOf(packet, 'mpls.ttl')).toEqual([64, 63])
  })

  it.each([
    // What the first four bits behind label 16 say.
    ['00010140', IP6, 'eth:ethertype:mpls:ipv6:udp'],
    ['00010140', `00000000 ${ADDRESSES} 0800 ${IP}`, 'eth:ethertype:mpls:pwethheuristic:pwethcw:eth:ethertype:ip:udp'],
    ['00010140', '00', 'eth:ethertype:mpls:pwethheuristic:data'],
    ['00010140', `10000021 ${IP}`, 'eth:ethertype:mpls:pwach:ip:udp'],
    ['00010140', '10000007 0011', 'eth:ethertype:mpls:pwach:bfd'],
    ['00010140', '20000007 0011', 'eth:ethertype:mpls:data'],
    ['00010140', 'f0000007 0011', 'eth:ethertype:mpls:data'],
    ['00010140', '', 'eth:ethertype:mpls'],
    // Label 13, the generic associated channel.
    ['0000d140', 'f0000007 0011', 'eth:ethertype:mpls:pwach:bfd'],
    // No bottom; not even an entry.
    ['00010040', '', 'eth:ethertype:mpls'],
    ['000100', '', 'eth:ethertype:mpls'],
  ])('%s %s', (labels, data, stack) => {
    expect(stackOf(mpls(`${labels} ${data}`))).toBe(stack)
  })
})
