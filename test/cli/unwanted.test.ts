import { describe, expect, test } from 'vitest'
import { datagram, dialogue } from '../support/dialogue.ts'
import { database } from '../support/mmdb.ts'
import { Folder, pcap } from './captures.ts'
import { fixture, pcapx, pcapxJson } from './support.ts'

// biome-ignore lint/suspicious/noExplicitAny: records of JSON.
type Json = any

const VM = fixture('vm.pcap')
const folder = new Folder()

function capture(name: string, packets: readonly Uint8Array[]): string {
  return folder.file(name, pcap(packets.map((data, i) => ({ data: Buffer.from(data), at: i * 1000 }))))
}

// Expected numbers: fixtures/README.md, of TShark 4.0.17.

test('the main capture: BitTorrent of the VM, and remote desktop for clients outside', async () => {
  const { schema, policy, findings, severities, looked } = await pcapxJson('unwanted', VM)
  expect([schema, policy]).toEqual(['pcapx.unwanted/1', 'built-in'])
  expect(severities).toEqual({ low: 0, medium: 0, high: 2, critical: 0 })
  expect(looked.streams).toBeGreaterThan(50)
  const [torrent, desktop] = findings
  expect(torrent).toMatchObject({
    rule: 'peer-to-peer',
    severity: 'high',
    at: { address: '10.0.0.4', port: null },
    others: expect.arrayContaining(['198.51.100.66', '192.0.2.77']),
    streams: { tcp: expect.arrayContaining([33, 34]) },
  })
  expect(torrent.protocols).toEqual(expect.arrayContaining(['bittorrent', 'bt-dht']))
  expect(torrent.evidence).toContainEqual(
    expect.objectContaining({ protocol: 'bittorrent', kind: 'payload', packet: 1196 }),
  )
  expect(desktop).toMatchObject({
    rule: 'remote-desktop-outside',
    at: { address: '10.0.0.4', port: 3389 },
    // 10.0.0.6 and 10.0.0.7 use it too, from within.
    others: ['203.0.113.9', '198.51.100.44'],
  })
})

test('its BitTorrent is found on whatever port', async () => {
  const { readFileSync } = await import('node:fs')
  const octets = Buffer.from(readFileSync(VM))
  // Ports 6881 (1ae1) and 51413 (c8d5) become 80: TCP headers follow an IPv4 header without options.
  for (let at = 24; at < octets.length; at += 16 + octets.readUInt32LE(at + 8)) {
    const tcp = at + 16 + 34
    if (octets[at + 16 + 23] !== 6) continue
    for (const port of [tcp, tcp + 2])
      if ([6881, 51_413].includes(octets.readUInt16BE(port))) octets.writeUInt16BE(80, port)
  }
  const { findings } = await pcapxJson('unwanted', folder.file('port80.pcap', octets))
  expect(findings[0]).toMatchObject({ rule: 'peer-to-peer', streams: { tcp: expect.arrayContaining([33, 34]) } })
  expect(findings[0].protocols).toContain('bittorrent')
})

test.each(['http.pcap', 'nanos.pcap', 'tls-keys.pcapng', 'retransmit.pcap', 'handshakes/clean.pcap', 'ipsec-udp.pcap'])(
  '%s raises nothing',
  async (name) => {
    const { code, stdout } = await pcapx(['unwanted', fixture(name), '--fail-on', 'low'])
    expect([code, stdout.split('\n')[0]]).toEqual([0, 'nothing unwanted, by the built-in policy'])
  },
)

test('BitTorrent over UDP alone', async () => {
  const { findings } = await pcapxJson('unwanted', fixture('utp.pcap'))
  expect(findings.map(({ rule }: Json) => rule)).toEqual(expect.arrayContaining(['peer-to-peer']))
  expect(findings[0].protocols).toEqual(expect.arrayContaining(['bt-utp']))
})

test('at 80 columns', async () => {
  const { stdout } = await pcapx(['unwanted', VM, '--color', 'never'], { columns: 80 })
  const lines = stdout.split('\n')
  for (const text of lines) expect(text.length).toBeLessThanOrEqual(80)
  expect(lines[0]).toMatch(/^high +Peer-to-peer file sharing$/)
  expect(stdout).toMatch(/\nnext:\n {2}pcapx show \d+ fixtures\/vm\.pcap\n/)
  const { stdout: colored } = await pcapx(['unwanted', VM, '--color', 'always'], { columns: 80 })
  expect(colored.startsWith('\x1b[31mhigh\x1b[39m')).toBe(true)
})

test('-Y: only what matches', async () => {
  const { findings } = await pcapxJson('unwanted', VM, '-Y', 'tcp.port == 3389')
  expect(findings.map(({ rule }: Json) => rule)).toEqual(['remote-desktop-outside'])
})

test('--jsonl and --csv, and --top', async () => {
  const { stdout } = await pcapx(['unwanted', VM, '--jsonl', '--top', '1'])
  const [first, last] = stdout
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text))
  expect(first).toMatchObject({
    type: 'finding',
    rule: 'peer-to-peer',
    filter: expect.stringContaining('tcp.stream in {'),
  })
  expect(last).toMatchObject({
    type: 'summary',
    schema: 'pcapx.unwanted/1',
    omitted: { findings: 1 },
    severities: { high: 2 },
  })
  const { stdout: csv } = await pcapx(['unwanted', VM, '--csv'])
  expect(csv.split('\r\n')[1]).toMatch(/^high,peer-to-peer,Peer-to-peer file sharing,/)
})

describe('--fail-on', () => {
  test.each([
    ['low', 3],
    ['high', 3],
    ['critical', 0],
  ])('%s: exit code %i', async (severity, expected) => {
    const { code, stdout } = await pcapx(['unwanted', VM, '--fail-on', severity, '--top', '1'])
    expect([code, stdout.includes('Peer-to-peer')]).toEqual([expected, true])
  })

  test('a capture that is damaged stays that', async () => {
    const octets = Buffer.concat([
      pcap(dialogue('10.0.0.5:40000', '10.0.0.4:23', []).map((data) => ({ data: Buffer.from(data), at: 0 }))),
      Buffer.alloc(40, 0xff),
    ])
    const { code } = await pcapx(['unwanted', folder.file('damaged.pcap', octets), '--fail-on', 'low'])
    expect(code).toBe(1)
  })
})

describe('--policy', () => {
  const policy = (text: string): string => folder.file(`${Math.random()}.yaml`, text)

  test('rules of the user beside those that are built in', async () => {
    const file = policy(`
name: office
disable: [remote-desktop-outside]
rules:
  - id: rpc
    title: RPC on a VM
    severity: critical
    deny: {protocol: rpc}
  - id: our-peer
    allow: {protocol: [bittorrent, bt-dht, bt-tracker, bt-lsd], address: 10.0.0.4}
`)
    const { policy: name, findings } = await pcapxJson('unwanted', VM, '--policy', file)
    expect(name).toBe('office')
    expect(new Set(findings.map(({ rule, title }: Json) => `${rule}: ${title}`))).toEqual(new Set(['rpc: RPC on a VM']))
  })

  test('a rule on a port alone, which the user asked for', async () => {
    const file = policy('{"extends": "none", "rules": [{"id": "p", "severity": "low", "deny": {"port": 8080}}]}')
    const name = capture('8080.pcap', dialogue('10.0.0.5:40000', '10.0.0.4:8080', []))
    const { findings } = await pcapxJson('unwanted', name, '--policy', file)
    expect(findings).toMatchObject([
      { rule: 'p', evidence: [{ kind: 'policy', what: 'asked for by the rule: port 8080' }] },
    ])
  })

  test('countries, and the database that knows them', async () => {
    const file = policy('extends: none\nrules:\n  - {id: far, severity: low, deny: {country: NL}}\n')
    const name = capture('far.pcap', [datagram('10.0.0.5:40000', '203.0.113.7:5000', '\x80\x81')])
    const geo = folder.file('a.mmdb', database('11001011', { country_code: 'NL' })) // 203.0.0.0/8
    const { code, stdout, stderr } = await pcapx(['unwanted', name, '--policy', file])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /the rule far asks for countries, and no database is named.*\n {2}name an MMDB file with --geo/,
    )
    const { findings } = await pcapxJson('unwanted', name, '--policy', file, '--geo', geo)
    expect(findings).toMatchObject([{ rule: 'far', others: ['10.0.0.5'], at: { address: '203.0.113.7', port: 5000 } }])
  })

  test('what is wrong with it, before any packet is read', async () => {
    const file = policy('rules:\n  - id: a\n    severity: hihg\n    deny: {protocol: telnt}\n')
    const { code, stdout, stderr } = await pcapx(['unwanted', VM, '--policy', file])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^pcapx: .*\.yaml:3: rules\[0\]\.severity: "hihg" is no severity, did you mean high\? \(allowed: low/,
    )
    expect(stderr).toMatch(
      /\n {2}.*\.yaml:4: rules\[0\]\.deny\.protocol: "telnt" is no protocol, did you mean telnet\?\n/,
    )
  })

  test('--print-policy prints one that holds the same', async () => {
    const { code, stdout } = await pcapx(['unwanted', '--print-policy'])
    expect(code).toBe(0)
    const file = policy(stdout)
    const own = await pcapxJson('unwanted', VM, '--policy', file)
    const builtIn = await pcapxJson('unwanted', VM)
    expect(own.policy).toBe('my-policy')
    expect(own.findings).toEqual(builtIn.findings)
  })
})

test.each([
  [['--fail-on', 'bad'], /Allowed choices are low, medium, high, critical/],
  [['--policy', 'missing.yaml'], /missing\.yaml: cannot be read: no such file/],
  [['--geo', 'missing.mmdb'], /missing\.mmdb: cannot be opened/],
])('%j', async (words, message) => {
  const { code, stdout, stderr } = await pcapx(['unwanted', VM, ...words])
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(message)
})
