import { readFileSync, symlinkSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { Folder, handshake, pcap } from './captures.ts'
import { fixture, pcapx, pcapxJson } from './support.ts'

const folder = new Folder()
const odd = handshake(751, 0, 111)
const both = folder.file('both.pcap', pcap([...handshake(50123), ...odd.map((r) => ({ ...r, at: r.at + 10_000 }))]))

describe('pcapx filter', () => {
  test('a line for each packet, and how many there are on standard error', async () => {
    const { code, stdout, stderr } = await pcapx(['filter', 'tcp.port == 111', both])
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        '    4  0.010000 10.0.0.5    10.0.0.4    tcp    54 751 > 111 [SYN] len 0',
        '    5  0.012211 10.0.0.4    10.0.0.5    tcp    54 111 > 751 [SYN ACK] len 0',
        '    6  0.012232 10.0.0.5    10.0.0.4    tcp    54 751 > 111 [ACK] len 0',
        '',
      ].join('\n'),
    )
    expect(stderr).toBe('3 of 6 packets\n')
  })

  test('the expression may be given as -Y', async () => {
    expect((await pcapx(['filter', '-Y', 'tcp.port == 111', both, '--count'])).stdout).toBe('3\n')
  })

  test('--count', async () => {
    expect(await pcapx(['filter', 'tcp.port == 111', both, '--count'])).toMatchObject({ stdout: '3\n', stderr: '' })
    expect(await pcapxJson('filter', 'tcp.port == 111', both, '--count')).toMatchObject({
      schema: 'pcapx.filter/1',
      packetsRead: 6,
      packetsMatched: 3,
    })
  })

  test('--limit stops early, and says so', async () => {
    const { stdout, stderr } = await pcapx(['filter', 'tcp', both, '--limit', '2'])
    expect(stdout.trim().split('\n')).toHaveLength(2)
    expect(stderr).toBe('2 of 2 packets, stopped at the limit\n')
  })

  test('--json', async () => {
    const { matches, packetsMatched } = await pcapxJson('filter', 'tcp.port == 111', both)
    expect(packetsMatched).toBe(3)
    expect(matches[1]).toEqual({
      number: 5,
      time: '2017-01-09T18:51:33.012211000Z',
      relativeTime: 0.012211,
      source: '10.0.0.4',
      destination: '10.0.0.5',
      sourcePort: 111,
      destinationPort: 751,
      protocol: 'tcp',
      protocols: ['eth', 'ethertype', 'ip', 'tcp'],
      originalLength: 54,
      capturedLength: 54,
      info: '111 > 751 [SYN ACK] len 0',
    })
    expect((await pcapxJson('filter', 'udp', both)).matches).toEqual([])
  })

  test('--jsonl and --csv', async () => {
    const lines = (await pcapx(['filter', 'tcp.port == 111', both, '--jsonl'])).stdout.trim().split('\n')
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(['packet', 'packet', 'packet', 'summary'])
    const csv = (await pcapx(['filter', 'udp', both, '--csv'])).stdout
    expect(csv).toBe(
      'number,time,relativeTime,source,destination,sourcePort,destinationPort,protocol,originalLength,capturedLength,info\r\n',
    )
  })

  test.each([60, 80])('fits a terminal of %i columns, IPv6 too', async (columns) => {
    const { stdout } = await pcapx(['filter', 'ipv6 or tcp', fixture('vm.pcap')], { columns })
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  })

  test('stops when nobody reads any more, and that is no error', async () => {
    const { code, stdout, stderr } = await pcapx(['filter', 'tcp', fixture('vm.pcap')], { closesAfter: 100 })
    expect(code).toBe(0)
    expect(stdout.split('\n').length).toBeLessThan(4)
    expect(stderr).not.toContain('EPIPE')
  })
})

describe('pcapx filter -w', () => {
  test('writes the records as they were', async () => {
    const out = folder.file('111.pcap')
    const { code, stdout, stderr } = await pcapx(['filter', 'tcp.port == 111', both, '-w', out])
    expect([code, stdout, stderr]).toEqual([0, '', '3 of 6 packets\n'])
    expect(readFileSync(out)).toEqual(pcap(odd.map((r) => ({ ...r, at: r.at + 10_000 }))))
    expect(await pcapxJson('rtt', out)).toMatchObject({ packetsRead: 3, summary: { count: 1, min: 0.002211 } })
  })

  test('writes a capture without packets if none matches', async () => {
    const out = folder.file('none.pcap')
    expect((await pcapx(['filter', 'udp', both, '-w', out])).code).toBe(0)
    expect(await pcapxJson('info', out)).toMatchObject({ packets: 0, files: [{ format: 'pcap' }] })
  })

  test.each([
    ['a.pcapng', ['http.pcap'], 'pcapng'],
    ['b.pcap', ['http.pcap'], 'pcap'],
    ['b', ['http.pcap'], 'pcap'],
    ['c', ['vm.pcapng'], 'pcapng'],
    ['c.pcap', ['vm.pcapng'], 'pcap'],
    ['d', ['http.pcap', 'sll.pcap'], 'pcapng'],
    ['e', ['links.pcapng'], 'pcapng'],
  ])('%s of %j is %s', async (name, inputs, format) => {
    const out = folder.file(name)
    const { code } = await pcapx(['filter', 'ip or ipv6 or arp', ...inputs.map(fixture), '-w', out])
    expect(code).toBe(0)
    const before = await pcapxJson('hierarchy', ...inputs.map(fixture), '-Y', 'ip or ipv6 or arp')
    const after = await pcapxJson('hierarchy', out)
    expect(after.protocols).toEqual(before.protocols)
    expect((await pcapxJson('info', out)).files).toMatchObject([{ format }])
  })

  test('does not bend what pcap cannot hold', async () => {
    const out = folder.file('links.pcap')
    const { code, stderr } = await pcapx(['filter', 'frame.len > 0', fixture('links.pcapng'), '-w', out])
    expect(code).toBe(1)
    expect(stderr).toContain(`pcapx: ${out}: `)
  })

  test('does not write over what it reads, under no name', async () => {
    const link = folder.file('link.pcap')
    symlinkSync(both, link)
    const content = readFileSync(both)
    for (const out of [both, link]) {
      const { code, stderr } = await pcapx(['filter', 'tcp', both, '-w', out])
      expect(code).toBe(2)
      expect(stderr).toContain('is being read; write to another file')
    }
    expect(readFileSync(both)).toEqual(content)
  })

  test('does not write to a terminal, nor where it cannot', async () => {
    expect(await pcapx(['filter', 'tcp', both, '-w', '-'], { columns: 80 })).toMatchObject({ code: 2, stdout: '' })
    const { code, stderr } = await pcapx(['filter', 'tcp', both, '-w', folder.file('no/such/folder.pcap')])
    expect(code).toBe(1)
    expect(stderr).toContain('cannot be written')
  })
})
