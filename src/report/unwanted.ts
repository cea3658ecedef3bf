/** What should not be here: findings, the worst first, each with its evidence and with what to type next. */
import type { Finding, StreamCounts, UnwantedResult } from '../analyzers/unwanted.ts'
import { SEVERITIES, type Severity } from '../policy/severity.ts'
import { type Block, type Cell, line, type Report, type Scalar, type Tone, take } from './report.ts'
import { formatEndpoint } from './rtt.ts'
import { quote } from './shell-word.ts'
import { counted, formatBytes, formatCount, formatMoment, showMoment } from './units.ts'

export const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = {
  low: 'plain',
  medium: 'warning',
  high: 'bad',
  critical: 'bad',
}

const CSV_COLUMNS = [
  'severity',
  'rule',
  'title',
  'protocols',
  'address',
  'port',
  'per',
  'others',
  'domain',
  'flows',
  'packets',
  'bytes',
  'firstPacket',
  'start',
  'evidenceKind',
  'evidencePacket',
  'evidence',
  'filter',
]

/** Streams that a filter names one by one at most. */
const MAX_STREAMS = 12
/** Other sides that a table names. */
const SHOWN_OTHERS = 3
const SHOWN_EVIDENCE = 3
const LONG_LINE = 80
/** The most that are counted. */
const MAX_OTHERS = 65_536

export interface UnwantedReportOptions {
  /** Findings listed at most. */
  readonly top: number
  /** The captures as they were named, for the command to type next. */
  readonly captures: readonly string[]
}

export function unwantedReport(result: UnwantedResult, { top, captures }: UnwantedReportOptions): Report {
  const { shown, omitted } = take(result.findings, top)
  const severities = countSeverities(result.findings)
  return {
    schema: 'pcapx.unwanted/1',
    summary: {
      policy: result.policy,
      severities,
      looked: result.looked,
      ...(result.unlisted === null ? {} : { unlisted: result.unlisted }),
    },
    lists: [{ key: 'findings', type: 'finding', records: shown.map(toRecord), omitted }],
    csv: { columns: CSV_COLUMNS, rows: () => shown.map(toCsv) },
    view: () => view(result, shown, omitted, captures),
  }
}

/** How many findings there are of each severity. */
function countSeverities(findings: readonly Finding[]): Record<Severity, number> {
  const counts = { low: 0, medium: 0, high: 0, critical: 0 }
  for (const { severity } of findings) counts[severity]++
  return counts
}

function toRecord(finding: Finding): object {
  return { ...finding, start: formatMoment(finding.start), filter: filterOf(finding) }
}

function toCsv(f: Finding): Scalar[] {
  return [
    f.severity,
    f.rule,
    f.title,
    f.protocols.join(' '),
    f.at.address,
    f.at.port,
    f.per,
    f.otherCount,
    f.domain,
    f.flows,
    f.packets,
    f.bytes,
    f.firstPacket,
    formatMoment(f.start),
    f.evidence[0].kind,
    f.evidence[0].packet,
    f.evidence.map(({ what }) => what).join('; '),
    filterOf(f),
  ]
}

/** The display filter that selects the finding's packets, or those near to them where there are too many streams to name. */
export function filterOf({ at, domain, streams, per }: Finding): string {
  const address = `${at.address.includes(':') ? 'ipv6' : 'ip'}.addr == ${at.address}`
  if (domain !== null) {
    // Names come from packets: what could be more than a name is left out.
    return /^[a-z0-9.-]+$/.test(domain) ? `dns.qry.name contains "${domain}" && ${address}` : `dns && ${address}`
  }
  const named = streams.tcp.length + streams.udp.length
  if (streams.omitted === 0 && named <= MAX_STREAMS)
    return (['tcp', 'udp'] as const)
      .filter((transport) => streams[transport].length > 0)
      .map((transport) => streamsFilter(transport, streams[transport]))
      .join(' || ')
  const transports = (['tcp', 'udp'] as const).filter((transport) => streams[transport].length > 0)
  const ports = transports.map((transport) => (per === 'host' ? transport : `${transport}.port == ${at.port}`))
  return `${address} && ${ports.length > 1 ? `(${ports.join(' || ')})` : ports[0]}`
}

function streamsFilter(transport: 'tcp' | 'udp', streams: readonly number[]): string {
  return streams.length === 1
    ? `${transport}.stream == ${streams[0]}`
    : `${transport}.stream in {${streams.join(', ')}}`
}

function view(
  result: UnwantedResult,
  shown: readonly Finding[],
  omitted: number,
  captures: readonly string[],
): Block[] {
  const { findings, looked, policy } = result
  if (findings.length === 0) return [line(`nothing unwanted, by the ${policy} policy`, 'good'), ...lookedLines(looked)]
  const rows = shown.flatMap((finding, i) => [...(i === 0 ? [] : [['', '']]), ...findingRows(finding)])
  const counts = countSeverities(findings)
  const words = SEVERITIES.filter((severity) => counts[severity] > 0).map((s) => `${formatCount(counts[s])} ${s}`)
  const [first] = findings
  const names = captures.filter((name) => name !== '-').map(quote)
  const file = names.length === captures.length && names.length > 0 ? names.join(' ') : 'CAPTURE'
  return [
    {
      kind: 'table',
      bare: true,
      columns: [{ title: 'severity' }, { title: 'finding', wraps: true }],
      rows,
    },
    ...(omitted > 0
      ? [line(''), line(`... and ${counted(omitted, 'finding')} more (--top 0 shows all)`, 'faint')]
      : []),
    line(''),
    line(`${counted(findings.length, 'finding')} by the ${policy} policy: ${words.reverse().join(', ')}`, 'strong'),
    ...lookedLines(looked),
    ...unlistedLines(result.unlisted),
    line(''),
    line('next:'),
    line(`  pcapx show ${first.evidence[0].packet} ${file}`),
    ...filterLines(quote(filterOf(first)), file),
  ]
}

/** What is unwanted, but of no finding that there was room for. */
function unlistedLines(unlisted: UnwantedResult['unlisted']): Block[] {
  if (unlisted === null) return []
  const { flows, packets, bytes } = unlisted
  const amount = `${counted(flows, 'flow')}, ${counted(packets, 'packet')}, ${formatBytes(bytes)}`
  return [line(`and unwanted, too, but too much to be listed: ${amount}`, 'warning')]
}

/** A command that is too long for most terminals goes on in the next line, and can still be pasted. */
function filterLines(filter: string, file: string): Block[] {
  const words = `  pcapx filter ${filter} ${file}`
  return words.length < LONG_LINE ? [line(words)] : [line(`  pcapx filter ${filter} \\`), line(`    ${file}`)]
}

function findingRows(finding: Finding): Cell[][] {
  const { severity, title, flows, packets, bytes, firstPacket, start, evidence } = finding
  const amount = flows === 0 ? counted(packets, 'question') : `${counted(flows, 'flow')}, ${counted(packets, 'packet')}`
  const since = start === null ? '' : `, ${showMoment(start).replace(/\.\d+/, '')}`
  const lines: Cell[] = [
    { text: title, tone: 'strong' },
    whoOf(finding),
    `${amount}, ${formatBytes(bytes)}`,
    `from packet ${firstPacket} on${since}`,
    ...evidence.slice(0, SHOWN_EVIDENCE).map(({ packet, what }) => `packet ${packet}: ${what}`),
    ...(evidence.length > SHOWN_EVIDENCE ? ['... and more (--json has it)'] : []),
    { text: filterOf(finding), tone: 'faint' },
  ]
  return lines.map((cell, i) => [i === 0 ? { text: severity, tone: SEVERITY_TONES[severity] } : '', cell])
}

/** `10.0.0.20:21, ftp, from 3 clients: 203.0.113.9, ...` */
function whoOf({ at, per, protocols, others, otherCount, domain }: Finding): string {
  const what = [...protocols, ...(domain === null ? [] : [domain === '' ? 'names without a domain' : domain])].join(
    ', ',
  )
  const place = at.port === null ? at.address : formatEndpoint({ address: at.address, port: at.port })
  const shown = others.slice(0, SHOWN_OTHERS).join(', ')
  const more = otherCount > SHOWN_OTHERS ? `, and ${formatCount(otherCount - SHOWN_OTHERS)} more` : ''
  const atLeast = otherCount >= MAX_OTHERS ? ' at least' : ''
  const words = per === 'host' ? 'with' : 'from'
  return `${place}${what === '' ? '' : ` (${what})`} ${words} ${shown}${more}${atLeast}`
}

export function lookedLines({ streams, named, namedByPort, unnamed, empty }: StreamCounts): Block[] {
  if (streams === 0) return [line('no TCP or UDP streams to look at (`pcapx info` tells what the capture holds)')]
  const unjudged = [
    unnamed > 0 ? `${formatCount(unnamed)} could not be named` : '',
    namedByPort > 0 ? `${formatCount(namedByPort)} only by their port, which is no evidence` : '',
    empty > 0 ? `${formatCount(empty)} without payload` : '',
  ].filter(Boolean)
  const rest = unjudged.length === 0 ? '' : `; ${unjudged.join(', ')}`
  return [line(`${counted(streams, 'stream')} looked at, ${formatCount(named)} named by what they carry${rest}`)]
}
