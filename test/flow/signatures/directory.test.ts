import { describe, expect, test } from 'vitest'
import { hex, nameOf, type Octets, type PayloadOptions } from '../../support/signature.ts'

/** So many octets of 0. */
const zeros = (count: number): number[] => new Array<number>(count).fill(0)

/** An element of BER (X.690 §8.1) with a length of one octet. */
const ber = (tag: number, ...content: readonly (readonly number[])[]): number[] => {
  const octets = content.flat()
  return [tag, octets.length, ...octets]
}
const integer = (value: number): number[] => ber(2, [value])
const text = (tag: number, value: string): number[] => ber(tag, [...Buffer.from(value)])

type Case = [what: string, octets: Octets, name: string | null, options?: PayloadOptions]

describe('LDAP (RFC 4511)', () => {
  const bind = ber(0x30, integer(1), ber(0x60, integer(3), text(4, 'cn=a'), text(0x80, 'b')))
  const bound = ber(0x30, integer(1), ber(0x61, ber(0x0a, [0]), text(4, ''), text(4, '')))
  const search = ber(
    0x30,
    integer(2),
    ber(0x63, text(4, 'dc=a'), ber(0x0a, [2]), ber(0x0a, [0]), integer(0), integer(0), ber(1, [0]), text(0x87, 'cn')),
  )
  const entry = ber(0x30, integer(2), ber(0x64, text(4, 'dc=a'), ber(0x30)))

  test.each<Case>([
    ['§4.2: a bind request', bind, 'ldap'],
    ['§4.2.2: a bind response', bound, 'ldap'],
    ['§4.3: an unbind request', hex('30 05 02 01 03 42 00'), 'ldap'],
    ['§4.5.1: a search request', search, 'ldap'],
    ['§4.5.2: an entry, and the end of the results behind', [...entry, ...bound.with(5, 0x65)], 'ldap'],
    ['§4.12: an extended request', ber(0x30, integer(1), ber(0x77, text(0x80, '1.3.6.1'))), 'ldap'],
    ['a bind request of version 9', bind.with(9, 9), null],
    ['an operation that is none', bind.with(5, 0x7c), null],
    ['an operation longer than the message', bind.with(6, 60), null],
    ['a search of scope 9', search.with(15, 9), null],
    ['an unbind request with content', hex('30 05 02 01 03 42 01'), null],
    ['something else behind the message', [...entry, 0x55], null],
  ])('%s', (_what, octets, name) => expect(nameOf('tcp', octets)).toBe(name))

  test('[MS-ADTS] §6.3.3: a search over UDP', () => {
    expect(nameOf('udp', search)).toBe('cldap')
    expect(nameOf('udp', [...search, 0])).toBe(null)
  })
})

describe('Kerberos (RFC 4120)', () => {
  // §5.4.1: AS-REQ: version 5 in field 1, type 10 in field 2, a body; §5.9.1: KRB-ERROR: fields 0 and 1
  const request = ber(0x6a, ber(0x30, ber(0xa1, integer(5)), ber(0xa2, integer(10)), ber(0xa4, ber(0x30))))
  const error = ber(0x7e, ber(0x30, ber(0xa0, integer(5)), ber(0xa1, integer(30)), ber(0xa6, integer(1))))
  const apRequest = ber(0x6e, ber(0x30, ber(0xa0, integer(5)), ber(0xa1, integer(14)), ber(0xa2, integer(0))))
  const framed = [0, 0, 0, request.length, ...request]
  // RFC 3244 §2: length, version, length of the AP-REQ, the AP-REQ, what is left
  const password = [0, apRequest.length + 8, 0xff, 0x80, 0, apRequest.length, ...apRequest, 0x75, 0]

  test.each<Case>([
    ['§5.4.1: AS-REQ', request, 'kerberos'],
    ['§5.9.1: KRB-ERROR', error, 'kerberos'],
    ['a type that is not the tag', request.with(13, 12), null],
    ['version 4', request.with(8, 4), null],
    ['an octet behind the message', [...request, 0], null],
    ['RFC 3244: setting a password', password, 'kpasswd'],
    ['RFC 3244: of version 2', password.with(2, 0).with(3, 2), null],
  ])('over UDP: %s', (_what, octets, name) => expect(nameOf('udp', octets)).toBe(name))

  test.each<Case>([
    ['§7.2.2: a length and AS-REQ', framed, 'kerberos'],
    ['a length that is not of the message', framed.with(3, request.length + 1), null],
    ['RFC 3244: a length and setting a password', [0, 0, 0, password.length, ...password], 'kpasswd'],
  ])('over TCP: %s', (_what, octets, name) => expect(nameOf('tcp', octets)).toBe(name))
})

describe('over UDP', () => {
  // RFC 2865 §3: code, id, length, authenticator; User-Name "bob", NAS-Port 0
  const radius = [...hex('01 07 001f'), ...zeros(16), ...hex('01 05 626f62 05 06 00000000')]
  // C706 §12.5: version 4, request, flags, little-endian; ...; interface version 1 at 60; length 4 at 74
  const dceRpc = [4, 0, 0x20, 0, 0x10, 0, 0, 0, ...zeros(52), 1, 0, 0, 0, ...zeros(10), 4, 0, ...zeros(8)]

  test.each<Case>([
    ['RFC 2865: Access-Request on any port', radius, 'radius'],
    [
      'RFC 2865: Accounting-Response without attributes',
      [...hex('05 07 0014'), ...zeros(16)],
      'radius',
      { ports: [1813, 9] },
    ],
    ['the same on another port', [...hex('05 07 0014'), ...zeros(16)], null],
    ['a length that is not the datagram', [...radius, 0], null],
    ['an attribute of 1 octet', radius.with(21, 1), null],
    ['attributes beyond the end', radius.with(26, 7), null],
    ['code 6', radius.with(0, 6), null],
    ['C706 §12.5: a request of version 4', dceRpc, 'dcerpc'],
    ['a body that does not fit', dceRpc.with(74, 5), null],
    ['a character set that is none', dceRpc.with(4, 0x12), null],
    ['MIOP: a packet', [...Buffer.from('MIOP'), ...hex('10 01 0400 00000000 01000000 0c000000'), ...zeros(12)], 'miop'],
    [
      'MIOP: of version 2',
      [...Buffer.from('MIOP'), ...hex('20 01 0400 00000000 01000000 0c000000'), ...zeros(12)],
      null,
    ],
    ['Thrift, compact: a one-way call', [...hex('82 81 b201 05'), ...Buffer.from('batch'), 0], 'thrift'],
    ['Thrift, compact: type 5', [...hex('82 a1 b201 05'), ...Buffer.from('batch'), 0], null],
  ])('%s', (_what, octets, name, options = {}) => expect(nameOf('udp', octets, options)).toBe(name))
})

describe('over TCP', () => {
  // RFC 6733 §3: version, length 40, request, 257 (CER), application, ids; §4.1: Origin-Host, mandatory, length 9
  const diameter = [...hex('01 000028 80 000101 00000000 00000001 00000002  00000108 40 000009 61 000000'), ...zeros(8)]
  // RFC 8907 §4.1: version, authentication, 1, flags, session, length 8
  const tacacs = [...hex('c0 01 01 00 12345678 00000008'), ...zeros(8)]
  // C706 §12.6: version 5.0, bind, both flags, little-endian, fragment of 72, no authentication, call 1
  const bind = [...hex('05 00 0b 03 10 00 00 00 4800 0000 01000000'), ...zeros(56)]
  const giop = [...Buffer.from('GIOP'), ...hex('01 02 01 00 04000000 00000000')]
  const thrift = [...hex('80010001 00000004'), ...Buffer.from('ping'), ...zeros(5)]
  const host = Buffer.from('192.0.2.1')

  test.each<Case>([
    ['RFC 6733: Capabilities-Exchange-Request', diameter, 'diameter'],
    ['RFC 6733: a first AVP that does not come first', diameter.with(22, 2), null],
    ['RFC 6733: a reserved flag', diameter.with(4, 0x81), null],
    ['RFC 6733: a length that is no multiple of 4', diameter.with(3, 0x29), null],
    ['RFC 8907: START', tacacs, 'tacplus'],
    ['RFC 8907: a body that does not fit', tacacs.with(11, 9), null],
    ['RFC 8907: type 4', tacacs.with(1, 4), null],
    ['C706 §12.6: bind', bind, 'dcerpc'],
    ['C706 §12.6: a fragment shorter than its header', bind.with(8, 15), null],
    ['C706 §14.1: a reserved octet', bind.with(6, 1), null],
    ['C706 §12.6: type 1, which is of version 4', bind.with(2, 1), null],
    ['GIOP 1.2: a request', giop, 'giop'],
    ['GIOP: type 9', giop.with(7, 9), null],
    ['ZIOP', [0x5a, ...giop.slice(1)], 'ziop'],
    ['Thrift, binary: a call', thrift, 'thrift'],
    ['Thrift, binary: in a frame', [0, 0, 0, thrift.length, ...thrift], 'thrift'],
    ['Thrift, binary: a name that is none', thrift.with(9, 0x20), null],
    ['RMI §10.2: a client', hex('4a524d49 0002 4b'), 'rmi'],
    ['RMI §10.2: another protocol', hex('4a524d49 0002 41'), null],
    ['RMI §10.2: acknowledgment', [0x4e, 0, host.length, ...host, 0, 0, 0x9c, 0x40], 'rmi'],
    ['RMI §10.2: a port of more than two octets', [0x4e, 0, host.length, ...host, 1, 0, 0x9c, 0x40], null],
  ])('%s', (_what, octets, name) => expect(nameOf('tcp', octets)).toBe(name))
})
