import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange } from './exchange.ts'

// Expected values: tshark 4.0.17.

/** Connect request with a cookie and a negotiation request. */
const COOKIE_REQUEST = `03000029 24 e0 0000 0000 00 ${Buffer.from('Cookie: mstshash=abc\r\n').toString('hex')} 01 00 0800 03000000`
const NEGOTIATION_REQUEST = '03000013 0e e0 0000 0000 00 01 00 0800 00000000'
const NEGOTIATION_RESPONSE = '03000013 0e d0 0000 1234 00 02 00 0800 01000000'

describe('TPKT, COTP and Remote Desktop', () => {
  test('the negotiation; Wireshark does not name TPKT in the first packet', () => {
    const exchange = new Exchange('tcp', 3389)
    const request = exchange.client(NEGOTIATION_REQUEST)
    expect(applicationsOf(request)).toBe('cotp:rdp')
    expect(valuesOf(request, 'tpkt.length')).toEqual([19])
    expect(valuesOf(request, 'cotp.type')).toEqual([14])
    const response = exchange.server(NEGOTIATION_RESPONSE)
    expect(applicationsOf(response)).toBe('tpkt:cotp:rdp')
    expect(valuesOf(response, 'cotp.srcref')).toEqual([0x1234])
    expect(valuesOf(response, 'rdp.negReq.selectedProtocol')).toEqual([1])
    // TLS then: a continuation.
    expect(applicationsOf(exchange.client('1603010005 6162636465'))).toBe('tpkt')
  })

  test('the cookie', () => {
    const packet = new Exchange('tcp', 3389).client(COOKIE_REQUEST)
    expect(valuesOf(packet, 'rdp.rt_cookie')).toEqual(['Cookie: mstshash=abc'])
    expect(valuesOf(packet, 'rdp.negReq.requestedProtocols')).toEqual([3])
    expect(valuesOf(packet, 'rdp.negReq.requestedProtocols.ssl')).toEqual([1])
    expect(valuesOf(packet, 'rdp.negReq.requestedProtocols.hybrid')).toEqual([1])
    expect(valuesOf(packet, 'rdp.negReq.requestedProtocols.rdstls')).toEqual([0])
    expect(valuesOf(packet, 'rdp.negRsp.flags.extended_client_data_supported')).toEqual([])
  })

  test('what data units hold is told by their first octet; several in a segment', () => {
    const exchange = new Exchange('tcp', 102)
    const dataUnit = (data: string): string => `0300${(7 + data.length / 2).toString(16).padStart(4, '0')}02f080${data}`
    expect(applicationsOf(exchange.client(dataUnit('3201')))).toBe('tpkt:cotp:s7comm')
    expect(applicationsOf(exchange.client(dataUnit('68656c6c6f')))).toBe('tpkt:cotp:t125')
    expect(applicationsOf(exchange.client(dataUnit('61') + dataUnit('626364')))).toBe('tpkt:cotp:data:cotp:data')
  })

  test('Q.931 on any port', () => {
    // SETUP, call reference of 2 octets, no elements.
    const packet = new Exchange('tcp', 30_000).client('0300000a 08 02 0001 05 80')
    expect(applicationsOf(packet)).toBe('q931:q931')
    expect(valuesOf(packet, 'tpkt.length')).toEqual([10])
  })
})
