import { expect, test } from 'vitest'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

const ADDRESSES = '00005e005302 00005e005301'

// Expected values: tshark 4.0.17. SSAP f0 is a command's, f1 a response's.
test.each([
  ['f0f0 0201', { p: [1], f: [], n_s: [1], ftype: [0], s_ftype: [] }],
  ['f0f1 0201', { p: [1], f: [], n_s: [1], ftype: [0], s_ftype: [] }], // numbered information: always a poll
  ['f0f1 0901', { p: [], f: [1], n_s: [], ftype: [1], s_ftype: [2] }],
  ['f0f0 7f', { p: [1], f: [], u_modifier_cmd: [0x1b], u_modifier_resp: [], ftype: [3] }],
  ['f0f1 73', { p: [], f: [1], u_modifier_cmd: [], u_modifier_resp: [0x18], ftype: [3] }],
])('LLC control %s', (header, parts) => {
  const length = header.replace(' ', '').length / 2 + 2
  const packet = packetOf(1, `${ADDRESSES} 000${length} ${header} 0102`)
  for (const [name, values] of Object.entries(parts)) expect(valuesOf(packet, `llc.control.${name}`)).toEqual(values)
})

test.each([
  ['0017f2 0800', 'llc.apple_awdl_pid', 0x0800],
  ['00805f 0002', 'llc.hpteam_pid', 2],
  ['0001e8 0111', 'llc.force10_pid', 0x0111],
  ['c0ffee 0111', 'llc.pid', 0x0111],
])('SNAP of %s', (snap, name, value) => {
  const packet = packetOf(1, `${ADDRESSES} 000a aaaa03 ${snap} 0102`)
  expect(valuesOf(packet, name)).toEqual([value])
})

test('only information has an EtherType in SNAP', () => {
  const packet = packetOf(1, `${ADDRESSES} 000a aaaabf 000000 0800 4500`)
  expect(stackOf(packet)).toBe('eth:llc:data')
  expect(valuesOf(packet, 'llc.type')).toEqual([])
})
