import { describe, expect, test } from 'vitest'
import type { Finding, UnwantedResult } from '../../src/analyzers/unwanted.ts'
import { compileFilter } from '../../src/filter/filter.ts'
import { csvLines } from '../../src/report/csv.ts'
import { terminalLines } from '../../src/report/terminal.ts'
import { filterOf, unwantedReport } from '../../src/report/unwanted.ts'

const FINDING: Finding = {
  rule: 'telnet',
  title: 'Telnet',
  severity: 'high',
  protocols: ['telnet'],
  at: { address: '10.0.0.20', port: 23 },
  per: 'server',
  others: ['10.0.0.5', '10.0.0.6', '10.0.0.7', '10.0.0.8', '10.0.0.9'],
  otherCount: 12,
  domain: null,
  flows: 12,
  packets: 1234,
  bytes: 56_789,
  firstPacket: 17,
  start: { seconds: 1_767_225_600, nanoseconds: 5_000_000 },
  evidence: [{ protocol: 'telnet', kind: 'payload', packet: 20, what: 'options: \x1b[2J' }],
  streams: { tcp: [3, 5], udp: [], omitted: 0 },
}

const LOOKED = { streams: 40, named: 30, namedByPort: 2, unnamed: 5, empty: 3 }

function textOf(findings: readonly Finding[], { width = 80, top = 10, captures = ['a.pcap'] } = {}): string {
  const result: UnwantedResult = { policy: 'built-in', findings, looked: LOOKED, unlisted: null }
  return [...terminalLines(unwantedReport(result, { top, captures }).view(), { color: false, width })].join('')
}

test('a finding as a person reads it, at 80 columns', () => {
  expect(textOf([FINDING])).toBe(
    [
      'high  Telnet',
      '      10.0.0.20:23 (telnet) from 10.0.0.5, 10.0.0.6, 10.0.0.7, and 9 more',
      '      12 flows, 1,234 packets, 56,789 bytes (56.8 kB)',
      '      from packet 17 on, 2026-01-01 00:00:00 UTC',
      '      packet 20: options: \\x1b[2J',
      '      tcp.stream in {3, 5}',
      '',
      '1 finding by the built-in policy: 1 high',
      '40 streams looked at, 30 named by what they carry; 5 could not be named, 2 only',
      'by their port, which is no evidence, 3 without payload',
      '',
      'next:',
      '  pcapx show 20 a.pcap',
      "  pcapx filter 'tcp.stream in {3, 5}' a.pcap",
      '',
    ].join('\n'),
  )
})

test('nothing found', () => {
  expect(textOf([])).toBe(
    [
      'nothing unwanted, by the built-in policy',
      '40 streams looked at, 30 named by what they carry; 5 could not be named, 2 only',
      'by their port, which is no evidence, 3 without payload',
      '',
    ].join('\n'),
  )
})

test('what is left out is counted, and the numbers are of all', () => {
  const text = textOf([FINDING, { ...FINDING, severity: 'low' }, { ...FINDING, severity: 'low' }], { top: 1 })
  expect(text).toContain('... and 2 findings more (--top 0 shows all)')
  expect(text).toContain('3 findings by the built-in policy: 1 high, 2 low')
})

test('commands to type next can be pasted into a shell', () => {
  expect(textOf([FINDING], { captures: ["it's a.pcap"] })).toContain("pcapx show 20 'it'\\''s a.pcap'")
  expect(textOf([FINDING], { captures: ['-'] })).toContain('pcapx show 20 CAPTURE')
  const long = textOf([FINDING], { captures: ['/var/captures/of/a/machine/somewhere/1.pcap'] })
  expect(long).toContain("  pcapx filter 'tcp.stream in {3, 5}' \\\n    /var/captures/of/a/machine/somewhere/1.pcap\n")
})

describe('filters', () => {
  const filterFor = (more: Partial<Finding>): string => filterOf({ ...FINDING, ...more })
  const none = { tcp: [], udp: [], omitted: 0 }

  test.each([
    [{ streams: { tcp: [3], udp: [], omitted: 0 } }, 'tcp.stream == 3'],
    [{ streams: { tcp: [3, 4], udp: [1], omitted: 0 } }, 'tcp.stream in {3, 4} || udp.stream == 1'],
    [
      { streams: { tcp: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], udp: [], omitted: 0 } },
      'ip.addr == 10.0.0.20 && tcp.port == 23',
    ],
    [{ streams: { tcp: [1], udp: [1], omitted: 9 } }, 'ip.addr == 10.0.0.20 && (tcp.port == 23 || udp.port == 23)'],
    [
      { per: 'host', at: { address: '2001:db8::4', port: null }, streams: { tcp: [1], udp: [1], omitted: 9 } },
      'ipv6.addr == 2001:db8::4 && (tcp || udp)',
    ],
    [{ domain: 'example.com', streams: none }, 'dns.qry.name contains "example.com" && ip.addr == 10.0.0.20'],
    [{ domain: 'a" || ip', streams: none }, 'dns && ip.addr == 10.0.0.20'],
    [{ domain: '', streams: none }, 'dns && ip.addr == 10.0.0.20'],
  ] as const)('%j', (more, expected) => {
    expect(filterFor(more)).toBe(expected)
    expect(() => compileFilter(expected)).not.toThrow()
  })
})

test('CSV: one finding a row', () => {
  const { csv } = unwantedReport(
    { policy: 'p', findings: [FINDING], looked: LOOKED, unlisted: null },
    { top: 10, captures: [] },
  )
  const [, row] = [...csvLines(csv)]
  expect(row).toBe(
    'high,telnet,Telnet,telnet,10.0.0.20,23,server,12,,12,1234,56789,17,2026-01-01T00:00:00.005000000Z,' +
      'payload,20,options: \\x1b[2J,"tcp.stream in {3, 5}"\r\n',
  )
})
