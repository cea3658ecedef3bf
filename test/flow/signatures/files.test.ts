import { describe, expect, test } from 'vitest'
import { hex, nameOf, type PayloadOptions } from '../../support/signature.ts'

const from = (port: number): PayloadOptions => ({ ports: [port, 40_000] })
const to = (port: number): PayloadOptions => ({ ports: [40_000, port] })
const zeros = (count: number): number[] => new Array<number>(count).fill(0)
const text = (content: string): number[] => [...Buffer.from(content, 'latin1')]

describe('FTP', () => {
  test.each([
    ['RFC 959 §5.4: a greeting with its name', '220 (vsFTPd 3.0.3)\r\n', {}, 'ftp'],
    ['a greeting without', '220 welcome\r\n', {}, null],
    ['the same from port 21', '220 welcome\r\n', from(21), 'ftp'],
    ['a greeting of SMTP from port 21', '220 mx ESMTP\r\n', from(21), 'smtp'],
    ['a greeting that names both, from port 21', '220 FTP, not SMTP\r\n', from(21), 'ftp'],
    ['§4.2: 331', '331 Please specify the password.\r\n', {}, 'ftp'],
    ['331 for something else', '331 Please wait.\r\n', {}, null],
    ['§4.2: 227', '227 Entering Passive Mode (10,0,0,1,4,1).\r\n', {}, 'ftp'],
    ['RFC 2428 §3: 229', '229 Entering Extended Passive Mode (|||6446|)\r\n', {}, 'ftp'],
    ['§4.1.2: PASV', 'PASV\r\n', {}, 'ftp'],
    ['PASV as the start of a word', 'PASVX\r\n', {}, null],
    ['§4.1.2: PORT', 'PORT 10,0,0,2,4,1\r\n', {}, 'ftp'],
    ['PORT with five numbers', 'PORT 10,0,0,2,4\r\n', {}, null],
    ['RFC 2428 §2: EPRT', 'EPRT |1|10.0.0.2|1025|\r\n', {}, 'ftp'],
    ['RFC 4217 §4: AUTH', 'AUTH TLS\r\n', {}, 'ftp'],
    ['USER anonymous', 'USER anonymous\r\n', {}, 'ftp'],
    ['USER on port 21', 'USER me\r\n', to(21), 'ftp'],
    ['USER on port 110', 'USER me\r\n', to(110), 'pop'],
    ['a line that is none of this, on port 21', 'how are you\r\n', to(21), null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('tcp', payload, options)).toBe(name))
})

describe('TFTP', () => {
  test.each([
    ['RFC 1350 §5: a read request', '\0\x01boot.img\0octet\0', {}, 'tftp'],
    ['a write request with options', '\0\x02a\0NETASCII\0tsize\x000\0', {}, 'tftp'],
    ['a request in no mode', '\0\x01boot.img\0octal\0', {}, null],
    ['a request without a name', '\0\x01\0octet\0', {}, null],
    ['a name that does not print', '\0\x01boot\x01img\0octet\0', {}, null],
    ['RFC 2347: an option acknowledgment', '\0\x06blksize\x001428\0', {}, 'tftp'],
    ['an acknowledgment of nothing', '\0\x06blocks\x001428\0', {}, null],
    ['an error', '\0\x05\0\x01File not found\0', {}, 'tftp'],
    ['an error with a code that there is not', '\0\x05\0\x0fFile not found\0', {}, null],
    ['an error that goes on behind its text', '\0\x05\0\x01File not found\0x', {}, null],
    ['an error without text', '\0\x05\0\x01\0', {}, null],
    ['the first block', [0, 3, 0, 1, ...zeros(512)], {}, 'tftp'],
    ['the second block', [0, 3, 0, 2, ...zeros(512)], {}, null],
    ['a block of another length', [0, 3, 0, 1, ...zeros(511)], {}, null],
    ['a block in the middle of a stream', [0, 3, 0, 1, ...zeros(512)], { isFirst: false }, null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('udp', payload, options)).toBe(name))
})

describe('NetBIOS sessions', () => {
  // length 32, "C" "A" 16 times, no scope
  const name = `\x20${'CA'.repeat(16)}\0`
  // SMB2's header has 64 octets; SMB1's 32, and two counts behind it
  const smb2 = [0, 0, 0, 64, 0xfe, ...text('SMB'), ...zeros(60)]
  const smb1 = [0, 0, 0, 35, 0xff, ...text('SMB'), ...zeros(31)]

  test.each([
    ['[MS-SMB2] §2.1: SMB2', smb2, {}, 'nbss'],
    ['SMB1', smb1, {}, 'nbss'],
    ['a length that no SMB has', [0, 0, 0, 34, ...smb1.slice(4, -1)], {}, null],
    ['something else behind the length', [0, 0, 0, 35, 0xff, ...text('SMX'), ...zeros(31)], {}, null],
    ['RFC 1002 §4.3.2: a session request', `\x81\0\0\x44${name}${name}`, {}, 'nbss'],
    ['names in small letters', `\x81\0\0\x44${name}${name.toLowerCase()}`, {}, null],
    ['§4.3.3: a positive response from port 139', hex('82 00 0000'), from(139), 'nbss'],
    ['from elsewhere', hex('82 00 0000'), {}, null],
    ['§4.3.4: a negative response', hex('83 00 0001 82'), from(139), 'nbss'],
    ['a negative response without its code', hex('83 00 0000'), from(139), null],
  ] as const)('%s', (_what, payload, options, expected) => expect(nameOf('tcp', payload, options)).toBe(expected))
})

describe('DSI', () => {
  // request, OpenSession, identifier 1, no offset, 6 octets, reserved; the attention quantum of 4 octets
  const open = hex('00 04 0001 00000000 00000006 00000000 01 04 00000400')

  test.each([
    ['OpenSession on any port', open, {}, 'dsi'],
    ['OpenSession of another length', [...open, 0], {}, null],
    ['a reserved word that is not 0', [...open.slice(0, 15), 1, ...open.slice(16)], to(548), null],
    ['a tickle on port 548', hex('00 05 0000 00000000 00000000 00000000'), to(548), 'dsi'],
    ['a tickle elsewhere', hex('00 05 0000 00000000 00000000 00000000'), {}, null],
    ['a command that there is not', hex('00 07 0000 00000000 00000000 00000000'), to(548), null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('tcp', payload, options)).toBe(name))
})

describe('iSCSI', () => {
  // RFC 7143 §11.12: immediate login request, flags, versions 0, no additional headers; the text's length
  const login = (length: string, pairs: string): number[] => [
    ...hex(`43 87 00 00 00 ${length}`),
    ...zeros(40),
    ...text(pairs),
  ]
  const command = [...hex('01 81 0000 00 000000'), ...zeros(40)]

  test.each([
    ['a login', login('00001c', 'InitiatorName=iqn.2000-01.a\0'), {}, 'iscsi'],
    ['a response', [0x23, ...login('000018', 'TargetPortalGroupTag=1\0\0').slice(1)], {}, 'iscsi'],
    ['a length that does not reach the end', login('000010', 'InitiatorName=iqn.2000-01.a\0'), {}, null],
    ['text that is no pair', login('00001c', 'InitiatorName iqn.2000-01.a\0'), {}, null],
    ['a command on port 3260', command, to(3260), 'iscsi'],
    ['a command elsewhere', command, {}, null],
    ['a command of another length', [...command, 0], to(3260), null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('tcp', payload, options)).toBe(name))
})

describe('version control and copies', () => {
  const object = '0123456789abcdef0123456789abcdef01234567'

  test.each([
    ["rsync's greeting", '@RSYNCD: 31.0\n', 'rsync'],
    ['its answer to a module', '@RSYNCD: OK\n', 'rsync'],
    ['a greeting without a version', '@RSYNCD: soon\n', null],
    ['git: a request', '002dgit-upload-pack /a.git\0host=example.org\0\0\0', 'git'],
    ['git: a request of a path that is none', '001agit-upload-pack a.git\0\n', null],
    ['git: a reference', `003d${object} refs/heads/master\n`, 'git'],
    ['git: a reference that is longer than what there is', `00fd${object} refs/heads/master\n`, null],
    ['git: something else behind the length', '000ehello, you\n', null],
    ['git: a version', '000eversion 2\n', 'git'],
    ["Subversion's greeting", '( success ( 2 2 ( ANONYMOUS ) ( edit-pipeline ) ) ) ', 'svn'],
    ['its answer', '( 2 ( edit-pipeline svndiff1 ) 15:svn://localhost ) ', 'svn'],
    ['another list', '( failure ( ) ) ', null],
    ["Bazaar's version", 'bzr message 3 (bzr 1.6)\n', 'bzr'],
    ['another', 'bzr says hello\n', null],
    ['CVS: authentication', 'BEGIN AUTH REQUEST\n/root\nme\nA\nEND AUTH REQUEST\n', 'cvspserver'],
    ['CVS: its answer', 'I LOVE YOU\n', 'cvspserver'],
    ['some other feeling', 'I LIKE YOU\n', null],
  ] as const)('%s', (_what, payload, name) => expect(nameOf('tcp', payload)).toBe(name))
})

describe('LNet', () => {
  // a hello: the magic, version 3; the rest is not looked at
  const hello = hex('63697245 03000000 0100000a 00000200')
  // type, checksum, two cookies; destination, source, their processes (12345), GET
  const message = [
    ...hex('c1000000 00000000 0000000000000000 0000000000000000'),
    ...hex('0100000a00000200 0200000a00000200 39300000 39300000 02000000'),
    ...zeros(40),
  ]

  test.each([
    ['an acceptor request', hex('0071ceac 01000000 0100000a00000200'), {}, 'lnet'],
    ['an acceptor request of version 2', hex('0071ceac 02000000 0100000a00000200'), {}, null],
    ['a hello', hello, {}, 'lnet'],
    ['a hello of version 9', [...hello.slice(0, 4), 9, ...hello.slice(5)], {}, null],
    ['a message', message, {}, 'lnet'],
    ['a message of a type that there is not', [...message.slice(0, 48), 9, ...message.slice(49)], {}, null],
    ['a message of other processes', [...message.slice(0, 40), ...zeros(8), ...message.slice(48)], {}, null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('tcp', payload, options)).toBe(name))
})

describe('NDMP', () => {
  // mark (last, 36), sequence 1, time, request, CONNECTED, answer to none, no error; connected, version 4, no text
  const connected = hex('80000024 00000001 60000000 00000000 00000502 00000000 00000000 00000000 00000004 00000000')

  test.each([
    ['CONNECTED', connected, {}, 'ndmp'],
    ['CONNECTED of version 9', [...connected.slice(0, 35), 9, ...connected.slice(36)], {}, null],
    ['a mark that does not fit', [...connected, 0], {}, null],
    // CONNECT_OPEN, version 4
    ['CONNECT_OPEN', hex('8000001c 00000001 60000000 00000000 00000900 00000000 00000000 00000004'), {}, 'ndmp'],
    [
      'DATA_START on port 10000',
      hex('80000018 00000009 60000000 00000000 00000401 00000000 00000000'),
      to(10_000),
      'ndmp',
    ],
    ['DATA_START elsewhere', hex('80000018 00000009 60000000 00000000 00000401 00000000 00000000'), {}, null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('tcp', payload, options)).toBe(name))
})

describe('9P and NBD', () => {
  test.each([
    // size 21, Tversion, no tag, messages of 8192 octets, 8 octets of version
    ['9P: Tversion', [...hex('15000000 64 ffff 00200000 0800'), ...text('9P2000.L')], '9p'],
    ['9P: Rversion', [...hex('13000000 65 ffff 00200000 0600'), ...text('9P2000')], '9p'],
    ['9P: a tag', [...hex('13000000 65 0001 00200000 0600'), ...text('9P2000')], null],
    ['9P: another size', [...hex('14000000 65 ffff 00200000 0600'), ...text('9P2000')], null],
    ['NBD: the greeting', 'NBDMAGICIHAVEOPT\0\x03', 'nbd'],
    ['NBD: the magic alone', 'NBDMAGICI have none', null],
    ["NBD: the client's flags and an option", [0, 0, 0, 3, ...text('IHAVEOPT'), 0, 0, 0, 7, 0, 0, 0, 0], 'nbd'],
    ['NBD: flags that there are not', [0, 0, 1, 3, ...text('IHAVEOPT'), 0, 0, 0, 7, 0, 0, 0, 0], null],
    ['NBD: a request', hex('25609513 0000 0000 0000000000000001 0000000000000000 00001000'), 'nbd'],
    ['NBD: a command that there is not', hex('25609513 0000 0090 0000000000000001 0000000000000000 00001000'), null],
    ['NBD: a reply', hex('67446698 00000000 0000000000000001'), 'nbd'],
  ] as const)('%s', (_what, payload, name) => expect(nameOf('tcp', payload)).toBe(name))
})

describe('Rx', () => {
  // epoch, connection, call 1, sequence 1, serial 1; data, flags, no status, no security, spare, service 52
  const data = hex('50000001 80000000 00000001 00000001 00000001 01 05 00 00 0000 0034 000001f8')

  test.each([
    ['data on port 7003', data, to(7003), 'rx'],
    ['from port 7000', data, from(7000), 'rx'],
    ['elsewhere', data, {}, null],
    ['a type that there is not', [...data.slice(0, 20), 14, ...data.slice(21)], to(7003), null],
    ['no service', [...data.slice(0, 27), 0, ...data.slice(28)], to(7003), null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('udp', payload, options)).toBe(name))
})
