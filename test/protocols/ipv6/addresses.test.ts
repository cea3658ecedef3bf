import { describe, expect, test } from 'vitest'
import { packetOf, valuesOf } from '../../support/packet.ts'

// Expected values: tshark 4.0.17. Link type 229 is IPv6.
const IPV6 = 229
const PLAIN = '20010db8000000000000000000000002'

function between(source: string, destination = PLAIN) {
  return packetOf(IPV6, `60000000 00003b40 ${source} ${destination}`)
}

describe('addresses of IPv6', () => {
  test('a hardware address in the interface identifier', () => {
    const packet = between('fe80000000000000021234fffe56789a')
    expect(valuesOf(packet, 'ipv6.src_slaac_mac')).toEqual(['00123456789a'])
    expect(valuesOf(packet, 'ipv6.slaac_mac')).toEqual(['00123456789a'])
    expect(valuesOf(packet, 'ipv6.dst_slaac_mac')).toEqual([])
    expect(valuesOf(between('fe80000000000000001234fffe56789a'), 'ipv6.src_slaac_mac')).toEqual([])
  })

  test('6to4, Teredo, ISATAP and translation', () => {
    expect(valuesOf(between('2002c000020100050000000000000001'), 'ipv6.src_6to4_gw_ipv4')).toEqual([0xc0000201])
    expect(valuesOf(between('2002c000020100050000000000000001'), 'ipv6.6to4_sla_id')).toEqual([5])
    const teredo = between(PLAIN, '200100004136e378800063bf3ffffdd2')
    expect(valuesOf(teredo, 'ipv6.dst_ts_ipv4')).toEqual([0x4136e378])
    expect(valuesOf(teredo, 'ipv6.dst_tc_port')).toEqual([40_000])
    expect(valuesOf(teredo, 'ipv6.tc_ipv4')).toEqual([0xc000022d])
    expect(valuesOf(between('fe8000000000000002005efec0000201'), 'ipv6.isatap_ipv4')).toEqual([0xc0000201])
    const translated = between('0064ff9b0000000000000000c0000201')
    expect(valuesOf(translated, 'ipv6.src_embed_ipv4')).toEqual([0xc0000201])
    expect(valuesOf(translated, 'ipv6.embed_ipv4_prefix')).toEqual(['0064ff9b0000000000000000'])
  })

  test('a host is called by its address', () => {
    expect(valuesOf(between('fe800000000000000000000000000001'), 'ipv6.host')).toEqual(['fe80::1', '2001:db8::2'])
  })
})
