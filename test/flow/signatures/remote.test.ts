import { expect, test } from 'vitest'
import { hex, nameOf, type Octets, type PayloadOptions, signatureOf } from '../../support/signature.ts'

/** So many octets of 0. */
const zeros = (count: number): number[] => new Array<number>(count).fill(0)

type Case = [what: string, octets: Octets, name: string | null, options?: PayloadOptions]

// RFC 4253 §7.1: length, padding 6, type 20, cookie, a list of 24 octets
const algorithms = Buffer.from('curve25519-sha256,ext-in')
const keyExchange = [...hex('00000100 06 14'), ...zeros(16), 0, 0, 0, 24, ...algorithms]
// X11 §8: order, version 11.0, authorization name of 18 octets (20 padded) and data of 16
const x11Setup = [...hex('6c 00 0b00 0000 1200 1000 0000'), ...Buffer.from('MIT-MAGIC-COOKIE-1'), ...zeros(18)]
// X11 appendix B: success, version 11.0, 8 words; [8..30] resources and numbers; orders, unit, pad, key codes 8 to 255
const x11Success = [...hex('01 00 0b00 0000 0800'), ...zeros(22), ...hex('00 00 20 20 08 ff 00000000')]
const spice = [...Buffer.from('REDQ'), ...hex('02000000 02000000 16000000'), ...zeros(22)]

test.each<Case>([
  ['RFC 4253 §7.1: SSH_MSG_KEXINIT', keyExchange, 'ssh'],
  ['a list of algorithms that is no text', keyExchange.with(30, 0xff), null],
  ['padding of 3 octets (RFC 4253 §6)', keyExchange.with(4, 3), null],
  ['RFC 854: WILL and DO', hex('ff fb 01 ff fd 03'), 'telnet'],
  [
    'RFC 855: a subnegotiation and WONT, and text',
    [...hex('ff fa 18 01 ff f0 ff fc 1f'), ...Buffer.from('hi')],
    'telnet',
  ],
  ['one command on the port', hex('ff fd 18'), 'telnet', { ports: [23, 40_000] }],
  ['one command on another port', hex('ff fd 18'), null],
  ['an option that nobody has', hex('ff fb 60 ff fd 60'), null],
  ['a subnegotiation without its end', hex('ff fa 18 01 00 00 00'), null, { ports: [23, 40_000] }],
  ['RFC 6143 §7.1.1: the version', 'RFB 003.008\n', 'vnc'],
  ['the same with more behind it', 'RFB 003.008\n\x01', null],
  ['the same without a point', 'RFB 003 008\n', null],
  ['X11 §8: setup of a client', x11Setup, 'x11'],
  ['X11 §8: the same in the other order', [...hex('42 00 000b 0000 0000 0000 0000')], 'x11'],
  ['a setup of version 12', x11Setup.with(2, 12), null],
  ['a setup with an octet too many', [...x11Setup, 0], null],
  ['X11 appendix B: success of a server', x11Success, 'x11'],
  ['a success with key codes from 0', x11Success.with(34, 0), null],
  ['SPICE: a link message', spice, 'spice'],
  ['SPICE: of version 3', spice.with(4, 3), null],
  ['ICA: the greeting', '\x7f\x7fICA\0', 'citrix'],
  ['CGP: the greeting', '\x1aCGP/01\x01', 'citrix'],
  ['half a greeting', '\x7f\x7fICX\0', null],
  ['RFC 1006 §6: data of X.224', hex('03 00 0009 02 f0 80 32 01'), 'tpkt'],
  ['X.224 data with a number', hex('03 00 0009 02 f0 81 32 01'), null],
  ['a connection request of another length', hex('03 00 000c 06 e0 0000 0000 00 00'), null],
  ['a second message that is none', hex('03 00 0009 02 f0 80 32 01 99'), null],
  ['RFC 1282 §2: rlogin', '\0me\0you\0xterm/38400\0', 'rlogin'],
  ['a terminal without a speed', '\0me\0you\0xterm\0', null],
  ['three texts instead of four', '\0me\0xterm/38400\0', null],
  ['rshd(8): port, names and command', '1022\0me\0you\0ls -l\0', 'rsh', { ports: [1023, 514] }],
  ['rshd(8): the port alone', '1022\0', 'rsh', { ports: [1023, 514] }],
  ['rexecd(8): port, name, password and command', '40001\0me\0secret\0ls\0', 'exec', { ports: [40_000, 512] }],
  ['a port of six digits', '102244\0', null, { ports: [1023, 514] }],
  ['the port to another port', '1022\0', null],
])('over TCP: %s', (_what, octets, name, options = {}) => expect(nameOf('tcp', octets, options)).toBe(name))

test('TeamViewer wants two messages on its port', () => {
  const message = hex('17 24 0a 20 0000')
  expect(signatureOf('tcp', message, { ports: [40_000, 5938] })).toMatchObject({ name: 'teamviewer', payloads: 2 })
  expect(nameOf('tcp', message)).toBe(null)
  expect(nameOf('tcp', hex('17 25 0a 20 0000'), { ports: [40_000, 5938] })).toBe(null)
})

// [MS-RDPEUDP] §2.2.2.1: acknowledged, window 64, flags; §2.2.2.5: sequence number, MTU up and down
const syn = [...hex('ffffffff 0040 0001 12345678 04d0 04d0'), ...zeros(1216)]
const synAck = [...hex('12345678 0040 0005 87654321 04d0 04d0'), ...zeros(1216)]

test.each<Case>([
  ['[MS-RDPEUDP]: SYN', syn, 'rdpudp'],
  ['[MS-RDPEUDP]: SYN and ACK from the port', synAck, 'rdpudp', { ports: [3389, 40_000] }],
  ['SYN and ACK from another port', synAck, null],
  ['SYN of an MTU of 1500', syn.with(12, 5).with(13, 0xdc), null],
  ['SYN in a short datagram', syn.slice(0, 64), null],
  ['XDMCP §5: Query', hex('0001 0002 0001 00'), 'xdmcp', { ports: [40_000, 177] }],
  ['XDMCP §5: Willing', [...hex('0001 0005 0009 0000 0001 68 0002 6f6b')], 'xdmcp', { ports: [177, 40_000] }],
  ['XDMCP: operation 15', hex('0001 000f 0001 00'), null, { ports: [40_000, 177] }],
  ['XDMCP: a length that does not fit', hex('0001 0002 0002 00'), null, { ports: [40_000, 177] }],
  ['XDMCP: on another port', hex('0001 0002 0001 00'), null],
])('over UDP: %s', (_what, octets, name, options = {}) => expect(nameOf('udp', octets, options)).toBe(name))
