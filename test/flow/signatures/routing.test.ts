import { describe, expect, test } from 'vitest'
import { hex, nameOf, type PayloadOptions } from '../../support/signature.ts'

const on = (port: number): PayloadOptions => ({ ports: [40_000, port] })
const from = (port: number): PayloadOptions => ({ ports: [port, 40_000] })
const zeros = (count: number): number[] => new Array<number>(count).fill(0)

type Octets = string | readonly number[]
type Case = readonly [what: string, payload: Octets, options: PayloadOptions, name: string | null]

function check(transport: 'tcp' | 'udp', cases: readonly Case[]): void {
  test.each(cases)(`${transport}: %s`, (_what, payload, options, name) =>
    expect(nameOf(transport, payload, options)).toBe(name),
  )
}

describe('BGP and its company', () => {
  const marker = 'ffffffff ffffffff ffffffff ffffffff'
  const keepalive = hex(`${marker} 0013 04`)
  // version 3, length 14, initiation; name of the system, 4 octets
  const initiation = hex('03 0000000e 04 0002 0004 74657374')
  // version 3, length 48, peer down; a global peer
  const peerDown = [...hex('03 00000030 02 00 00'), ...zeros(40)]
  // version 1, length 22, LSR id, label space; hello, length 12, id, parameters
  const hello = hex('0001 0016 0a000001 0000 0100 000c 00000001 0400 0004 000f 0000')
  // version 1, open, length 12; object open, type 1, length 8
  const open = hex('20 01 000c 01 10 0008 20 1e 78 01')

  check('tcp', [
    ['RFC 4271 §4.4: a keepalive', keepalive, {}, 'bgp'],
    ['another marker', keepalive.with(9, 0xfe), {}, null],
    ['a length that is too short', keepalive.with(17, 0x12), {}, null],
    ['a type that there is not', keepalive.with(18, 7), {}, null],
    ['RFC 7854 §4.3: initiation', initiation, {}, 'bmp'],
    ['RFC 7854 §4.9: a peer is down', peerDown, {}, 'bmp'],
    ['BMP: information beyond the end', initiation.with(9, 9), {}, null],
    ['BMP: a kind of peer that there is not', peerDown.with(6, 9), {}, null],
    ['RFC 5036 §3.4: a message of LDP', hello, {}, 'ldp'],
    ['LDP: a PDU beyond the end', hello.with(3, 0x17), {}, null],
    ['LDP: a message beyond its PDU', hello.with(13, 0x0d), {}, null],
    ['LDP: a message that there is not', hello.with(11, 9), {}, null],
    ['RFC 5440 §6.2: open', open, {}, 'pcep'],
    ['RFC 5440 §6.4: a request, with its object', hex('20 03 0010 02 10 000c 00000000 00000001'), {}, 'pcep'],
    ['PCEP: an object beyond the end', hex('20 03 0010 02 10 0010 00000000 00000001'), {}, null],
    ['PCEP: another object first', open.with(4, 2), {}, null],
    ['PCEP: version 2', open.with(0, 0x40), {}, null],
    ['RFC 3618 §12.2.3: keepalive', hex('04 0003'), on(639), 'msdp'],
    ['RFC 3618 §12.2.1: a source', hex('01 0014 01 0a000001 00000020 e0000001 0a000002'), from(639), 'msdp'],
    ['MSDP: more sources than there is room for', hex('01 0014 02 0a000001 00000020'), on(639), null],
    ['MSDP: on another port', hex('04 0003'), {}, null],
  ])

  check('udp', [['RFC 5036 §3.5.2: hello', hello, {}, 'ldp']])
})

describe('RPKI to routers', () => {
  const reset = hex('01 02 0000 00000008')
  const response = hex('01 03 0007 00000008')
  const prefix = hex('01 04 0000 00000014 01 18 18 00 0a000000 0000fde8')

  check('tcp', [
    ['RFC 8210 §5.4: reset query', reset, {}, 'rpkirtr'],
    ['RFC 8210 §5.5: cache response, with a prefix', [...response, ...prefix], {}, 'rpkirtr'],
    ['a reset query of another length', [...reset.with(7, 0x0c), ...zeros(4)], {}, null],
    ['two versions', [...response, ...prefix.with(0, 0)], {}, null],
    ['version 0: end of data', hex('00 07 0007 0000000c 00000001'), {}, 'rpkirtr'],
    ['version 1 has more in it', hex('01 07 0007 0000000c 00000001'), {}, null],
    ['an octet more', [...reset, 0], {}, null],
  ])
})

describe('OpenFlow', () => {
  const hello = hex('01 00 0008 12345678')
  const request = hex('04 05 0008 00000007')

  check('tcp', [
    ['TS-025 §7.5.1: hello', hello, {}, 'openflow'],
    ['hello with versions', hex('05 00 0010 12345678 0001 0008 00000030'), {}, 'openflow'],
    ['hello of another length', hello.with(3, 9), {}, null],
    ['other messages on port 6653', request, on(6653), 'openflow'],
    ['two of them', [...request, ...hex('04 14 0008 00000008')], from(6633), 'openflow'],
    ['two, of different versions', [...request, ...hex('01 12 0008 00000008')], on(6653), null],
    ['on another port', request, {}, null],
    ['a type that version 1.0 has not', hex('01 1d 0008 00000007'), on(6653), null],
  ])
})

describe('neighbors and gateways', () => {
  // version 1, up, multiplier 3, length 24, discriminators, intervals
  const bfd = hex('20 c0 03 18 00000001 00000002 000f4240 000f4240 00000000')
  const route = '0002 0000 0a000000 ff000000 00000000 00000001'
  const hsrp = hex('00 00 10 03 0a c8 01 00 636973636f000000 0a000001')
  const hsrp2 = [...hex('01 28 02 00 06 04 00fe'), ...zeros(34)]
  // version 1, group 5, owner; hello, length 28
  const glbp = [...hex('01 00 0005 0000 00070000 0000 01 1c'), ...zeros(26)]
  // magic, version, length 8; hello: reserved, number, interval
  const babel = hex('2a 02 0008 04 06 0000 0001 0190')
  // length 20, number 1; HELLO, validity, length 16, originator, ...
  const olsr = hex('0014 0001 01 86 0010 0a000001 01 00 0001 0000 05 03')
  const echo = [...hex('0001 0000 01 02 00 00'), ...zeros(24)]

  check('udp', [
    ['RFC 5880 §4.1: a control packet of BFD', bfd, on(3784), 'bfd'],
    ['BFD: over several hops', bfd, on(4784), 'bfd'],
    ['BFD: on another port', bfd, {}, null],
    ['BFD: another length', bfd.with(3, 0x19), on(3784), null],
    ['BFD: no discriminator', bfd.with(7, 0), on(3784), null],
    ['RFC 2453 §4: a response of RIP', hex(`02 02 0000 ${route}`), on(520), 'rip'],
    ['RIP: on another port', hex(`02 02 0000 ${route}`), {}, null],
    ['RIP: half a route', hex(`02 02 0000 ${route}`).slice(0, 14), on(520), null],
    ['RIP: version 3', hex(`02 03 0000 ${route}`), on(520), null],
    ['RFC 2080 §2.1: a response of RIPng', [...hex('02 01 0000'), ...zeros(18), 64, 1], on(521), 'ripng'],
    ['RIPng: a prefix of 129 bits', [...hex('02 01 0000'), ...zeros(18), 129, 1], on(521), null],
    ['RFC 2281 §5.1: hello of HSRP', hsrp, on(1985), 'hsrp'],
    ['HSRP: a state that there is not', hsrp.with(2, 3), on(1985), null],
    ['HSRP: an advertisement', hex('00 03 0001 000a 02 00 0000 0001 00000000'), on(1985), 'hsrp'],
    ['HSRP: version 2', hsrp2, on(1985), 'hsrp'],
    ['HSRP: version 2 of another protocol', hsrp2.with(5, 5), on(1985), null],
    ['GLBP', glbp, on(3222), 'glbp'],
    ['GLBP: a part beyond the end', glbp.with(13, 0x40), on(3222), null],
    ['RFC 8966 §4.2: Babel', babel, {}, 'babel'],
    ['Babel: version 3', babel.with(1, 3), {}, null],
    ['Babel: a part beyond the body', babel.with(5, 7), {}, null],
    ['RFC 3626 §3.3: OLSR', olsr, on(698), 'olsr'],
    ['OLSR: another length', olsr.with(1, 0x15), on(698), null],
    ['OLSR: a message beyond the end', olsr.with(7, 0x11), on(698), null],
    ['RFC 8029 §3: an echo request', echo, on(3503), 'mpls-echo'],
    ['RFC 8029 §3: its reply', echo.with(4, 2), from(3503), 'mpls-echo'],
    ['an echo of version 2', echo.with(1, 2), on(3503), null],
    ['an echo on another port', echo, {}, null],
  ])
})
