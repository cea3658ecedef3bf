import { describe, expect, it } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// LINKTYPE_RAW. IPv4 from 192.0.2.1 to 192.0.2.2, UDP; lengths are filled in.
const RAW = 101
const JUNIPER_ETHERNET = 178
const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
function udp(port: number, payload: string): string {
  const data = payload.replace(/\s+/g, '')
  const length = 8 + data.length / 2
  return `4500 ${hex(20 + length, 4)} 0000 0000 40 11 0000 c0000201 c0000202 9c40 ${hex(port, 4)} ${hex(length, 4)} 0000 ${data}`
}
// Ethernet and IPv4 with TCP 1000 -> 80, a bare header.
const FRAME =
  '020000000001 020000000002 0800 4500 0028 0000 0000 40 06 0000 0a000001 0a000002 03e8 0050 00000001 00000000 50 02 ffff 0000 0000'
const frameLength = FRAME.replace(/\s+/g, '').length / 2

describe('sFlow', () => {
  // Version 5, IPv4 agent, sub-agent 0, sequence 1, uptime 2, one sample.
  const header = '00000005 00000001 c0000209 00000000 00000001 00000002 00000001'
  const record = `00000001 ${hex(16 + frameLength, 8)} 00000001 ${hex(frameLength + 4, 8)} 00000004 ${hex(frameLength, 8)} ${FRAME}`
  const body = `00000001 00000001 00000001 00000001 00000000 00000001 00000002 00000001 ${record}`
  const sample = `00000001 ${hex(body.replace(/\s+/g, '').length / 2, 8)} ${body}`

  it('has the sampled packet as layers that are only told of', () => {
    const packet = packetOf(RAW, udp(6343, `${header} ${sample}`))
    expect(stackOf(packet)).toBe('raw:ip:udp:sflow:eth:ethertype:ip:tcp')
    expect(packet.layerProtocol[packet.transport]).toBe(packet.layerProtocol[2])
    expect(packet.quotedFrom).toBe(4)
    expect(valuesOf(packet, 'tcp.dstport')).toEqual([80])
    expect(valuesOf(packet, 'sflow_245.sequence_number')).toEqual([1])
  })

  it('is no sFlow if the version is another', () => {
    expect(stackOf(packetOf(RAW, udp(6343, '00050001 00000000 00000000')))).toBe('raw:ip:udp:data')
  })
})

describe('CAPWAP', () => {
  // 802.11 data from a station: frame control 0801, sent by the access point with its octets swapped.
  const wlan = '0108 0000 020000000001 020000000002 020000000003 0000'
  const llc = 'aaaa03 000000 0800'
  const ip = '4500 0014 0000 0000 40 fd 0000 0a000001 0a000002'

  it('carries frames of stations, whose frame control has its octets swapped', () => {
    // HLEN 2, binding 1 (802.11), T.
    const packet = packetOf(RAW, udp(5247, `00 100300 00000000 ${wlan} ${llc} ${ip}`))
    expect(stackOf(packet)).toBe('raw:ip:udp:capwap.data:wlan:llc:ip')
  })

  it('carries Ethernet where the frame is not native', () => {
    expect(stackOf(packetOf(RAW, udp(5247, `00 100000 00000000 ${FRAME}`)))).toBe(
      'raw:ip:udp:capwap.data:eth:ethertype:ip:tcp',
    )
  })

  it('does not look into DTLS, nor into fragments', () => {
    expect(stackOf(packetOf(RAW, udp(5247, '01 000000 16feff00')))).toBe('raw:ip:udp:capwap.data')
    expect(stackOf(packetOf(RAW, udp(5247, `00 100380 00000000 ${wlan}`)))).toBe('raw:ip:udp:capwap.data:data')
  })
})

describe('NSH', () => {
  it('ends where its length says, and names what follows', () => {
    // Length 2, MD type 2, IPv4; path 1, index 255.
    const header = '0002 02 01 000001 ff'
    const ip = '4500 0014 0000 0000 40 fd 0000 0a000001 0a000002'
    const packet = packetOf(1, `020000000001 020000000002 894f ${header} ${ip}`)
    expect(stackOf(packet)).toBe('eth:ethertype:nsh:ip')
    expect(valuesOf(packet, 'nsh.spi')).toEqual([1])
    expect(valuesOf(packet, 'nsh.si')).toEqual([255])
  })
})

describe("Juniper's header", () => {
  it('has extensions before the frame', () => {
    // "MGC", flags: extensions; two octets of them.
    expect(stackOf(packetOf(JUNIPER_ETHERNET, `4d4743 80 0002 0101 ${FRAME}`))).toBe('juniper:eth:ethertype:ip:tcp')
  })

  it('is nothing without its magic', () => {
    expect(stackOf(packetOf(JUNIPER_ETHERNET, `000000 00 ${FRAME}`))).toBe('juniper')
  })
})
