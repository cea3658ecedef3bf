import { describe, expect, test } from 'vitest'
import { packetOf, valuesOf } from '../../support/packet.ts'

// Expected values: tshark 4.0.17. Link type 229 is IPv6.
const IPV6 = 229
const ADDRESSES = '20010db8000000000000000000000001 20010db8000000000000000000000002'
const UDP = '03e81b58 000c0001 61626364'

/** Hop-by-hop options (0) or destination options (60); `rest` is the header behind its next header. */
function withHeader(next: number, rest: string) {
  const octets = `11${rest}${UDP}`.replace(/\s/g, '')
  const length = (octets.length / 2).toString(16).padStart(4, '0')
  return packetOf(IPV6, `60000000 ${length} ${next.toString(16).padStart(2, '0')}40 ${ADDRESSES} ${octets}`)
}

describe('options of IPv6', () => {
  test('a router alert where it belongs, and where it does not', () => {
    const hop = withHeader(0, '00 0502 0000 0100')
    expect(valuesOf(hop, 'ipv6.opt.type')).toEqual([5, 1])
    expect(valuesOf(hop, 'ipv6.opt.type.rest')).toEqual([5, 1])
    expect(valuesOf(hop, 'ipv6.opt.router_alert')).toEqual([0])
    expect(valuesOf(hop, 'ipv6.opt.padn')).toEqual([''])
    expect(valuesOf(hop, 'ipv6.opt.header_mismatch')).toEqual([])
    expect(valuesOf(withHeader(60, '00 0502 0000 0100'), 'ipv6.opt.header_mismatch')).toEqual([0])
  })

  test('an option that is too long for what it holds', () => {
    const packet = withHeader(0, '00 0503 000007 00')
    expect(valuesOf(packet, 'ipv6.opt.invalid_len')).toEqual([0])
    expect(valuesOf(packet, 'ipv6.opt.router_alert')).toEqual([0])
    expect(valuesOf(packet, 'ipv6.opt_unknown_data')).toEqual(['07'])
    expect(valuesOf(packet, 'ipv6.opt.pad1')).toEqual([0])
  })

  test('RPL: the flags and the rank', () => {
    const packet = withHeader(0, '00 6304 9f1e0100')
    expect(valuesOf(packet, 'ipv6.opt.rpl.flag.o')).toEqual([1])
    expect(valuesOf(packet, 'ipv6.opt.rpl.flag.rsv')).toEqual([0x1f])
    expect(valuesOf(packet, 'ipv6.opt.rpl.sender_rank')).toEqual([256])
  })

  test('Quick-Start: how far the time to live is from the hop limit', () => {
    const packet = withHeader(0, '01 2606 0a05 00000702 01040000 0000')
    expect(valuesOf(packet, 'ipv6.opt.qs_rate')).toEqual([10])
    expect(valuesOf(packet, 'ipv6.opt.qs_ttl_diff')).toEqual([59])
    expect(valuesOf(packet, 'ipv6.opt.qs_nonce')).toEqual([0x1c0])
    expect(valuesOf(packet, 'ipv6.opt.qs_reserved')).toEqual([2])
  })

  test('IOAM: room for one node, and two that filled theirs', () => {
    const packet = withHeader(0, '03 3116 0000 0001 0a81 80000000 00000000 03080d12 171c2126 0104 00000000')
    expect(valuesOf(packet, 'ipv6.opt.ioam.trace.nodelen')).toEqual([1])
    expect(valuesOf(packet, 'ipv6.opt.ioam.trace.remlen')).toEqual([1])
    expect(valuesOf(packet, 'ipv6.opt.ioam.trace.flag.l')).toEqual([1])
    expect(valuesOf(packet, 'ipv6.opt.ioam.trace.type.bit0')).toEqual([1])
    expect(valuesOf(packet, 'ipv6.opt.ioam.trace.free_space')).toEqual(['00000000'])
    expect(valuesOf(packet, 'ipv6.opt.ioam.trace.node.hlim')).toEqual([3, 0x17])
    expect(valuesOf(packet, 'ipv6.opt.ioam.trace.node.id')).toEqual([0x080d12, 0x1c2126])
  })
})
