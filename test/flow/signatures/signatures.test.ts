import { describe, expect, test } from 'vitest'
import { hex, nameOf } from '../../support/signature.ts'

describe('over TCP', () => {
  test.each([
    ['BEP 3: the handshake, on any port', '\x13BitTorrent protocol\0\0\0\0\0\0\0\0', 'bittorrent'],
    ['RFC 9112 §3: a request line', 'GET /index.html HTTP/1.1\r\nHost: a\r\n\r\n', 'http'],
    ['RFC 9112 §4: a status line', 'HTTP/1.1 200 OK\r\n', 'http'],
    ['a request line that goes on in the next segment', 'GET /a-very-long-target', 'http'],
    ['a line that only begins like one', 'GET the door\r\n', null],
    ['RFC 4253 §4.2: the identification', 'SSH-2.0-OpenSSH_9.2\r\n', 'ssh'],
    ['RFC 8446 §4.1.2: a ClientHello in a handshake record', hex('16 03 01 00 05 01 00 00 01 03'), 'tls'],
    ['application data without a handshake is not told from payload', hex('17 03 03 00 05 01 02 03 04 05'), null],
    // TPKT 3 0 length 11; X.224 length 6, connection request
    ['RFC 1006 §6: TPKT with a connection request', hex('03 00 00 0b 06 e0 00 00 00 00 00'), 'tpkt'],
    // record mark (last, 40), xid, CALL, RPC 2, program 100000, version 2, procedure 4, null credentials
    [
      'RFC 5531 §9: a call of the portmapper, on any port',
      hex('80000028 12345678 00000000 00000002 000186a0 00000002 00000004 00000000'),
      'rpc',
    ],
    ['text', 'hello, world, this is nothing\r\n', null],
    ['one octet', [0x13], null],
  ])('%s', (_what, payload, name) => expect(nameOf('tcp', payload)).toBe(name))

  test('application data is TLS on port 443', () =>
    expect(nameOf('tcp', hex('17 03 03 00 05 01 02 03 04 05'), { ports: [443, 40_000] })).toBe('tls'))
})

describe('over UDP', () => {
  // RFC 1035 §4.1.1: id, flags (recursion desired), one question; "a" "b", type A, class IN
  const query = hex('1234 0100 0001 0000 0000 0000 01 61 01 62 00 0001 0001')

  test.each([
    ['port 53', query, [40_000, 53], 'dns'],
    ['port 5353', query, [5353, 5353], 'mdns'],
    ['port 5355', query, [40_000, 5355], 'llmnr'],
    ['another port', query, [40_000, 50_000], 'dns'],
    ['port 53 with what is no message', hex('ffffffff ffffffff ffffffff ffffffff ffff'), [40_000, 53], null],
  ] as const)('DNS: %s', (_what, payload, ports, name) => expect(nameOf('udp', payload, { ports })).toBe(name))

  test.each([
    ['BEP 5: ping', 'd1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe', 'bt-dht'],
    // BEP 29: ST_SYN version 1, connection id, time, no difference, window, sequence 1, acknowledgment 0
    ['BEP 29: ST_SYN', hex('41 00 1234 00112233 00000000 00100000 0001 0000'), 'bt-utp'],
    ['a first octet alone does not make uTP', hex('41 00 1234 00112233 00000001 00100000 0001 0000'), null],
    ['UPnP: M-SEARCH', 'M-SEARCH * HTTP/1.1\r\n', 'ssdp'],
  ])('%s', (_what, payload, name) => expect(nameOf('udp', payload)).toBe(name))

  test('NTP (RFC 5905 §7.3): version 4, client, on its port', () => {
    const request = [0x23, ...new Array<number>(47).fill(0)]
    expect(nameOf('udp', request, { ports: [40_000, 123] })).toBe('ntp')
    expect(nameOf('udp', request)).toBe(null)
  })

  test('DHCP (RFC 2131 §3): the magic cookie at octet 236', () => {
    const discover = new Array<number>(240).fill(0)
    discover[0] = 1
    expect(nameOf('udp', discover)).toBe(null)
    discover.splice(236, 4, 99, 130, 83, 99)
    expect(nameOf('udp', discover)).toBe('dhcp')
  })
})
