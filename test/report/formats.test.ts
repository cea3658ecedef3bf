import { describe, expect, test } from 'vitest'
import type { RttResult } from '../../src/analyzers/handshake-rtt.ts'
import { csvCell, csvFieldLine, csvLines } from '../../src/report/csv.ts'
import { jsonDocument, jsonLines } from '../../src/report/json.ts'
import { JsonStream } from '../../src/report/json-stream.ts'
import { render } from '../../src/report/render.ts'
import type { Report, RunFacts } from '../../src/report/report.ts'
import { rttReport } from '../../src/report/rtt.ts'

const FACTS: RunFacts = {
  captures: ['a.pcap'],
  filter: null,
  packetsRead: 956,
  packetsMatched: 956,
  partial: false,
  truncated: false,
  damage: null,
}

const CLEAN = {
  clientName: null,
  serverName: null,
  ambiguous: false,
  ackAmbiguous: false,
  ackCarriesData: false,
  initialRttHoldsLoss: false,
  mismatched: false,
  duplicates: 0,
}

/** The page's example: 2.211 ms from SYN to SYN-ACK. */
const RESULT: RttResult = {
  handshakes: [
    {
      stream: 3,
      client: { address: '10.0.0.5', port: 50123 },
      server: { address: '2001:db8::4', port: 3389 },
      guessed: false,
      outcome: 'established',
      synRtt: 0.0022114,
      ackRtt: 0.000021,
      initialRtt: 0.0022324,
      connectTime: 0.0022324,
      synRetransmissions: 1,
      synAckRetransmissions: 0,
      ...CLEAN,
      start: { seconds: 1483987893, nanoseconds: 123456789 },
    },
    {
      stream: 4,
      client: { address: '10.0.0.5', port: 50124 },
      server: { address: '10.0.0.4', port: 111 },
      guessed: false,
      outcome: 'no-answer',
      synRtt: null,
      ackRtt: null,
      initialRtt: null,
      connectTime: null,
      synRetransmissions: 0,
      synAckRetransmissions: 0,
      ...CLEAN,
      start: null,
    },
  ],
  summary: {
    count: 1,
    min: 0.0022114,
    mean: 0.0022114,
    p50: 0.0022114,
    p90: 0.0022114,
    p95: 0.0022114,
    p99: 0.0022114,
    max: 0.0022114,
    error: 0,
  },
  omitted: 0,
  closed: 0,
  connections: 2,
  outcomes: { established: 1, 'no-ack': 0, refused: 0, unreachable: 0, 'no-answer': 1, midstream: 0 },
  histogram: [{ from: 0.002, to: 0.0025, count: 1 }],
  side: null,
  sideMedians: null,
  duplicates: { copies: 0, segments: 3, ratio: 0 },
  portsCut: 0,
  groups: null,
}

/** The same with `--top 1`. */
const FIRST: RttResult = { ...RESULT, handshakes: RESULT.handshakes.slice(0, 1), omitted: 1 }

async function rendered(report: Report, facts: RunFacts, format: 'table' | 'json' | 'jsonl' | 'csv', width = 80) {
  let text = ''
  await render(report, facts, format, { color: false, width }, (piece) => {
    text += piece
    return true
  })
  return text
}

describe('JSON', () => {
  test('is one document with the schema first, numbers as numbers and null for what cannot be told', () => {
    const document = JSON.parse([...jsonDocument(rttReport(RESULT, { top: Infinity }), FACTS)].join(''))
    expect(Object.keys(document)[0]).toBe('schema')
    expect(document).toMatchObject({
      schema: 'pcapx.rtt/1',
      packetsRead: 956,
      damage: null,
      omitted: { handshakes: 0 },
      summary: { count: 1, p95: 0.0022114 },
    })
    expect(document.handshakes[0]).toEqual({
      ...RESULT.handshakes[0],
      start: '2017-01-09T18:51:33.123456789Z',
    })
    expect(document.handshakes[1]).toMatchObject({ synRtt: null, start: null })
  })

  test('has a record on a line, and no key twice', () => {
    const text = [...jsonDocument(rttReport(RESULT, { top: Infinity }), FACTS)].join('')
    expect(text.split('\n').filter((line) => line.startsWith('    {"stream"'))).toHaveLength(2)
    const keys = [...text.matchAll(/^ {2}"(\w+)":/gm)].map((match) => match[1])
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('counts what --top leaves out', () => {
    const document = JSON.parse([...jsonDocument(rttReport(FIRST, { top: 1 }), FACTS)].join(''))
    expect(document.handshakes).toHaveLength(1)
    expect(document.omitted).toEqual({ handshakes: 1 })
  })

  test('lines: each record by itself, then the summary', () => {
    const lines = [...jsonLines(rttReport(FIRST, { top: 1 }), FACTS)].map((line) => JSON.parse(line))
    expect(lines.map((line) => line.type)).toEqual(['handshake', 'summary'])
    expect(lines[1]).toMatchObject({ schema: 'pcapx.rtt/1', packetsMatched: 956, omitted: { handshakes: 1 } })
  })

  test('that is written meanwhile is as valid, also when empty', () => {
    let text = ''
    const write = (piece: string) => {
      text += piece
      return true
    }
    const stream = new JsonStream('pcapx.filter/1', { a: [1] }, 'matches', write)
    stream.item('{"n":1}')
    stream.item('{"n":2}')
    stream.end({ packetsRead: 2 })
    expect(JSON.parse(text)).toEqual({
      schema: 'pcapx.filter/1',
      a: [1],
      matches: [{ n: 1 }, { n: 2 }],
      packetsRead: 2,
    })
    text = ''
    new JsonStream('pcapx.filter/1', {}, 'matches', write).end({ packetsRead: 0 })
    expect(JSON.parse(text)).toEqual({ schema: 'pcapx.filter/1', matches: [], packetsRead: 0 })
  })
})

describe('CSV', () => {
  test('has names, CRLF, and empty cells for null', () => {
    expect([...csvLines(rttReport(RESULT, { top: Infinity }).csv)].join('')).toBe(
      'stream,clientAddress,clientPort,serverAddress,serverPort,clientName,serverName,guessed,outcome,synRtt,ackRtt,initialRtt,connectTime,' +
        'synRetransmissions,synAckRetransmissions,ambiguous,ackAmbiguous,ackCarriesData,initialRttHoldsLoss,mismatched,' +
        'duplicates,start\r\n' +
        '3,10.0.0.5,50123,2001:db8::4,3389,,,false,established,0.0022114,0.000021,0.0022324,0.0022324,1,0,' +
        'false,false,false,false,false,0,2017-01-09T18:51:33.123456789Z\r\n' +
        '4,10.0.0.5,50124,10.0.0.4,111,,,false,no-answer,,,,,0,0,false,false,false,false,false,0,\r\n',
    )
  })

  test.each([
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', 'two\\nlines'],
    ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['＝1', "'＝1"],
    ['\tx', '\\tx'],
    ['"=1+1', '"\'""=1+1"'],
    [' =1+1', "' =1+1"],
    ['\u00a0+1', "'\u00a0+1"],
    ['\u2212' + '1', "'\u2212" + '1'],
    // Where the comma is the decimal sign, semicolons separate cells.
    ['a;=1+1', "a;'=1+1"],
    ['a=b', 'a=b'],
    ['1-2', '1-2'],
    ["'=1", "''=1"],
  ])('text %j', (text, cell) => expect(csvCell(text)).toBe(cell))

  test('numbers of fields stay numbers, and nothing else does in their columns', () => {
    expect(csvFieldLine(['-42', '-42', '-1e-7', '-1,-2', '=1', ''], [true, false, true, true, true, true])).toBe(
      `-42,'-42,-1e-7,"'-1,-2",'=1,\r\n`,
    )
  })

  test('a negative number stays a number', () => {
    expect([csvCell(-1.5), csvCell(true), csvCell(null)]).toEqual(['-1.5', 'true', ''])
  })
})

describe('a table for people', () => {
  test('at 80 columns', async () => {
    expect(await rendered(rttReport(RESULT, { top: 10 }), FACTS, 'table')).toBe(
      [
        'stream client         server             outcome      SYN RTT  ACK RTT resent',
        '     3 10.0.0.5:50123 [2001:db8::4]:3389 established 2.211 ms 0.021 ms      1',
        '     4 10.0.0.5:50124 10.0.0.4:111       no-answer          -        -      0',
        'not shown at this width: initial RTT, start (--json and --csv have all)',
        '',
        '2 connections: 1 established, 1 no-answer',
        'SYN RTT (SYN to SYN-ACK) of 1: min 2.211 ms, mean 2.211 ms, p50 2.211 ms, p90',
        '2.211 ms, p95 2.211 ms, p99 2.211 ms, max 2.211 ms',
        '',
      ].join('\n'),
    )
  })

  test('says how many packets matched, and that it is partial', async () => {
    const facts = { ...FACTS, filter: 'tcp.port == 111', packetsMatched: 28, partial: true }
    const text = await rendered(rttReport(RESULT, { top: 10 }), facts, 'table')
    expect(text.split('\n').slice(0, 3)).toEqual([
      '28 of 956 packets (tcp.port == 111)',
      'partial: stopped after 956 packets, there is more to read',
      '',
    ])
  })

  test('stops when nobody reads any more', async () => {
    let pieces = 0
    await render(rttReport(RESULT, { top: 10 }), FACTS, 'table', { color: false, width: 80 }, () => ++pieces < 2)
    expect(pieces).toBe(2)
  })
})
