import { describe, expect, test } from 'vitest'
import { hex, nameOf, type PayloadOptions, signatureOf } from '../../support/signature.ts'

const on = (port: number): PayloadOptions => ({ ports: [40_000, port] })
const zeros = (count: number): number[] => new Array<number>(count).fill(0)
const noise = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 89 + 37) & 0xff)

type Octets = string | readonly number[]
type Case = readonly [what: string, payload: Octets, options: PayloadOptions, name: string | null]

function check(transport: 'tcp' | 'udp', cases: readonly Case[]): void {
  test.each(cases)(`${transport}: %s`, (_what, payload, options, name) =>
    expect(nameOf(transport, payload, options)).toBe(name),
  )
}

describe('OpenVPN', () => {
  const session = '0102030405060708'
  const peer = '1112131415161718'
  // replay packet id 1, 2023
  const replay = '00000001 65000000'
  const client = hex(`38 ${session} 00 00000000`)
  const server = hex(`40 ${peer} 01 00000000 ${session} 00000000`)
  const authenticated = [...hex(`38 ${session}`), ...noise(20), ...hex(`${replay} 00 00000000`)]
  const answered = [...hex(`40 ${peer}`), ...noise(64), ...hex(`${replay} 01 00000000 ${session} 00000000`)]
  const encrypted = [...hex(`38 ${session} ${replay}`), ...noise(32), ...noise(5)]
  const withKey = [...hex(`50 ${session} ${replay}`), ...noise(32), ...noise(5), ...noise(200)]
  const acknowledgment = hex(`28 ${session} 01 00000000 ${peer}`)
  const handshake = hex(`20 ${session} 00 00000001 16 0301 0020 01`)

  check('udp', [
    ['§2: the reset of a client', client, {}, 'openvpn'],
    ['with a packet id', [...client.slice(0, -1), 9], {}, null],
    ['with an octet more', [...client, 0], {}, null],
    ['the reset of a server', server, {}, 'openvpn'],
    ['which acknowledges another packet', [...server.slice(0, 13), 7, ...server.slice(14)], {}, null],
    ['§3: tls-auth with SHA-1', authenticated, {}, 'openvpn'],
    ['with a time before 2001', authenticated.with(33, 0), {}, null],
    ['tls-auth with SHA-512, of a server', answered, {}, 'openvpn'],
    ['without an acknowledgment', answered.with(81, 0), {}, null],
    ['tls-crypt', encrypted, {}, 'openvpn'],
    ['tls-crypt with a replay id that is none', encrypted.with(9, 0xee), {}, null],
    ['tls-crypt-v2', withKey, {}, 'openvpn'],
    ['tls-crypt-v2 without a key', withKey.slice(0, 54), {}, null],
    ['a bare acknowledgment', acknowledgment, {}, 'openvpn'],
    ['of nothing', acknowledgment.with(9, 0), {}, null],
    ['the first part of a TLS handshake', handshake, {}, 'openvpn'],
    ['what is no handshake', handshake.with(14, 0x17), {}, null],
    ['an opcode that is none', client.with(0, 0x39), {}, null],
  ])

  check('tcp', [
    ['§2: a length before it', [0, 14, ...client], {}, 'openvpn'],
    ['the server, and more behind', [0, 26, ...server, 0, 22], {}, 'openvpn'],
    ['a length that does not fit', [0, 15, ...client], {}, null],
    ['no length', client, {}, null],
  ])
})

describe('WireGuard', () => {
  const message = (type: number, length: number) => [type, 0, 0, 0, 0xd8, 0x37, 0xd0, 0x30, ...noise(length - 8)]
  // receiver, counter 107, then what is encrypted
  const data = [...hex('04000000 be40698d 6b00000000000000'), ...noise(48)]

  check('udp', [
    ['an initiation', message(1, 148), {}, 'wg'],
    ['a response', message(2, 92), {}, 'wg'],
    ['a cookie', message(3, 64), {}, 'wg'],
    ['an initiation of another length', message(1, 149), {}, null],
    ['an initiation with reserved octets', message(1, 148).with(2, 1), {}, null],
    ['data', data, {}, 'wg'],
    ['data that is not padded', [...data, 1], {}, null],
    ['data with a counter that nobody reaches', data.with(14, 1), {}, null],
  ])

  test('data alone has to come twice', () => {
    expect(signatureOf('udp', data)?.payloads).toBe(2)
    expect(signatureOf('udp', message(1, 148))?.payloads).toBeUndefined()
  })
})

describe('IKE', () => {
  // initiator's and responder's SPI; SA, version 2.0, IKE_SA_INIT, initiator, id 0, length 32
  const init = hex('0102030405060708 0000000000000000 21 20 22 08 00000000 00000020 00000004')
  // SA, version 1.0, identity protection, no flags
  const version1 = hex('0102030405060708 0000000000000000 01 10 02 00 00000000 00000020 00000004')

  check('udp', [
    ['RFC 7296 §3.1: IKE_SA_INIT', init, {}, 'isakmp'],
    ['RFC 2408 §3.1: identity protection', version1, {}, 'isakmp'],
    ['a length that does not fit', [...init, 0], {}, null],
    ['version 3', init.with(17, 0x30), {}, null],
    ['an exchange that there is not', init.with(18, 60), {}, null],
    ['reserved flags', init.with(19, 0x48), {}, null],
    ["an initiator's SPI of 0", [...zeros(8), ...init.slice(8)], {}, null],
    ['RFC 3948 §2.2: the non-ESP marker before it', [0, 0, 0, 0, ...init], {}, 'udpencap'],
    ['another marker', [0, 0, 0, 1, ...init], {}, null],
  ])

  check('tcp', [
    ['RFC 9329 §4: the stream prefix', 'IKETCP\0\x20', {}, 'tcpencap'],
    ['which is cut', 'IKETC', {}, null],
  ])
})

describe('L2TP and PPTP', () => {
  // flags, length 20, tunnel, session, Ns, Nr; message type: SCCRQ
  const request = hex('c802 0014 0000 0000 0000 0000 8008 0000 0000 0001')
  // length 16, control, cookie, Start-Control-Connection-Request (156 octets in full)
  const start = hex('009c 0001 1a2b3c4d 0001 0000 0100 0000')

  check('udp', [
    ['RFC 2661 §3.1: SCCRQ', request, {}, 'l2tp'],
    ['RFC 3931 §3.2.1: version 3', request.with(1, 3), {}, 'l2tp'],
    ['a length that does not fit', request.with(3, 0x15), {}, null],
    ['another AVP first', request.with(17, 7), {}, null],
  ])

  check('tcp', [
    ['RFC 2637 §2.1: a request', start, {}, 'pptp'],
    ['RFC 2637 §2.2: its reply', start.with(9, 2), {}, 'pptp'],
    ['another cookie', start.with(7, 0x4e), {}, null],
    ['a type that there is not', start.with(9, 99), {}, null],
  ])
})

describe('GTP', () => {
  // version 2 with TEID, create session request, length 8
  const version2 = hex('48 20 0008 00000000 00000100')
  const echo = hex('32 01 0004 00000000 00010000')
  // GTP', version 2, echo request, length 0
  const charging = hex('4e 01 0000 0001')

  check('udp', [
    ['TS 29.274 §5.1', version2, on(2123), 'gtp'],
    ['TS 29.060 §6: an echo', echo, on(2152), 'gtp'],
    ['on another port', version2, {}, null],
    ['a length beyond the end', version2.with(3, 9), on(2123), null],
    ['TS 32.295 §6.1.1', charging, on(3386), 'gtpprime'],
    ['a message that there is not', charging.with(1, 99), on(3386), null],
  ])
})

describe('others', () => {
  // registration acknowledgment, length 15, id 0, content, end marker
  const lisp = hex('0014 000f 00000000 000000 9facade9')
  // magic, key, nonce, box
  const disco = [...hex('5453f09f92ac'), ...noise(32), ...noise(24), ...noise(40)]
  // version 1 handshake, subtype 0, reserved, no index, counter 1
  const nebula = [...hex('10000000 00000000 0000000000000001'), ...noise(200)]
  const address = hex('a1b2c3d4e5')
  // packet id, destination, source, flags, MAC, HELLO, versions, revision, time; identity: address, type, key
  const hello = [
    ...noise(8),
    ...hex('1111111111'),
    ...address,
    0,
    ...noise(8),
    ...hex('01 0c 01 0a 0002 0000018000000000'),
    ...address,
    0,
    ...noise(80),
  ]

  check('tcp', [
    ['LISP: a registration acknowledged', lisp, {}, 'lisp-tcp'],
    ['LISP: another end', lisp.with(14, 0), {}, null],
    ['LISP: another type', lisp.with(1, 0x40), {}, null],
    ['tinc: the first line', '0 node_a 17\n', {}, 'tinc'],
    ['tinc: of version 1.1', '0 node_a 17.7\n', {}, 'tinc'],
    ['tinc: another version', '0 node_a 18\n', {}, null],
    ['tinc: no name', '0  17\n', {}, null],
    ['tinc: more on the line', '0 node_a 17 18\n', {}, null],
  ])

  check('udp', [
    ['Tailscale', disco, {}, 'tailscale'],
    ['Tailscale: too short', disco.slice(0, 70), {}, null],
    ['Tailscale: another balloon', disco.with(5, 0xad), {}, null],
    ['Nebula: a first message', nebula, {}, 'nebula'],
    ['Nebula: an answer', nebula.with(4, 9).with(15, 2), {}, 'nebula'],
    ['Nebula: an answer that answers nobody', nebula.with(15, 2), {}, null],
    ['Nebula: too short', nebula.slice(0, 100), {}, null],
    ['ZeroTier: HELLO', hello, {}, 'zerotier'],
    ["ZeroTier: another's identity", hello.with(43, 0), {}, null],
    ['ZeroTier: another verb', hello.with(27, 2), {}, null],
  ])
})
