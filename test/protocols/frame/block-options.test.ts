import { expect, test } from 'vitest'
import type { Packet } from '../../../src/packet/packet.ts'
import { frame } from '../../../src/protocols/frame.ts'
import { packetOf } from '../../support/packet.ts'

// Expected values: draft-ietf-opsawg-pcapng §4.3. What stands behind the packet is its block's options, little-endian.
const OPTIONS =
  '0100 0500 68656c6c6f 000000' + // a comment, padded
  '0200 0400 05000001' + // flags: inbound, unicast, CRC error
  '0600 0400 07000000' + // queue
  '0700 0900 01 0200000000000000 000000' + // a verdict of traffic control: 2
  '0400 0800 0300000000000000' + // losses
  '0000 0000'

function withOptions(): Packet {
  const data = '45000014 00010000 40110000 c0000201 c0000202'.replace(/\s/g, '')
  const options = OPTIONS.replace(/\s/g, '')
  // An enhanced packet block of interface 0: type, total length, interface, time, captured and original length.
  const total = Buffer.alloc(4)
  total.writeUInt32LE(28 + (data.length + options.length) / 2 + 4)
  const length = total.toString('hex')
  const header = `06000000 ${length} 00000000 00000000 00000000 14000000 14000000`.replace(/\s/g, '')
  const packet = packetOf(228, header + data + options + length)
  packet.start = 28
  packet.capturedLength = 20
  const none = new Uint8Array(0)
  packet.source = {
    section: { number: 1, little: true, options: none },
    isInterface: true,
    frameCheckLength: -1,
    snaplen: 0,
    resolutionCode: 6,
    options: none,
    description: 'Loopback',
  }
  return packet
}

function valuesOf(packet: Packet, name: string): unknown[] {
  const values: unknown[] = []
  frame.fields
    .find((field) => field.name === name)
    ?.each(packet, -1, (value) => {
      values.push(value)
      return false
    })
  return values
}

test.each([
  ['frame.section_number', 1],
  ['frame.interface_id', 0],
  ['frame.interface_name', 'Loopback'],
  ['frame.interface_description', 'Loopback'],
  ['frame.comment', 'hello'],
  ['frame.packet_flags', 0x01000005],
  ['frame.packet_flags_direction', 1],
  ['frame.packet_flags_reception_type', 1],
  ['frame.packet_flags_crc_error', 1],
  ['frame.packet_flags_symbol_error', 0],
  ['frame.p2p_dir', 1],
  ['frame.interface_queue', 7],
  ['frame.verdict.ebpf_tc', 2n],
  ['frame.drop_count', 3n],
])('%s', (name, value) => {
  expect(valuesOf(withOptions(), name)).toEqual([value])
})

test('pcap has none of them', () => {
  const packet = packetOf(228, '45000014 00010000 40110000 c0000201 c0000202')
  for (const name of ['frame.section_number', 'frame.interface_id', 'frame.comment', 'frame.packet_flags'])
    expect(valuesOf(packet, name)).toEqual([])
})
