import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// IPv4 with UDP, and IPv6 with UDP.
const IP = '4500001c00010000401100000102030405060708 1000100000080000'
const IP6 = '60000000 0008 11 40 00000000000000000000000000000001 00000000000000000000000000000002 1000100000080000'
const ADDRESSES = '020000000001 020000000002'

const C_HDLC = 104
const FRELAY = 107

describe('chdlc', () => {
  it.each([
    ['0f00 0800', IP, 'chdlc:ip:udp'],
    ['8f00 86dd', IP6, 'chdlc:ipv6:udp'],
    ['0f00 8035', '00000000', 'chdlc:slarp'],
    ['0f00 2000', '02b40000', 'chdlc:cdp'],
    ['0f00 8847', `00010140 ${IP}`, 'chdlc:mpls:ip:udp'],
    ['0f00 fefe', '03 831b01', 'chdlc:osi:isis'], // an octet of padding
    ['0f00 fefe', '831b01', 'chdlc:osi:isis'],
    ['0f00 4242', '00000000', 'chdlc:stp'],
    ['0f00 6558', `${ADDRESSES} 0800 ${IP}`, 'chdlc:eth:ethertype:ip:udp'],
    ['0f00 0111', '00', 'chdlc:udld'],
    ['0f00 0806', '0001', 'chdlc:data'], // ARP is not among Cisco's protocols
    ['0f00 1234', '0001', 'chdlc:data'],
    ['0f00', '', 'chdlc'],
    ['0f00 0800', '', 'chdlc'],
  ])('%s %s', (header, data, stack) => {
    expect(stackOf(packetOf(C_HDLC, `${header} ${data}`))).toBe(stack)
  })

  it('reads its fields', () => {
    const packet = packetOf(C_HDLC, `8f00 0800 ${IP}`)
    expect(valuesOf(packet, 'chdlc.address')).toEqual([0x8f])
    expect(valuesOf(packet, 'chdlc.control')).toEqual([0])
    expect(valuesOf(packet, 'chdlc.protocol')).toEqual([0x0800])
  })
})

describe('frame relay', () => {
  it.each([
    // Address (connection 100), control and identifier.
    ['1841 03 cc', IP, 'fr:ip:udp'],
    ['1841 73 cc', IP, 'fr:ip:udp'], // any unnumbered frame
    ['1841 03 00 cc', IP, 'fr:ip:udp'], // padding
    ['1841 03 8e', IP6, 'fr:ipv6:udp'],
    ['1841 03 82', '1b01', 'fr:esis'],
    ['1841 03 83', '1b01', 'fr:isis'],
    ['1841 03 cf', `0021 ${IP}`, 'fr:ppp:ip:udp'],
    ['1841 03 08', '007595', 'fr:q933'],
    ['0001 03 09', '007595', 'fr:lmi'],
    ['1841 03 33', '00', 'fr:data'],
    ['1841 af', '818080', 'fr:data'],
    ['1841 2200 82', '110155', 'fr:esis'], // information frame
    // SNAP.
    ['1841 03 80 000000 0800', IP, 'fr:ip:udp'],
    ['1841 03 00 80 0080c2 0007', `${ADDRESSES} 0800 ${IP}`, 'fr:eth:ethertype:ip:udp'],
    // Cisco's encapsulation.
    ['1841 0800', IP, 'fr:ip:udp'],
    ['1841 2000', '02b40000', 'fr:cdp'],
    ['1841 1234', '02b40000', 'fr:data'],
    // Ethernet, for want of anything else.
    ['1841', `0011223344556677889900aa 0800 ${IP}`, 'fr:eth:ethertype:ip:udp'],
    ['1841', '0011223344556677889900aa 1234', 'fr:data'],
    // Connection 0 is for signalling.
    ['0001', '020100', 'fr:data'],
    // Cut short; an address without end.
    ['18', '', 'fr'],
    ['1841', '', 'fr'],
    ['1841 03', '', 'fr'],
    ['30303030', '3030', 'fr'],
  ])('%s %s', (header, data, stack) => {
    expect(stackOf(packetOf(FRELAY, `${header} ${data}`))).toBe(stack)
  })

  it.each([
    ['1841', 100],
    ['1840 41', 6416],
    ['1840 4041', 821264],
    ['b000 3a01', 5769024],
    ['1840 43', 100], // D/C bit set
    ['1c00 0c07', 14342],
  ])('reads the connection of %s', (address, connection) => {
    expect(valuesOf(packetOf(FRELAY, `${address} 03 cc ${IP}`), 'fr.dlci')).toEqual([connection])
  })
})
