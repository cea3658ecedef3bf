/** Conversations, one a row. */
import type { Flow, FlowsResult } from '../analyzers/flows.ts'
import { type Block, type Cell, line, type Report, type Scalar, take } from './report.ts'
import { formatEndpoint } from './rtt.ts'
import { formatCount, formatDuration, formatMoment } from './units.ts'

const CSV_COLUMNS = [
  'protocol',
  'stream',
  'clientAddress',
  'clientPort',
  'serverAddress',
  'serverPort',
  'guessed',
  'application',
  'packets',
  'bytes',
  'clientPackets',
  'clientBytes',
  'serverPackets',
  'serverBytes',
  'start',
  'duration',
]

export function flowsReport(result: FlowsResult, top: number): Report {
  const { shown, omitted } = take(result.flows, top)
  return {
    schema: 'pcapx.flows/1',
    summary: {},
    lists: [{ key: 'flows', type: 'flow', records: shown.map(toRecord), omitted }],
    csv: { columns: CSV_COLUMNS, rows: () => shown.map(toCsv) },
    view: () => view(shown, omitted),
  }
}

function toRecord(flow: Flow): object {
  return { ...flow, start: formatMoment(flow.start) }
}

function toCsv(f: Flow): Scalar[] {
  return [
    f.protocol,
    f.stream,
    f.client.address,
    f.client.port,
    f.server.address,
    f.server.port,
    f.guessed,
    f.application,
    f.packets,
    f.bytes,
    f.clientPackets,
    f.clientBytes,
    f.serverPackets,
    f.serverBytes,
    formatMoment(f.start),
    f.duration,
  ]
}

function view(shown: readonly Flow[], omitted: number): Block[] {
  if (shown.length === 0) return [line('no TCP or UDP conversations (`pcapx info` tells whether ports were captured)')]
  const blocks: Block[] = [
    {
      kind: 'table',
      columns: [
        { title: 'stream' },
        { title: 'client', wraps: true },
        { title: 'server', wraps: true },
        { title: 'application', dropFirst: 1 },
        { title: 'packets', align: 'right' },
        { title: 'bytes', align: 'right' },
        { title: 'to server', align: 'right', dropFirst: 3 },
        { title: 'to client', align: 'right', dropFirst: 4 },
        { title: 'duration', align: 'right', dropFirst: 2 },
      ],
      rows: shown.map(toRow),
      omitted,
    },
  ]
  if (shown.some(isDoubtful)) blocks.push(line('? no handshake was seen: which side is the client is a guess', 'faint'))
  return blocks
}

function toRow(f: Flow): Cell[] {
  return [
    `${f.protocol} ${f.stream}`,
    formatEndpoint(f.client) + (isDoubtful(f) ? '?' : ''),
    formatEndpoint(f.server),
    f.application ?? { text: '-', tone: 'faint' },
    formatCount(f.packets),
    formatCount(f.bytes),
    formatCount(f.clientBytes),
    formatCount(f.serverBytes),
    formatDuration(f.duration),
  ]
}

/** UDP has no handshake to look for, so there the first sender being the client is no news. */
function isDoubtful(flow: Flow): boolean {
  return flow.guessed && flow.protocol === 'tcp'
}
