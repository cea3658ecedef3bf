import { describe, expect, test } from 'vitest'
import { displayWidth } from '../../src/report/text.ts'
import { datagram, dialogue } from '../support/dialogue.ts'
import { Folder, handshake, pcap, type Record } from './captures.ts'
import { fixture, pcapx, pcapxJson } from './support.ts'

// biome-ignore lint/suspicious/noExplicitAny: records of JSON.
type Json = any

const VM = fixture('vm.pcap')
const folder = new Folder()

function capture(name: string, packets: readonly Uint8Array[]): string {
  return folder.file(name, pcap(packets.map((data, i): Record => ({ data: Buffer.from(data), at: i * 1000 }))))
}

// Expected numbers: tshark 4.0.17 and capinfos of the same file, with the command beside them.

describe('the main capture', () => {
  test('in numbers', async () => {
    const document = await pcapxJson('summary', VM)
    expect(document).toMatchObject({
      schema: 'pcapx.summary/1',
      packetsRead: 1447,
      // capinfos -M
      packets: 1447,
      bytes: 345_446,
      start: '2026-11-21T10:42:43.719499000Z',
      inTimeOrder: false,
      // tshark -Y 'tcp.flags.syn == 1' -T fields -e tcp.stream -e tcp.flags; tcp.analysis.ack_rtt of stream 1
      rtt: { connections: 40, outcomes: { established: 36, refused: 3, 'no-answer': 1 }, summary: { max: 0.020329 } },
      // tshark -Y tcp.analysis.retransmission | wc -l; tcp.analysis.lost_segment
      conversations: { retransmissions: 26, lostBytes: 0 },
      // The findings: fixtures/README.md. Streams: -z conv,tcp -z conv,udp
      unwanted: { policy: 'built-in', severities: { high: 2 }, looked: { streams: 61 } },
    })
    const tcp = document.protocols[0].children[0].children[0]
    // tshark -q -z io,phs
    expect(tcp).toMatchObject({ name: 'tcp', packets: 1282, bytes: 311_182 })
    // tshark -q -z dests,tree
    expect(document.destinations[0]).toMatchObject({ address: '10.0.0.4', packets: 752 })
    expect(document.ports[0]).toMatchObject({ protocol: 'TCP', port: 3389, packets: 428 })
    // tshark -q -z endpoints,ip
    expect(document.endpoints[0]).toMatchObject({ address: '10.0.0.4', packets: 1365 })
    // tshark -Y 'tcp.stream == 33' -T fields -e frame.len, added up
    expect(document.flows[0]).toMatchObject({ protocol: 'tcp', stream: 33, bytes: 111_053, application: 'bittorrent' })
    expect(document.handshakes[0]).toMatchObject({ stream: 1, synRtt: 0.020329 })
    expect(document.findings.map(({ rule }: Json) => rule)).toEqual(['peer-to-peer', 'remote-desktop-outside'])
  })

  // 25 destinations: -T fields -e ip.dst -e ipv6.dst | sort -u; 51 TCP and 24 UDP destination ports in the same way; 24 and 6
  // addresses: -z endpoints,ip -z endpoints,ipv6
  test('lists have their first ten, and what is left out is counted', async () => {
    const document = await pcapxJson('summary', VM)
    for (const key of ['handshakes', 'destinations', 'ports', 'endpoints', 'flows'])
      expect(document[key]).toHaveLength(10)
    expect(document.omitted).toMatchObject({
      files: 0,
      handshakes: 40 - 10,
      destinations: 25 - 10,
      ports: 51 + 24 - 10,
      endpoints: 24 + 6 - 10,
      findings: 0,
    })
    const short = await pcapxJson('summary', VM, '--top', '2')
    for (const key of ['handshakes', 'destinations', 'ports', 'endpoints', 'flows', 'findings'])
      expect(short[key]).toHaveLength(2)
    expect(short.protocols).toMatchObject([{ name: 'eth', children: [{ name: 'ip', children: [] }] }])
    expect(short.omitted).toMatchObject({ destinations: 25 - 2, ports: 75 - 2, endpoints: 30 - 2, findings: 0 })
    const whole = await pcapxJson('summary', VM, '--top', '0')
    expect(whole.destinations).toHaveLength(25)
    expect(Object.values(whole.omitted).every((count) => count === 0)).toBe(true)
  })

  test('records are those of the commands', async () => {
    const document = await pcapxJson('summary', VM, '--top', '5')
    for (const [command, keys] of [
      ['info', ['files', 'linkTypes']],
      ['rtt', ['handshakes']],
      ['hierarchy', ['protocols']],
      ['destinations', ['destinations', 'ports']],
      ['endpoints', ['endpoints']],
      ['flows', ['flows']],
      ['unwanted', ['findings']],
    ] as const) {
      const own = await pcapxJson(command, VM, ...(command === 'info' ? [] : ['--top', '5']))
      for (const key of keys) {
        if (command === 'info') for (const file of document.files) delete file.omittedInterfaces
        expect([key, document[key]]).toEqual([key, own[key]])
        expect([key, document.omitted[key]]).toEqual([key, own.omitted[key]])
      }
    }
  })

  test('on one screen of 80 columns', async () => {
    const { code, stdout, stderr } = await pcapx([VM, '--color', 'never'], { columns: 80 })
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(45)
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80)
    for (const command of ['info', 'rtt', 'hierarchy', 'destinations', 'flows', 'unwanted'])
      expect(stdout).toMatch(new RegExp(`  pcapx ${command} ${VM}$`, 'm'))
    expect(stdout).toContain('\n1,447 packets in 37.332 s, from 2026-11-21 10:42:43 UTC on\n')
    expect(stdout).toContain('\nSYN RTT p50 0.020 ms, p95 20.266 ms, max 20.329 ms to 203.0.113.80:80\n')
    expect(stdout).toMatch(/^ {4}tcp +1,282 +88\.6% +█+▏? +311,182 +90\.1%$/m)
    expect(stdout).toMatch(/^5 of 25 addresses +packets +% +5 of 75 ports +packets +%$/m)
    expect(stdout).toMatch(/^10\.0\.0\.4 +752 +52\.5% +TCP 3389 +428 +29\.9%$/m)
    expect(stdout).toContain('\n85 flows of 30 addresses (pcapx endpoints): 26 segments sent again, 0 bytes lost\n')
    expect(stdout).toMatch(/^high +Peer-to-peer file sharing +10\.0\.0\.4 +packet 1171$/m)
  })

  test.each([20, 40, 60, 79, 120, 200])('on %i columns', async (columns) => {
    const { stdout } = await pcapx([VM, '--color', 'never'], { columns })
    expect(Math.max(...stdout.split('\n').map(displayWidth))).toBeLessThanOrEqual(columns)
  })

  test('--top N: rows of each', async () => {
    const { stdout } = await pcapx([VM, '--top', '2'])
    expect(stdout).toMatch(/^2 of 25 addresses/m)
    expect(stdout.match(/^tcp \d+ /gm)).toHaveLength(2)
    // eth and ip: what is below is folded.
    expect(stdout).toMatch(/^eth .*\n {2}ip \(tcp, udp, .*\n {2}… ipv6, arp .*\n\n/m)
    const { stdout: all } = await pcapx([VM, '--top', '0'])
    expect(all).toMatch(/^25 addresses +packets +% +75 ports/m)
    expect(all).toMatch(/^ {6}bt-lsd +1 +<0\.1%/m)
    expect(all).not.toContain('…')
  })

  test('-Y lets only matching packets reach all of it', async () => {
    // tshark -Y 'tcp.port == 111' | wc -l; twelve packets of each client: fixtures/README.md
    const { stdout } = await pcapx(['-Y', 'tcp.port == 111', VM])
    expect(stdout).toMatch(/^60 of 1,447 packets \(tcp\.port == 111\)\n\nFile/)
    expect(stdout).toContain('6 connections: 6 established')
    expect(stdout).toContain(` pcapx destinations -Y 'tcp.port == 111' ${VM}\n`)
    const document = await pcapxJson('-Y', 'tcp.port == 111', VM)
    expect(document).toMatchObject({ packetsRead: 1447, packetsMatched: 60, packets: 60, rtt: { connections: 6 } })
    expect((await pcapx([VM, '-Y', 'frame.number == 0'])).stdout).toMatch(
      /^0 of 1,447 packets .*\n\nFile.*\n.*\nno packets\n$/,
    )
  })
})

describe('without a command', () => {
  test('a capture is summed up, whatever comes first', async () => {
    const { stdout } = await pcapx(['summary', VM, '--json'])
    for (const words of [
      [VM, '--json'],
      ['--json', VM],
      ['--json', '--top', '10', VM],
    ])
      expect((await pcapx(words)).stdout.replace(/\n {2}"protocols": [\s\S]*/, '')).toBe(
        stdout.replace(/\n {2}"protocols": [\s\S]*/, ''),
      )
    const bare = folder.file('bare', pcap(handshake(50_123)))
    expect((await pcapx([bare])).stdout).toContain('1 connection: 1 established')
  })

  test.each([
    [['rt', VM], /unknown command 'rt'\n {2}Did you mean rtt\?/],
    [['nonsense'], /unknown command 'nonsense'/],
    [['--jason', VM], /unknown option '--jason'\n {2}Did you mean --json\?/],
    [['--json'], /no capture named, and nothing is piped in\n {2}for example: pcapx trace\.pcap/],
    [['-Y', 'tcp.prot == 1', VM], /unknown field tcp\.prot/],
    [[VM, '--csv'], /a summary is no table, and cannot be CSV\n {2}.*pcapx rtt, hierarchy, destinations/],
  ])('%j is a mistake', async (words, message) => {
    const { code, stdout, stderr } = await pcapx(words)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  test('a capture that is not there', async () => {
    const { code, stdout, stderr } = await pcapx(['missing.pcap'])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toBe('pcapx: missing.pcap: cannot be opened: no such file\n')
  })

  test.each([
    [['--version'], /^1\.2\.3\n$/],
    [['-h'], /^Usage: pcapx/],
    [[], /^Usage: pcapx/],
  ])('%j is what it was', async (words, text) => expect((await pcapx(words)).stdout).toMatch(text))
})

describe('captures', () => {
  test('without TCP', async () => {
    const name = capture('udp.pcap', [datagram('10.0.0.5:40000', '10.0.0.4:9', 'abcd')])
    const { code, stdout } = await pcapx([name])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^Round-trip times .*\nno TCP handshakes\n$/m)
    // Ethernet 14, IPv4 20, UDP 8, and 4 of data.
    expect(stdout).toMatch(/^eth:ip:udp:data +1 +100\.0% +█+ +46 +100\.0%$/m)
    expect(stdout).toContain('\n1 flow of 2 addresses (pcapx endpoints)\n')
    expect(stdout).toContain('nothing unwanted, by the built-in policy')
  })

  test('without packets', async () => {
    const { code, stdout } = await pcapx([folder.file('empty.pcap', pcap([]))])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^File .*\n.*empty\.pcap: pcap, microseconds, ETHERNET, 24 bytes\nno packets\n$/)
    expect(await pcapxJson(folder.file('empty.pcap'))).toMatchObject({ packets: 0, protocols: [], findings: [] })
  })

  test('without IP', async () => {
    // An Ethernet frame of a type that is kept for experiments (IEEE 802, 88b5).
    const frame = Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5, 1, 2, 3, 4)
    const { stdout } = await pcapx([capture('ethernet.pcap', [frame])])
    expect(stdout).toContain('\nno packets with an IP layer\n')
    expect(stdout).toContain('\nno conversations\n')
    expect(stdout).toContain('\nno TCP or UDP streams to look at')
  })

  test('cut short, damaged, of another link type', async () => {
    const whole = pcap([...handshake(50_123), ...handshake(50_124, 1000)])
    const short = folder.file('short.pcap', whole.subarray(0, whole.length - 5))
    const cut = await pcapx([short])
    expect([cut.code, cut.stderr]).toEqual([0, expect.stringContaining('cut short at byte')])
    expect(cut.stdout).toContain('short.pcap is cut short: its last record is incomplete')
    expect(cut.stdout).toContain('\n5 packets in ')

    const records = [...handshake(50_123), ...handshake(50_124, 1000)]
    records[4] = { ...records[4], claims: 0xfffffff0 }
    const damaged = await pcapx([folder.file('damaged.pcap', pcap(records))])
    expect([damaged.code, damaged.stderr]).toEqual([1, expect.stringContaining('claims 4294967280 octets')])
    // The header of the file, and four records of 16 and 54 octets.
    expect(damaged.stdout).toContain(`damaged.pcap is damaged: counted is what comes before byte ${24 + 4 * 70}\n`)

    // LINKTYPE_BLUETOOTH_LE_LL
    const other = await pcapx([folder.file('user.pcap', pcap(handshake(50_123), { linkType: 251 }))])
    expect(other.stdout).toMatch(/^not decoded: 3 packets of link type /m)
  })

  test('several', async () => {
    const { stdout } = await pcapx([VM, VM, VM, VM, fixture('http.pcap')])
    expect(stdout.match(/^fixtures\/vm\.pcap: pcap/gm)).toHaveLength(3)
    expect(stdout).toContain('\n... and 2 captures more\n')
    // capinfos -c: 1447 and 31
    expect(stdout).toContain('\n5,819 packets in ')
    // They are too long for the headings.
    expect(stdout).toMatch(/^Flows +pcapx flows \.\.\.$/m)
    const document = await pcapxJson('--top', '2', VM, VM, VM)
    expect(document.files).toHaveLength(2)
    expect(document.omitted.files).toBe(1)
  })

  test('whose ports were cut off', async () => {
    const { stdout } = await pcapx([fixture('vm-snap34.pcap')])
    expect(stdout).toContain('\ncut by snaplen: all packets, at 34 octets: ports were not captured\n')
    expect(stdout).toMatch(/TCP packets cut off before ports and numbers/)
    expect(stdout).toMatch(/^5 of \d+ addresses +packets +%$/m)
    expect(stdout).not.toContain('sent again')
  })

  test('taken at the server: which time holds the path', async () => {
    // tshark -Y 'tcp.flags.syn == 1' of retransmit-server.pcap, and more of the same: a SYN-ACK after 0.1 ms, the ACK after 20 ms.
    const records = [1, 2, 3].flatMap((i) =>
      handshake(50_000 + i, 100_000 * i).map((record, k) => ({ ...record, at: 100_000 * i + [0, 100, 20_100][k] })),
    )
    const { stdout } = await pcapx([folder.file('server.pcap', pcap(records))])
    expect(stdout).toContain('\ncaptured near the servers, it seems: ACK RTT (p50 20.000 ms) holds the path\n')
  })
})

describe('like the other commands', () => {
  test('--jsonl: a record a line, each with its type', async () => {
    const { stdout } = await pcapx([VM, '--jsonl', '--top', '1'])
    const types = stdout
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text).type)
    expect(types).toEqual([
      ...['file', 'linkType', 'handshake', 'protocol', 'destination', 'port', 'endpoint', 'flow', 'finding', 'summary'],
    ])
  })

  test('stopped: what was counted so far, marked partial', async () => {
    const { code, stdout } = await pcapx([VM], { onListen: (send) => send('SIGINT') })
    expect(code).toBe(130)
    expect(stdout).toMatch(/^partial: stopped after /)
  })

  test('findings: --fail-on, --policy', async () => {
    expect((await pcapx([VM, '--fail-on', 'high'])).code).toBe(3)
    expect((await pcapx([VM, '--fail-on', 'critical'])).code).toBe(0)
    const file = folder.file('policy.yaml', 'name: mine\nextends: none\nrules: []\n')
    const { code, stdout } = await pcapx([VM, '--policy', file, '--fail-on', 'low'])
    expect(code).toBe(0)
    expect(stdout).toContain('nothing unwanted, by the mine policy')
  })

  test('findings that are left out are counted', async () => {
    const telnet = [1, 2, 3].map((host) =>
      dialogue('10.0.0.5:40000', `10.0.0.${host}:23`, ['S: \xff\xfd\x18\xff\xfd\x20', 'C: \xff\xfb\x18\xff\xfb\x20']),
    )
    const { stdout } = await pcapx([capture('telnet.pcap', telnet.flat()), '--top', '1'])
    expect(stdout).toMatch(/\n\.\.\. and 2 findings more: 3 \w+ in all\n$/)
  })

  test('a terminal without block characters has plain bars', async () => {
    for (const [name, value] of [
      ['LC_ALL', 'C'],
      ['LANG', 'en_US.ISO-8859-1'],
      ['TERM', 'dumb'],
    ]) {
      const { stdout } = await pcapx([VM], { environment: { [name]: value } })
      expect(stdout).toMatch(/^eth +1,447 +100\.0% +#{17} +345,446/m)
      expect(stdout).toMatch(/^ {4}\.\.\. udp, icmp/m)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for.
      expect(stdout).toMatch(/^[\x00-\x7f]*$/)
    }
    const { stdout } = await pcapx([VM], { environment: { LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' } })
    expect(stdout).toMatch(/^eth +1,447 +100\.0% +█{17} +345,446/m)
  })

  test('names of files are safe to show, and to paste', async () => {
    const name = folder.file("it's \x1b[31m.pcap", pcap(handshake(50_123)))
    const { stdout } = await pcapx([name, '--color', 'never'], { columns: 100 })
    expect(stdout).not.toContain('\x1b')
    expect(stdout).toContain("it's \\x1b[31m.pcap: pcap")
    // ESC is 33 in octal digits, which the dollar quotes of a shell take.
    expect(stdout).toContain(`pcapx rtt $'${folder.path}/it\\'s \\033[31m.pcap'\n`)
  })
})
