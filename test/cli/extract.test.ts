import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Bytes, PcapngBytes } from '../support/capture-bytes.ts'
import { ACK, Folder, handshake, pcap, type Record, SYN, tcp } from './captures.ts'
import { fixture, pcapx, pcapxJson, ROOT } from './support.ts'

const folder = new Folder()

async function numbersOf(expression: string, ...captures: string[]): Promise<number[]> {
  return (await pcapxJson('filter', expression, ...captures)).matches.map(({ number }: { number: number }) => number)
}

/** Lines of a table of fields, one for each packet. */
async function fieldsOf(capture: string, names: readonly string[], filter?: string): Promise<string[]> {
  const words = ['fields', ...names.flatMap((name) => ['-e', name]), ...(filter === undefined ? [] : ['-Y', filter])]
  const { stdout } = await pcapx([...words, capture])
  return stdout.split('\n').slice(0, -1)
}

describe('which packets', () => {
  // Stream 0, then another connection on the same ports with another sequence number, then a third one elsewhere.
  const second: Record[] = [
    { at: 20_000, data: tcp(5, 50123, 4, 3389, SYN, 9000) },
    { at: 20_500, data: tcp(4, 3389, 5, 50123, SYN | ACK, 700, 9001) },
  ]
  const records = [...handshake(50123), ...second, { at: 30_000, data: tcp(5, 50124, 4, 3389, SYN, 1) }]
  const reused = folder.file('reused.pcap', pcap(records))

  test.each([
    ['0', records.slice(0, 3)],
    ['1', second],
    ['tcp:1', second],
    ['tcp.stream == 1', second],
    ['TCP.stream eq 1', second],
    ['0,2', [...records.slice(0, 3), records[5]]],
  ])('--stream %j: connections on the same ports are two', async (stream, expected) => {
    const out = folder.file('out.pcap')
    const { code, stdout, stderr } = await pcapx(['extract', '--stream', stream, reused, '-w', out])
    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain(`${expected.length} of 6 packets\n`)
    expect(readFileSync(out)).toEqual(pcap(expected))
  })

  test('--stream may be repeated, and says the same once', async () => {
    const out = folder.file('out.pcap')
    const { stderr } = await pcapx(['extract', '--stream', '0', '--stream', '2,0', reused, '-w', out])
    expect(stderr).toBe('4 of 6 packets\nin Wireshark: tcp.stream eq 0 or tcp.stream eq 2\n')
  })

  test.each(['vm.pcap', 'vxlan.pcap', 'refused.pcap', 'sll2.pcap', 'utp.pcap'])(
    '%s: what the display filter selects, inside tunnels and ICMP errors too',
    async (name) => {
      const out = folder.file('out.pcap')
      for (const stream of ['tcp:0', 'tcp:3', 'udp:0', 'udp:3']) {
        const expression = `${stream.slice(0, 3)}.stream == ${stream.slice(4)}`
        const times = ['frame.time_epoch', 'frame.len', 'frame.protocols']
        const expected = await fieldsOf(fixture(name), times, expression)
        expect((await pcapx(['extract', '--stream', stream, fixture(name), '-w', out])).code).toBe(0)
        expect(await fieldsOf(out, times)).toEqual(expected)
      }
    },
  )

  test('-Y narrows it down', async () => {
    const out = folder.file('out.pcap')
    const words = ['extract', '--stream', '0,2', '-Y', 'tcp.flags.syn == 1', reused, '-w', out]
    expect((await pcapx(words)).stderr).toBe(
      '3 of 6 packets\nin Wireshark: (tcp.stream eq 0 or tcp.stream eq 2) and (tcp.flags.syn == 1)\n',
    )
  })

  test('several captures are one, and their streams go on', async () => {
    const out = folder.file('joined.pcapng')
    const { stderr } = await pcapx(['extract', '--stream', '1', reused, fixture('http.pcap'), '-w', out])
    expect(stderr).toContain('2 of 37 packets')
    expect(await pcapxJson('info', out)).toMatchObject({ packets: 2 })
  })
})

describe('--side', () => {
  const capture = fixture('vm.pcap')

  test('what one side sent, and the filter that says so', async () => {
    const both = await numbersOf('tcp.stream == 3', capture)
    let sum = 0
    for (const side of ['client', 'server']) {
      const out = folder.file(`${side}.pcap`)
      const { stderr } = await pcapx(['extract', '--stream', '3', '--side', side, capture, '-w', out])
      const filter = /in Wireshark: (.*)\n/.exec(stderr)?.[1] ?? ''
      expect(filter).toMatch(/^tcp\.stream eq 3 and ip\.src eq \S+ and tcp\.srcport eq \d+$/)
      const expected = await fieldsOf(capture, ['frame.time_epoch', 'tcp.seq_raw'], filter)
      expect(await fieldsOf(out, ['frame.time_epoch', 'tcp.seq_raw'])).toEqual(expected)
      sum += expected.length
    }
    expect(sum).toBe(both.length)
    // The SYN is the client's.
    expect(await fieldsOf(folder.file('client.pcap'), ['tcp.flags.syn'], 'tcp.flags.ack == 0')).toEqual(['1'])
  })

  test('IPv6', async () => {
    const [stream] = await fieldsOf(capture, ['tcp.stream'], 'ipv6 and tcp.flags.syn == 1 and tcp.flags.ack == 0')
    const out = folder.file('v6.pcap')
    const { stderr } = await pcapx(['extract', '--stream', stream, '--side', 'server', capture, '-w', out])
    expect(stderr).toMatch(/and ipv6\.src eq \S*:\S* and tcp\.srcport eq \d+\n$/)
  })

  test('says when the client is a guess', async () => {
    const midway = folder.file('midway.pcap', pcap([{ at: 0, data: tcp(5, 50123, 4, 50124, ACK, 5, 5) }]))
    const out = folder.file('out.pcap')
    const { code, stderr } = await pcapx(['extract', '--stream', '0', '--side', 'client', midway, '-w', out])
    expect(code).toBe(0)
    expect(stderr).toContain('who is the client is a guess')
    expect((await pcapx(['extract', '--stream', '0', midway, '-w', out])).stderr).not.toContain('guess')
  })
})

describe('fragments', () => {
  /** Ethernet, IPv4, a fragment of the datagram `id` at `offset`. */
  function fragment(id: number, offset: number, more: boolean, data: readonly number[]): Buffer {
    const packet = Buffer.alloc(34 + data.length)
    packet.set([2, 0, 0, 0, 0, 4, 2, 0, 0, 0, 0, 5, 0x08, 0x00])
    // IPv4: length, identification, flags and offset; protocol 17, 10.0.0.5 to 10.0.0.4
    packet.set([0x45, 0, 0, 20 + data.length, 0, id, more ? 0x20 : 0, offset / 8, 64, 17, 0, 0], 14)
    packet.set([10, 0, 0, 5, 10, 0, 0, 4], 26)
    packet.set(data, 34)
    return packet
  }
  /** UDP from `port` to 53, 16 octets of payload. */
  const head = (port: number) => [port >> 8, port & 0xff, 0, 53, 0, 24, 0, 0]
  const eight = [1, 2, 3, 4, 5, 6, 7, 8]
  /** A datagram that is not fragmented, without payload. */
  const datagram = (port: number) => fragment(90, 0, false, [...head(port).slice(0, 5), 8, 0, 0])

  const records: Record[] = [
    { at: 0, data: datagram(12345) }, // udp.stream 0
    { at: 1, data: fragment(2, 0, true, head(12345)) }, // of stream 0
    { at: 2, data: fragment(3, 0, true, head(999)) }, // of stream 1
    { at: 3, data: fragment(2, 8, true, eight) },
    { at: 4, data: datagram(12345) }, // waits behind it
    { at: 5, data: fragment(4, 0, true, head(12345)) }, // never completed
    { at: 6, data: fragment(3, 16, false, eight) },
    { at: 7, data: fragment(3, 8, true, eight) }, // completes stream 1's
    { at: 8, data: fragment(2, 16, false, eight) }, // completes stream 0's
    { at: 9, data: datagram(12345) },
  ]
  const mixed = folder.file('fragments.pcap', pcap(records))
  const ofStream0 = [0, 1, 3, 4, 8, 9].map((i) => records[i])

  test('the earlier ones come along, in the order of the capture', async () => {
    const out = folder.file('whole.pcap')
    const { code, stderr } = await pcapx(['extract', '--stream', 'udp:0', mixed, '-w', out])
    expect([code, stderr]).toEqual([
      0,
      '6 of 10 packets, 2 of them earlier fragments of datagrams\nin Wireshark: udp.stream eq 0\n',
    ])
    expect(readFileSync(out)).toEqual(pcap(ofStream0))
    // And so the datagram can be put together again.
    expect(await fieldsOf(out, ['ip.fragment.count', 'udp.srcport'], 'ip.fragments')).toEqual(['3\t12345'])
  })

  test('those of another stream do not', async () => {
    const out = folder.file('other.pcap')
    await pcapx(['extract', '--stream', 'udp:1', mixed, '-w', out])
    expect(readFileSync(out)).toEqual(pcap([2, 6, 7].map((i) => records[i])))
  })

  test('nor those of what -Y leaves out', async () => {
    const out = folder.file('none.pcap')
    await pcapx(['extract', '--stream', 'udp:0', '-Y', 'udp.length == 8', mixed, '-w', out])
    expect(readFileSync(out)).toEqual(pcap([0, 4, 9].map((i) => records[i])))
  })

  test('over two captures', async () => {
    const one = folder.file('one.pcap', pcap(records.slice(0, 5)))
    const two = folder.file('two.pcap', pcap(records.slice(5)))
    const out = folder.file('two-in-one.pcap')
    await pcapx(['extract', '--stream', 'udp:0', one, two, '-w', out])
    expect(readFileSync(out)).toEqual(pcap(ofStream0))
  })

  test('with their comments, in pcapng of either byte order', async () => {
    for (const little of [true, false]) {
      const capture = new PcapngBytes(little).section().interface(1)
      for (const [i, { data }] of records.entries()) {
        const comment = new TextEncoder().encode(`packet ${i}`)
        capture.enhanced(0, BigInt(i), data, { options: [{ code: 1, value: comment }] })
      }
      const path = folder.file('fragments.pcapng', capture.done())
      const out = folder.file('whole.pcapng')
      await pcapx(['extract', '--stream', 'udp:0', path, '-w', out])
      expect(await fieldsOf(out, ['frame.comment'])).toEqual([0, 1, 3, 4, 8, 9].map((i) => `packet ${i}`))
    }
  })
})

describe('metadata', () => {
  test('comments and interfaces', async () => {
    const names = ['frame.number', 'frame.time_epoch', 'frame.len', 'frame.comment', 'frame.interface_name']
    const out = folder.file('out.pcapng')
    const capture = new PcapngBytes().section().interface(1, 0, [{ code: 2, value: new TextEncoder().encode('eth0') }])
    for (const [i, { data, at }] of handshake(50123).entries())
      capture.enhanced(0, BigInt(at), data, { options: [{ code: 1, value: new Bytes().text(`step ${i}`).done() }] })
    const path = folder.file('comments.pcapng', capture.done())
    await pcapx(['extract', '--stream', '0', path, '-w', out])
    expect(await fieldsOf(out, names)).toEqual(await fieldsOf(path, names))
    expect(readFileSync(out)).toEqual(readFileSync(path))
  })

  test('keys, and so what was encrypted can still be read', async () => {
    const out = folder.file('keys.pcapng')
    const { code } = await pcapx(['extract', '--stream', '0', fixture('tls-keys.pcapng'), '-w', out])
    expect(code).toBe(0)
    const secrets = (capture: Buffer) => capture.toString('latin1').match(/^\w+_SECRET\w* [0-9a-f]+ [0-9a-f]+$/gm)
    const expected = secrets(readFileSync(join(ROOT, fixture('tls-keys.pcapng'))))
    expect(expected?.length).toBeGreaterThan(3)
    expect(secrets(readFileSync(out))).toEqual(expected)
  })

  test('filter -w keeps it too: all of vm.pcapng, octet for octet', async () => {
    const out = folder.file('all.pcapng')
    await pcapx(['filter', 'frame.number > 0', fixture('vm.pcapng'), '-w', out])
    expect(readFileSync(out)).toEqual(readFileSync(join(ROOT, fixture('vm.pcapng'))))
  })

  test('what pcap cannot hold is said once', async () => {
    const out = folder.file('keys.pcap')
    const { code, stderr } = await pcapx(['extract', '--stream', '0', fixture('tls-keys.pcapng'), '-w', out])
    expect(code).toBe(0)
    expect(stderr.split('\n')[0]).toBe(
      'pcapx: warning: pcap has no place for decryption keys: a name that ends in .pcapng keeps them',
    )
    const filtered = await pcapx(['filter', 'frame.number > 0', fixture('vm.pcapng'), '-w', folder.file('b.pcap')])
    expect(filtered.stderr).toContain('pcap has no place for comments on the capture and packet comments: ')
  })
})

describe('what is not there', () => {
  const capture = fixture('http.pcap')

  test('a stream: a warning, and a capture without packets', async () => {
    const out = folder.file('nothing.pcap')
    const { code, stdout, stderr } = await pcapx(['extract', '--stream', '7,udp:0', capture, '-w', out])
    expect([code, stdout, stderr]).toEqual([
      0,
      '',
      'pcapx: warning: no TCP stream 7: there is 1, stream 0\n' +
        'pcapx: warning: no UDP stream 0: there are none\n' +
        '0 of 31 packets\n',
    ])
    expect(await pcapxJson('info', out)).toMatchObject({ packets: 0, files: [{ format: 'pcap' }] })
  })

  test.each([
    [['--stream', 'x', '-w', 'out'], 'It must be 3 or tcp:3, udp:3, a list of them, or tcp.stream == 3.'],
    [['--stream', '', '-w', 'out'], 'It must be'],
    [['--stream', '1,,2', '-w', 'out'], 'It must be'],
    [['--stream', '-1', '-w', 'out'], 'It must be'],
    [['--stream', 'sctp:1', '-w', 'out'], 'It must be'],
    [['--stream', 'tcp.stream > 1', '-w', 'out'], 'It must be'],
    [['-w', 'out'], 'no stream named: which is to be written?'],
    [['--stream', '0'], 'no file to write: name one with -w'],
    [['--stream', '0', '-w', 'out', '--side', 'left'], 'Allowed choices are client, server, both.'],
    [['--stream', '0', '-w', 'out', '-Y', 'tcp.prot'], 'unknown field tcp.prot'],
  ])('%j is refused', async (words, message) => {
    const { code, stdout, stderr } = await pcapx(['extract', capture, ...words])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain(message)
    expect(existsSync('out')).toBe(false)
  })

  test('no capture, and one that does not exist', async () => {
    const out = folder.file('never.pcap')
    expect(await pcapx(['extract', '--stream', '0', '-w', out])).toMatchObject({ code: 2 })
    const { code, stderr } = await pcapx(['extract', '--stream', '0', folder.file('no.pcap'), '-w', out])
    expect(code).toBe(1)
    expect(stderr).toContain('no such file')
    expect(existsSync(out)).toBe(false)
  })

  test('does not write over what it reads, nor to a terminal', async () => {
    const path = folder.file('mine.pcap', pcap(handshake(1)))
    const link = folder.file('link.pcap')
    symlinkSync(path, link)
    const { code, stderr } = await pcapx(['extract', '--stream', '0', path, '-w', link])
    expect(code).toBe(2)
    expect(stderr).toContain('is being read; write to another file')
    expect((await pcapx(['extract', '--stream', '0', path, '-w', '-'], { columns: 80 })).code).toBe(2)
    expect(readFileSync(path)).toEqual(pcap(handshake(1)))
  })

  test('a capture that is cut short gives what is there', async () => {
    const cut = folder.file('cut.pcap', pcap(handshake(1)).subarray(0, -10))
    const out = folder.file('out.pcap')
    const { code, stderr } = await pcapx(['extract', '--stream', '0', cut, '-w', out])
    expect(code).toBe(0)
    expect(stderr).toContain('cut short')
    expect(readFileSync(out)).toEqual(pcap(handshake(1).slice(0, 2)))
  })
})

test('from a pipe into a pipe, and from gzip', async () => {
  const tsx = join(ROOT, 'node_modules/tsx/dist/cli.mjs')
  const program = join(ROOT, 'scripts/pcapx.ts')
  const run = (name: string) =>
    spawnSync(process.execPath, [tsx, program, 'extract', '--stream', '0', '-w', '-'], {
      input: readFileSync(join(ROOT, fixture(name))),
    })
  const out = folder.file('http.pcap')
  await pcapx(['extract', '--stream', '0', fixture('http.pcap'), '-w', out])
  const plain = run('http.pcap')
  expect(plain.stderr.toString()).toBe('26 of 31 packets\nin Wireshark: tcp.stream eq 0\n')
  expect(plain.stdout.equals(readFileSync(out))).toBe(true)
  expect(run('http.pcap.gz').stdout.equals(plain.stdout)).toBe(true)
})
