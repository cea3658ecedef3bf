import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange } from './exchange.ts'

// Expected values: tshark 4.0.17 on the same octets; the messages are the examples of the specification's §6.

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** Transaction, protocol 0, length, unit 1; then function and data. */
function frame(transaction: number, content: string): string {
  const octets = content.replaceAll(' ', '')
  return `${hex(transaction, 4)}0000${hex(octets.length / 2 + 1, 4)}01${octets}`
}

describe('Modbus/TCP', () => {
  test('registers that are asked for are numbered in the answer', () => {
    const exchange = new Exchange('tcp', 502)
    const request = exchange.client(frame(7, '03 006b 0003'))
    expect(applicationsOf(request)).toBe('mbtcp:modbus')
    expect(valuesOf(request, 'mbtcp.trans_id')).toEqual([7])
    expect(valuesOf(request, 'mbtcp.unit_id')).toEqual([1])
    expect(valuesOf(request, 'modbus.func_code')).toEqual([3])
    expect(valuesOf(request, 'modbus.reference_num')).toEqual([107])
    expect(valuesOf(request, 'modbus.word_cnt')).toEqual([3])
    const answer = exchange.server(frame(7, '03 06 022b 0000 0064'))
    expect(valuesOf(answer, 'modbus.request_frame')).toEqual([3])
    expect(valuesOf(answer, 'modbus.byte_cnt')).toEqual([6])
    expect(valuesOf(answer, 'modbus.regnum16')).toEqual([107, 108, 109])
    expect(valuesOf(answer, 'modbus.regval_uint16')).toEqual([555, 0, 100])
    // No request has this transaction.
    const other = exchange.server(frame(8, '03 02 0001'))
    expect(valuesOf(other, 'modbus.request_frame')).toEqual([])
    expect(valuesOf(other, 'modbus.regnum16')).toEqual([0])
  })

  test('coils: no more than were asked for', () => {
    const exchange = new Exchange('tcp', 502)
    expect(valuesOf(exchange.client(frame(1, '01 0013 000a')), 'modbus.bit_cnt')).toEqual([10])
    const answer = exchange.server(frame(1, '01 02 cd 01'))
    expect(valuesOf(answer, 'modbus.bitnum')).toEqual([19, 20, 21, 22, 23, 24, 25, 26, 27, 28])
    expect(valuesOf(answer, 'modbus.bitval')).toEqual([1, 0, 1, 1, 0, 0, 1, 1, 1, 0])
  })

  test('refusals, diagnostics, device identification', () => {
    const exchange = new Exchange('tcp', 502)
    const refused = exchange.server(frame(1, '83 02'))
    expect(valuesOf(refused, 'modbus.func_code')).toEqual([3])
    expect(valuesOf(refused, 'modbus.exception_code')).toEqual([2])
    const counted = exchange.server(frame(2, '08 000b 0007'))
    expect(valuesOf(counted, 'modbus.diagnostic_code')).toEqual([11])
    expect(valuesOf(counted, 'modbus.diagnostic.bus_message_count')).toEqual([7])
    const identified = exchange.server(frame(3, '2b 0e 01 01 00 00 02 00 04 61626364 80 01 ff'))
    expect(valuesOf(identified, 'modbus.object_id')).toEqual([0, 128])
    expect(valuesOf(identified, 'modbus.object_str_value')).toEqual(['abcd'])
    expect(valuesOf(identified, 'modbus.object_value')).toEqual(['ff'])
  })

  test('two messages in one segment, one in two; what is not Modbus', () => {
    const exchange = new Exchange('tcp', 502)
    const write = frame(1, '06 0001 0003')
    const both = exchange.client(write + frame(2, '10 0001 0002 04 000a 0102'))
    expect(valuesOf(both, 'modbus.func_code')).toEqual([6, 16])
    expect(valuesOf(both, 'modbus.data')).toEqual(['0003'])
    expect(valuesOf(both, 'modbus.regval_uint16')).toEqual([10, 0x102])
    expect(applicationsOf(exchange.client(write.slice(0, 16)))).toBe('')
    expect(valuesOf(exchange.client(write.slice(16)), 'modbus.func_code')).toEqual([6])
    expect(applicationsOf(exchange.client('0001 0001 0006 01 03 0000 0001'))).toBe('data')
  })
})
