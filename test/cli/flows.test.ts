import { describe, expect, test } from 'vitest'
import { database } from '../support/mmdb.ts'
import { Folder } from './captures.ts'
import { fixture, pcapx, pcapxJson } from './support.ts'

const VM = fixture('vm.pcap')
const folder = new Folder()

// biome-ignore lint/suspicious/noExplicitAny: records of JSON.
type Json = any

// Expected numbers: tshark 4.0.17 (`-z conv`, tcp.analysis.retransmission, tcp.len, --enable-protocol communityid).

test('what became of a connection', async () => {
  const { flows } = await pcapxJson('flows', VM)
  expect(flows.find(({ protocol, stream }: Json) => protocol === 'tcp' && stream === 24)).toMatchObject({
    client: { address: '203.0.113.9', port: 37_174 },
    server: { address: '10.0.0.4', port: 3389 },
    guessed: false,
    state: 'reset',
    clientPayloadBytes: 2577,
    serverPayloadBytes: 5369,
    clientRetransmissions: 1,
    serverRetransmissions: 2,
    clientLostBytes: 0,
    serverLostBytes: 0,
    duplicates: 0,
    communityId: '1:FhsjTi1M6vSxc5lwzfad1500vjE=',
  })
  const icmp = flows.filter(({ protocol, icmp }: Json) => protocol === 'icmp' && icmp?.type === 8)
  expect(icmp.map(({ client, communityId }: Json) => `${client.address} ${communityId}`).sort()).toEqual([
    '10.0.0.4 1:AO9C+8sCSteSwrkdff3TTAj1W0c=',
    '10.0.0.4 1:cZy6odmQNCy6SipcZa2QRWDFroQ=',
    '10.0.0.5 1:uk6Is5MVyn2BPId4NyKanQhQgko=',
  ])
})

test('segments sent again, stream by stream', async () => {
  const { flows } = await pcapxJson('flows', VM, '--by', 'tcp', '--sort', 'retransmissions')
  const resent = flows
    .map((flow: Json) => [flow.stream, flow.clientRetransmissions + flow.serverRetransmissions])
    .filter(([, count]: [number, number]) => count > 0)
    .sort()
  expect(Object.fromEntries(resent)).toEqual({
    ...{ 20: 3, 21: 2, 22: 3, 23: 2, 24: 3, 25: 2, 26: 2, 27: 2, 28: 1, 29: 1, 30: 2, 39: 3 },
  })
})

describe('--by', () => {
  test('ip', async () => {
    const { flows } = await pcapxJson('flows', VM, '--by', 'ip', '--sort', 'packets', '--top', '3')
    expect(flows.map((f: Json) => [f.client.address, f.server.address, f.packets, f.clientPackets])).toEqual([
      ['198.51.100.44', '10.0.0.4', 338, 200],
      ['203.0.113.9', '10.0.0.4', 293, 167],
      ['10.0.0.4', '192.0.2.77', 191, 83],
    ])
  })

  test('ethernet', async () => {
    const { flows } = await pcapxJson('flows', VM, '--by', 'ethernet', '--sort', 'packets', '--top', '3')
    expect(flows.map((f: Json) => [f.packets, [f.clientPackets, f.serverPackets].sort()])).toEqual([
      [1084, [485, 599]],
      [126, [57, 69]],
      [90, [42, 48]],
    ])
  })

  test('all: Ethernet, IP, and what IP carries', async () => {
    const { flows } = await pcapxJson('flows', VM, '--by', 'all')
    const protocols = new Set(flows.map(({ protocol }: Json) => protocol))
    expect([...protocols].sort()).toEqual(['eth', 'icmp', 'icmpv6', 'igmp', 'ip', 'ipv6', 'tcp', 'udp'])
  })
})

test('-Y counts the packets that match; the figures of a stream stay those of the stream', async () => {
  const filter = 'tcp.srcport == 3389 && tcp.stream == 24 && tcp.len > 0'
  const [flow] = (await pcapxJson('flows', VM, '-Y', filter)).flows
  expect(flow).toMatchObject({ clientPackets: 0, serverPayloadBytes: 5369, serverRetransmissions: 2, state: 'reset' })
  const whole = await pcapxJson('flows', VM, '-Y', filter, '--whole-flows')
  expect(whole.flows.map(({ protocol, stream, packets }: Json) => [protocol, stream, packets])).toEqual([
    ['tcp', 24, 76],
  ])
  expect([whole.packetsRead, whole.packetsMatched]).toEqual([1447, flow.packets])
})

test('past --max-streams the rest is in the totals', async () => {
  const { stdout } = await pcapx(['flows', VM, '--max-streams', '5', '--top', '1'])
  expect(stdout).toMatch(/in all \d+ flows, 345,742 bytes/)
  expect(stdout).toMatch(/\d+ flows \([\d,]+ packets, .*\) closed out to stay within --max-streams/)
  const all = await pcapxJson('flows', VM)
  const few = await pcapxJson('flows', VM, '--max-streams', '5')
  expect(few.totals.bytes).toBe(all.totals.bytes)
  expect(few.totals.packets).toBe(all.totals.packets)
  expect(few.closedOut.flows).toBeGreaterThan(0)
  expect(all.closedOut).toEqual({ flows: 0, packets: 0, bytes: 0 })
})

test('--geo: countries, also named by the environment', async () => {
  const file = folder.file('a.mmdb', database('11001011', { country_code: 'DE' })) // 203.0.0.0/8
  const { stdout } = await pcapx(['flows', VM, '-Y', 'tcp.stream == 24', '--geo', file])
  expect(stdout).toContain('203.0.113.9:37174 DE')
  const { stdout: csv } = await pcapx(['flows', VM, '-Y', 'tcp.stream == 24', '--csv'], {
    environment: { PCAPX_GEO: file },
  })
  expect(csv).toContain('203.0.113.9,37174,DE,10.0.0.4,3389,,')
})

test('80 columns: who, how much, what became of it', async () => {
  const { stdout } = await pcapx(['flows', VM, '--top', '3', '-Y', 'ip', '--color', 'never'], { columns: 80 })
  const lines = stdout.split('\n')
  for (const text of lines) expect(text.length).toBeLessThanOrEqual(80)
  expect(stdout).toMatch(/not shown at this width/)
})

test.each([
  [['--by', 'ports'], /Allowed are ethernet, ip, tcp, udp, other and all/],
  [['--sort', 'size'], /Allowed choices are bytes, packets/],
  [['--whole-flows'], /--whole-flows needs a filter \(-Y\)/],
  [['--max-streams', '0'], /whole number from 1 on/],
  [['--geo', 'missing.mmdb'], /missing\.mmdb: cannot be opened: no such file/],
  [['--geo', VM], /is not a country database/],
])('%j', async (words, message) => {
  const { code, stdout, stderr } = await pcapx(['flows', VM, ...words])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(message)
})
