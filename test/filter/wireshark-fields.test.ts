import { expect, test } from 'vitest'
import { isWiresharkField, wiresharkKind } from '../../src/filter/wireshark-fields.ts'

// `tshark -G fields` of 4.0.17: the first and the last name in order, and some between them.
test.each([
  ['29west', 'protocol'],
  ['tcp', 'protocol'],
  ['tcp.port', 'field'],
  ['tcp.options.rvbd.probe', 'field'],
  ['modbus', 'protocol'],
  ['zvt.tlv.tag', 'field'],
  ['_ws.short', 'protocol'],
  ['_ws.expert.severity', 'field'],
  ['tc', undefined],
  ['tcp.', undefined],
  ['tcp.prot', undefined],
  ['tcp.options.rvbd', undefined],
  ['tcp.options.rvbd.probes', undefined],
  ['', undefined],
])('%s', (name, kind) => {
  expect(wiresharkKind(name)).toBe(kind)
  expect(isWiresharkField(name)).toBe(kind !== undefined)
})
