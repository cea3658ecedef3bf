import { describe, expect, test } from 'vitest'
import { octets, packetOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.

/** IPv4 around a TCP segment with these options, filled up with NOPs. */
function withOptions(options: string, flags = 0x10) {
  const list = [...octets(options)]
  while (list.length % 4 !== 0) list.push(1)
  const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
  return packetOf(
    228,
    `4500${hex(40 + list.length, 4)} 00010000 40060000 0a000001 0a000002
     03e81b59 000003e8 000007d0 ${hex((20 + list.length) / 4, 1)}0${hex(flags, 2)} 03e8 1234 0000
     ${Buffer.from(list).toString('hex')}`,
  )
}

describe('TCP options', () => {
  test.each([
    ['0606 aabbccdd', 'echo_value', [0xaabbccdd]],
    ['0604 aabb', 'echo_value', []],
    ['0c06 aabbccdd', 'cc_value', [0xaabbccdd]],
    ['1312 00112233445566778899aabbccddeeff', 'md5.digest', ['00112233445566778899aabbccddeeff']],
    ['1b08 2507 00112233', 'qs.rate', [5]],
    ['1b08 2507 00112233', 'qs.ttl_diff', [7]],
    ['1c04 8123', 'user_to_granularity', [1]],
    ['1c04 8123', 'user_to_val', [0x123]],
    ['1d08 0102 aabbccdd', 'ao.keyid', [1]],
    ['1d08 0102 aabbccdd', 'ao.rnextkeyid', [2]],
    ['1d08 0102 aabbccdd', 'ao.mac', ['aabbccdd']],
    ['2202', 'tfo.request', [0]],
    ['2206 00112233', 'tfo.cookie', ['00112233']],
    ['fe08 f989 00112233', 'tfo.cookie', ['00112233']],
    ['fe08 f989 00112233', 'experimental.data', []],
    ['fe08 1234 aabbccdd', 'experimental.exid', [0x1234]],
    ['fe08 1234 aabbccdd', 'experimental.data', ['aabbccdd']],
    ['fe05 00ac 35', 'tarr.rate', [26]],
    ['fe05 00ac 35', 'tar.reserved', [1]],
    ['ac0b 010203 040506 070809', 'acc_ecn.ee0b', [0x010203]],
    ['ae0b 010203 040506 070809', 'acc_ecn.ee0b', [0x070809]],
    ['ae08 010203 040506', 'acc_ecn.ee0b', []],
    ['fe0a acc0 010203 040506', 'acc_ecn.eceb', [0x040506]],
    ['6304 aabb', 'unknown.payload', ['aabb']],
    ['0303 0f', 'wscale.shift.invalid', [0]],
    ['1e0c 0181 0011223344556677', 'mptcp.sendkey', [0x11223344556677n]],
    ['1e10 1105 0102030405060708 090a0b0c', 'mptcp.sendrand', [0x090a0b0c]],
    ['1e1a 201f 0102030405060708 0102030405060708 05060708 090a', 'mptcp.rawdataack', [0x0102030405060708n]],
    ['1e0e 2004 01020304 05060708 090a', 'mptcp.rawdataseqno', [0x01020304n]],
    ['1e0e 2004 01020304 05060708 090a', 'mptcp.datalvllen', [0x090a]],
    ['1e12 3005 0a000001 0050 0102030405060708', 'mptcp.port', [80]],
    ['1e16 3105 20010db8000000000000000000000001 0050', 'mptcp.ipv6', ['20010db8000000000000000000000001']],
    ['1e06 4005 0607', 'mptcp.addrid', [5, 6, 7]],
    ['1e04 8f05', 'mptcp.rst_reason', [5]],
  ])('%s: tcp.options.%s', (options, name, values) => {
    expect(valuesOf(withOptions(options), `tcp.options.${name}`)).toEqual(values)
  })

  test.each([
    ['0604 aabb', 1],
    ['0606 aabbccdd', 0],
    ['02ff0000', 1], // longer than the header
    ['02000000', 1], // shorter than kind and length
    ['63', 1], // the fill is its length, and too short
    ['1d03 01', 1],
    ['fe03 00', 1],
    ['ac06 01020304', 1],
  ])('tcp.option.len.invalid: %s', (options, count) => {
    expect(valuesOf(withOptions(options), 'tcp.option.len.invalid')).toHaveLength(count)
  })

  test('a SYN should have a maximum segment size, and nothing else should', () => {
    expect(valuesOf(withOptions('03030801', 0x02), 'tcp.options.mss.absent')).toHaveLength(1)
    expect(valuesOf(withOptions('020405b4', 0x02), 'tcp.options.mss.absent')).toHaveLength(0)
    expect(valuesOf(withOptions('', 0x02), 'tcp.options.mss.absent')).toHaveLength(0)
    expect(valuesOf(withOptions('020405b4', 0x10), 'tcp.options.mss.present')).toHaveLength(1)
  })

  test('blocks of a selective acknowledgment that is cut', () => {
    const packet = withOptions('050e 00000400 00000500 00000600')
    expect(valuesOf(packet, 'tcp.options.sack.count')).toEqual([1])
    expect(valuesOf(packet, 'tcp.options.sack_le')).toEqual([0x400, 0x600])
    expect(valuesOf(packet, 'tcp.options.sack_re')).toEqual([0x500])
    expect(valuesOf(packet, 'tcp.suboption_malformed')).toHaveLength(1)
  })

  test('a first block that lies in the second reports octets that came twice', () => {
    const inside = withOptions('0512 00000800 00000900 00000700 00000a00')
    const behind = withOptions('0512 00000800 00000900 00000900 00000a00')
    expect(valuesOf(inside, 'tcp.options.sack.dsack')).toHaveLength(1)
    expect(valuesOf(behind, 'tcp.options.sack.dsack')).toHaveLength(0)
  })
})

test('what the control bits and the fields beside them tell', () => {
  const packet = packetOf(
    228,
    '45000028 00010000 40060000 0a000001 0a000002 03e81b59 00000064 00000005 5004 0000 1234 0007',
  )
  expect(valuesOf(packet, 'tcp.connection.rst')).toHaveLength(1)
  expect(valuesOf(packet, 'tcp.connection.syn')).toHaveLength(0)
  expect(valuesOf(packet, 'tcp.ack.nonzero')).toHaveLength(1)
  expect(valuesOf(packet, 'tcp.urgent_pointer.non_zero')).toHaveLength(1)
  expect(valuesOf(packet, 'tcp.checksum.status')).toEqual([2])
})

test('data of a reset is its cause', () => {
  const packet = packetOf(
    228,
    '4500002b 00010000 40060000 0a000001 0a000002 03e81b59 00000064 00000005 5004 0000 1234 0000 616263',
  )
  expect(valuesOf(packet, 'tcp.reset_cause')).toEqual(['abc'])
  expect(valuesOf(packet, 'tcp.payload')).toEqual([])
})

test('a header shorter than it may be has no flags', () => {
  const packet = packetOf(
    228,
    '45000028 00010000 40060000 0a000001 0a000002 03e81b59 00000064 00000005 3010 0000 1234 0000',
  )
  expect(valuesOf(packet, 'tcp.bogus_header_length')).toHaveLength(1)
  expect(valuesOf(packet, 'tcp.hdr_len')).toEqual([12])
  expect(valuesOf(packet, 'tcp.len')).toEqual([8])
  expect(valuesOf(packet, 'tcp.flags')).toEqual([])
})
