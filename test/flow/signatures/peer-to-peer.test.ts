import { describe, expect, test } from 'vitest'
import { hex, nameOf, type PayloadOptions, signatureOf } from '../../support/signature.ts'

const zeros = (count: number): number[] => new Array<number>(count).fill(0)
const noise = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 89 + 37) & 0xff)
const text = (content: string): number[] => [...Buffer.from(content, 'latin1')]
const le32 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, value >>> 24]

type Octets = string | readonly number[]
type Case = readonly [what: string, payload: Octets, name: string | null, options?: PayloadOptions]

function check(transport: 'tcp' | 'udp', cases: readonly Case[]): void {
  for (const [what, payload, name, options] of cases)
    test(`${transport}: ${what}`, () => expect(nameOf(transport, payload, options)).toBe(name))
}

describe('BitTorrent', () => {
  // protocol id, connect, transaction
  const connect = hex('0000041727101980 00000000 12345678')
  // connection, announce, transaction, info hash, peer, downloaded, left, uploaded, event 2, address, key, -1, port
  const announce = [
    ...hex('a1a2a3a4a5a6a7a8 00000001 12345678'),
    ...noise(40),
    ...hex('0000000000000000 0000000000100000 0000000000000000 00000002 00000000 0badcafe ffffffff 1ae1'),
  ]

  check('udp', [
    ['BEP 14: a search', 'BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\n', 'bt-lsd'],
    ['BEP 14: another search', 'BT-SEARCHES * HTTP/1.1\r\n', null],
    ['BEP 15: connect', connect, 'bt-tracker'],
    ['BEP 15: connect with another id', connect.with(7, 0x81), null],
    ['BEP 15: connect with an octet more', [...connect, 0], null],
    ['BEP 15: announce', announce, 'bt-tracker'],
    ['BEP 15: an event that there is not', announce.with(83, 4), null],
    ['BEP 15: more left than disks hold', announce.with(64, 1), null],
    ['BEP 15: cut', announce.slice(0, 97), null],
  ])

  // version 1, no extension, connection, time, difference, window 1 MiB, numbers
  const header = '00 1234 5a001122 00003344 00100000 0100 0200'
  const withSelective = hex('21 01 1234 5a001122 00003344 00100000 0100 0200 00 04 00000001')
  check('udp', [
    ['BEP 29: ST_SYN', hex('41 00 1234 5a001122 00000000 00100000 0001 0000'), 'bt-utp'],
    ['BEP 29: a handshake inside', [...hex(`01 ${header}`), ...text('\x13BitTorrent protocol')], 'bt-utp'],
    ['BEP 29: ST_STATE', hex(`21 ${header}`), 'bt-utp'],
    ['BEP 29: ST_STATE with data', [...hex(`21 ${header}`), 1], null],
    ['BEP 29: ST_DATA', [...hex(`01 ${header}`), 1, 2, 3], 'bt-utp'],
    ['BEP 29: ST_DATA without data', hex(`01 ${header}`), null],
    ['BEP 29: a selective acknowledgment', withSelective, 'bt-utp'],
    ['BEP 29: one that does not fit', withSelective.with(21, 8), null],
    ['BEP 29: a window that nobody grants', hex(`21 ${header}`).with(12, 0x40), null],
    ['BEP 29: version 2', hex(`22 ${header}`), null],
  ])

  test('a header without ST_SYN has to come several times', () =>
    expect(signatureOf('udp', hex(`21 ${header}`))?.payloads).toBe(4))
})

describe('eDonkey', () => {
  const message = (protocol: number, content: readonly number[]) => [protocol, ...le32(content.length), ...content]
  // hello: length of the hash, hash, id, port
  const hello = message(0xe3, [0x01, 0x10, ...noise(16), 1, 2, 3, 4, 0x36, 0x12])
  // Kademlia: response: target, one contact
  const response = [0xe4, 0x29, ...noise(16), 1, ...noise(25)]
  const request = [0xe4, 0x21, 0x0b, ...noise(32)]
  const bootstrap = [0xe4, 0x09, ...noise(16), 0x36, 0x12, 8, 1, 0, ...noise(25)]

  check('tcp', [
    ['a hello', hello, 'edonkey'],
    ['a hello with an octet more', [...hello, 0], null],
    ['a hello that is too short', message(0xe3, [0x01, 0x10]), null],
    ["eMule's information", message(0xc5, [0x01, 0x3f, 0x01]), 'edonkey'],
    ['packed', message(0xd4, [0x40, 0x78, 0x9c, 1, 2]), 'edonkey'],
    ['packed by none', message(0xd4, [0x40, 0x11, 0x9c, 1, 2]), null],
    ['another protocol octet', hello.with(0, 0xe5), null],
  ])

  check('udp', [
    ['Kademlia: a request', request, 'edonkey'],
    ['Kademlia: a request of another kind', request.with(2, 3), null],
    ['Kademlia: contacts', response, 'edonkey'],
    ['Kademlia: two contacts, of which one is missing', response.with(18, 2), null],
    ['Kademlia: contacts to begin with', bootstrap, 'edonkey'],
    ['Kademlia: none of them', bootstrap.with(21, 0), null],
  ])
})

describe('Gnutella, Direct Connect, Soulseek', () => {
  // id with 0xff and 0; ping, time to live 1, no hops, no length
  const ping = [...noise(8), 0xff, ...noise(6), 0, 0x00, 1, 0, ...le32(0)]
  const string = (content: string) => [...le32(content.length), ...text(content)]
  const framed = (content: readonly number[]) => [...le32(content.length), ...content]
  const login = framed([
    ...le32(1),
    ...string('user'),
    ...string('pass'),
    ...le32(160),
    ...string('0123456789abcdef0123456789abcdef'),
    ...le32(1),
  ])
  const init = framed([1, ...string('user'), ...string('P'), ...le32(300)])

  check('tcp', [
    ['Gnutella §2.1: a request', 'GNUTELLA CONNECT/0.6\r\n', 'gnutella'],
    ['Gnutella §2.1: an answer', 'GNUTELLA/0.6 200 OK\r\n', 'gnutella'],
    ['Gnutella: of another kind', 'GNUTELLA 0.6\r\n', null],
    ['NMDC: a lock', '$Lock EXTENDEDPROTOCOLabc Pk=hub1|', 'direct-connect'],
    ['NMDC: a lock without a key', '$Lock the door|', null],
    ['NMDC: a nick and a lock', '$MyNick user|$Lock EXTENDED Pk=a|', 'direct-connect'],
    ['NMDC: a nick alone', '$MyNick user', null],
    ['ADC §3: features', 'HSUP ADBASE ADTIGR\n', 'direct-connect'],
    ['ADC: without any', 'HSUP BASE\n', null],
    ['Soulseek: a login', login, 'slsk'],
    ['Soulseek: a login with an octet more', [...login, 0], null],
    ['Soulseek: a greeting', init, 'slsk'],
    ['Soulseek: a greeting for a connection of another type', init.with(17, 0x51), null],
  ])

  check('udp', [
    ['Gnutella §2.2.1: a ping', ping, 'gnutella'],
    ['Gnutella: an id that is none', ping.with(8, 0), null],
    ['Gnutella: a length that does not fit', ping.with(19, 1), null],
    ['NMDC: a result', '$SR user path\\file\x05123 1/2\x05hub (10.0.0.1:411)|', 'direct-connect'],
    ['NMDC: none', '$SR user', null],
  ])
})

describe('others', () => {
  // version, length of all (16), build info with its first field
  const spotify = hex('0004 00000010 52 04 50 00 a001 0002 0304')

  check('udp', [
    ['Spotify: discovery', 'SpotUdp0\x01\x02\x03\x04', 'spotify'],
    ['Spotify: another version', 'SpotUdp9\x01\x02\x03\x04', null],
    ['Dropbox', '{"host_int": 1, "version": [2, 0], "displayname": "", "port": 17500}', 'db-lsp-disc'],
    ['Dropbox: without the rest', '{"host_int": 1, "version": [2, 0]}', null],
    ['Syncthing', [...hex('2ea7d90b 0a20'), ...noise(60)], 'syncthing'],
    ['Syncthing: another magic number', [...hex('2ea7d90c 0a20'), ...noise(60)], null],
    ['Syncthing: half an id', [...hex('2ea7d90b 0a20'), ...noise(16)], null],
    ['Resilio', 'BSYNC\0d1:m4:ping4:peer', 'resilio'],
    ['Resilio: without a dictionary', 'BSYNC\0x', null],
  ])

  check('tcp', [
    ['Spotify: hello', spotify, 'spotify'],
    ['Spotify: another length', spotify.with(5, 0x11), null],
    ['Spotify: another field', spotify.with(8, 0x51), null],
    ['libp2p', '\x13/multistream/1.0.0\n', 'libp2p'],
    ['libp2p: version 2', '\x13/multistream/2.0.0\n', null],
    ['zeros', zeros(64), null],
  ])
})
