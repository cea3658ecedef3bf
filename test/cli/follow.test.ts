import { describe, expect, test } from 'vitest'
import { ACK, Folder, pcap, type Record, SYN, SYN_ACK, tcp } from './captures.ts'
import { fixture, pcapx, pcapxJson } from './support.ts'

const folder = new Folder()
const FIN_ACK = 0x11
const RST = 0x04
const HTTP = fixture('http.pcap')

/** Of `tcp` in captures.ts, with data. */
function segment(from: number, to: number, seq: number, ack: number, data: string | Buffer, flags = ACK): Buffer {
  const octets = Buffer.from(data)
  const ports: [number, number] = from === 5 ? [50123, 80] : [80, 50123]
  const packet = Buffer.concat([tcp(from, ports[0], to, ports[1], flags, seq, ack), octets])
  // IPv4, total length: both headers and the data.
  packet.writeUInt16BE(40 + octets.length, 16)
  return packet
}

const client = (seq: number, ack: number, data: string | Buffer = '', flags = ACK) =>
  segment(5, 4, 101 + seq, 501 + ack, data, flags)
const server = (seq: number, ack: number, data: string | Buffer = '', flags = ACK) =>
  segment(4, 5, 501 + seq, 101 + ack, data, flags)
const HANDSHAKE = [segment(5, 4, 100, 0, '', SYN), segment(4, 5, 500, 101, '', SYN_ACK), client(0, 0)]

/** A packet every millisecond. */
function capture(name: string, packets: readonly Buffer[], options = {}): string {
  return folder.file(
    name,
    pcap(
      packets.map((data, i): Record => ({ at: 1000 * i, data })),
      options,
    ),
  )
}

const DIALOGUE = [
  ...HANDSHAKE,
  client(0, 0, 'hello\r\n'),
  server(0, 7, 'wor'),
  server(3, 7, 'ld\n'),
  client(7, 6),
  client(7, 6, 'bye'),
  server(6, 10, '', FIN_ACK),
]
const dialogue = capture('dialogue.pcap', DIALOGUE)
/** Octets 3 to 6 of the server are not there, 9 to 12 come before 6 to 9, and 0 to 3 twice. */
const holes = capture('holes.pcap', [
  ...HANDSHAKE,
  server(0, 0, 'abc'),
  server(0, 0, 'abX'),
  server(9, 0, 'jkl'),
  server(6, 0, 'ghi'),
  client(0, 12, 'thanks'),
])

/** The packet's IP datagram behind another IPv4 header, of `protocol`, and `header`. */
function inside(packet: Buffer, protocol: number, header: Buffer = Buffer.alloc(0)): Buffer {
  const outer = Buffer.from(packet.subarray(0, 34))
  outer.writeUInt16BE(20 + header.length + packet.length - 14, 16)
  outer[23] = protocol
  return Buffer.concat([outer, header, packet.subarray(14)])
}
const inIpv4 = (packet: Buffer) => inside(packet, 4)
// Type 3, code 1: host unreachable.
const inIcmp = (packet: Buffer) => inside(packet, 1, Buffer.from([3, 1, 0, 0, 0, 0, 0, 0]))

function datagram(from: number, to: number, data: string): Buffer {
  const packet = Buffer.alloc(42 + data.length)
  packet.set([2, 0, 0, 0, 0, to, 2, 0, 0, 0, 0, from, 0x08, 0x00])
  // IPv4: 20 octets of header, protocol 17, 10.0.0.x
  packet.set([0x45, 0, 0, 28 + data.length, 0, 1, 0x40, 0, 64, 17, 0, 0, 10, 0, 0, from, 10, 0, 0, to], 14)
  packet.writeUInt16BE(from === 5 ? 50123 : 53, 34)
  packet.writeUInt16BE(from === 5 ? 53 : 50123, 36)
  packet.writeUInt16BE(8 + data.length, 38)
  packet.write(data, 42)
  return packet
}
const datagrams = capture('datagrams.pcap', [
  datagram(5, 4, 'one?'),
  datagram(5, 4, 'two?'),
  datagram(4, 5, 'one!'),
  datagram(4, 5, ''),
])

describe('pcapx follow', () => {
  test('what both sides said, in turn', async () => {
    const { code, stdout, stderr } = await pcapx(['follow', '0', dialogue])
    expect(code).toBe(0)
    expect(stdout).toBe(`TCP stream 0
> client 10.0.0.5:50123
< server 10.0.0.4:80

> packet 4, 2017-01-09 18:51:33.003000000 UTC
hello

< packet 5, 2017-01-09 18:51:33.004000000 UTC
world

> packet 8, 2017-01-09 18:51:33.007000000 UTC
bye
`)
    expect(stderr).toBe('client 10 octets; server 6 octets\n')
  })

  test.each(['0', 'tcp:0', 'TCP:0', 'tcp.stream == 0', 'tcp.stream eq 0', ' tcp.stream==0 '])(
    'named %j',
    async (name) => {
      expect((await pcapx(['follow', name, dialogue])).stdout).toContain('\nhello\n')
    },
  )

  test('gaps, copies, and what differs', async () => {
    const { stdout, stderr } = await pcapx(['follow', '0', holes, '--side', 'server'])
    // tshark -q -z follow,tcp,raw,0 has 616263, "[3 bytes missing in capture file]", 676869, 6a6b6c.
    expect(stdout).toBe('abc\n[3 octets missing]\nghijkl\n')
    expect(stderr).toBe(
      'pcapx: warning: 1 octet of the server differed when sent again; the first stand\n' +
        'server 9 octets, 3 missing, 3 sent again\n',
    )
  })

  test('--as hex: offsets within what a side sent', async () => {
    const { stdout } = await pcapx(['follow', '0', holes, '--as', 'hex'])
    expect(stdout.split('\n').slice(4)).toEqual([
      '< packet 4, 2017-01-09 18:51:33.003000000 UTC',
      `< 0000  61 62 63${' '.repeat(39)}   abc`,
      '[3 octets missing]',
      `< 0006  67 68 69${' '.repeat(39)}   ghi`,
      `< 0009  6a 6b 6c${' '.repeat(39)}   jkl`,
      '',
      '> packet 8, 2017-01-09 18:51:33.007000000 UTC',
      `> 0000  74 68 61 6e 6b 73${' '.repeat(30)}   thanks`,
      '',
    ])
  })

  test('--as raw: the octets, and nothing else', async () => {
    const both = await pcapx(['follow', '0', dialogue, '--as', 'raw'])
    expect(both.bytes.toString()).toBe('hello\r\nworld\nbye')
    const one = await pcapx(['follow', '0', holes, '--as', 'raw', '--side', 'server'])
    expect(one.bytes.toString()).toBe('abcghijkl')
    expect(one.stderr).toMatch(/^pcapx: warning: octet 3 of the server: 3 octets missing$/m)
    // tshark -n -r fixtures/http.pcap -q -z follow,tcp,raw,0, the lines of node 1
    const page = await pcapx(['follow', '0', HTTP, '--as', 'raw', '--side', 'server'])
    expect(page.bytes).toHaveLength(12235)
  })

  test('--json', async () => {
    const document = await pcapxJson('follow', '0', holes)
    expect(document).toMatchObject({
      schema: 'pcapx.follow/1',
      protocol: 'tcp',
      stream: 0,
      client: { address: '10.0.0.5', port: 50123 },
      server: { address: '10.0.0.4', port: 80 },
      clientGuessed: false,
      side: null,
      streams: 1,
      gapsOmitted: 0,
      packetsRead: 8,
    })
    expect(document.segments[0]).toEqual({
      from: 'server',
      packet: 4,
      time: '2017-01-09T18:51:33.003000000Z',
      offset: 0,
      length: 3,
      data: 'YWJj',
      text: 'abc',
    })
    // biome-ignore lint/suspicious/noExplicitAny: a JSON document.
    expect(document.segments.map((item: any) => [item.from, item.packet, item.offset, item.text])).toEqual([
      ['server', 4, 0, 'abc'],
      ['server', 7, 6, 'ghi'],
      ['server', 6, 9, 'jkl'],
      ['client', 8, 0, 'thanks'],
    ])
    expect(document.gaps).toEqual([
      { from: 'server', packet: 7, time: '2017-01-09T18:51:33.006000000Z', offset: 3, length: 3, cause: 'missing' },
    ])
    expect(document.totals.server).toEqual({
      octets: 9,
      missing: 3,
      gaps: 1,
      retransmitted: 3,
      differing: 1,
      late: 0,
    })
  })

  test('--jsonl: pieces and gaps in order, and a summary', async () => {
    const { stdout } = await pcapx(['follow', '0', holes, '--jsonl', '--side', 'server'])
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records.map(({ type }) => type)).toEqual(['segment', 'gap', 'segment', 'segment', 'summary'])
    expect(records.at(-1)).toMatchObject({ schema: 'pcapx.follow/1', stream: 0, side: 'server' })
  })

  test('octets that are no text have none in JSON', async () => {
    const binary = capture('binary.pcap', [...HANDSHAKE, client(0, 0, Buffer.from([1, 2, 0xff]))])
    const { segments } = await pcapxJson('follow', '0', binary)
    expect(segments[0]).toMatchObject({ data: 'AQL/' })
    expect(segments[0]).not.toHaveProperty('text')
  })

  test('segments that the snaplen cut', async () => {
    // Ethernet, IPv4 and TCP take 54 octets.
    const cut = capture('cut.pcap', [...HANDSHAKE, client(0, 0, 'abcdef'), client(6, 0, 'gh')], { snaplen: 58 })
    const { stdout, stderr } = await pcapx(['follow', '0', cut, '--side', 'client'])
    expect(stdout).toBe('abcd\n[2 octets cut by the snaplen]\ngh\n')
    expect(stderr).toBe('client 6 octets, 2 missing\n')
  })

  test('a reset gives up what is missing; its own data is none of the stream', async () => {
    const reset = capture('reset.pcap', [
      ...HANDSHAKE,
      server(2, 0, 'c'),
      client(0, 0, 'no more', RST),
      server(3, 0, 'd'),
    ])
    const { stdout, stderr } = await pcapx(['follow', '0', reset])
    expect(stdout).toMatch(/UTC\n\[2 octets missing\]\ncd\n$/)
    expect(stderr).toBe('client 0 octets; server 2 octets, 2 missing\n')
  })

  test('UDP: each datagram by itself', async () => {
    const { stdout, stderr } = await pcapx(['follow', 'udp:0', datagrams])
    expect(stdout.split('\n').map((line) => line.replace(/, 2017.*/, ''))).toEqual([
      ...['UDP stream 0', '> client 10.0.0.5:50123', '< server 10.0.0.4:53', ''],
      ...['> packet 1', 'one?', '', '> packet 2', 'two?', '', '< packet 3', 'one!', '', '< packet 4', ''],
    ])
    expect(stderr).toBe('client 8 octets; server 4 octets\n')
    const { segments } = await pcapxJson('follow', 'udp.stream == 0', datagrams, '--side', 'server')
    expect(segments.map(({ offset, length }: { offset: number; length: number }) => [offset, length])).toEqual([
      [0, 4],
      [4, 0],
    ])
    const lines = (await pcapx(['follow', 'udp:0', datagrams, '--side', 'client'])).stdout.split('\n')
    expect(lines.map((line) => line.slice(0, 10))).toEqual(['> packet 1', 'one?', '', '> packet 2', 'two?', ''])
  })

  test('a stream in a tunnel, and the tunnel', async () => {
    const tunnelled = capture('tunnelled.pcap', DIALOGUE.map(inIpv4))
    expect((await pcapx(['follow', '0', tunnelled, '--side', 'client'])).stdout).toBe('hello\nbye\n')
    // tshark -n -r fixtures/vxlan.pcap -q -z follow,udp,raw,2 has two datagrams of 106 octets.
    const { segments } = await pcapxJson('follow', 'udp:2', fixture('vxlan.pcap'))
    expect(segments.map(({ length }: { length: number }) => length)).toEqual([106, 106])
  })

  test('what an ICMP error quotes is not said', async () => {
    const quoted = capture('quoted.pcap', [
      ...DIALOGUE.slice(0, 4),
      inIcmp(client(7, 0, 'quoted')),
      ...DIALOGUE.slice(4),
    ])
    expect((await pcapx(['follow', '0', quoted, '--side', 'client'])).stdout).toBe('hello\nbye\n')
  })

  test('-Y: only packets that match are looked at', async () => {
    const { stdout, stderr } = await pcapx(['follow', '0', dialogue, '-Y', 'tcp.srcport == 80'])
    expect(stdout).toMatch(/^< packet 5.*\nworld\n$/m)
    expect(stdout).not.toContain('hello')
    expect(stderr).toMatch(/; 4 of 9 packets \(tcp.srcport == 80\)\n$/)
  })

  test('a stream that is not there', async () => {
    const { code, stdout, stderr } = await pcapx(['follow', '7', dialogue])
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toBe('pcapx: warning: no TCP stream 7: there is one, number 0\n')
    expect((await pcapx(['follow', 'udp:0', dialogue])).stderr).toBe(
      'pcapx: warning: no UDP stream 0: there are none\n',
    )
    const document = await pcapxJson('follow', '7', dialogue)
    expect(document).toMatchObject({ client: null, server: null, segments: [], streams: 1 })
  })

  test('what is from packets is escaped', async () => {
    const nasty = capture('nasty.pcap', [...HANDSHAKE, client(0, 0, '\x1b]0;x\x07\t\xe9\u202e\r\n')])
    const { stdout } = await pcapx(['follow', '0', nasty, '--side', 'client'])
    expect(stdout).toBe('\\x1b]0;x\\x07\té\\u{202e}\n')
  })

  test('colour tells the sides apart', async () => {
    const { stdout } = await pcapx(['follow', '0', dialogue, '--color', 'always'])
    expect(stdout).toContain('\x1b[36mhello\x1b[39m\n')
    expect(stdout).toContain('\x1b[35mwor\x1b[39m\x1b[35mld\x1b[39m\n')
    const plain = await pcapx(['follow', '0', dialogue])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the escapes of colours.
    expect(stdout.replace(/\x1b\[\d+m/g, '')).toBe(plain.stdout)
  })

  test.each([60, 80])('--as hex fits a terminal of %i columns', async (columns) => {
    const { stdout } = await pcapx(['follow', '0', HTTP, '--as', 'hex'], { columns, environment: { NO_COLOR: '1' } })
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  })

  test('stops when nobody reads any more', async () => {
    const { code, stdout, stderr } = await pcapx(['follow', '0', HTTP], { closesAfter: 100 })
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.length).toBeLessThan(500)
  })
})

describe('pcapx follow, wrong', () => {
  test.each([
    [['follow'], /^pcapx: no stream named/],
    [['follow', ''], /^pcapx: no stream named/],
    [['follow', dialogue], /is a capture; the stream to follow comes before it\n {2}for example: pcapx follow 3 trace/],
    [['follow', '-', dialogue], /is a capture; the stream to follow comes before it/],
    [['follow', 'three', dialogue], /three names no stream; write 3 or tcp:3/],
    [['follow', 'sctp:3', dialogue], /names no stream/],
    [['follow', 'tcp.port == 3', dialogue], /names no stream/],
    [['follow', '99999999999', dialogue], /names no stream/],
    [['follow', '0', dialogue, '--as', 'png'], /Allowed choices are text, hex, raw/],
    [['follow', '0', dialogue, '--json', '--as', 'raw'], /cannot be used with option/],
    [['follow', '0', dialogue, '--side', 'left'], /Allowed choices are client, server, both/],
    [['follow', '0', dialogue, '--csv'], /unknown option '--csv'/],
    [['follow', '0'], /no capture named/],
  ])('%j', async (words, message) => {
    const { code, stdout, stderr } = await pcapx(words)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
  })

  test('raw octets on a terminal', async () => {
    const { code, stdout, stderr } = await pcapx(['follow', '0', dialogue, '--as', 'raw'], { columns: 80 })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/raw octets are not for a terminal/)
  })

  test('a capture that is not there', async () => {
    expect(await pcapx(['follow', '0', 'missing.pcap'])).toMatchObject({ code: 1, stdout: '' })
  })
})
