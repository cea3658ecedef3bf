import { expect, test } from 'vitest'
import { hex, nameOf, type Octets, type PayloadOptions } from '../../support/signature.ts'

/** So many octets of 0. */
const zeros = (count: number): number[] => new Array<number>(count).fill(0)

type Case = [what: string, octets: Octets, name: string | null, options?: PayloadOptions]

// RFC 1035 §4.1: id, flags, counts; "ab" "c", type A, class IN
const name = hex('02 6162 01 63 00')
const query = [...hex('1234 0100 0001 0000 0000 0000'), ...name, ...hex('0001 0001')]
// the question again, and an answer by pointer: A, IN, 60 seconds, 4 octets
const response = [
  ...hex('1234 8180 0001 0001 0000 0000'),
  ...name,
  ...hex('0001 0001 c00c 0001 0001 0000003c 0004 c0000201'),
]
// RFC 6891 §6.1.2: the root, OPT, 1232 octets, no flags, no options
const options = hex('00 0029 04d0 00000000 0000')
// draft-denis-dprive-dnscrypt §9: "2" "dnscrypt-cert" "example", TXT
const certificate = [
  ...hex('7f47 0100 0001 0000 0000 0000'),
  ...Buffer.from('\x012\x0ddnscrypt-cert\x07example\0'),
  ...hex('0010 0001'),
]
const dnscrypt = [...Buffer.from('r6fnvWj8'), ...zeros(24 + 16 + 64)]
/** RFC 1002 §4.4.1: type, flags, id, address, port, length, offset; a name of 32 letters. */
const datagram = (type: number, length: number): number[] => [
  ...[type, 0x0a, ...hex('1234 c0000201 008a'), length >> 8, length & 255, 0, 0],
  ...[32, ...Buffer.from('EJ'.repeat(16)), 0],
]

test.each<Case>([
  ['RFC 1035 §4.1: a query on any port', query, 'dns'],
  ['RFC 6891: a query with options', [...query.with(11, 1), ...options], 'dns'],
  ['RFC 1035 §4.1: a response', response, 'dns'],
  ['a response cut by the snapshot length', response.slice(0, 30), 'dns', { length: response.length }],
  ['an octet behind the query', [...query, 0], null],
  ['a response cut short on the wire', response.slice(0, -1), null],
  ['a query with an answer', [...response.with(2, 0x01).with(3, 0)], null],
  ['a query with a code', query.with(3, 3), null],
  ['the reserved bit', query.with(3, 0x40), null],
  ['two questions', query.with(5, 2), null],
  ['a label that is no text', query.with(13, 1), null],
  ['a type that nobody asks for', query.with(19, 200), null],
  ['class 7', query.with(21, 7), null],
  ['RFC 6762: on port 5353', query, 'mdns', { ports: [5353, 5353] }],
  ['RFC 1002 §4.2.4: refresh of a NetBIOS name', query.with(2, 0x40), 'nbns', { ports: [137, 137] }],
  ['opcode 8 on port 53', query.with(2, 0x40), null, { ports: [40_000, 53] }],
  ['DNSCrypt: a response', dnscrypt, 'dnscrypt'],
  ['DNSCrypt: one too short for its nonce', dnscrypt.slice(0, 20), null],
  ['DNSCrypt: other magic octets', dnscrypt.with(7, 0x39), null],
  ['DNSCrypt: the question for a certificate is DNS', certificate, 'dns', { ports: [40_000, 443] }],
  ['the same to port 53', certificate, 'dns', { ports: [40_000, 53] }],
  ['the question for another name', certificate.with(13, 0x33), 'dns', { ports: [40_000, 443] }],
  ['RFC 1002 §4.4.2: a datagram', datagram(0x10, 34), 'nbdgm'],
  ['a datagram whose length does not fit', datagram(0x10, 35), null],
  ['a name of other letters', datagram(0x11, 34).with(20, 0x5a), null],
  ['reserved flags', datagram(0x11, 34).with(1, 0x80), null],
])('over UDP: %s', (_what, octets, expected, options = {}) => expect(nameOf('udp', octets, options)).toBe(expected))

test.each<Case>([
  ['RFC 1035 §4.2.2: a length and a query on any port', [0, query.length, ...query], 'dns'],
  ['a length that does not fit', [0, query.length + 1, ...query], null],
  ['port 53', [0, query.length, ...query], 'dns', { ports: [53, 40_000] }],
  ['DNSCrypt: a length and a response', [0, dnscrypt.length, ...dnscrypt], 'dnscrypt'],
  ['DNSCrypt: a length too short', [0, 20, ...dnscrypt], null],
])('over TCP: %s', (_what, octets, expected, options = {}) => expect(nameOf('tcp', octets, options)).toBe(expected))
