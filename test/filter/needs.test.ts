/** What a filter asks the engine to compute, and that what it does not ask for does not change the answer. */
import { expect, test } from 'vitest'
import { forEachPacket } from '../../src/engine/run.ts'
import { compileFilter } from '../../src/filter/filter.ts'
import type { Need } from '../../src/protocols/field.ts'

test.each<[string, Need[]]>([
  ['tcp.port == 80', []],
  ['tcp contains "GET"', []],
  ['http', ['dissection']],
  ['http.host', ['dissection']],
  ['dns or tcp', ['dissection']],
  ['data', ['dissection']],
  ['data.len > 10', ['dissection']],
  ['_ws.malformed', ['dissection']],
  ['_ws.short', ['dissection']],
  ['frame.protocols contains "http"', ['dissection']],
  ['tcp.analysis.retransmission', ['analysis']],
  ['frame.time_delta > 1', ['times']],
  ['tcp.stream == 3', ['streams']],
  ['len(http) > 1 && @tcp.stream == 00', ['dissection', 'streams']],
  ['frame matches "get"', []],
])('%s: %j', (expression, needs) => {
  expect([...compileFilter(expression).needs].sort()).toEqual(needs)
})

/** With dissection a segment may have no layer behind it, although it has data. */
test.each([
  'tcp[13] & 2',
  'len(tcp) == 32',
  'tcp[20:] contains 01',
  'len(udp) == 8',
  'udp[7:]',
  'tcp contains "GET"',
  'tcp[32:]',
])('the same with dissection: %s', async (expression) => {
  const matched = async (needs: Need[]) => {
    const { matches } = compileFilter(expression)
    const numbers: number[] = []
    await forEachPacket(['fixtures/http.pcap', 'fixtures/vxlan.pcap', 'fixtures/vm.pcap'], { needs }, (packet) => {
      if (matches(packet)) numbers.push(packet.number)
    })
    return numbers
  }
  expect(await matched(['dissection'])).toEqual(await matched([]))
})
