import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED, FAULT_TRUNCATED } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.

/** IPv4 around a TCP header with these options (whole words) and data. */
function segment(options: string, data = '') {
  const extra = options.replace(/\s/g, '').length / 2
  const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
  const length = 40 + extra + data.length / 2
  return packetOf(
    228,
    `4500${hex(length, 4)} 00010000 40060000 c0000201 c0000202
     03e81b59 00000001 00000002 ${hex((20 + extra) / 4, 1)}f12 0400 1234 0005 ${options} ${data}`,
  )
}

describe('TCP', () => {
  test('the fields of the header', () => {
    const packet = segment('', '61626364')
    expect(stackOf(packet)).toBe('ip:tcp:data')
    expect(valuesOf(packet, 'tcp.port')).toEqual([1000, 7001])
    expect(valuesOf(packet, 'tcp.seq_raw')).toEqual([1])
    expect(valuesOf(packet, 'tcp.ack_raw')).toEqual([2])
    expect(valuesOf(packet, 'tcp.hdr_len')).toEqual([20])
    expect(valuesOf(packet, 'tcp.len')).toEqual([4])
    expect(valuesOf(packet, 'tcp.flags')).toEqual([0xf12])
    expect(valuesOf(packet, 'tcp.flags.res')).toEqual([1])
    expect(valuesOf(packet, 'tcp.flags.ae')).toEqual([1])
    expect(valuesOf(packet, 'tcp.flags.syn')).toEqual([1])
    expect(valuesOf(packet, 'tcp.flags.fin')).toEqual([0])
    expect(valuesOf(packet, 'tcp.flags.str')).toEqual(['RRRA···A··S·'])
    expect(valuesOf(packet, 'tcp.window_size_value')).toEqual([1024])
    expect(valuesOf(packet, 'tcp.checksum')).toEqual([0x1234])
    expect(valuesOf(packet, 'tcp.urgent_pointer')).toEqual([5])
    expect(valuesOf(packet, 'tcp.payload')).toEqual(['61626364'])
  })

  test('the options of a SYN', () => {
    const packet = segment('020405b4 0402 080a0000000100000002 01 030307')
    expect(valuesOf(packet, 'tcp.option_kind')).toEqual([2, 4, 8, 1, 3])
    expect(valuesOf(packet, 'tcp.option_len')).toEqual([4, 2, 10, 3])
    expect(valuesOf(packet, 'tcp.options.mss_val')).toEqual([1460])
    expect(valuesOf(packet, 'tcp.options.timestamp.tsval')).toEqual([1])
    expect(valuesOf(packet, 'tcp.options.timestamp.tsecr')).toEqual([2])
    expect(valuesOf(packet, 'tcp.options.wscale.shift')).toEqual([7])
    expect(valuesOf(packet, 'tcp.options.wscale.multiplier')).toEqual([128])
  })

  test.each([
    ['00000000', [0, 0, 0, 0]], // padding is listed
    ['00020405b4000000', [0]], // unless something else follows the end
    ['02040000 02ff0000', [2]], // a length past the header
    ['02000000', []], // a length less than 2
    ['02030000', [2, 0]], // a length that is wrong for the kind
    ['63040000', [99]], // a kind that nobody knows
  ])('options %s', (options, kinds) => {
    expect(valuesOf(segment(options), 'tcp.option_kind')).toEqual(kinds)
  })

  test('a shift above 14 counts as 14 (RFC 7323 §2.3)', () => {
    const packet = segment('03031400')
    expect(valuesOf(packet, 'tcp.options.wscale.shift')).toEqual([20])
    expect(valuesOf(packet, 'tcp.options.wscale.multiplier')).toEqual([16_384])
  })

  test('a header length below 20', () => {
    const packet = packetOf(
      228,
      '45000028 00010000 40060000 c0000201 c0000202 03e81b59 00000001 00000002 4012 0400 1234 0005',
    )
    expect(stackOf(packet)).toBe('ip:tcp')
    expect(packet.fault).toBe(FAULT_MALFORMED)
    expect(valuesOf(packet, 'tcp.payload')).toEqual([])
  })

  test('a header that the snaplen cut', () => {
    const packet = packetOf(228, '45000028 00010000 40060000 c0000201 c0000202 03e81b59 00000001', {
      originalLength: 40,
    })
    expect(stackOf(packet)).toBe('ip:tcp')
    expect(packet.fault).toBe(FAULT_TRUNCATED)
    expect(valuesOf(packet, 'tcp.dstport')).toEqual([7001])
    expect(valuesOf(packet, 'tcp.hdr_len')).toEqual([])
    expect(valuesOf(packet, 'tcp.payload')).toEqual([])
  })
})
