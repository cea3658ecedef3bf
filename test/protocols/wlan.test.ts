import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

const WLAN = 105
const RADIOTAP = 127

// Three addresses and sequence control: fragment 0, sequence 3.
const ADDRESSES = '020000000001 020000000002 020000000003 3000'
const FOURTH = '020000000004'
// LLC and SNAP, IPv4 with UDP.
const IP = 'aaaa03000000 0800 4500001c00010000401100000102030405060708 1000100000080000'

describe('wlan', () => {
  it.each([
    // Frame control and duration, header, data.
    ['0800 0000', ADDRESSES, IP, 'wlan:llc:ip:udp'],
    ['0801 0000', ADDRESSES, IP, 'wlan:llc:ip:udp'],
    ['0803 0000', `${ADDRESSES} ${FOURTH}`, IP, 'wlan:llc:ip:udp'],
    ['8801 0000', `${ADDRESSES} 0000`, IP, 'wlan:llc:ip:udp'], // QoS
    ['8881 0000', `${ADDRESSES} 0000 00000000`, IP, 'wlan:llc:ip:udp'], // and HT control
    ['8803 0000', `${ADDRESSES} ${FOURTH} 0000`, IP, 'wlan:llc:ip:udp'],
    ['8801 0000', `${ADDRESSES} 8000`, `020000000005 020000000006 0024 ${IP}`, 'wlan:llc:ip:udp'], // A-MSDU
    ['0841 0000', ADDRESSES, IP, 'wlan:data'], // protected
    ['0805 0000', ADDRESSES, IP, 'wlan:data'], // a fragment
    ['0801 0000', ADDRESSES, 'ffff0022', 'wlan:ipx'],
    ['0801 0000', ADDRESSES, '', 'wlan:llc'],
    ['4801 0000', ADDRESSES, '', 'wlan'], // null
    ['c801 0000', `${ADDRESSES} 0000`, '', 'wlan'],
    ['8000 0000', ADDRESSES, '0000000000000000 6400 0100', 'wlan'], // beacon
    ['b040 0000', ADDRESSES, '00000000 1122', 'wlan:data'], // encrypted authentication
    ['d400 3a01', '020000000001', '', 'wlan'], // ACK
  ])('%s', (control, header, data, stack) => {
    expect(stackOf(packetOf(WLAN, `${control} ${header} ${data}`))).toBe(stack)
  })

  it.each([
    // Frame control, then the numbers of the addresses in each role.
    ['0800', { da: '1', sa: '2', bssid: '3', staa: '' }],
    ['0801', { da: '3', sa: '2', bssid: '1', staa: '2' }],
    ['0802', { da: '1', sa: '3', bssid: '2', staa: '1' }],
    ['0803', { da: '3', sa: '4', bssid: '', staa: '' }],
    ['8000', { da: '1', sa: '2', bssid: '3', staa: '' }],
  ])('knows the addresses of %s', (control, roles) => {
    const packet = packetOf(WLAN, `${control} 0000 ${ADDRESSES} ${FOURTH} ${IP}`)
    expect(valuesOf(packet, 'wlan.ra')).toEqual(['020000000001'])
    expect(valuesOf(packet, 'wlan.ta')).toEqual(['020000000002'])
    for (const [role, number] of Object.entries(roles))
      expect(valuesOf(packet, `wlan.${role}`)).toEqual(number === '' ? [] : [`02000000000${number}`])
    expect(valuesOf(packet, 'wlan.seq')).toEqual([3])
  })

  it('knows those of control frames', () => {
    const pair = '020000000001 020000000002'
    const rts = packetOf(WLAN, `b400 3a01 ${pair}`)
    expect(valuesOf(rts, 'wlan.addr')).toEqual(['020000000001', '020000000002'])
    expect(valuesOf(rts, 'wlan.bssid')).toEqual([])
    expect(valuesOf(rts, 'wlan.duration')).toEqual([314])
    const poll = packetOf(WLAN, `a400 01c0 ${pair}`)
    expect(valuesOf(poll, 'wlan.bssid')).toEqual(['020000000001'])
    expect(valuesOf(poll, 'wlan.duration')).toEqual([])
    const end = packetOf(WLAN, `e400 0000 ${pair}`)
    expect(valuesOf(end, 'wlan.bssid')).toEqual(['020000000002'])
    expect(valuesOf(end, 'wlan.ta')).toEqual([])
    const acknowledgment = packetOf(WLAN, 'd400 3a01 020000000001')
    expect(valuesOf(acknowledgment, 'wlan.ra')).toEqual(['020000000001'])
    expect(valuesOf(acknowledgment, 'wlan.ta')).toEqual([])
  })

  it('reads frame control', () => {
    const packet = packetOf(WLAN, `8842 0000 ${ADDRESSES} 0000 00`)
    expect(valuesOf(packet, 'wlan.fc')).toEqual([0x8842])
    expect(valuesOf(packet, 'wlan.fc.type')).toEqual([2])
    expect(valuesOf(packet, 'wlan.fc.subtype')).toEqual([8])
    expect(valuesOf(packet, 'wlan.fc.type_subtype')).toEqual([0x28])
    expect(valuesOf(packet, 'wlan.fc.ds')).toEqual([2])
    expect(valuesOf(packet, 'wlan.fc.protected')).toEqual([1])
  })

  it('survives cuts', () => {
    for (const hex of ['', '08', '0801 0000', `0803 0000 ${ADDRESSES}`, `8801 0000 ${ADDRESSES} 80`])
      expect(stackOf(packetOf(WLAN, hex, { originalLength: 100 }))).toBe('wlan')
  })
})

describe('radiotap', () => {
  const FRAME = `0801 0000 ${ADDRESSES} ${IP}`

  it.each([
    // Version, padding, length; present; values.
    ['0000 0800 00000000', FRAME],
    ['0000 0900 02000000 10', `${FRAME} 01020304`], // flags: check sequence at the end
    ['0000 1100 03000000 1122334455667788 10', `${FRAME} 01020304`], // timer, flags
    ['0000 1900 03000080 00000000 00000000 1122334455667788 10', `${FRAME} 01020304`], // two present words
    ['0000 0900 02000000 20', `8801 0000 ${ADDRESSES} 0000 0000 ${IP}`], // flags: padded header
  ])('%s', (header, frame) => {
    const packet = packetOf(RADIOTAP, `${header} ${frame}`)
    expect(stackOf(packet)).toBe('radiotap:wlan_radio:wlan:llc:ip:udp')
    expect(valuesOf(packet, 'wlan.seq')).toEqual([3])
    expect(packet.fault).toBe(0)
  })

  it('leaves the check sequence out', () => {
    const packet = packetOf(RADIOTAP, '0000 0900 02000000 10 d400 3a01 020000000001 01020304')
    expect(packet.end).toBe(9 + 10)
    expect(valuesOf(packet, 'radiotap.length')).toEqual([9])
  })

  it('survives bad lengths', () => {
    expect(stackOf(packetOf(RADIOTAP, `0000 0700 00000000 ${FRAME}`))).toBe('radiotap')
    expect(stackOf(packetOf(RADIOTAP, `0000 ff00 00000000 ${FRAME}`))).toBe('radiotap')
    expect(stackOf(packetOf(RADIOTAP, '0000'))).toBe('radiotap')
  })
})
