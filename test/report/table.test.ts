import { describe, expect, test } from 'vitest'
import type { Table } from '../../src/report/report.ts'
import { tableLines } from '../../src/report/table.ts'

const LONG = '[2001:db8:1234:5678:9abc:def0:1234:5678]:65535'

function table(addresses: string[], omitted = 0): Table {
  return {
    kind: 'table',
    columns: [
      { title: 'stream', align: 'right' },
      { title: 'client', wraps: true },
      { title: 'server', wraps: true },
      { title: 'SYN RTT', align: 'right' },
      { title: 'ACK RTT', align: 'right', dropFirst: 1 },
      { title: 'initial RTT', align: 'right', dropFirst: 2 },
    ],
    rows: addresses.map((address, i) => [String(i), address, '10.0.0.4:3389', '2.211 ms', '0.021 ms', '2.232 ms']),
    omitted,
  }
}

const lines = (of: Table, width: number) => [...tableLines(of, width, (text) => text)]

describe('a table', () => {
  test('off a terminal has all columns and cuts nothing', () => {
    expect(lines(table([LONG]), Infinity)).toEqual([
      'stream  client                                          server          SYN RTT   ACK RTT  initial RTT',
      `     0  ${LONG}  10.0.0.4:3389  2.211 ms  0.021 ms     2.232 ms`,
    ])
  })

  test('in 80 columns is as it is if it fits', () => {
    expect(lines(table(['10.0.0.5:50123'], 28), 80)).toEqual([
      'stream  client          server          SYN RTT   ACK RTT  initial RTT',
      '     0  10.0.0.5:50123  10.0.0.4:3389  2.211 ms  0.021 ms     2.232 ms',
      '... and 28 more (--top 0 shows all)',
    ])
  })

  test('in 80 columns leaves out columns, and says so', () => {
    expect(lines(table([LONG]), 80)).toEqual([
      'stream  client                                          server          SYN RTT',
      `     0  ${LONG}  10.0.0.4:3389  2.211 ms`,
      'not shown at this width: ACK RTT, initial RTT (--json and --csv have all)',
    ])
  })

  test('in 60 columns goes on in the next line', () => {
    expect(lines(table([LONG]), 60)).toEqual([
      'stream client                         server         SYN RTT',
      '     0 [2001:db8:1234:5678:9abc:def0: 10.0.0.4:3389 2.211 ms',
      '       1234:5678]:65535',
      'not shown at this width: ACK RTT, initial RTT (--json and',
      '--csv have all)',
    ])
  })

  test.each([20, 30, 40, 50, 70, 100, 120])('never overflows %i columns', (width) => {
    for (const text of lines(table([LONG, '10.0.0.5:1']), width)) expect(text.length).toBeLessThanOrEqual(width)
  })

  test('escapes text from packets', () => {
    expect(lines(table(['\x1b]0;owned\x07']), Infinity)[1]).toContain('\\x1b]0;owned\\x07')
  })

  test('colours the text and not the space around it', () => {
    const toned: Table = {
      kind: 'table',
      columns: [{ title: 'a' }, { title: 'b', align: 'right' }],
      rows: [
        [{ text: 'x', tone: 'good' }, '1'],
        ['long', { text: '22', tone: 'bad' }],
      ],
    }
    const lines = [...tableLines(toned, 80, (text, tone) => (tone === 'plain' ? text : `\x1b[1m${text}\x1b[22m`))]
    expect(lines).toEqual([
      '\x1b[1ma\x1b[22m      \x1b[1mb\x1b[22m',
      '\x1b[1mx\x1b[22m      1',
      'long  \x1b[1m22\x1b[22m',
    ])
  })

  test('looks the same in its thousandth row as in its first', () => {
    const long = lines(table(Array.from({ length: 1000 }, () => LONG)), 60)
    const rows = long
      .slice(1, -2)
      .map((text, i) => (i % 2 === 0 ? text.replace(/^ *\d+/, (n) => ' '.repeat(n.length)) : text))
    expect(rows).toHaveLength(2000)
    expect(new Set(rows.slice(2)).size).toBe(2)
  })

  test('of many rows does not take long', () => {
    const many = table(Array.from({ length: 100_000 }, (_, i) => `10.0.0.${i & 255}:${i}`))
    const start = performance.now()
    expect(lines(many, 80)).toHaveLength(100_001)
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
