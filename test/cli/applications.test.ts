/** What the commands say of applications and of names. Expected values: fixtures/README.md, and tshark 4.0.17. */
import { describe, expect, test } from 'vitest'
import { fixture, pcapx, pcapxJson } from './support.ts'

// biome-ignore lint/suspicious/noExplicitAny: records of JSON.
type Json = any

const VM = fixture('vm.pcap')

function find(nodes: Json[], path: string): Json {
  const [name, ...rest] = path.split(':')
  const node = nodes.find((candidate) => candidate.name === name)
  return rest.length === 0 || node === undefined ? node : find(node.children, rest.join(':'))
}

describe('hierarchy', () => {
  test('by stream: what the streams of an application carry, and how many they are', async () => {
    const { protocols } = await pcapxJson('hierarchy', VM)
    // tshark -Y 'tcp.stream in {33, 34} && tcp.len > 0': the two connections of the BitTorrent peer
    expect(find(protocols, 'eth:ip:tcp:bittorrent')).toMatchObject({ packets: 108, streams: 2 })
    // three requests to the tracker and their answers; the nodes of a path have at least what the last one has
    expect(find(protocols, 'eth:ip:tcp:http:bt-tracker')).toMatchObject({ packets: 6, streams: 3 })
    expect(find(protocols, 'eth:ip:tcp:tpkt:cotp:rdp')).toMatchObject({ streams: 11 })
    // tshark's highest tcp.stream is 39, of which 38 are IPv4
    expect(find(protocols, 'eth:ip:tcp').streams).toBe(38)
  })

  test('by packet: what tshark -z io,phs counts, without what is no protocol', async () => {
    const { protocols } = await pcapxJson('hierarchy', '--by', 'packet', VM)
    // io,phs: http frames:20 bytes:6313, bittorrent frames:23, bencode frames:4, and no data-text-lines below http
    expect(find(protocols, 'eth:ip:tcp:http')).toMatchObject({ packets: 20, bytes: 6313 })
    expect(find(protocols, 'eth:ip:tcp:bittorrent')).toMatchObject({
      packets: 23,
      children: [{ name: 'bencode', packets: 4 }],
    })
    expect(find(protocols, 'eth:ip:tcp:http:data-text-lines')).toBeUndefined()
  })

  test('with a filter that decodes applications, streams still count whole', async () => {
    // tshark -Y http: 20 packets over IPv4
    const { protocols } = await pcapxJson('hierarchy', '-Y', 'http', VM)
    expect(find(protocols, 'eth:ip:tcp:http')).toMatchObject({ packets: 20, streams: 9 })
    expect(find(protocols, 'eth:ip:tcp').endPackets).toBe(0)
  })

  test('packets whose headers were cut off are counted apart', async () => {
    const { cutOff, malformed } = await pcapxJson('hierarchy', fixture('vm-snap34.pcap'))
    // 34 octets hold Ethernet and IPv4, and nothing of what is above
    expect(cutOff).toBeGreaterThan(1000)
    expect(malformed).toBe(0)
    expect((await pcapx(['hierarchy', fixture('vm-snap34.pcap')])).stdout).toMatch(/packets cut off within a header/)
  })

  test('an unknown unit is refused', async () => {
    const { code, stderr } = await pcapx(['hierarchy', '--by', 'byte', VM])
    expect(code).toBe(2)
    expect(stderr).toMatch(/stream, packet/)
  })
})

describe('flows', () => {
  test('the evidence for a name, and what is carried', async () => {
    const { flows } = await pcapxJson('flows', VM)
    const flow = (stream: number) => flows.find((f: Json) => f.protocol === 'tcp' && f.stream === stream)
    expect(flow(33)).toMatchObject({
      application: 'bittorrent',
      evidence: { kind: 'payload', packet: 1196, what: 'handshake "BitTorrent protocol"' },
    })
    expect(flow(22)).toMatchObject({ application: 'tpkt', carries: ['cotp', 'rdp'] })
  })

  test('in a table, what is carried, and a mark where only the port tells', async () => {
    const { stdout } = await pcapx(['flows', '--top', '0', fixture('vxlan.pcap')])
    expect(stdout).toMatch(/ vxlan\? /)
    expect(stdout).toMatch(/only its port tells/)
    expect((await pcapx(['flows', '--top', '0', VM])).stdout).toMatch(/ tpkt\/rdp /)
  })

  test('names of hosts only when they are asked for', async () => {
    const named = (flows: Json[]) => flows.filter((f) => f.serverName !== null || f.clientName !== null).length
    expect(named((await pcapxJson('flows', VM)).flows)).toBe(0)
    const { flows } = await pcapxJson('flows', '--names', VM)
    expect(flows.find((f: Json) => f.protocol === 'tcp' && f.stream === 3).serverName).toBe('www.example.com')
  })
})

test.each([
  ['endpoints', 'endpoints', '203.0.113.80'],
  ['destinations', 'destinations', '198.51.100.20'],
])('%s --names', async (command, list, address) => {
  const expected: Record<string, string> = { '203.0.113.80': 'www.example.com', '198.51.100.20': 'fast.example.com' }
  const document = await pcapxJson(command, '--names', VM)
  expect(document[list].find((e: Json) => e.address === address).name).toBe(expected[address])
})

test('rtt --names', async () => {
  const { handshakes } = await pcapxJson('rtt', '--names', VM)
  expect(handshakes.find((h: Json) => h.stream === 31)).toMatchObject({ serverName: 'tracker.example.com' })
})
