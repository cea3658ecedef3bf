import { describe, expect, test } from 'vitest'
import { hex, nameOf, type PayloadOptions, signatureOf } from '../../support/signature.ts'

const on = (port: number): PayloadOptions => ({ ports: [40_000, port] })
const from = (port: number): PayloadOptions => ({ ports: [port, 40_000] })
const zeros = (count: number): number[] => new Array<number>(count).fill(0)
const text = (content: string): number[] => [...Buffer.from(content, 'latin1')]

type Octets = string | readonly number[]
type Case = readonly [what: string, payload: Octets, options: PayloadOptions, name: string | null]

function check(transport: 'tcp' | 'udp', cases: readonly Case[]): void {
  test.each(cases)(`${transport}: %s`, (_what, payload, options, name) =>
    expect(nameOf(transport, payload, options)).toBe(name),
  )
}

describe('Modbus', () => {
  // transaction, protocol, length 6, unit, read holding registers: from, count
  const request = hex('0007 0000 0006 01 03 0000 0002')
  const response = hex('0007 0000 0007 01 03 04 00010002')

  check('tcp', [
    ['§3.1.3: a request', request, on(502), 'mbtcp'],
    ['§3.1.3: a response', response, from(502), 'mbtcp'],
    ['another protocol', request.with(3, 1), on(502), null],
    ['another length', request.with(5, 7), on(502), null],
    ['a function that there is not', request.with(7, 0x63), on(502), null],
    ['an exception', hex('0007 0000 0003 01 83 02'), {}, 'mbtcp'],
    ['an exception that there is not', hex('0007 0000 0003 01 83 63'), {}, null],
    ['on another port', request, {}, 'mbtcp'],
    ['on another port, with a count of octets that does not fit', response.with(8, 5), {}, null],
  ])

  test('on another port, several messages have to fit', () => {
    expect(signatureOf('tcp', request)?.payloads).toBe(3)
    expect(signatureOf('tcp', request, on(502))?.payloads).toBeUndefined()
  })
})

describe('DNP3, IEC 104, C37.118', () => {
  // start, length 5, control, destination 1, source 1024, checksum
  const dnp3 = hex('0564 05 c0 0100 0004 e921')
  // sync and command frame, length 18, id, time, fraction, command 2, checksum
  const command = hex('aa41 0012 0001 65000000 00000000 0002 1c68')
  // start, length 14, numbers 0 and 2, interrogation, one, activation, station 1, address 0, 20
  const data = hex('68 0e 0000 0200 64 01 0600 0100 000000 14')

  check('tcp', [
    ['IEEE 1815 §9.2: a header', dnp3, {}, 'dnp3'],
    ['another checksum', dnp3.with(9, 0), {}, null],
    ['another source', dnp3.with(6, 7), {}, null],
    ['C37.118.2 §6.6: a command', command, {}, 'synphasor'],
    ['C37.118: another checksum', command.with(17, 0), {}, null],
    ['C37.118: another length', [...command, 0], {}, null],
    ['IEC 104 §5.3: STARTDT', hex('68 04 07 00 00 00'), {}, 'iec60870_104'],
    ['IEC 104: its confirmation', hex('68 04 0b 00 00 00'), {}, 'iec60870_104'],
    ['IEC 104: two functions at once', hex('68 04 0f 00 00 00'), {}, null],
    ['IEC 104: data on port 2404', data, on(2404), 'iec60870_104'],
    ['IEC 104: data, and an acknowledgment behind', [...data, ...hex('68 04 01 00 02 00')], from(2404), 'iec60870_104'],
    ['IEC 104: data on another port', data, {}, null],
    ['IEC 104: an odd number', data.with(4, 3), on(2404), null],
    ['IEC 104: an octet more', [...data, 0], on(2404), null],
  ])

  check('udp', [
    ['DNP3', dnp3, {}, 'dnp3'],
    ['C37.118', command, {}, 'synphasor'],
  ])
})

describe('EtherNet/IP, OPC UA, ADS, HiSLIP', () => {
  // command, length, session, status, context, options
  const header = (name: string, length: number, session = '00000000', status = '00000000') => [
    ...hex(name),
    length,
    0,
    ...hex(`${session} ${status} 0000000000000000 00000000`),
  ]
  const register = [...header('6500', 4), 1, 0, 0, 0]
  const send = [...header('6f00', 16, '01000000'), ...zeros(16)]
  // type, length 32, version, sizes, counts, endpoint
  const hello = hex('48454c46 20000000 00000000 00000100 00000100 00000000 00000000 00000000')
  // reserved, length 32, target, source, read device info, request, no data, no error, id
  const ads = hex('0000 20000000 050d75600101 1027 c0a801630101 0380 0100 0400 00000000 00000000 01000000')
  const initialize = [...text('HS'), 0, 0, ...hex('01000001 0000000000000007'), ...text('hislip0')]

  check('tcp', [
    ['volume 2 §2-4.4: RegisterSession', register, {}, 'enip'],
    ['with an octet more', [...register, 0], {}, null],
    ['with options', register.with(20, 1), {}, null],
    ['with a status that there is not', register.with(8, 0x7f), {}, null],
    ['volume 2 §2-4.7: SendRRData', send, {}, 'enip'],
    ['two in a segment', [...send, ...send], {}, 'enip'],
    ['which says that it is longer', send.with(2, 17), {}, null],
    ['volume 2 §2-4.6: ListServices', header('0400', 0), on(44_818), 'enip'],
    ['which is too little on another port', header('0400', 0), {}, null],
    ['OPC UA §7.1.2.3: hello', hello, {}, 'opcua'],
    ['OPC UA: another letter', hello.with(3, 0x58), {}, null],
    ['OPC UA: a length of 4 GiB', hello.with(7, 0xff), {}, null],
    ['ADS: a request', ads, {}, 'ams'],
    ['ADS: a response', ads.with(24, 5), {}, 'ams'],
    ['ADS: lengths that do not agree', ads.with(26, 1), {}, null],
    ['ADS: a command that there is not', ads.with(22, 0x20), {}, null],
    ['IVI-6.1 §2.4: Initialize', initialize, {}, 'hislip'],
    ['HiSLIP: a type that there is not', initialize.with(2, 99), {}, null],
    ['HiSLIP: a length of 4 GiB', initialize.with(11, 1), {}, null],
  ])

  check('udp', [['volume 2 §2-4.2: ListIdentity', header('6300', 0), {}, 'enip']])
})

describe('buildings and meters', () => {
  // BVLC, unicast, length 8; network layer version 1, who-is
  const bacnet = hex('81 0a 0008 01 00 10 08')
  // header of 6, version 1.0, search request, length 14, endpoint
  const knx = hex('06 10 0201 000e 08 01 0a000001 0e57')
  // flag, format with length 7, addresses, SNRM, checksum, flag
  const dlms = hex('7e a0 07 03 41 93 5a64 7e')
  const sbus = hex('0000000d 01 00 0007 00 0a20 7481')

  check('udp', [
    ['annex J.2.11: unicast', bacnet, {}, 'bvlc'],
    ['annex J.2.5: forwarded', hex('81 04 000e 0a000001 bac0 01 00 10 08'), {}, 'bvlc'],
    ['annex J.2.6: a foreign device', hex('81 05 0006 003c'), {}, 'bvlc'],
    ['BACnet: another length', bacnet.with(3, 9), {}, null],
    ['BACnet: another network layer', bacnet.with(4, 2), {}, null],
    ['ISO 22510 §5.3: search', knx, {}, 'kip'],
    ['KNX: another length', knx.with(5, 0x0f), {}, null],
    ['KNX: a service that there is not', knx.with(2, 0x20), {}, null],
    ['IEC 62056-46 §6.4: SNRM', dlms, {}, 'dlms'],
    ['DLMS: another checksum', dlms.with(6, 0), {}, null],
    ['DLMS: another length', [...dlms, 0], {}, null],
    ['S-Bus', sbus, on(5050), 'sbus'],
    ['S-Bus: another checksum', sbus.with(12, 0), on(5050), null],
    ['S-Bus: on another port', sbus, {}, null],
    ['Ether-S-I/O', [...text('ESIO'), ...zeros(20)], {}, 'esio'],
    ['Ether-S-I/O: too short', [...text('ESIO'), ...zeros(4)], {}, null],
    ['LonWorks', [...hex('0014 01 01'), ...zeros(16)], on(1628), 'cnip'],
    ['LonWorks: another length', [...hex('0015 01 01'), ...zeros(16)], on(1628), null],
  ])

  check('tcp', [
    ['DLMS', dlms, {}, 'dlms'],
    ['KNX', knx, {}, 'kip'],
  ])
})

describe('cars, trains and machines', () => {
  // service, method, length 12, client, session, versions, request, no error, data
  const someIp = hex('1234 0008 0000000c 0000 0001 01 01 00 00 01020304')
  // number, version 1.0, "Pd", id, counters, length 5, reserved, checksum; data and padding
  const trdp = [
    ...hex('00000001 0100 5064 000003e9 00000000 00000000 00000005'),
    ...zeros(16),
    ...text('hello'),
    0,
    0,
    0,
  ]
  const message = [...hex('00000000 0100 4d72 000003e9 00000000 00000000 00000004'), ...zeros(92), ...text('test')]
  // command, through gateways, request: memory area read
  const fins = hex('80 00 02 00 01 00 00 02 00 07 01 01 82 0000 00 0001')
  const finsTcp = hex('46494e53 0000000c 00000000 00000000 00000000')
  const egd = [...hex('0d 01 0001 0a000001 01000000'), ...zeros(28)]
  // length 14, type 1; NOP
  const etherCat = [...hex('0e10 00'), ...zeros(13)]
  const hart = hex('01 00 00 00 0001 000d 01 0000ea60')

  check('udp', [
    ['PRS_SOMEIPProtocol §4.1.2: a request', someIp, {}, 'someip'],
    ['SOME/IP: a response', someIp.with(14, 0x80).with(15, 5), {}, 'someip'],
    ['SOME/IP: a segment', someIp.with(14, 0x20), {}, 'someip'],
    ['SOME/IP: another length', [...someIp, 0], {}, null],
    ['SOME/IP: protocol version 2', someIp.with(12, 2), {}, null],
    ['SOME/IP: a request that failed', someIp.with(15, 1), {}, null],
    ['IEC 61375-2-3: process data', trdp, {}, 'trdp'],
    ['IEC 61375-2-3: a request', message, {}, 'trdp'],
    ['TRDP: another length', trdp.with(23, 9), {}, null],
    ['TRDP: another type', trdp.with(7, 0x78), {}, null],
    ['FINS', fins, on(9600), 'omron'],
    ['FINS: a response', fins.with(0, 0xc0), from(9600), 'omron'],
    ['FINS: on another port', fins, {}, null],
    ['FINS: a command that there is not', fins.with(10, 0x77), on(9600), null],
    ['Ethernet Global Data', egd, on(18_246), 'egd'],
    ['Ethernet Global Data: version 2', egd.with(1, 2), on(18_246), null],
    ['EtherCAT', etherCat, on(0x88a4), 'ecatf'],
    ['EtherCAT: type 5', etherCat.with(1, 0x50), on(0x88a4), null],
    ['HART-IP', hart, on(5094), 'hart_ip'],
    ['HART-IP: another length', hart.with(7, 0x0e), on(5094), null],
  ])

  check('tcp', [
    ['FINS', finsTcp, {}, 'omron'],
    ['FINS: a length beyond the end', finsTcp.with(7, 0x0d), {}, null],
    ['HART-IP', hart, from(5094), 'hart_ip'],
    ['SOME/IP', someIp, {}, 'someip'],
    ['TRDP', message, {}, 'trdp'],
  ])
})

describe('CoAP and UFTP', () => {
  // confirmable, token of 1, GET, message id; token; Uri-Path "time"
  const get = hex('41 01 1234 aa b4 74696d65')
  const content = hex('61 45 1234 aa ff 3132')
  // version 4, ANNOUNCE, number, source, group, ...; ANNOUNCE, 2 words
  const announce = hex('40 01 0000 0a000001 00000001 00 9d 00 00 01 02 0000 00000000')

  check('udp', [
    ['RFC 7252 §3: GET', get, on(5683), 'coap'],
    ['RFC 7252 §3: content', content, from(5683), 'coap'],
    ['an acknowledgment', hex('60 00 1234'), from(5683), 'coap'],
    ['an option beyond the end', get.with(5, 0xb5), on(5683), null],
    ['a payload without content', hex('61 45 1234 aa ff'), from(5683), null],
    ['a token of 9', get.with(0, 0x49), on(5683), null],
    ['version 2', get.with(0, 0x81), on(5683), null],
    ['on another port', get, {}, null],
    ['UFTP: ANNOUNCE', announce, {}, 'uftp'],
    ['UFTP: version 5', announce.with(0, 0x50), {}, 'uftp'],
    ['UFTP: two types', announce.with(16, 2), {}, null],
    ['UFTP: a message beyond the end', announce.with(17, 3), {}, null],
  ])
})
