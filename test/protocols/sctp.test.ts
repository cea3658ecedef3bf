import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED, FAULT_NONE } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.

/** IPv4 around an SCTP header from port 1 to 2 with the chunks. */
function chunks(hex: string) {
  const octets = hex.replace(/\s/g, '')
  const length = (32 + octets.length / 2).toString(16).padStart(4, '0')
  return packetOf(228, `4500${length} 00010000 40840000 c0000201 c0000202 00010002 00000003 00000004 ${octets}`)
}

describe('SCTP', () => {
  test('ports, tag and chunks', () => {
    // SACK of 16 octets; COOKIE ACK of 4
    const packet = chunks('03000010 00000001 00010000 00000000 0b000004')
    expect(stackOf(packet)).toBe('ip:sctp')
    expect(valuesOf(packet, 'sctp.port')).toEqual([1, 2])
    expect(valuesOf(packet, 'sctp.verification_tag')).toEqual([3])
    expect(valuesOf(packet, 'sctp.checksum')).toEqual([4])
    expect(valuesOf(packet, 'sctp.chunk_type')).toEqual([3, 11])
    expect(valuesOf(packet, 'sctp.chunk_length')).toEqual([16, 4])
    expect(packet.transport).toBe(1)
    expect(packet.fault).toBe(FAULT_NONE)
  })

  test('each whole message is data; chunks are padded to words', () => {
    const packet = chunks(
      `00030015 00000011 00000001 00000000 6162636465 000000
       00030014 00000012 00000002 00000000 66676869`,
    )
    expect(stackOf(packet)).toBe('ip:sctp:data:data')
    expect(valuesOf(packet, 'data.data')).toEqual(['6162636465', '66676869'])
    expect(valuesOf(packet, 'sctp.data_tsn_raw')).toEqual([0x11, 0x12])
    expect(valuesOf(packet, 'sctp.data_sid')).toEqual([0, 0])
    expect(valuesOf(packet, 'sctp.data_payload_proto_id')).toEqual([0, 0])
  })

  test('part of a message is not shown as data', () => {
    expect(stackOf(chunks('00020014 00000011 00000001 00000000 61626364'))).toBe('ip:sctp')
  })

  test('I-DATA', () => {
    expect(stackOf(chunks('40030018 00000011 00000001 00000000 00000000 61626364'))).toBe('ip:sctp:data')
  })

  test.each(['03000000 00000001', '03000100 00000001'])('a chunk whose length cannot be: %s', (chunk) => {
    const packet = chunks(chunk)
    expect(stackOf(packet)).toBe('ip:sctp')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })
})
