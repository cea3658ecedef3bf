import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// IPv4 with UDP, and IPv6 with UDP.
const IP = '4500001c00010000401100000102030405060708 1000100000080000'
const IP6 = '60000000 0008 11 40 00000000000000000000000000000001 00000000000000000000000000000002 1000100000080000'
const ADDRESSES = '020000000001 020000000002'

const PPP = 9
const PPP_HDLC = 50
const PPP_ETHER = 51
const PPP_PPPD = 166
const PPP_WITH_DIR = 204

describe('ppp', () => {
  it.each([
    ['ff03 0021', IP, 'ppp:ip:udp'],
    ['ff03 21', IP, 'ppp:ip:udp'], // protocol field compressed
    ['0021', IP, 'ppp:ip:udp'], // address and control compressed
    ['21', IP, 'ppp:ip:udp'],
    ['ff03 0057', IP6, 'ppp:ipv6:udp'],
    ['ff03 0281', `00010140 ${IP}`, 'ppp:mpls:ip:udp'],
    ['ff03 0800', IP, 'ppp:ip:udp'],
    ['ff03 c021', '01010004', 'ppp:lcp'],
    ['ff03 8021', '01010004', 'ppp:ipcp'],
    ['ff03 c223', '01010004', 'ppp:chap'],
    ['ff03 0003', '00', 'ppp:data'],
    // Cisco HDLC under PPP's link type.
    ['0f00 0800', IP, 'ppp:chdlc:ip:udp'],
    ['8f00 8035', '00000000', 'ppp:chdlc:slarp'],
  ])('%s %s', (header, data, stack) => {
    expect(stackOf(packetOf(PPP, `${header} ${data}`))).toBe(stack)
    expect(stackOf(packetOf(PPP_HDLC, `${header} ${data}`))).toBe(stack)
  })

  it('reads its fields', () => {
    const packet = packetOf(PPP, `ff03 0021 ${IP}`)
    expect(valuesOf(packet, 'ppp.address')).toEqual([0xff])
    expect(valuesOf(packet, 'ppp.control')).toEqual([0x03])
    expect(valuesOf(packet, 'ppp.protocol')).toEqual([0x0021])
    const compressed = packetOf(PPP, `21 ${IP}`)
    expect(valuesOf(compressed, 'ppp.address')).toEqual([])
    expect(valuesOf(compressed, 'ppp.protocol')).toEqual([0x21])
    expect(valuesOf(packetOf(PPP, `0f00 0800 ${IP}`), 'ppp.protocol')).toEqual([])
  })

  it('skips the direction', () => {
    expect(stackOf(packetOf(PPP_WITH_DIR, `01 ff03 0021 ${IP}`))).toBe('ppp:ip:udp')
    expect(stackOf(packetOf(PPP_PPPD, `0003 0021 ${IP}`))).toBe('ppp:ip:udp')
  })

  it('survives cuts', () => {
    for (const hex of ['', 'ff', 'ff03', 'ff0300', '30', '3030'])
      expect(stackOf(packetOf(PPP, hex, { originalLength: 60 }))).toBe('ppp')
  })
})

describe('pppoe', () => {
  it('carries PPP in a session, as long as the length says', () => {
    // Version and type 1, session data, session 1, length 30; protocol; padding.
    const packet = packetOf(1, `${ADDRESSES} 8864 11 00 0001 001e 0021 ${IP} 00000000`)
    expect(stackOf(packet)).toBe('eth:ethertype:pppoes:ppp:ip:udp')
    expect(valuesOf(packet, 'pppoe.version')).toEqual([1])
    expect(valuesOf(packet, 'pppoe.type')).toEqual([1])
    expect(valuesOf(packet, 'pppoe.code')).toEqual([0])
    expect(valuesOf(packet, 'pppoe.session_id')).toEqual([1])
    expect(valuesOf(packet, 'pppoe.payload_length')).toEqual([30])
    expect(packet.end).toBe(14 + 6 + 30)
  })

  it('expects PPP whatever the code', () => {
    expect(stackOf(packetOf(1, `${ADDRESSES} 8864 1101 0001 001e 0021 ${IP}`))).toBe('eth:ethertype:pppoes:ppp:ip:udp')
  })

  it('has its own link type', () => {
    expect(stackOf(packetOf(PPP_ETHER, `1100 0001 001e 0021 ${IP}`))).toBe('pppoes:ppp:ip:udp')
    expect(stackOf(packetOf(PPP_ETHER, '1100'))).toBe('pppoes')
  })

  it('ends with discovery', () => {
    // PADI with an empty Service-Name.
    const packet = packetOf(1, `${ADDRESSES} 8863 11 09 0000 0004 0101 0000`)
    expect(stackOf(packet)).toBe('eth:ethertype:pppoed')
    expect(valuesOf(packet, 'pppoe.code')).toEqual([9])
    expect(valuesOf(packet, 'pppoe.session_id')).toEqual([0])
  })
})
