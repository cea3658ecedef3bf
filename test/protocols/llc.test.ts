import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

const ADDRESSES = '020000000001 020000000002'
const IP = '4500001c00010000401100000102030405060708 1000100000080000'

/** An 802.3 frame, long enough for what it carries. */
function llc(hex: string) {
  return packetOf(1, `${ADDRESSES} 0100 ${hex}`)
}

describe('llc', () => {
  it.each([
    // SNAP: organization, protocol.
    ['aaaa03 000000 0800', IP, 'eth:llc:ip:udp'],
    ['aaaa03 0000f8 0800', IP, 'eth:llc:ip:udp'],
    ['aaaa03 000000 1234', '0011', 'eth:llc:data'],
    ['aaaa03 080007 809b', '0011', 'eth:llc:ddp'],
    ['aaaa03 00005e 0003', '0011', 'eth:llc:nhrp'],
    ['aaaa03 00000c 2000', '02b40000', 'eth:llc:cdp'],
    ['aaaa03 00000c 2003', '00', 'eth:llc:vtp'],
    ['aaaa03 00000c 2004', '00', 'eth:llc:dtp'],
    ['aaaa03 00000c 010b', '00000000', 'eth:llc:stp'],
    ['aaaa03 00000c 0111', '00', 'eth:llc:udld'],
    ['aaaa03 00000c 9999', '00', 'eth:llc:data'],
    ['aaaa03 0080c2 0007', `0000 ${ADDRESSES} 0800 ${IP}`, 'eth:llc:eth:ethertype:ip:udp'],
    ['aaaa03 0080c2 000e', '00000000', 'eth:llc:stp'],
    ['aaaa03 000081 01a2', '00', 'eth:llc:ndp'],
    ['aaaa03 001122 0800', '00', 'eth:llc:data'],
    ['aabb03 000000 0800', IP, 'eth:llc:data'],
    // Service access points.
    ['424203', '00000000', 'eth:llc:stp'],
    ['434203', '00000000', 'eth:llc:data'],
    ['060603', IP, 'eth:llc:ip:udp'],
    ['e0e003', 'ffff', 'eth:llc:ipx'],
    ['f0f003', '2c00', 'eth:llc:netbios'],
    ['fefe03', '831b01', 'eth:llc:osi:isis'],
    ['fefe03', `cc ${IP}`, 'eth:llc:osi:ip:udp'],
    // Formats other than unnumbered information.
    ['f0f10000', '11223344', 'eth:llc:netbios'], // information
    ['f0f10101', '11223344', 'eth:llc:data'], // supervisory
    ['f0f10101', '', 'eth:llc'],
    ['f0f17f', '', 'eth:llc'], // SABME
    ['4242bf', '00000000', 'eth:llc:data'], // XID of no known format
    ['0001af', '818080 00', 'eth:llc'], // XID, basic format
    ['3030e3', '8180', 'eth:llc:data'], // TEST
  ])('%s %s', (header, data, stack) => {
    expect(stackOf(llc(`${header} ${data}`))).toBe(stack)
  })

  it('survives cuts', () => {
    for (const hex of ['', '42', '4242', 'aaaa03', 'aaaa03 000000 08', 'f0f100'])
      expect(stackOf(packetOf(1, `${ADDRESSES} 0040 ${hex}`, { originalLength: 78 }))).toBe('eth:llc')
  })

  it('reads its fields', () => {
    const snap = llc(`aaaa03 000000 0800 ${IP}`)
    expect(valuesOf(snap, 'llc.dsap')).toEqual([0xaa])
    expect(valuesOf(snap, 'llc.control')).toEqual([0x03])
    expect(valuesOf(snap, 'llc.oui')).toEqual([0])
    expect(valuesOf(snap, 'llc.type')).toEqual([0x0800])
    expect(valuesOf(snap, 'llc.pid')).toEqual([])
    const cisco = llc('aaaa03 00000c 2000 02b40000')
    expect(valuesOf(cisco, 'llc.oui')).toEqual([12])
    expect(valuesOf(cisco, 'llc.cisco_pid')).toEqual([0x2000])
    // Information with N(S) 1, N(R) 2.
    const information = llc('f0f1 0204 11')
    expect(valuesOf(information, 'llc.control')).toEqual([0x0402])
    expect(valuesOf(information, 'llc.control.n_s')).toEqual([1])
    expect(valuesOf(information, 'llc.control.n_r')).toEqual([2])
    expect(valuesOf(information, 'llc.ssap.cr')).toEqual([1])
  })
})
