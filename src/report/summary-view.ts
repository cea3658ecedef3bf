/**
 * The summary as a person reads it: one screen of 80 columns. What does not fit is folded and counted, and above each part stands the
 * command that shows all of it.
 */
import type { Flow } from '../analyzers/flows.ts'
import type { SummaryResult } from '../analyzers/summary.ts'
import type { Finding } from '../analyzers/unwanted.ts'
import { SEVERITIES } from '../policy/severity.ts'
import { applicationOf, type CountryOf, icmpOf, isByPort, isDoubtful } from './flows.ts'
import type { CaptureFile } from './info.ts'
import { type Block, type Cell, line, take } from './report.ts'
import { cutLine, formatEndpoint, outcomeWords } from './rtt.ts'
import { quote } from './shell-word.ts'
import { destinationLines } from './summary-destinations.ts'
import { fileLines } from './summary-file.ts'
import { protocolLines } from './summary-protocols.ts'
import { displayWidth, escapeText } from './text.ts'
import { counted, formatCount, formatShare, formatSpan } from './units.ts'
import { lookedLines, SEVERITY_TONES } from './unwanted.ts'

/** Columns without a terminal, and at most: commands at the right of a wide one would be far from what they belong to. */
const USUAL_WIDTH = 80
const MOST_WIDTH = 100

/** Rows on one screen, unless `--top` says otherwise. */
const FLOWS = 3
const FINDINGS = 5

export interface SummaryReportOptions {
  /** Rows of each list; undefined: as many as are good for a screen, or for a document of bounded size. */
  readonly top: number | undefined
  /** As they were named, for the commands that show more. */
  readonly captures: readonly string[]
  readonly filter: string | undefined
  /** The terminal has no block characters. */
  readonly plain: boolean
  readonly countryOf?: CountryOf
}

const TITLES = {
  info: 'File',
  rtt: 'Round-trip times',
  hierarchy: 'Protocols',
  destinations: 'Destinations and ports',
  flows: 'Flows',
  unwanted: 'Findings',
} as const

type Part = keyof typeof TITLES

export function summaryView(
  result: SummaryResult,
  files: readonly CaptureFile[],
  options: SummaryReportOptions,
  terminal = Infinity,
): Block[] {
  const width = Math.min(terminal === Infinity ? USUAL_WIDTH : terminal, MOST_WIDTH)
  const heading = headings(options, width)
  const parts: [Part, Block[]][] = [['info', fileLines(result, files)]]
  if (result.statistics.packets > 0)
    parts.push(
      ['rtt', rttLines(result)],
      ['hierarchy', protocolLines(result.hierarchy, width, options)],
      ['destinations', destinationLines(result.destinations, options.top, terminal)],
      ['flows', flows(result, options)],
      ['unwanted', findings(result, options)],
    )
  return parts.flatMap(([part, blocks], i) => [...(i === 0 ? [] : [line('')]), heading(part), ...blocks])
}

/** Makes the line above a part: what it is, and at its right the command that shows more, in full where all of them fit. */
function headings({ captures, filter }: SummaryReportOptions, width: number): (part: Part) => Block {
  // As it will be shown: that may be longer.
  const words = escapeText(
    [
      ...(filter === undefined ? [] : ['-Y', quote(filter)]),
      ...captures.map((name) => (name === '-' ? 'CAPTURE' : quote(name))),
    ].join(' '),
  )
  const command = (part: Part, rest: string): string => `pcapx ${part} ${rest}`
  const room = (part: Part): number => width - TITLES[part].length - 2
  const isFit = (Object.keys(TITLES) as Part[]).every((part) => displayWidth(command(part, words)) <= room(part))
  return (part) => {
    const text = command(part, isFit ? words : '...')
    const title = TITLES[part].padEnd(width - displayWidth(text) - 2)
    return {
      kind: 'table',
      bare: true,
      columns: [{ title: '' }, { title: '' }],
      rows: [
        [
          { text: title, tone: 'strong' },
          { text, tone: 'faint' },
        ],
      ],
    }
  }
}

function rttLines({ rtt }: SummaryResult): Block[] {
  if (rtt.connections === 0) return [rtt.portsCut > 0 ? cutLine(rtt.portsCut) : line('no TCP handshakes')]
  const { summary, handshakes, side, sideMedians } = rtt
  const failed = rtt.outcomes.refused + rtt.outcomes.unreachable + rtt.outcomes['no-answer']
  const blocks: Block[] = [
    line(
      `${counted(rtt.connections, 'connection')}: ${outcomeWords(rtt.outcomes)}`,
      2 * failed > rtt.connections ? 'warning' : 'plain',
    ),
  ]
  if (summary.count === 0) blocks.push(line('SYN RTT (SYN to SYN-ACK): none could be measured'))
  else {
    // The slowest may be among those that had to make room.
    const isListed = rtt.closed === 0 && handshakes.length > 0
    const slowest = isListed ? ` to ${formatEndpoint(handshakes[0].server)}` : ''
    const { p50, p95, max } = summary
    blocks.push(
      line(`SYN RTT p50 ${formatSpan(p50)}, p95 ${formatSpan(p95)}, max ${formatSpan(max)}${slowest}`, 'strong'),
    )
  }
  const ack = sideMedians === null ? '' : `ACK RTT (p50 ${formatSpan(sideMedians.ackRtt)})`
  // Elsewhere SYN RTT is what it is taken for.
  if (side === 'server') blocks.push(line(`captured near the servers, it seems: ${ack} holds the path`, 'warning'))
  if (rtt.portsCut > 0) blocks.push(cutLine(rtt.portsCut))
  return blocks
}

function flows({ flows: result, endpoints, losses, rtt }: SummaryResult, { top }: SummaryReportOptions): Block[] {
  const { totals, duplicates } = result
  if (totals.flows === 0) return [line('no conversations')]
  const shown = take(result.flows, top ?? FLOWS).shown
  const isLossy = losses.lostBytes + losses.retransmissions + duplicates.packets > 0
  const facts = [
    `${counted(losses.retransmissions, 'segment')} sent again`,
    `${counted(losses.lostBytes, 'byte')} lost`,
    ...(duplicates.packets > 0 ? [`${counted(duplicates.packets, 'packet')} captured twice`] : []),
  ]
  const among = counted(endpoints.endpoints.length + endpoints.omitted, 'address', 'addresses')
  // Without TCP streams, or without their numbers, nothing is known of losses.
  const sound = rtt.connections === 0 ? '' : `: ${facts.join(', ')}`
  return [
    line(`${counted(totals.flows, 'flow')} of ${among} (pcapx endpoints)${sound}`, isLossy ? 'warning' : 'plain'),
    {
      kind: 'table',
      columns: [
        { title: 'stream' },
        { title: 'client', wraps: true },
        { title: 'server', wraps: true },
        { title: 'application' },
        { title: 'bytes', align: 'right' },
        { title: '%', align: 'right' },
      ],
      rows: shown.map((flow): Cell[] => flowRow(flow, totals.bytes)),
    },
    ...(shown.some(isDoubtful) ? [line('? no handshake was seen: which side is the client is a guess', 'faint')] : []),
    ...(shown.some(isByPort) ? [line('? behind an application: only its port tells', 'faint')] : []),
  ]
}

function flowRow(flow: Flow, whole: number): Cell[] {
  const { protocol, stream, client, server, bytes } = flow
  return [
    stream === null ? protocol : `${protocol} ${stream}`,
    formatEndpoint(client) + (isDoubtful(flow) ? '?' : ''),
    formatEndpoint(server),
    applicationOf(flow) ?? icmpOf(flow) ?? { text: '-', tone: 'faint' },
    formatCount(bytes),
    formatShare(bytes, whole),
  ]
}

function findings({ unwanted }: SummaryResult, { top }: SummaryReportOptions): Block[] {
  const { findings: all, policy, looked } = unwanted
  if (all.length === 0 && looked.streams === 0) return lookedLines(looked)
  if (all.length === 0) return [line(`nothing unwanted, by the ${policy} policy`, 'good'), ...lookedLines(looked)]
  const { shown, omitted } = take(all, top ?? FINDINGS)
  const counts = SEVERITIES.map(
    (severity) => [all.filter((one) => one.severity === severity).length, severity] as const,
  )
  const words = counts.filter(([count]) => count > 0).map(([count, severity]) => `${formatCount(count)} ${severity}`)
  return [
    {
      kind: 'table',
      bare: true,
      columns: [
        { title: 'severity' },
        { title: 'finding', wraps: true },
        { title: 'where', wraps: true },
        { title: 'packet' },
      ],
      rows: shown.map(findingRow),
    },
    ...(omitted > 0
      ? [line(`... and ${counted(omitted, 'finding')} more: ${words.reverse().join(', ')} in all`, 'faint')]
      : []),
  ]
}

function findingRow({ severity, title, at, evidence }: Finding): Cell[] {
  return [
    { text: severity, tone: SEVERITY_TONES[severity] },
    { text: title, tone: 'strong' },
    formatEndpoint(at),
    `packet ${evidence[0].packet}`,
  ]
}
