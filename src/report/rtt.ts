/** Round-trip times of TCP handshakes, for people and for programs. */
import type { Endpoint } from '../analyzers/analyzer.ts'
import type { Handshake, RttResult } from '../analyzers/handshake-rtt.ts'
import { type Block, type Cell, line, type Report, type Tone, take } from './report.ts'
import { counted, formatMoment, formatSpan } from './units.ts'

const TONES: Record<string, Tone> = { established: 'good', refused: 'bad', 'no-answer': 'bad', 'no-ack': 'warning' }

const CSV_COLUMNS = [
  'stream',
  'clientAddress',
  'clientPort',
  'serverAddress',
  'serverPort',
  'outcome',
  'synRtt',
  'ackRtt',
  'initialRtt',
  'connectTime',
  'synRetransmissions',
  'synAckRetransmissions',
  'start',
]

export function rttReport(result: RttResult, top: number): Report {
  const { shown, omitted } = take(result.handshakes, top)
  return {
    schema: 'pcapx.rtt/1',
    summary: { summary: result.summary },
    lists: [{ key: 'handshakes', type: 'handshake', records: shown.map(toRecord), omitted }],
    csv: { columns: CSV_COLUMNS, rows: () => shown.map(toCsv) },
    view: () => view(result, shown, omitted),
  }
}

function toRecord(handshake: Handshake): object {
  return { ...handshake, start: formatMoment(handshake.start) }
}

function toCsv(h: Handshake) {
  return [
    h.stream,
    h.client.address,
    h.client.port,
    h.server.address,
    h.server.port,
    h.outcome,
    h.synRtt,
    h.ackRtt,
    h.initialRtt,
    h.connectTime,
    h.synRetransmissions,
    h.synAckRetransmissions,
    formatMoment(h.start),
  ]
}

function view(result: RttResult, shown: readonly Handshake[], omitted: number): Block[] {
  if (result.handshakes.length === 0)
    return [line('no TCP connections (`pcapx info` tells whether ports were captured)')]
  const { summary } = result
  return [
    {
      kind: 'table',
      columns: [
        { title: 'stream', align: 'right' },
        { title: 'client', wraps: true },
        { title: 'server', wraps: true },
        { title: 'outcome' },
        { title: 'SYN RTT', align: 'right' },
        { title: 'ACK RTT', align: 'right', dropFirst: 1 },
        { title: 'initial RTT', align: 'right', dropFirst: 3 },
        { title: 'resent', align: 'right', dropFirst: 2 },
      ],
      rows: shown.map(toRow),
      omitted,
    },
    line(''),
    line(`${counted(result.handshakes.length, 'connection')}: ${outcomes(result.handshakes)}`),
    line(
      summary.count === 0
        ? 'SYN RTT (SYN to SYN-ACK): none could be measured'
        : `SYN RTT (SYN to SYN-ACK) of ${summary.count}: min ${formatSpan(summary.min)}, mean ${formatSpan(summary.mean)}, ` +
            `p50 ${formatSpan(summary.p50)}, p90 ${formatSpan(summary.p90)}, p95 ${formatSpan(summary.p95)}, ` +
            `p99 ${formatSpan(summary.p99)}, max ${formatSpan(summary.max)}`,
    ),
  ]
}

function toRow(h: Handshake): Cell[] {
  const resent = h.synRetransmissions + h.synAckRetransmissions
  return [
    String(h.stream),
    formatEndpoint(h.client),
    formatEndpoint(h.server),
    { text: h.outcome, tone: TONES[h.outcome] ?? 'faint' },
    { text: formatSpan(h.synRtt), tone: 'strong' },
    formatSpan(h.ackRtt),
    formatSpan(h.initialRtt),
    resent === 0 ? { text: '0', tone: 'faint' } : { text: String(resent), tone: 'warning' },
  ]
}

/** `9 established, 2 refused` */
function outcomes(handshakes: readonly Handshake[]): string {
  const counts = new Map<string, number>()
  for (const { outcome } of handshakes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ')
}

/** `192.0.2.1:443`, `[2001:db8::1]:443` (RFC 5952 §6) */
export function formatEndpoint({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
