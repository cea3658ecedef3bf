import { describe, expect, test } from 'vitest'
import { hex, nameOf, type Octets, type PayloadOptions, signatureOf } from '../../support/signature.ts'

/** So many octets of 0. */
const zeros = (count: number): number[] => new Array<number>(count).fill(0)

type Case = [what: string, octets: Octets, name: string | null, options?: PayloadOptions]

describe('texts', () => {
  const cases: readonly Case[] = [
    ['RFC 3261 §7.1: a request', 'INVITE sip:bob@example.com SIP/2.0\r\n', 'sip'],
    ['RFC 3261 §7.2: a response', 'SIP/2.0 180 Ringing\r\n', 'sip'],
    ['RFC 6665: NOTIFY', 'NOTIFY sip:bob@example.com SIP/2.0\r\n', 'sip'],
    ['a response without a code', 'SIP/2.0 ringing\r\n', null],
    ['a request of another version', 'INVITE sip:bob@example.com SIP/7.0\r\n', null],
    ['RFC 2326 §6: a request', 'SETUP rtsp://example.com/a RTSP/1.0\r\n', 'rtsp'],
    ['RFC 2326 §7: a response', 'RTSP/1.0 200 OK\r\n', 'rtsp'],
    ['RFC 2326 §10.1: for the whole server', 'OPTIONS * RTSP/1.0\r\n', 'rtsp'],
    ['a line that only begins so', 'PLAY it again\r\n', null],
    ['RFC 3435 §3.2.1: a command', 'RQNT 1201 aaln/1@example.net MGCP 1.0\r\n', 'mgcp'],
    ['a command without a transaction', 'RQNT x aaln/1@example.net MGCP 1.0\r\n', null],
    ['a version on the next line', 'RQNT 1201 aaln/1@example.net\r\nX: MGCP 1.0\r\n', null],
    ['RFC 3435 §3.3: a response on the port', '200 1201 OK\r\n', 'mgcp', { ports: [2427, 2727] }],
    ['a response on another port', '200 1201 OK\r\n', null],
    ['a code without a transaction', '200 OK\r\n', null, { ports: [2427, 2727] }],
    ['RFC 3525 B.2: long form', 'MEGACO/1 [192.0.2.1]:2944 T=1{', 'megaco'],
    ['RFC 3525 B.2: short form', '!/1 <mg1>\nT=1{', 'megaco'],
    ['a header without a sender', '!/1 T=1{', null],
    ['version 7', '!/7 <mg1>\nT=1{', null],
  ]
  test.each(cases)('over UDP: %s', (_what, octets, name, options = {}) =>
    expect(nameOf('udp', octets, options)).toBe(name),
  )
  test.each<Case>([cases[0], cases[1], cases[4], cases[5], cases[6]])('over TCP: %s', (_what, octets, name) =>
    expect(nameOf('tcp', octets)).toBe(name),
  )
})

describe('STUN', () => {
  // RFC 8489 §5: binding request, length 8, cookie, transaction; SOFTWARE "test"
  const request = [...hex('0001 0008 2112a442'), ...zeros(12), ...hex('8022 0004 74657374')]
  // RFC 3489 §11: binding response, transaction of 16; MAPPED-ADDRESS
  const classic = [...hex('0101 000c'), ...new Array<number>(16).fill(7), ...hex('0001 0008 0001 1234 c0000201')]
  const server: PayloadOptions = { ports: [40_000, 3478] }

  test.each<Case>([
    ['RFC 8489 §5: a binding request', request, 'stun'],
    ['RFC 8656 §3.2: an allocate error', request.with(0, 1).with(1, 0x13), 'stun'],
    ['a length that does not fit', request.with(3, 12), null],
    ['the two high bits', request.with(0, 0x40), null],
    ['RFC 3489: a binding response', classic, 'classicstun'],
    ['RFC 3489: an attribute that is none', classic.with(21, 0x0c), null],
    ['RFC 3489: the same on the port', classic.with(21, 0x0c), 'classicstun', server],
    ['RFC 3489: an attribute beyond the end', classic.with(23, 9), null, server],
    ['RFC 3489: message type 3', classic.with(1, 3), null, server],
    [
      'RFC 3489: no attributes, on the port',
      hex('0001 0000 07070707 07070707 07070707 07070707'),
      'classicstun',
      server,
    ],
    ['RFC 3489: no attributes, elsewhere', hex('0001 0000 07070707 07070707 07070707 07070707'), null],
    ['RFC 8656 §12.4: ChannelData on the port', hex('4001 0003 aabbcc'), 'stun', server],
    ['RFC 8656 §12.5: with padding', hex('4001 0003 aabbcc 00'), 'stun', server],
    ['ChannelData of a length that does not fit', hex('4001 0005 aabbcc'), null, server],
    ['ChannelData elsewhere', hex('4001 0003 aabbcc'), null],
  ])('%s', (_what, octets, name, options = {}) => expect(nameOf('udp', octets, options)).toBe(name))

  test('over TCP, also two at once', () => {
    expect(nameOf('tcp', [...request, ...request])).toBe('stun')
    expect(nameOf('tcp', request.with(4, 0x20))).toBe(null)
  })
  test('ChannelData wants two', () =>
    expect(signatureOf('udp', hex('4001 0003 aabbcc'), server)).toMatchObject({ payloads: 2 }))
})

describe('RTP and RTCP', () => {
  /** RFC 3550 §5.1: version 2, type, sequence, time, source; data. */
  const packet = (type: number, octets: number, first = 0x80): number[] => [
    ...[first, type],
    ...hex('0102 00000010 12345678'),
    ...new Array<number>(octets).fill(0xd5),
  ]
  // RFC 8285 §4.2: profile, one word
  const extended = [...packet(111, 0, 0x90), ...hex('bede 0001 10aa0000'), ...zeros(40)]
  // RFC 3550 §6.4.2: receiver report of one source; §6.5: description
  const report = [...hex('81 c9 0007'), ...zeros(28)]
  const description = hex('81 ca 0003 12345678 01 02 6162 00 000000')

  test.each<Case>([
    ['PCMU: 20 ms', packet(0, 160), 'rtp'],
    ['PCMA with the marker: 30 ms', packet(0x88, 240), 'rtp'],
    ['GSM', packet(3, 33), 'rtp'],
    ['G723', packet(4, 24), 'rtp'],
    ['G729 with silence', packet(18, 22), 'rtp'],
    ['a dynamic type with extensions', extended, 'rtp'],
    ['PCMU: half a sample too many', packet(0, 161), null],
    ['a dynamic type has no length to tell it by', packet(111, 160), null],
    ['extensions beyond the end', extended.with(15, 99), null],
    ['another profile of extensions', extended.with(12, 0), null],
    ['version 1', packet(0, 160, 0x40), null],
    ['ports below 1024', packet(0, 160), null, { ports: [99, 50_000] }],
  ])('RFC 3551 §4.5: %s', (_what, octets, name, options = {}) => {
    expect(signatureOf('udp', octets, options)).toEqual(name && expect.objectContaining({ name, payloads: 3 }))
  })

  test.each<Case>([
    ['a receiver report and a description', [...report, ...description], 'rtcp'],
    ['a report alone', hex('80 c9 0001 12345678'), 'rtcp'],
    ['a description alone', description, null],
    ['a report too short for its blocks', [...hex('82 c9 0007'), ...zeros(28)], null],
    ['octets behind the reports', [...report, 1, 2, 3, 4], null],
  ])('RFC 3550 §6.1: %s', (_what, octets, name) => expect(nameOf('udp', octets)).toBe(name))
})

describe('H.323', () => {
  // TPKT of 14; discriminator, reference of 2 octets, SETUP; bearer capability
  const setup = hex('03 00 000e 08 02 0001 05 04 03 80 90 a3')
  // TPKT of 20; request, sequence; {0 0 8 245 0 5}
  const capabilities = hex('03 00 0014 02 70 01 06 0008817500 05 80 0000000000')
  // gatekeeper request, sequence; {0 0 8 2250 0 4}
  const gatekeeper = hex('02 20 0000 06 0008914a00 04 00 11 02')

  test.each<Case>([
    ['Q.931 §3.1: SETUP', setup, 'q931'],
    ['Q.931: a message that is none', setup.with(8, 0x55), null],
    ['Q.931: another discriminator', setup.with(4, 0x09), null],
    ['Q.931: something else behind', [...setup, 9], null],
    ['H.245: TerminalCapabilitySet', capabilities, 'h245'],
    ['H.245: the identifier of something else', capabilities.with(11, 0x76), null],
  ])('%s', (_what, octets, name) => expect(nameOf('tcp', octets)).toBe(name))

  test('H.225.0 §7.8: a gatekeeper request', () => {
    expect(nameOf('udp', gatekeeper)).toBe('h225')
    expect(nameOf('udp', gatekeeper.with(8, 0x4b))).toBe(null)
  })
})

describe('SCCP, IAX2, Mumble', () => {
  // length 4, version 0x14, KeepAlive
  const keepAlive = hex('04000000 14000000 00000000')
  const phone: PayloadOptions = { ports: [40_000, 2000] }

  test.each<Case>([
    ['a message on the port', keepAlive, 'skinny', phone],
    ['two messages', [...keepAlive, ...keepAlive], 'skinny', phone],
    ['another version behind', [...keepAlive, ...keepAlive.with(4, 0)], null, phone],
    ['a length that does not fit', keepAlive.with(0, 5), null, phone],
    ['on another port', keepAlive, null],
  ])('SCCP: %s', (_what, octets, name, options = {}) => expect(nameOf('tcp', octets, options)).toBe(name))

  // RFC 5456 §8.1.1: call 1, none, time, sequence, IAX, NEW; §8.6.10: version 2
  const call = hex('8001 0000 00000000 00 00 06 01 0b 02 0002')
  // ACK, no elements
  const acknowledgment = hex('8001 0002 00000010 01 01 06 04')
  // four octets of 0, eight that identify; version 1.2.4, the eight, 3 users of 100, 72000 bits a second
  const ping = hex('00000000 0102030405060708')
  const answer = hex('00010204 0102030405060708 00000003 00000064 00011940')

  test.each<Case>([
    ['RFC 5456 §6.2.2: NEW on any port', call, 'iax2'],
    ['RFC 5456 §8.4: ACK on the port', acknowledgment, 'iax2', { ports: [4569, 4569] }],
    ['ACK elsewhere', acknowledgment, null],
    ['NEW of version 3', call.with(15, 3), null],
    ['an element beyond the end', call.with(13, 9), null, { ports: [4569, 4569] }],
    ['Mumble: a ping', ping, 'mumble', { ports: [40_000, 64_738] }],
    ['Mumble: its answer', answer, 'mumble', { ports: [64_738, 40_000] }],
    ['Mumble: more users than may be', answer.with(15, 200), null, { ports: [64_738, 40_000] }],
    ['Mumble: a ping to another port', ping, null],
  ])('%s', (_what, octets, name, options = {}) => expect(nameOf('udp', octets, options)).toBe(name))
})
