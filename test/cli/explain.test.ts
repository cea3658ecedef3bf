import { describe, expect, test } from 'vitest'
import { fixture, pcapx, pcapxJson } from './support.ts'

/** The outline alone: what stands above the first blank line. */
async function outline(expression: string): Promise<string> {
  const { code, stdout, stderr } = await pcapx(['explain', expression])
  expect([code, stderr]).toEqual([0, ''])
  return stdout.slice(0, stdout.indexOf('\n\n') + 1 || undefined).trimEnd()
}

describe('pcapx explain', () => {
  test.each([
    ['tcp.port == 80', 'a value of tcp.port is 80'],
    ['80 == tcp.port', 'a value of tcp.port is 80'],
    ['1024 < tcp.port', 'a value of tcp.port is greater than 1024'],
    ['tcp.port != 80', 'tcp.port is there, and no value of it is 80'],
    ['tcp.port !== 80', 'a value of tcp.port is other than 80'],
    ['tcp.port === 80', 'tcp.port is there, and every value of it is 80'],
    ['all tcp.port > 1024', 'tcp.port is there, and every value of it is greater than 1024'],
    ['frame.len >= 100', 'frame.len is at least 100'],
    ['tcp.port == 0120', 'a value of tcp.port is 0120 (80)'],
    ['ip.proto == 6', 'a value of ip.proto is 6 (TCP)'],
    ['ip.proto == TCP', 'a value of ip.proto is TCP (6)'],
    ['ip.src == 10.1.2.0/23', 'a value of ip.src is in 10.1.2.0/23 (10.1.2.0 to 10.1.3.255)'],
    ['ip.src != 10.0.0.0/8', 'ip.src is there, and no value of it is in 10.0.0.0/8 (10.0.0.0 to 10.255.255.255)'],
    ['ipv6.src == fe80::/10', 'a value of ipv6.src is in fe80::/10'],
    ['tcp.port in {80, 443, 8000..8100}', 'a value of tcp.port is one of 80, 443, 8000 to 8100'],
    ['tcp.port in {8000..8100}', 'a value of tcp.port is from 8000 to 8100'],
    ['tcp.port not in {80}', 'no value of tcp.port is 80, or there is none'],
    ['tcp.srcport == tcp.dstport', 'a value of tcp.srcport is a value of tcp.dstport'],
    ['udp', 'there is a udp layer (User Datagram Protocol)'],
    ['!udp', 'there is no udp layer (User Datagram Protocol)'],
    ['ip#2', 'there is ip layer 2 (Internet Protocol Version 4)'],
    ['tcp.options.mss_val', 'there is a value of tcp.options.mss_val'],
    ['ip.src#2 == 10.0.0.1', 'a value of ip.src of ip layer 2 is 10.0.0.1'],
    ['eth.src[0:3] == 02:00:00', 'a value of octets 0 to 2 of eth.src is 02:00:00'],
    ['frame[-4:] == 00:00:00:00', 'the last 4 octets of frame is 00:00:00:00'],
    ['tcp contains "GET"', 'a value of tcp contains "GET"'],
    ['tcp.flags & 0x02', '(tcp.flags & 0x02) is not 0'],
    ['tcp.srcport + 1 == 81', 'a value of (tcp.srcport + 1) is 81'],
    ['len(frame) > 100', 'the length, in octets, of frame is greater than 100'],
    ['count(ip.addr) == 4', 'the number of values of ip.addr is 4'],
    ['not tcp.port == 80', 'this does not hold:\n  - a value of tcp.port is 80'],
  ])('%s', async (expression, words) => {
    expect(await outline(expression)).toBe(`selects packets in which ${words}`)
  })

  test('what binds to what is seen by the indentation', async () => {
    expect(await outline('tcp and ip.ttl == 1 or not (udp or icmp)')).toBe(
      [
        'selects packets in which at least one of these holds:',
        '  - all of these hold:',
        '    - there is a tcp layer (Transmission Control Protocol)',
        '    - a value of ip.ttl is 1',
        '  - none of these holds:',
        '    - there is a udp layer (User Datagram Protocol)',
        '    - there is an icmp layer (Internet Control Message Protocol)',
      ].join('\n'),
    )
    expect(await outline('1 <= ip.ttl <= 64')).toBe(
      [
        'selects packets in which all of these hold:',
        '  - a value of ip.ttl is at least 1',
        '  - a value of ip.ttl is at most 64',
      ].join('\n'),
    )
  })

  test('its fields, and what is easily overlooked', async () => {
    const { stdout } = await pcapx(['explain', 'tcp and ip.addr != 10.0.0.1 or not udp.port == 53'])
    expect(stdout).toMatch(/^tcp {7}protocol {2}Transmission Control Protocol$/m)
    expect(stdout).toMatch(/^ip\.addr {3}ipv4 {6}\S/m)
    expect(stdout).toContain('note: "and" binds more tightly than "or"')
    expect(stdout).toContain('note: "not" also selects packets without the fields that it negates')
    expect(stdout).toContain('several values of ip.addr (ip.src, ip.dst)')
    expect(stdout).toContain('warning: a packet has several values of ip.addr')
    const grouped = await pcapx(['explain', '(tcp and ip.ttl == 1) or udp'])
    expect(grouped.stdout).not.toContain('binds more tightly')
  })

  test('--json', async () => {
    const document = await pcapxJson('explain', 'udp and ip.ttl < 5')
    expect(document).toMatchObject({
      schema: 'pcapx.explain/1',
      filter: 'udp and ip.ttl < 5',
      selects: {
        text: 'all of these hold:',
        source: 'udp and ip.ttl < 5',
        terms: [
          { source: 'udp', terms: [] },
          { text: 'a value of ip.ttl is less than 5', source: 'ip.ttl < 5', terms: [] },
        ],
      },
      fields: [
        { name: 'udp', type: 'protocol' },
        { name: 'ip.ttl', type: 'uint8', parts: [] },
      ],
      warnings: [],
    })
  })

  test.each(['tcp.prot == 80', 'port 111', 'tcp.port = 80', '', 'tcp and'])(
    '%j is refused as `pcapx filter` refuses it',
    async (expression) => {
      const explained = await pcapx(['explain', expression])
      const filtered = await pcapx(['filter', expression, fixture('http.pcap')])
      expect(explained).toMatchObject({ code: 2, stdout: '', stderr: filtered.stderr })
    },
  )

  test('nothing to explain', async () => {
    expect(await pcapx(['explain'])).toMatchObject({ code: 2, stdout: '' })
  })

  test.each([40, 80])('fits a terminal of %i columns', async (columns) => {
    const expression = 'tcp.port in {80, 443, 8000..8100} and not (ip.addr == 10.0.0.0/8 or ipv6.addr == fe80::/10)'
    const { stdout } = await pcapx(['explain', expression], { columns, environment: { NO_COLOR: '1' } })
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
  })

  test('what was written is safe to show', async () => {
    const { stdout } = await pcapx(['explain', 'frame contains "\u001b[31m"'])
    expect(stdout).not.toContain('\x1b')
  })
})
