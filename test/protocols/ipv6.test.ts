import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED, FAULT_NONE, FAULT_TRUNCATED } from '../../src/packet/packet.ts'
import { Reassembler } from '../../src/packet/reassembly.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17. Link type 229 is IPv6, 1 is Ethernet.
const SOURCE = '20010db8000000000000000000000001'
const DESTINATION = '20010db8000000000000000000000002'
const UDP = '03e81b58 00100000 6162636465666768'

/** IPv6 with a next header (two digits) around `payload`. */
function ipv6(next: string, payload: string): string {
  const octets = payload.replace(/\s/g, '')
  return `60000000 ${(octets.length / 2).toString(16).padStart(4, '0')}${next}40 ${SOURCE} ${DESTINATION} ${octets}`
}

describe('IPv6', () => {
  test('the fields of the header', () => {
    const packet = packetOf(229, `6ba12345 00101140 ${SOURCE} ${DESTINATION} ${UDP}`)
    expect(stackOf(packet)).toBe('ipv6:udp:data')
    expect(valuesOf(packet, 'ipv6.version')).toEqual([6])
    expect(valuesOf(packet, 'ipv6.tclass')).toEqual([0xba])
    expect(valuesOf(packet, 'ipv6.tclass.dscp')).toEqual([46])
    expect(valuesOf(packet, 'ipv6.tclass.ecn')).toEqual([2])
    expect(valuesOf(packet, 'ipv6.flow')).toEqual([0x12345])
    expect(valuesOf(packet, 'ipv6.plen')).toEqual([16])
    expect(valuesOf(packet, 'ipv6.nxt')).toEqual([17])
    expect(valuesOf(packet, 'ipv6.hlim')).toEqual([64])
    expect(valuesOf(packet, 'ipv6.addr')).toEqual([SOURCE, DESTINATION])
    expect(packet.network).toBe(0)
    expect(packet.transport).toBe(1)
  })

  test('another version is no IPv6 at all', () => {
    const packet = packetOf(1, `00005e005302 00005e005301 86dd 4500001c 00010000 40110000 c0000201 c0000202 ${UDP}`)
    expect(stackOf(packet)).toBe('eth:ethertype:data')
    expect(packet.network).toBe(-1)
  })

  test('a header that the snaplen cut', () => {
    const packet = packetOf(229, `60000000 00101140 ${SOURCE}`, { originalLength: 56 })
    expect(stackOf(packet)).toBe('ipv6')
    expect(packet.fault).toBe(FAULT_TRUNCATED)
    expect(valuesOf(packet, 'ipv6.addr')).toEqual([SOURCE])
  })

  test('no next header: what follows is data', () => {
    expect(stackOf(packetOf(229, ipv6('3b', '61626364')))).toBe('ipv6:data')
    expect(stackOf(packetOf(229, ipv6('3b', '')))).toBe('ipv6')
  })

  test('payload length 0 without a jumbo option: nothing follows', () => {
    const packet = packetOf(229, `60000000 00001140 ${SOURCE} ${DESTINATION} ${UDP}`)
    expect(stackOf(packet)).toBe('ipv6:udp')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })

  test('a jumbogram (RFC 2675)', () => {
    const packet = packetOf(
      229,
      `60000000 00000040 ${SOURCE} ${DESTINATION}` + // IPv6: length 0, hop-by-hop options follow
        '1100 c204 00010008' + // hop-by-hop: jumbo payload of 65,544 octets
        '03e81b58 00000000 61626364', // UDP: length 0
      { originalLength: 40 + 65_544 },
    )
    expect(stackOf(packet)).toBe('ipv6:ipv6.hopopts:udp:data')
    expect(valuesOf(packet, 'ipv6.opt.jumbo')).toEqual([65_544])
    expect(packet.fault).toBe(FAULT_NONE)
  })
})

describe('IPv6 extension headers', () => {
  // Each of 8 octets, UDP behind it.
  const HOP_BY_HOP = '1100 0502 0000 0100'
  const SEGMENTS = `11020401 00000000 ${'20010db8000000000000000000000003'}`

  test('each is a layer', () => {
    const packet = packetOf(
      229,
      ipv6(
        '00',
        '3c00 0502 0000 0100' + // hop-by-hop: router alert, padding; destination options follow
          '2b00 0104 00000000' + // destination options: padding; a routing header follows
          `${SEGMENTS} ${UDP}`, // segment routing header; UDP follows
      ),
    )
    expect(stackOf(packet)).toBe('ipv6:ipv6.hopopts:ipv6.dstopts:ipv6.routing:udp:data')
    expect(valuesOf(packet, 'ipv6.hopopts.nxt')).toEqual([60])
    expect(valuesOf(packet, 'ipv6.hopopts.len_oct')).toEqual([8])
    expect(valuesOf(packet, 'ipv6.opt.type')).toEqual([5, 1, 1])
    expect(valuesOf(packet, 'ipv6.opt.router_alert')).toEqual([0])
    expect(valuesOf(packet, 'ipv6.routing.type')).toEqual([4])
    expect(valuesOf(packet, 'ipv6.routing.segleft')).toEqual([1])
    expect(valuesOf(packet, 'ipv6.routing.srh.addr')).toEqual(['20010db8000000000000000000000003'])
    expect(valuesOf(packet, 'ipv6.routing.src.addr')).toEqual([])
    expect(packet.network).toBe(0)
    expect(packet.transport).toBe(4)
  })

  test('a segment routing header before Ethernet and before IP', () => {
    const frame = '00005e005302 00005e005301 0800 45000014 00010000 40110000 c0000201 c0000202'
    expect(stackOf(packetOf(229, ipv6('2b', SEGMENTS.replace('11', '8f') + frame)))).toBe(
      'ipv6:ipv6.routing:eth:ethertype:ip',
    )
    expect(stackOf(packetOf(229, ipv6('2b', SEGMENTS.replace('11', '29') + ipv6('11', UDP))))).toBe(
      'ipv6:ipv6.routing:ipv6:udp:data',
    )
  })

  test('IPv4 may carry them too', () => {
    expect(stackOf(packetOf(228, `4500002c 00010000 40000000 c0000201 c0000202 ${HOP_BY_HOP} ${UDP}`))).toBe(
      'ip:ipv6.hopopts:udp:data',
    )
  })

  test('a length past the end', () => {
    const packet = packetOf(229, ipv6('00', `1105 0502 0000 0100 ${UDP}`))
    expect(stackOf(packet)).toBe('ipv6:ipv6.hopopts')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })

  test('an option past the end', () => {
    const packet = packetOf(229, ipv6('00', `3b00 3030 00000000 61626364`))
    expect(stackOf(packet)).toBe('ipv6:ipv6.hopopts')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })

  test('many headers end at the ceiling', () => {
    const packet = packetOf(229, ipv6('00', '0000010400000000'.repeat(100)))
    expect(packet.layerCount).toBeLessThanOrEqual(64)
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })
})

describe('IPv6 fragments', () => {
  const FIRST = ipv6('2c', `11000001 00000007 ${UDP.replace('0010', '0018')}`)
  const LAST = ipv6('2c', '11000010 00000007 696a6b6c6d6e6f70')

  test('only the one that completes the packet shows what it carries', () => {
    const reassembler = new Reassembler()
    const first = packetOf(229, FIRST, { reassembler })
    expect(stackOf(first)).toBe('ipv6:ipv6.fraghdr:data')
    expect(valuesOf(first, 'ipv6.fraghdr.more')).toEqual([1])
    const last = packetOf(229, LAST, { reassembler })
    expect(stackOf(last)).toBe('ipv6:ipv6.fraghdr:udp:data')
    expect(valuesOf(last, 'ipv6.fraghdr.offset')).toEqual([2])
    expect(valuesOf(last, 'ipv6.fraghdr.ident')).toEqual([7])
    expect(valuesOf(last, 'udp.payload')).toEqual(['6162636465666768696a6b6c6d6e6f70'])
    expect(last.transport).toBe(2)
  })

  test('another source is another packet', () => {
    const reassembler = new Reassembler()
    packetOf(229, FIRST, { reassembler })
    expect(stackOf(packetOf(229, LAST.replace(SOURCE, DESTINATION), { reassembler }))).toBe('ipv6:ipv6.fraghdr:data')
  })

  test('an atomic fragment is whole (RFC 6946), reserved bits or not', () => {
    const reassembler = new Reassembler()
    for (const bits of ['0000', '0006']) {
      const packet = packetOf(229, ipv6('2c', `1100${bits} 00000007 ${UDP}`), { reassembler })
      expect(stackOf(packet)).toBe('ipv6:ipv6.fraghdr:udp:data')
    }
    expect(reassembler.unfinished).toBe(0)
  })

  test('extension headers behind the fragment header are put together first', () => {
    const reassembler = new Reassembler()
    packetOf(229, ipv6('2c', '3c000001 00000007 1100010400000000 03e81b5800100000'), { reassembler })
    expect(stackOf(packetOf(229, ipv6('2c', '3c000010 00000007 6162636465666768'), { reassembler }))).toBe(
      'ipv6:ipv6.fraghdr:ipv6.dstopts:udp:data',
    )
  })

  test('cut by the snaplen: opaque, also the first', () => {
    const packet = packetOf(229, FIRST.slice(0, -8), { originalLength: 64 })
    expect(stackOf(packet)).toBe('ipv6:ipv6.fraghdr:data')
  })
})
