import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange } from './exchange.ts'

// Expected values: tshark 4.0.17.

/** A PDU of the type, call 7, little-endian: 24 octets, and in requests operation 3. */
const pdu = (type: string): string => `0500${type}0310000000 1800 0000 07000000 00000000 0000 0300`

describe('DCE/RPC', () => {
  test('a response has the operation of its request', () => {
    const exchange = new Exchange('tcp', 1026)
    expect(valuesOf(exchange.client(pdu('00')), 'dcerpc.opnum')).toEqual([3])
    const response = exchange.server(pdu('02'))
    expect(applicationsOf(response)).toBe('dcerpc')
    expect(valuesOf(response, 'dcerpc.cn_call_id')).toEqual([7])
    expect(valuesOf(response, 'dcerpc.opnum')).toEqual([3])
  })

  test.each([
    ['version', pdu('00').replace('0500', '0400')],
    ['minor version', pdu('00').replace('0500', '0502')],
    ['type', pdu('15')],
    ['representation', pdu('00').replace('10000000', '20000000')],
  ])('not with another %s', (_what, octets) => {
    expect(applicationsOf(new Exchange('tcp', 1026).client(octets))).toBe('data')
  })

  test('over UDP: 80 octets of header', () => {
    const datagram = `0400080010000000${'01'.repeat(72)}`
    expect(applicationsOf(new Exchange('udp', 1025).client(`${datagram}00000000`))).toBe('dcerpc')
    expect(applicationsOf(new Exchange('udp', 1025).client(datagram.slice(0, 80)))).toBe('data')
  })
})
