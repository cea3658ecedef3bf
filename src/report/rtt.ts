/** Round-trip times of TCP handshakes, for people and for programs. */
import type { Grouping, Handshake, HandshakeGroup, RttResult, RttSummary } from '../analyzers/handshake-rtt.ts'
import { histogramTable } from './histogram.ts'
import { withName } from './host-name.ts'
import {
  type Block,
  type Cell,
  type Csv,
  type Line,
  line,
  type Report,
  type Scalar,
  type Table,
  type Tone,
  take,
} from './report.ts'
import { counted, formatCount, formatMoment, formatShare, formatSpan } from './units.ts'

const TONES: Record<string, Tone> = {
  established: 'good',
  refused: 'bad',
  unreachable: 'bad',
  'no-answer': 'bad',
  'no-ack': 'warning',
}

const CSV_COLUMNS = [
  'stream',
  'clientAddress',
  'clientPort',
  'serverAddress',
  'serverPort',
  'clientName',
  'serverName',
  'guessed',
  'outcome',
  'synRtt',
  'ackRtt',
  'initialRtt',
  'connectTime',
  'synRetransmissions',
  'synAckRetransmissions',
  'ambiguous',
  'ackAmbiguous',
  'ackCarriesData',
  'initialRttHoldsLoss',
  'mismatched',
  'duplicates',
  'start',
]

const SUMMARY_KEYS = ['count', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max', 'error'] as const

/** Octets of Ethernet, IPv6 and TCP without options: what must be captured of a packet for its handshake to be told. */
const ENOUGH_OCTETS = 74

/** Times from which on their distribution is worth a picture: fewer are seen at a glance in the table. */
const LEAST_FOR_HISTOGRAM = 10

/** What a mark behind a value means. */
const AMBIGUOUS = '?'
const THINKING = '+'
const LOSS = '!'
const MISMATCHED = '*'

export interface RttReportOptions {
  /** Rows shown at most. */
  readonly top: number
  readonly by?: Grouping
}

/** `result` must hold the `top` slowest handshakes; in tables and CSV, groups take their place. */
export function rttReport(result: RttResult, { top, by }: RttReportOptions): Report {
  const handshakes = result.handshakes
  const groups = take(result.groups ?? [], top)
  const lists = [
    { key: 'handshakes', type: 'handshake', records: handshakes.map(toRecord), omitted: result.omitted },
    { key: 'groups', type: 'group', records: groups.shown, omitted: groups.omitted },
  ]
  const { summary, outcomes, connections, closed, histogram, side, duplicates, portsCut } = result
  return {
    schema: 'pcapx.rtt/1',
    summary: { by, summary, outcomes, connections, closed, side, duplicates, portsCut, histogram },
    lists: by === undefined ? lists.slice(0, 1) : lists,
    csv:
      by === undefined
        ? { columns: CSV_COLUMNS, rows: () => handshakes.map(toCsv) }
        : groupsCsv(groups.shown, Object.keys(outcomes)),
    view: () => view(result, by === undefined ? handshakeTable(result) : groupTable(groups, by)),
  }
}

function toRecord(handshake: Handshake): object {
  return { ...handshake, start: formatMoment(handshake.start) }
}

function toCsv(h: Handshake): Scalar[] {
  return [
    h.stream,
    h.client.address,
    h.client.port,
    h.server.address,
    h.server.port,
    h.clientName,
    h.serverName,
    h.guessed,
    h.outcome,
    h.synRtt,
    h.ackRtt,
    h.initialRtt,
    h.connectTime,
    h.synRetransmissions,
    h.synAckRetransmissions,
    h.ambiguous,
    h.ackAmbiguous,
    h.ackCarriesData,
    h.initialRttHoldsLoss,
    h.mismatched,
    h.duplicates,
    formatMoment(h.start),
  ]
}

function groupsCsv(groups: readonly HandshakeGroup[], outcomes: readonly string[]): Csv {
  return {
    columns: ['key', 'connections', ...outcomes, ...SUMMARY_KEYS],
    rows: () =>
      groups.map((g) => [g.key, g.connections, ...Object.values(g.outcomes), ...SUMMARY_KEYS.map((k) => g.summary[k])]),
  }
}

function view(result: RttResult, blocks: Block[]): Block[] {
  if (result.connections === 0) {
    if (result.portsCut > 0) return [cutLine(result.portsCut)]
    return [line('no TCP connections (`pcapx info` tells whether ports were captured)')]
  }
  const { summary, histogram, duplicates } = result
  blocks.push(
    line(''),
    line(`${counted(result.connections, 'connection')}: ${outcomeWords(result.outcomes)}`),
    line(
      summary.count === 0
        ? 'SYN RTT (SYN to SYN-ACK): none could be measured'
        : `SYN RTT (SYN to SYN-ACK) of ${formatCount(summary.count)}: ${summaryWords(summary)}`,
    ),
  )
  if (result.closed > 0)
    blocks.push(line(`${formatCount(result.closed)} of them had to make room for others: counted, but not listed`))
  const side = sideWords(result)
  if (side !== null) blocks.push(line(side))
  if (duplicates.copies > 0)
    blocks.push(
      line(
        `${formatCount(duplicates.copies)} of ${counted(duplicates.segments, 'SYN and SYN-ACK', 'SYNs and SYN-ACKs')} ` +
          `(${formatShare(duplicates.copies, duplicates.segments)}) are copies: packets were captured twice, and the first counts`,
        'warning',
      ),
    )
  if (result.portsCut > 0) blocks.push(cutLine(result.portsCut))
  if (result.groups === null && summary.count >= LEAST_FOR_HISTOGRAM) blocks.push(line(''), histogramTable(histogram))
  return blocks
}

/** Words for the snaplen: what it took away, and which one would not. */
export function cutLine(portsCut: number): Line {
  return line(
    `${counted(portsCut, 'TCP packet')} cut off before ports and numbers: whose handshakes they are cannot be told ` +
      `(capture ${ENOUGH_OCTETS} octets of each packet or more)`,
    'warning',
  )
}

function handshakeTable({ handshakes, omitted }: RttResult): Block[] {
  const marks = new Set<string>()
  const rows = handshakes.map((h) => toRow(h, marks))
  const table: Table = {
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
      { title: 'start', dropFirst: 4 },
    ],
    rows,
    omitted,
  }
  const legend: [string, string][] = [
    [AMBIGUOUS, 'sent again, and which one was answered cannot be told: the shortest time that it may be'],
    [THINKING, 'up to a segment with data: holds what the client took to have it ready'],
    [LOSS, 'holds the wait for a SYN-ACK that was sent again'],
    [MISMATCHED, 'a SYN-ACK acknowledges a number that was never sent, and answers nothing'],
  ]
  const lines = legend.filter(([mark]) => marks.has(mark)).map(([mark, words]) => line(`${mark} ${words}`, 'faint'))
  return [table, ...lines]
}

/** One handshake; enters the marks that it shows in `marks`. */
function toRow(h: Handshake, marks: Set<string>): Cell[] {
  const marked = (text: string, conditions: readonly (readonly [boolean, string])[]): string => {
    const shown = conditions.filter(([holds]) => holds).map(([, mark]) => mark)
    for (const mark of shown) marks.add(mark)
    return text + shown.join('')
  }
  const resent = h.synRetransmissions + h.synAckRetransmissions
  return [
    String(h.stream),
    withName(formatEndpoint(h.client), h.clientName),
    withName(formatEndpoint(h.server), h.serverName),
    { text: marked(h.outcome, [[h.mismatched, MISMATCHED]]), tone: TONES[h.outcome] ?? 'faint' },
    { text: marked(formatSpan(h.synRtt), [[h.ambiguous, AMBIGUOUS]]), tone: 'strong' },
    marked(formatSpan(h.ackRtt), [
      [h.ackAmbiguous, AMBIGUOUS],
      [h.ackCarriesData && h.ackRtt !== null, THINKING],
    ]),
    marked(formatSpan(h.initialRtt), [[h.initialRttHoldsLoss, LOSS]]),
    resent === 0 ? { text: '0', tone: 'faint' } : { text: String(resent), tone: 'warning' },
    formatMoment(h.start)?.replace('T', ' ').replace('Z', '') ?? '-',
  ]
}

const GROUP_TITLES: Record<Grouping, string> = { server: 'server', client: 'client', port: 'server port' }

function groupTable({ shown, omitted }: { shown: readonly HandshakeGroup[]; omitted: number }, by: Grouping): Block[] {
  const table: Table = {
    kind: 'table',
    columns: [
      { title: GROUP_TITLES[by], wraps: true },
      { title: 'connections', align: 'right' },
      { title: 'failed', align: 'right', dropFirst: 1 },
      { title: 'p50', align: 'right' },
      { title: 'p95', align: 'right' },
      { title: 'max', align: 'right' },
      { title: 'min', align: 'right', dropFirst: 2 },
      { title: 'mean', align: 'right', dropFirst: 3 },
      { title: 'p90', align: 'right', dropFirst: 4 },
      { title: 'p99', align: 'right', dropFirst: 5 },
    ],
    rows: shown.map(({ key, connections, outcomes, summary }): Cell[] => {
      const failed = outcomes.refused + outcomes.unreachable + outcomes['no-answer']
      return [
        String(key),
        formatCount(connections),
        { text: formatCount(failed), tone: failed === 0 ? 'faint' : 'bad' },
        { text: formatSpan(summary.p50), tone: 'strong' },
        formatSpan(summary.p95),
        formatSpan(summary.max),
        formatSpan(summary.min),
        formatSpan(summary.mean),
        formatSpan(summary.p90),
        formatSpan(summary.p99),
      ]
    }),
    omitted,
  }
  return [table, line('times are SYN RTT; failed: refused, unreachable or not answered', 'faint')]
}

/** `9 established, 2 refused` */
export function outcomeWords(outcomes: RttResult['outcomes']): string {
  return Object.entries(outcomes)
    .filter(([, count]) => count > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([outcome, count]) => `${formatCount(count)} ${outcome}`)
    .join(', ')
}

function summaryWords(summary: RttSummary): string {
  const words = (['min', 'mean', 'p50', 'p90', 'p95', 'p99', 'max'] as const).map(
    (k) => `${k} ${formatSpan(summary[k])}`,
  )
  const error = summary.error === 0 ? '' : ` (percentiles to ${100 * summary.error}%)`
  return words.join(', ') + error
}

/** Where the capture seems to be taken, and what that makes of the times. */
function sideWords({ side, sideMedians }: RttResult): string | null {
  if (side === null || sideMedians === null) return null
  const syn = `SYN RTT (median ${formatSpan(sideMedians.synRtt)})`
  const ack = `ACK RTT (median ${formatSpan(sideMedians.ackRtt)})`
  if (side === 'client') return `Captured near the clients, it seems: ${syn} holds the path, ${ack} the client alone.`
  if (side === 'server') return `Captured near the servers, it seems: ${ack} holds the path, ${syn} the server alone.`
  return `Captured between clients and servers, or at a host that is both, it seems: ${syn} is to the server and back, ${ack} to the client and back.`
}

/** `192.0.2.1:443`, `[2001:db8::1]:443` (RFC 5952 §6) */
export function formatEndpoint({ address, port }: { readonly address: string; readonly port: number | null }): string {
  if (port === null) return address
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
