import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

/** The text as hexadecimal digits. */
function hex(text: string): string {
  return Buffer.from(text, 'utf8').toString('hex')
}

describe('lldp', () => {
  it('reads its elements', () => {
    const packet = packetOf(
      1,
      [
        '0180c200000e 020000000002 88cc',
        '0207 04 020000000002', // chassis: MAC address
        `0404 05 ${hex('Gi1')}`, // port: interface name
        '0602 0078', // time to live
        `0804 ${hex('port')}`,
        `0a03 ${hex('s1é').slice(0, 6)}`, // cut within a character
        `0c06 ${hex('a b\nc!')}`,
        '0e04 0014 0004', // capabilities
        'fe06 0080c2 01 0001', // organization's own
        '0000',
        'ffff',
      ].join(''),
    )
    expect(stackOf(packet)).toBe('eth:ethertype:lldp')
    expect(valuesOf(packet, 'lldp.tlv.type')).toEqual([1, 2, 3, 4, 5, 6, 7, 127, 0])
    expect(valuesOf(packet, 'lldp.tlv.len')).toEqual([7, 4, 2, 4, 3, 6, 4, 6, 0])
    expect(valuesOf(packet, 'lldp.chassis.subtype')).toEqual([4])
    expect(valuesOf(packet, 'lldp.chassis.id.mac')).toEqual(['020000000002'])
    expect(valuesOf(packet, 'lldp.chassis.id')).toEqual([])
    expect(valuesOf(packet, 'lldp.port.id')).toEqual(['Gi1'])
    expect(valuesOf(packet, 'lldp.port.id.mac')).toEqual([])
    expect(valuesOf(packet, 'lldp.time_to_live')).toEqual([120])
    expect(valuesOf(packet, 'lldp.port.desc')).toEqual(['port'])
    expect(valuesOf(packet, 'lldp.tlv.system.name')).toEqual(['s1\ufffd'])
    expect(valuesOf(packet, 'lldp.tlv.system.desc')).toEqual(['a b\nc!'])
    expect(valuesOf(packet, 'lldp.tlv.system_cap')).toEqual([0x14])
    expect(valuesOf(packet, 'lldp.tlv.enable_system_cap')).toEqual([4])
  })

  it('stops at an element that is cut', () => {
    const packet = packetOf(1, '0180c200000e 020000000002 88cc 0207 04 020000', { originalLength: 60 })
    expect(valuesOf(packet, 'lldp.tlv.type')).toEqual([])
  })
})

describe('cdp', () => {
  it('reads its elements', () => {
    const elements = [
      `0001 0006 ${hex('S1')}`,
      `0003 0007 ${hex('Fa0')}`,
      '0004 0008 00000028',
      `0005 000b ${hex('one\ntwo')}`,
      `0006 0005 ${hex('x')}`,
      `0009 0007 ${hex('lab')}`,
      '000a 0006 0001',
      '000b 0005 01',
    ]
    const packet = packetOf(1, `01000ccccccc 020000000002 0100 aaaa03 00000c 2000 02 b4 0bea ${elements.join('')}`)
    expect(stackOf(packet)).toBe('eth:llc:cdp')
    expect(valuesOf(packet, 'cdp.version')).toEqual([2])
    expect(valuesOf(packet, 'cdp.ttl')).toEqual([180])
    expect(valuesOf(packet, 'cdp.checksum')).toEqual([0x0bea])
    expect(valuesOf(packet, 'cdp.tlv.type')).toEqual([1, 3, 4, 5, 6, 9, 10, 11])
    expect(valuesOf(packet, 'cdp.tlv.len')).toEqual([6, 7, 8, 11, 5, 7, 6, 5])
    expect(valuesOf(packet, 'cdp.deviceid')).toEqual(['S1'])
    expect(valuesOf(packet, 'cdp.portid')).toEqual(['Fa0'])
    expect(valuesOf(packet, 'cdp.capabilities')).toEqual([0x28])
    expect(valuesOf(packet, 'cdp.software_version')).toEqual(['one', 'two'])
    expect(valuesOf(packet, 'cdp.platform')).toEqual(['x'])
    expect(valuesOf(packet, 'cdp.vtp_management_domain')).toEqual(['lab'])
    expect(valuesOf(packet, 'cdp.native_vlan')).toEqual([1])
    expect(valuesOf(packet, 'cdp.duplex')).toEqual([1])
  })

  it('does not loop on an element of length 0', () => {
    const packet = packetOf(1, '01000ccccccc 020000000002 0100 aaaa03 00000c 2000 02b40000 0001 0000 00000000')
    expect(valuesOf(packet, 'cdp.tlv.type')).toEqual([])
  })
})
