import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange, text } from './exchange.ts'

// Expected values: tshark 4.0.17.

const SDP = 'v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n'
const INVITE = [
  'INVITE sip:bob@example.org:5070 SIP/2.0',
  'Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1',
  'f: "Alice" <sip:alice@example.org>;tag=7',
  'To: <sip:bob@example.org>',
  'Call-ID: 1@x',
  'CSeq: 1 INVITE',
  'Content-Type: application/sdp',
  `Content-Length: ${SDP.length}`,
  '',
  SDP,
].join('\r\n')

describe('SIP and SDP', () => {
  test('a request by its first line, on any port', () => {
    const packet = new Exchange('udp', 20_011).client(text(INVITE))
    expect(applicationsOf(packet)).toBe('sip:sdp')
    expect(valuesOf(packet, 'sip.Method')).toEqual(['INVITE'])
    expect(valuesOf(packet, 'sip.r-uri.port')).toEqual(['5070'])
    expect(valuesOf(packet, 'sip.from.user')).toEqual(['alice'])
    expect(valuesOf(packet, 'sip.from.tag')).toEqual(['7'])
    expect(valuesOf(packet, 'sip.CSeq.seq')).toEqual([1])
    expect(valuesOf(packet, 'sip.Via.branch')).toEqual(['z9hG4bK1'])
    expect(valuesOf(packet, 'sdp.media.port')).toEqual([4000])
  })

  test.each([
    ['FOO sip:c SIP/2.0', 'sip'],
    ['SIP/2.0 200 ', 'sip'],
    ['SIP/2.0 200', 'data'],
    ['SIP/2.0 99 x', 'data'],
    ['INVITE c@d SIP/2.0', 'data'],
    ['INVITE  sip:c SIP/2.0', 'data'],
    ['INVITE sip:c SIP/3.0', 'data'],
  ])('first line %j', (line, expected) => {
    expect(applicationsOf(new Exchange('udp', 5060).client(text(`${line}\r\n\r\n`)))).toBe(expected)
  })

  test('credentials, tags, who it is', () => {
    const lines = [
      'REGISTER sip:a.b SIP/2.0',
      'Via: SIP/2.0/UDP 1.2.3.4:5060;rport;branch=z9',
      'To: <sip:bob@a.b>;tag=2b',
      'From: "Bob" <sip:bob@a.b;user=phone>;tag=1a;x=y',
      'P-Asserted-Identity: "Al" <sip:al@x.y:5061>',
      'Authorization: Digest username="bob", realm="a.b", nonce="n", uri="sip:a.b", response="01", algorithm=MD5',
      'Reason: Q.850;cause=16;text="Terminated"',
      '',
      '',
    ]
    const packet = new Exchange('udp', 5060).client(text(lines.join('\r\n')))
    expect(valuesOf(packet, 'sip.tag')).toEqual(['2b', '1a'])
    expect(valuesOf(packet, 'sip.display.info')).toEqual(['"Bob"', '"Al"'])
    expect(valuesOf(packet, 'sip.Via.rport')).toEqual(['rport'])
    expect(valuesOf(packet, 'sip.pai.user')).toEqual(['al'])
    expect(valuesOf(packet, 'sip.auth.scheme')).toEqual(['Digest'])
    expect(valuesOf(packet, 'sip.auth.username')).toEqual(['"bob"'])
    expect(valuesOf(packet, 'sip.auth.realm')).toEqual(['"a.b"'])
    expect(valuesOf(packet, 'sip.auth.digest.response')).toEqual(['"01"'])
    expect(valuesOf(packet, 'sip.auth.algorithm')).toEqual(['MD5'])
    expect(valuesOf(packet, 'sip.reason_text')).toEqual(['Terminated'])
  })

  test('over TCP: in two segments, and what is no message on its port', () => {
    const exchange = new Exchange('tcp', 5060)
    expect(applicationsOf(exchange.client(text(INVITE.slice(0, 100))))).toBe('')
    expect(applicationsOf(exchange.client(text(INVITE.slice(100))))).toBe('sip:sdp')
    expect(applicationsOf(exchange.client(text('GET / HTTP/1.1\r\n\r\n')))).toBe('sip')
  })
})

describe('RTP and RTCP', () => {
  /** Version 2, payload type 0 with the marker, sequence 1, timestamp 2, SSRC 3. */
  const RTP = '80800001 00000002 00000003 d5d5d5d5'

  test('RTCP by its look', () => {
    const packet = new Exchange('udp', 30_001).client('80c90001 01020304 81ca0001 01020304')
    expect(applicationsOf(packet)).toBe('rtcp')
    expect(valuesOf(packet, 'rtcp.pt')).toEqual([201, 202])
    expect(valuesOf(packet, 'rtcp.senderssrc')).toEqual([0x01020304])
    expect(applicationsOf(new Exchange('udp', 30_001).client('80ca0001 01020304'))).toBe('data')
  })

  test('RTP only where something announced it', () => {
    expect(applicationsOf(new Exchange('udp', 30_002).client(RTP))).toBe('data')
    const exchange = new Exchange('tcp', 554)
    exchange.client(text('SETUP rtsp://x RTSP/1.0\r\nTransport: RTP/AVP/TCP;interleaved=0-1\r\n\r\n'))
    const packet = exchange.server(`24000010 ${RTP}`)
    expect(applicationsOf(packet)).toBe('rtsp:rtp')
    expect(valuesOf(packet, 'rtp.seq')).toEqual([1])
    expect(valuesOf(packet, 'rtp.marker')).toEqual([1])
    expect(valuesOf(packet, 'rtp.payload')).toEqual(['d5d5d5d5'])
  })
})

describe('MGCP and Skinny', () => {
  test('commands, responses and descriptions', () => {
    const exchange = new Exchange('udp', 2427)
    const command = exchange.client(text(`CRCX 1 a@b MGCP 1.0\r\n\r\n${SDP}`))
    expect(applicationsOf(command)).toBe('mgcp:sdp')
    expect(valuesOf(command, 'mgcp.req.verb')).toEqual(['CRCX'])
    expect(valuesOf(exchange.server(text('200 1 OK\r\n')), 'mgcp.rsp.rspcode')).toEqual([200])
    expect(applicationsOf(exchange.client(text('abcd 1')))).toBe('data')
  })

  test('Skinny messages; a version that does not exist', () => {
    const packet = new Exchange('tcp', 2000).client('0400000000000000000000000400000011000000 01000000')
    expect(applicationsOf(packet)).toBe('skinny')
    expect(valuesOf(packet, 'skinny.messageId')).toEqual([0, 1])
    expect(applicationsOf(new Exchange('tcp', 2000).client('040000000500000000000000'))).toBe('data')
  })
})
