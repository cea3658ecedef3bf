/**
 * The summary as it is printed. Its numbers are those of the commands whose transcripts lie beside it (`transcripts.test.ts`), and
 * `test/cli/summary.test.ts` holds them against tshark's.
 */
import { expect, test } from 'vitest'
import { fixture, pcapx } from '../cli/support.ts'

test.each(['vm.pcap', 'http.pcap', 'vm-snap34.pcap', 'links.pcapng', 'vxlan.pcap'])('%s', async (name) => {
  const { code, stdout, stderr } = await pcapx([fixture(name)])
  expect([code, stderr]).toEqual([0, ''])
  await expect(`$ pcapx ${fixture(name)}\n${stdout}`).toMatchFileSnapshot(`text/summary-${name}.txt`)
})

test('--json', async () => {
  const { stdout } = await pcapx(['summary', fixture('vm.pcap'), '--top', '3', '--json'])
  JSON.parse(stdout)
  await expect(stdout).toMatchFileSnapshot('json/summary.json')
})
