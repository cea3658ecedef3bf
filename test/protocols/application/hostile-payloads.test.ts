/** What hostile payloads did to decoders, one case each; shrunk from what the property tests found. */
import { describe, expect, test } from 'vitest'
import { Dissection } from '../../../src/flow/dissection.ts'
import { StreamTracker } from '../../../src/flow/streams.ts'
import { FAULT_TRUNCATED, type Packet } from '../../../src/packet/packet.ts'
import { protocols } from '../../../src/protocols/index.ts'
import type { Protocol } from '../../../src/protocols/protocol.ts'
import { transports } from '../../support/carriers.ts'
import { DecoderBench, newConversation } from '../../support/decoder-bench.ts'
import { octets, packetOf, stackOf, valuesOf } from '../../support/packet.ts'
import { Exchange, text } from './exchange.ts'

// Expected values: tshark 4.0.17.

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

describe('UDP encapsulation of IPsec', () => {
  test('what is no IKE behind the marker is data', () => {
    // IPv4: 68 octets, UDP from and to 4500: the marker, then 36 octets in which IKE's length (at 24) is 0.
    const packet = packetOf(
      228,
      `45000044 00010000 40110000 c0000201 c0000202 11941194 00300000 00000000 ${'00'.repeat(36)}`,
    )
    expect(stackOf(packet)).toBe('ip:udp:udpencap:data')
  })
})

describe('messages behind the end of what was captured', () => {
  /** DNS over TCP (RFC 7766 §8): length, header with one question, `a` of type A. */
  const question = (id: number): string => `0013${hex(id, 4)}01000001000000000000 016100 0001 0001`.replaceAll(' ', '')

  /** Three questions of 21 octets each in one segment, of which `captured` octets are there. */
  function dissected(captured: number): Packet {
    const payload = question(1) + question(2) + question(3)
    const whole = `45000067 00010000 40060000 c0000201 c0000202 9c400035 00000001 00000001 5018ffff 00000000 ${payload}`
    const packet = packetOf(228, Buffer.from(whole.replaceAll(' ', ''), 'hex').subarray(0, 40 + captured), {
      originalLength: 103,
    })
    const streams = new StreamTracker()
    streams.track(packet)
    new Dissection(streams).dissect(packet)
    return packet
  }

  test.each([
    [15, [1]],
    [21, [1]],
    [30, [1, 2]],
    [42, [1, 2]],
  ])('%i octets', (captured, identifiers) => {
    const packet = dissected(captured)
    expect(valuesOf(packet, 'dns.id')).toEqual(identifiers)
    expect(packet.fault).toBe(FAULT_TRUNCATED)
    // A layer for each that began, and none behind the end.
    expect(packet.layerCount).toBe(2 + identifiers.length)
    for (let layer = 0; layer < packet.layerCount; layer++)
      expect(packet.layerAt[layer]).toBeLessThan(packet.layerEnd[layer])
  })

  test('all of them', () => {
    const packet = dissected(63)
    expect(valuesOf(packet, 'dns.id')).toEqual([1, 2, 3])
    expect(packet.fault).toBe(0)
  })
})

describe('searches end with the layer', () => {
  // `indexOf` goes on to the end of the block, megabytes for each line: a head of a thousand lines took seconds.
  const refuse = (packet: Packet): Packet => {
    packet.bytes.indexOf = () => {
      throw new Error('the whole block is searched')
    }
    return packet
  }

  test('of a header line without a colon', () => {
    const packet = refuse(new Exchange('tcp', 80).client(text('GET / HTTP/1.1\r\nHost: a\r\nnone\r\nX: b\r\n\r\n')))
    expect(valuesOf(packet, 'http.host')).toEqual(['a'])
  })

  test('of a line in the head of a mail without a colon', () => {
    const exchange = new Exchange('tcp', 25)
    exchange.client(text('DATA\r\n'))
    exchange.server(text('354 go\r\n'))
    const packet = refuse(exchange.client(text('From: a\r\nnone\r\nTo: b\r\n\r\nx\r\n.\r\n')))
    expect(valuesOf(packet, 'imf.to')).toEqual(['b'])
  })

  test('of a version of SSH without an end', () => {
    const { prototype } = Object.getPrototypeOf(Uint8Array) as { prototype: Uint8Array }
    const { indexOf } = prototype
    prototype.indexOf = () => {
      throw new Error('the whole block is searched')
    }
    try {
      const exchange = new Exchange('tcp', 22)
      exchange.client(text('SSH-2.0-test'))
      expect(valuesOf(exchange.client(text(' 1\r\n')), 'ssh.protocol')).toEqual(['SSH-2.0-test 1'])
    } finally {
      prototype.indexOf = indexOf
    }
  })
})

describe('an IPv6 header of which nothing was captured', () => {
  test('is not judged by the octets behind', () => {
    // Ethernet, its type IPv6, 20 octets more on the wire.
    const packet = packetOf(1, '020000000002 020000000001 86dd', { originalLength: 34, filler: 0x60 })
    expect(stackOf(packet)).toBe('eth:ethertype:ipv6')
    expect(valuesOf(packet, 'ipv6.invalid_header')).toEqual([])
  })
})

describe('SNMP: integers of more octets than their field', () => {
  const der = (tag: string, contents: string): string => `${tag}${hex(contents.length / 2, 2)}${contents}`

  /** RFC 3416 §3: version, community, a PDU with request 1, the two integers, and no variables. */
  function message(version: string, pdu: string, first: string, second: string): Packet {
    const content = der('02', '01') + der('02', first) + der('02', second) + der('30', '')
    const payload = der('30', der('02', version) + der('04', '7075626c6963') + der(pdu, content))
    return new Exchange('udp', 161).client(payload)
  }

  test.each([
    ['707562', 0x707562],
    ['7075626c6963', 0x626c6963],
    ['8000000001', 1],
    ['0180000001', -0x7fff_ffff],
  ])('error-status %s', (octets, value) => {
    expect(valuesOf(message('00', 'a2', octets, '00'), 'snmp.error_status')).toEqual([value])
  })

  test.each([
    ['0180000001', 0x8000_0001],
    ['ff80000001', 0x8000_0001],
    ['ff', 255],
  ])('non-repeaters %s', (octets, value) => {
    expect(valuesOf(message('01', 'a5', octets, '00'), 'snmp.non_repeaters')).toEqual([value])
  })
})

describe('Telnet: an escape at the very end', () => {
  test('is none of the text, whatever stands behind', () => {
    const telnet = protocols.find(({ name }) => name === 'telnet') as Protocol
    for (const behind of [0xff, 0x00]) {
      const bench = new DecoderBench(() => behind)
      const delivery = { octets: octets('6869 ff'), first: 3, missing: 0, direction: 0, canReassemble: false } as const
      bench.decode(telnet, transports(40_000, 23)[0], delivery, null)
      expect(valuesOf(bench.packet, 'telnet.data')).toEqual(['hi'])
    }
  })
})

describe('T.125: nothing left of a message', () => {
  const t125 = protocols.find(({ name }) => name === 't125') as Protocol

  // Behind the end: Send Data Request, Send Data Indication (choices 25 and 26 of PER), a connect response in BER.
  test.each([25 << 2, 26 << 2, 0x7f])('is not told by %i behind the end', (behind) => {
    const bench = new DecoderBench(() => behind)
    const conversation = newConversation(3389)
    conversation.state.set(t125.id, true)
    const nothing = { octets: octets(''), first: 0, missing: 0, direction: 0, canReassemble: false } as const
    bench.decode(t125, transports(40_000, 3389)[0], nothing, conversation)
    expect(stackOf(bench.packet)).toBe('eth:ethertype:ip:tcp:t125')
  })
})

describe('Modbus: more registers than there are', () => {
  test('begin again with the first', () => {
    // MBAP header, Write Multiple Registers, from 65,535 on, two of them, four octets.
    const packet = new Exchange('tcp', 502).client('0001 0000 000b 01 10 ffff 0002 04 0001 0002')
    expect(valuesOf(packet, 'modbus.regnum16')).toEqual([65_535, 0])
  })
})

describe('TLS without a conversation', () => {
  test('the beginning of a message in one packet is not finished by another', () => {
    const tls = protocols.find(({ name }) => name === 'tls') as Protocol
    const bench = new DecoderBench(() => 0)
    const decode = (hexadecimal: string): unknown[] => {
      const delivery = {
        octets: octets(hexadecimal),
        first: 99,
        missing: 0,
        direction: 0,
        canReassemble: false,
      } as const
      bench.decode(tls, transports(40_000, 443)[0], { ...delivery, first: delivery.octets.length }, null)
      return valuesOf(bench.packet, 'tls.handshake.type')
    }
    // A record with the first two of the four octets of a ServerHelloDone (RFC 5246 §7.4.5), then one with the others.
    expect(decode('16 0303 0002 0e00')).toEqual([])
    expect(decode('16 0303 0002 0000')).toEqual([])
  })
})
