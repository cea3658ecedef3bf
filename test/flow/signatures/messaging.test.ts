import { describe, expect, test } from 'vitest'
import { hex, nameOf, type PayloadOptions } from '../../support/signature.ts'

const from = (port: number): PayloadOptions => ({ ports: [port, 40_000] })
const to = (port: number): PayloadOptions => ({ ports: [40_000, port] })
const zeros = (count: number): number[] => new Array<number>(count).fill(0)
const text = (content: string): number[] => [...Buffer.from(content, 'latin1')]

type Octets = string | readonly number[]
type Case = readonly [what: string, payload: Octets, options: PayloadOptions, name: string | null]

function check(cases: readonly Case[], transport: 'tcp' | 'udp' = 'tcp'): void {
  test.each(cases)('%s', (_what, payload, options, name) => expect(nameOf(transport, payload, options)).toBe(name))
}

describe('IRC', () => {
  check([
    ['RFC 2812 §3.1.2: NICK', 'NICK me\r\n', {}, 'irc'],
    ['§3.1.3: USER with its four words', 'USER me 0 * :My Self\r\n', {}, 'irc'],
    ['USER with one', 'USER me\r\n', {}, null],
    ['USER with three', 'USER me 0 :My Self\r\n', {}, null],
    ['§5.1: a reply', ':irc.example.org 001 me :Welcome\r\n', {}, 'irc'],
    ['a reply without its receiver', ':irc.example.org 001\r\n', {}, null],
    ['a notice', ':irc.example.org NOTICE * :*** Looking up\r\n', {}, 'irc'],
    ['a smile', ':smile at me\r\n', {}, null],
    ['PING on port 6667', 'PING :irc.example.org\r\n', from(6667), 'irc'],
    ['PING elsewhere', 'PING :irc.example.org\r\n', {}, null],
  ])
})

describe('XMPP', () => {
  const stream = "<stream:stream to='example.org' xmlns='jabber:client'>"
  const auth = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'/>"

  check([
    ['RFC 6120 §4: a stream', `<?xml version='1.0'?>${stream}`, {}, 'xmpp'],
    ['a stream without a declaration', stream, {}, 'xmpp'],
    ['the declaration alone on port 5222', "<?xml version='1.0'?>", to(5222), 'xmpp'],
    ['the declaration alone elsewhere', "<?xml version='1.0'?>", {}, null],
    ['other XML', "<?xml version='1.0'?><html>", to(5222), null],
    ['§6: SASL', auth, {}, 'xmpp'],
    ['an element of the same name', '<auth mechanism="PLAIN"/>', {}, null],
    ['§8: a stanza on port 5222', "<iq type='get' id='1'/>", to(5222), 'xmpp'],
    ['a stanza elsewhere', "<iq type='get' id='1'/>", {}, null],
    ['a stanza with a namespace', "<iq type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>", {}, 'xmpp'],
  ])
})

describe('MQTT', () => {
  // CONNECT, 13 octets: name, level 4, clean session, 60 seconds, "a"
  const connect = hex('10 0d 0004 4d515454 04 02 003c 0001 61')

  check([
    ['MQTT 3.1.1 §3.1: CONNECT', connect, {}, 'mqtt'],
    ['CONNECT of version 3.1', [...hex('10 0f 0006'), ...text('MQIsdp'), ...hex('03 02 003c 0001 61')], {}, 'mqtt'],
    ['CONNECT of level 9', [...connect.slice(0, 8), 9, ...connect.slice(9)], {}, null],
    ['CONNECT with the reserved flag', [...connect.slice(0, 9), 3, ...connect.slice(10)], {}, null],
    ['§3.2: CONNACK', hex('20 02 00 00'), {}, 'mqtt'],
    ['CONNACK of version 5', hex('20 03 00 00 00'), {}, 'mqtt'],
    ['CONNACK with a code that there is not', hex('20 02 00 09'), {}, null],
    ['CONNACK in the middle of a stream', hex('20 02 00 00'), { isFirst: false }, null],
    ['§3.8: SUBSCRIBE', [...hex('82 08 0001 0003'), ...text('a/b'), 0], {}, 'mqtt'],
    ['SUBSCRIBE of another length', [...hex('82 09 0001 0003'), ...text('a/b'), 0], {}, null],
    ['§3.3: PUBLISH', [...hex('30 07 0003'), ...text('a/bhi')], {}, 'mqtt'],
    ['PUBLISH with a wildcard', [...hex('30 07 0003'), ...text('a/#hi')], {}, null],
    ['PUBLISH of quality 3', [...hex('36 07 0003'), ...text('a/bhi')], {}, null],
    ['PUBLISH with an octet more', [...hex('30 07 0003'), ...text('a/bhi!')], {}, null],
    ['§3.12: a ping on port 1883', hex('c0 00'), to(1883), 'mqtt'],
    ['a ping elsewhere', hex('c0 00'), {}, null],
  ])
})

describe('AMQP', () => {
  // method, channel 1, 11 octets: basic.consume-ok, a tag; the end
  const method = hex('01 0001 00000007 003c 0015 02 6131 ce')
  // 14 octets, two words of header, AMQP, channel 0; open, a list of nothing
  const open = hex('0000000e 02 00 0000 00 53 10 c0 01 00')

  check([
    ['0-9-1 §4.2.2: a protocol header', 'AMQP\0\0\x09\x01', {}, 'amqp'],
    ['1.0 over SASL', 'AMQP\x03\x01\0\0', {}, 'amqp'],
    ['a version that there is not', 'AMQP\0\x07\0\0', {}, null],
    ['§2.3: a method', method, {}, 'amqp'],
    ['a method without its end', [...method.slice(0, -1), 0], {}, null],
    ['a method of no class', [...method.slice(0, 8), 0x3d, ...method.slice(9)], {}, null],
    ['a heartbeat', hex('08 0000 00000000 ce'), {}, 'amqp'],
    ['a heartbeat of a channel', hex('08 0001 00000000 ce'), {}, null],
    ['1.0 §2.7.1: open', open, {}, 'amqp'],
    ['1.0: a descriptor that there is not', [...open.slice(0, 10), 0x20, ...open.slice(11)], {}, null],
  ])
})

describe('NATS', () => {
  check([
    ['INFO', 'INFO {"server_id":"A","version":"2.9"}\r\n', {}, 'nats'],
    ['INFO of something else', 'INFO {"name":"A"}\r\n', {}, null],
    ['CONNECT', 'CONNECT {"verbose":false,"pedantic":false}\r\n', {}, 'nats'],
    ['a subscription on port 4222', 'SUB foo 1\r\n', to(4222), 'nats'],
    ['a subscription elsewhere', 'SUB foo 1\r\n', {}, null],
    ['PONG from port 4222', 'PONG\r\n', from(4222), 'nats'],
  ])
})

describe('Kafka', () => {
  // 25 octets: ApiVersions, version 0, correlation 1, client "pcapx"; the rest is free
  const request = [...hex('00000019 0012 0000 00000001 0005'), ...text('pcapx'), ...zeros(10)]

  check([
    ['a request', request, {}, 'kafka'],
    ['a request whose length ends before it does', [0, 0, 0, 0x18, ...request.slice(4)], {}, null],
    ['a request with a key that there is not', [...request.slice(0, 5), 0xff, ...request.slice(6)], {}, null],
    ['a client that does not print', [...request.slice(0, 14), 1, ...request.slice(15)], {}, null],
    ['a response from port 9092', hex('00000006 00000001 0000'), from(9092), 'kafka'],
    ['a response from elsewhere', hex('00000006 00000001 0000'), {}, null],
    ['a response of another length', hex('00000007 00000001 0000'), from(9092), null],
  ])
})

describe('STOMP, OpenWire, ZooKeeper, ZMTP', () => {
  const info = [...text('\0\0\0\x12\x01ActiveMQ'), ...hex('0000000a 01 00000003')]
  // 44 octets: version 0, transaction 0, 30 seconds, no session, a password of 16 octets
  const request = [...hex('0000002c 00000000 0000000000000000 00007530 0000000000000000 00000010'), ...zeros(16)]
  const response = [...hex('00000025 00000000 00007530 0000000000000001 00000010'), ...zeros(17)]
  const zmtp = [0xff, ...zeros(7), 1, 0x7f]

  check([
    ['STOMP 1.2: CONNECT', 'CONNECT\naccept-version:1.2\nhost:a\n\n\0', {}, 'stomp'],
    ['STOMP: CONNECTED', 'CONNECTED\nversion:1.2\n\n\0', {}, 'stomp'],
    ['STOMP: a frame without its header', 'SEND\nme:this\n\n\0', {}, null],
    ['OpenWire: WireFormatInfo', info, {}, 'openwire'],
    ['OpenWire: another command', [...info.slice(0, 4), 2, ...info.slice(5)], {}, null],
    ['OpenWire: of version 99', [...info.slice(0, 16), 99, ...info.slice(17)], {}, null],
    ['ZooKeeper: a connect request', request, {}, 'zookeeper'],
    ['ZooKeeper: its response', response, {}, 'zookeeper'],
    ['ZooKeeper: another length of the password', [...response.slice(0, 23), 15, ...response.slice(24)], {}, null],
    ['ZooKeeper: no timeout', [...response.slice(0, 8), ...zeros(4), ...response.slice(12)], {}, null],
    ['ZooKeeper: a word on port 2181', 'ruok', to(2181), 'zookeeper'],
    ['ZooKeeper: a word elsewhere', 'ruok', {}, null],
    ['ZMTP: a signature', zmtp, {}, 'zmtp'],
    ['ZMTP: and version 3 with its mechanism', [...zmtp, 3, 0, ...text('NULL'), ...zeros(48)], {}, 'zmtp'],
    ['ZMTP: with no mechanism', [...zmtp, 3, 0, ...text('NONE'), ...zeros(48)], {}, null],
    ['ZMTP: a signature with another end', [...zmtp.slice(0, -1), 0x7e], {}, null],
  ])
})

describe('FIX', () => {
  check([
    ['a logon', '8=FIX.4.2\x019=65\x0135=A\x01', {}, 'fix'],
    ['of version 5', '8=FIXT.1.1\x019=65\x0135=A\x01', {}, 'fix'],
    ['compressed', '8=O\x019=0019\x0135=P\x01', {}, 'fix'],
    ['without a length', '8=FIX.4.2\x0135=A\x01', {}, null],
    ['without a type', '8=FIX.4.2\x019=65\x0149=A\x01', {}, null],
  ])
})

describe('syslog', () => {
  const cases: readonly Case[] = [
    ['RFC 5424 §6.5', '<34>1 2003-10-11T22:14:15.003Z a su - ID47 - hello', {}, 'syslog'],
    ['RFC 3164 §5.4', '<13>Feb  5 17:32:18 10.0.0.99 hello', {}, 'syslog'],
    ['a priority that there is not', '<192>Feb  5 17:32:18 10.0.0.99 hello', {}, null],
    ['a month that there is not', '<13>Fab  5 17:32:18 10.0.0.99 hello', {}, null],
    ['no time', '<13>hello you all', {}, null],
  ]
  check(cases)
  check(cases, 'udp')
  check([['no time, but port 514', '<13>hello you all', to(514), 'syslog']], 'udp')
  check([
    ['RFC 6587 §3.4.1: a count of octets', '50 <34>1 2003-10-11T22:14:15.003Z a su - ID47 - hello', {}, 'syslog'],
    ['a count without a message', '50 <b>hello', {}, null],
  ])
})

describe('instant messengers', () => {
  check([
    ['MSNP: versions', 'VER 1 MSNP8 CVR0\r\n', {}, 'msnms'],
    ['other versions', 'VER 1 ABCP8 CVR0\r\n', {}, null],
    // magic, version 16, vendor 0, 4 octets, service, status, session
    ['YMSG', [...text('YMSG'), ...hex('0010 0000 0004 0054 00000000 00000000 61626364')], {}, 'ymsg'],
    [
      'YMSG longer than there is',
      [...text('YMSG'), ...hex('0010 0000 0005 0054 00000000 00000000 61626364')],
      {},
      null,
    ],
    ['OSCAR: a new connection', hex('2a 01 0001 0004 00000001'), {}, 'aim'],
    ['OSCAR: of version 2', hex('2a 01 0001 0004 00000002'), {}, null],
  ])
  const oicq = hex('02 3b0b 0001 0017 00002710 00 03')
  check(
    [
      ['OICQ', oicq, to(8000), 'oicq'],
      ['OICQ with another end', [...oicq.slice(0, -1), 4], to(8000), null],
      ['OICQ elsewhere', oicq, {}, null],
    ],
    'udp',
  )
})

describe('HL7 and DICOM', () => {
  // association request, 70 octets more, version 1; called, calling, reserved; application context
  const associate = [
    ...hex('01 00 00000046 0001 0000'),
    ...text('CALLED          CALLING         '),
    ...zeros(32),
    ...hex('10 00'),
  ]

  check([
    ['HL7: a message header', '\x0bMSH|^~\\&|A|B|C|D|', {}, 'hl7'],
    ['HL7: with a start that is none', '\x0cMSH|^~\\&|A|B|C|D|', {}, null],
    ['HL7: another segment', '\x0bPID|^~\\&|A|B|C|D|', {}, null],
    ['DICOM PS3.8 §9.3.2: A-ASSOCIATE-RQ', associate, {}, 'dicom'],
    ['DICOM PS3.8 §9.3.3: A-ASSOCIATE-AC', [2, ...associate.slice(1)], {}, 'dicom'],
    ['DICOM: of no version', [...associate.slice(0, 7), 0, ...associate.slice(8)], {}, null],
    ['DICOM: a title that does not print', [...associate.slice(0, 10), 1, ...associate.slice(11)], {}, null],
    ['DICOM: longer than it says', [...associate, 0], {}, null],
  ])
})
