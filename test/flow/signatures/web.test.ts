import { describe, expect, test } from 'vitest'
import { hex, nameOf, type Octets, type PayloadOptions } from '../../support/signature.ts'

/** So many octets of 0. */
const zeros = (count: number): number[] => new Array<number>(count).fill(0)

type Case = [what: string, octets: Octets, name: string | null, options?: PayloadOptions]

describe('over TCP', () => {
  const settings = hex('000006 04 00 00000000 0003 00000064')
  // RFC 5246 E.2: type 1, version 3.1, ciphers 3, session 0, challenge 16
  const sslHello = [...hex('80 1c 01 0301 0003 0000 0010 00002f'), ...zeros(16)]
  // FastCGI 1.0 §5.1: version, type, id, content 8, padding, reserved; role, flags, reserved
  const begin = hex('01 01 0001 0008 00 00  0001 01 0000000000')
  const answer = [...hex('01 06 0001 0003 05 00'), 0x61, 0x62, 0x63, ...zeros(5), ...hex('01 03 0001 0008 00 00')]
  // ajpv13: to the container, length, forward request, GET, "HTTP/1.1"
  const forward = [...hex('1234 000c 02 02 0008'), ...Buffer.from('HTTP/1.1\0')]
  // RTMP §5.2: C0, C1: time, four octets of 0, random
  const rtmp = [3, ...hex('5a5a5a5a 00000000'), ...new Array<number>(1528).fill(0x5a)]

  test.each<Case>([
    ['RFC 9112 §3: a request', 'PROPFIND /a HTTP/1.1\r\n', 'http'],
    ['UPnP GENA over TCP', 'SUBSCRIBE /event HTTP/1.1\r\n', 'http'],
    ['RFC 3507 §4.3.2: a method that ICAP shares', 'OPTIONS icap://a/b ICAP/1.0\r\n', 'icap'],
    ['RFC 3507 §4.3.3: a response', 'ICAP/1.0 204 Unmodified\r\n', 'icap'],
    ['a response with no code', 'ICAP/1.0 none\r\n', null],
    ['REQMOD without a URI of ICAP', 'REQMOD the server\r\n', null],
    ['RFC 9113 §3.4: the preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'http2'],
    ['a preface cut short', 'PRI * HTTP/2.0\r\n\r\nSN\r\n\r\n', null],
    ['RFC 9113 §6.5: SETTINGS with one setting', settings, 'http2'],
    ['SETTINGS and an acknowledgment behind', [...settings, ...hex('000000 04 01 00000000')], 'http2'],
    ['empty SETTINGS and WINDOW_UPDATE', hex('000000 04 00 00000000 000004 08 00 00000000 000f0001'), 'http2'],
    ['SETTINGS of a stream', hex('000006 04 00 00000001 0003 00000064'), null],
    ['a length that is not of settings', hex('000007 04 00 00000000 0003 00000064 00'), null],
    ['SETTINGS of ENABLE_PUSH 2 (RFC 9113 §6.5.2)', hex('000006 04 00 00000000 0002 00000002'), null],
    ['octets behind SETTINGS that are no frame', [...settings, ...hex('ffffff ff ff ffffffff')], null],
    ['RFC 5246 E.2: a ClientHello as of SSL 2.0', sslHello, 'tls'],
    ['the same with ciphers of two octets', [...sslHello.slice(0, 6), 2, ...sslHello.slice(7)], null],
    ['the same with an octet too many', [...sslHello, 0], null],
    ['RFC 8446 §5.2: two whole records', [...hex('17 0303 0012'), ...zeros(18), ...hex('15 0303 0002 0100')], 'tls'],
    ['a record that does not end with the segment', [...hex('17 0303 0013'), ...zeros(18)], null],
    ['application data too short to be encrypted', [...hex('17 0303 0008'), ...zeros(8)], null],
    ['a change of ciphers, which is 1 octet long', hex('14 0301 0001 01'), 'tls'],
    ['one of 2 octets', hex('14 0301 0002 01 01'), null],
    ['FastCGI §5.1: BEGIN_REQUEST', begin, 'fcgi'],
    ['BEGIN_REQUEST of role 4', [...begin.slice(0, 9), 4, ...begin.slice(10)], null],
    ['FastCGI §3.3: STDOUT and END_REQUEST', answer, 'fcgi'],
    ['STDOUT, and a record of another request', [...answer.slice(0, 18), 0, 2, ...answer.slice(20)], null],
    ['AJP13: forward request', forward, 'ajp13'],
    ['AJP13: a method that is none', [...forward.slice(0, 5), 99, ...forward.slice(6)], null],
    ['AJP13: CPING', hex('1234 0001 0a'), 'ajp13'],
    ['AJP13: CPONG', hex('4142 0001 09'), 'ajp13'],
    ['AJP13: headers with status 200', hex('4142 0008 04 00c8 0002 4f4b 00'), 'ajp13'],
    ['AJP13: headers with status 700', hex('4142 0008 04 02bc 0002 4f4b 00'), null],
    ['text that begins as AJP13 does', 'ABsolutely nothing', null],
    ['RTMP §5.2: a handshake in one payload', rtmp, 'rtmpt'],
    ['RTMP: its first segment, on the port', rtmp.slice(0, 1448), 'rtmpt', { ports: [40_000, 1935] }],
    ['RTMP: the same on another port', rtmp.slice(0, 1448), null],
    ['RTMP: not what the stream begins with', rtmp, null, { isFirst: false }],
    // SPDY 3: SYN_STREAM, flags 1, length 12, stream 1, associated with none, priority, headers
    ['SPDY §2.2.1: SYN_STREAM', hex('8003 0001 01 00000c 00000001 00000000 0000 0000'), 'spdy'],
    ['SPDY: a stream of a server', hex('8003 0001 01 00000c 00000002 00000000 0000 0000'), null],
  ])('%s', (_what, octets, name, options = {}) => expect(nameOf('tcp', octets, options)).toBe(name))

  test.each<Case>([
    ['PROXY 1 §2.1', 'PROXY TCP4 192.0.2.1 198.51.100.1 5000 80\r\n', 'proxy'],
    ['PROXY 1 without addresses', 'PROXY UNKNOWN\r\n', 'proxy'],
    ['PROXY 1 without an end of its line', `PROXY TCP4 ${'1'.repeat(110)}\r\n`, null],
    // §2.2: signature, version 2 and PROXY, TCP over IPv4, 12 octets: addresses and ports
    ['PROXY 2 §2.2', hex('0d0a0d0a000d0a515549540a 21 11 000c c0000201 c6336401 1388 0050'), 'proxy'],
    ['PROXY of a version 3', hex('0d0a0d0a000d0a515549540a 31 11 000c c0000201 c6336401 1388 0050'), null],
    ['RFC 1928 §4: CONNECT to a name', [5, 1, 0, 3, 9, ...Buffer.from('localhost'), 0, 80], 'socks'],
    ['RFC 1928 §4: CONNECT to an address', hex('05 01 00 01 c0000201 0050'), 'socks'],
    ['RFC 1928 §6: a reply with an IPv6 address', [...hex('05 00 00 04'), ...zeros(18)], 'socks'],
    ['a name that does not fill the segment', [5, 1, 0, 3, 8, ...Buffer.from('localhost'), 0, 80], null],
    ['a reserved octet', hex('05 01 01 01 c0000201 0050'), null],
    ['SOCKS 4: CONNECT', hex('04 01 0050 c0000201 00'), 'socks'],
    ['SOCKS 4A: CONNECT to a name', [...hex('04 01 0050 00000001 00'), ...Buffer.from('host\0')], 'socks'],
    ['SOCKS 4: no end of the name', hex('04 01 0050 c0000201 61'), null],
    ['SOCKS 4: port 0', hex('04 01 0000 c0000201 00'), null],
    ['RFC 1928 §3: a greeting on the port', hex('05 02 00 01'), 'socks', { ports: [40_000, 1080] }],
    ['RFC 1928 §3: the choice of a method', hex('05 00'), 'socks', { ports: [1080, 40_000] }],
    ['SOCKS 4: granted', hex('00 5a 0050 c0000201'), 'socks', { ports: [1080, 40_000] }],
    ['a greeting on another port', hex('05 02 00 01'), null],
    ['a greeting with methods that are not there', hex('05 03 00 01'), null, { ports: [40_000, 1080] }],
  ])('SOCKS: %s', (_what, octets, name, options = {}) => expect(nameOf('tcp', octets, options)).toBe(name))
})

describe('over UDP', () => {
  const ids = hex('08 0102030405060708 04 a1a2a3a4')
  /** A long header, identifiers and what follows, filled up to a client's datagram. */
  const quic = (first: string, version: string, rest: string, length = 1200): number[] => {
    const header = [...hex(first), ...hex(version), ...ids, ...hex(rest)]
    return [...header, ...zeros(Math.max(0, length - header.length))]
  }
  const clientHello = hex('16 feff 0000 000000000000 0010 01 000004 0000 000000 000004 fefd0000')

  test.each<Case>([
    // no token, length 0x449a of two octets, packet number
    ['RFC 9000 §17.2.2: an Initial packet of version 1', quic('c3', '00000001', '00 449a'), 'quic'],
    ['RFC 9369 §3.2: of version 2', quic('d3', '6b3343cf', '00 449a'), 'quic'],
    ['a draft: version ff00001d', quic('c3', 'ff00001d', '00 449a'), 'quic'],
    ['a Handshake packet of a server', quic('e3', '00000001', '4020', 60), 'quic'],
    ['RFC 9000 §17.2.5: Retry with its tag', quic('f0', '00000001', 'aabb', 60), 'quic'],
    ['RFC 9000 §17.2.1: Version Negotiation', quic('80', '00000000', '00000001 1a2a3a4a', 0), 'quic'],
    ['RFC 9000 §15: a reserved version of a client', quic('c3', '1a2a3a4a', ''), 'quic'],
    ['a reserved version in a short datagram', quic('c3', '1a2a3a4a', '', 100), null],
    ['a version that nobody has', quic('c3', '00000002', '00 449a'), null],
    ['a packet longer than the datagram', quic('c3', '00000001', '00 4fff'), null],
    ['no fixed bit', quic('83', '00000001', '00 449a'), null],
    ['an identifier of 21 octets', [...hex('c300000001 15'), ...zeros(1194)], null],
    ['versions that are all unknown', quic('80', '00000000', '00000099', 0), null],
    ['a list of versions with an octet too many', quic('80', '00000000', '00000001 00', 0), null],
    ['gQUIC: public header with a version', [...hex('0d 0102030405060708'), ...Buffer.from('Q043'), 1], 'gquic'],
    ['gQUIC: long header of Q046', [0xc3, ...Buffer.from('Q046'), 0x50, ...zeros(30)], 'gquic'],
    ['gQUIC: public reset', [...hex('0e 0102030405060708'), ...Buffer.from('PRST\x01\0\0\0')], 'gquic'],
    ['gQUIC: a version that is none', [...hex('0d 0102030405060708'), ...Buffer.from('Q0x3'), 1], null],
    [
      'gQUIC: the rejection of a hello',
      [...hex('08 0102030405060708 01'), ...zeros(20), ...Buffer.from('REJ\0\x07\0\0\0STK\0'), 0],
      'gquic',
    ],
    [
      'gQUIC: a rejection with another first tag',
      [...hex('08 0102030405060708 01'), ...zeros(20), ...Buffer.from('REJ\0\x07\0\0\0XXX\0'), 0],
      null,
    ],
    ['RFC 6347 §4.3.2: a ClientHello', clientHello, 'dtls'],
    [
      'RFC 6347 §4.1: an alert of epoch 1 behind',
      [...clientHello, ...hex('15 fefd 0001 000000000001 0002 0100')],
      'dtls',
    ],
    ['a record that does not end with the datagram', [...clientHello, 0], null],
    ['a fragment longer than its message', clientHello.with(24, 9), null],
    ['version 3.3, which is not of DTLS', [0x16, 3, 3, ...clientHello.slice(3)], null],
  ])('%s', (_what, octets, name, options = {}) => expect(nameOf('udp', octets, options)).toBe(name))

  test('a rejection is looked for no further than where one may stand', () => {
    const late = [...hex('08 0102030405060708 01'), ...zeros(70), ...Buffer.from('REJ\0\x07\0\0\0STK\0'), 0]
    expect(nameOf('udp', late)).toBe(null)
  })
})
