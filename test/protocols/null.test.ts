import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// IPv4 with UDP, and IPv6 with UDP.
const IP = '4500001c00010000401100000102030405060708 1000100000080000'
const IP6 = '60000000 0008 11 40 00000000000000000000000000000001 00000000000000000000000000000002 1000100000080000'

const RAW = 101
const NULL = 0
const LOOP = 108

describe('raw', () => {
  it.each([
    [IP, 'raw:ip:udp'],
    [IP6, 'raw:ipv6:udp'],
    [`ff030021 ${IP}`, 'raw:ppp:ip:udp'],
    [`020000000001 ff030021 ${IP}`, 'raw:ppp:ip:udp'],
    [`00000000000000000000 ${IP}`, 'raw:ip:udp'],
    [`000000000000 ${IP}`, 'raw:data'],
    ['45', 'raw'],
    ['4500', 'raw'],
    ['5011', 'raw'],
  ])('%s', (hex, stack) => {
    for (const linkType of [RAW, 12, 14]) expect(stackOf(packetOf(linkType, hex))).toBe(stack)
  })
})

describe('null', () => {
  it.each([
    // The octets, family, EtherType.
    ['02000000', IP, 'null:ip:udp', 2, null],
    ['00000002', IP, 'null:ip:udp', 2, null],
    ['00020000', IP, 'null:ip:udp', 2, null],
    ['00000200', IP, 'null:ip:udp', 2, null],
    ['1e000000', IP6, 'null:ipv6:udp', 30, null],
    ['0000001e', IP6, 'null:ipv6:udp', 30, null],
    ['18000000', IP6, 'null:ipv6:udp', 24, null],
    ['1c000000', IP6, 'null:ipv6:udp', 28, null],
    ['07000000', '831b01', 'null:osi:isis', 7, null],
    ['17000000', 'ffff', 'null:ipx', 23, null],
    ['05000000', '1122', 'null:data', 5, null],
    ['08000000', IP, 'null:data', 8, null],
    ['00000800', IP, 'null:ip:udp', null, 0x0800],
    ['000086dd', IP6, 'null:ipv6:udp', null, 0x86dd],
    ['02000005', IP, 'null:data', null, 0x0005],
    ['ff030021', IP, 'null:ppp:ip:udp', null, null],
  ])('%s', (header, data, stack, family, type) => {
    const packet = packetOf(NULL, `${header} ${data}`)
    expect(stackOf(packet)).toBe(stack)
    expect(valuesOf(packet, 'null.family')).toEqual(family === null ? [] : [family])
    expect(valuesOf(packet, 'null.type')).toEqual(type === null ? [] : [type])
  })

  it('has a fixed byte order in LOOP', () => {
    expect(stackOf(packetOf(LOOP, `00000002 ${IP}`))).toBe('null:ip:udp')
    expect(stackOf(packetOf(LOOP, `00000018 ${IP6}`))).toBe('null:ipv6:udp')
    const swapped = packetOf(LOOP, `02000000 ${IP}`)
    expect(stackOf(swapped)).toBe('null:data')
    expect(valuesOf(swapped, 'null.family')).toEqual([0x0200_0000])
  })

  it('survives a cut', () => {
    expect(stackOf(packetOf(NULL, '0200', { originalLength: 60 }))).toBe('null')
  })
})
