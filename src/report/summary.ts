/** Every analysis of one pass: one screen for people, and for programs the same records as each command has, the first of them. */
import type { SummaryResult } from '../analyzers/summary.ts'
import { destinationsReport } from './destinations.ts'
import { endpointsReport } from './endpoints.ts'
import { flowsReport } from './flows.ts'
import { hierarchyReport } from './hierarchy.ts'
import { type CaptureFile, infoReport } from './info.ts'
import { type RecordList, type Report, take } from './report.ts'
import { rttReport } from './rtt.ts'
import { type SummaryReportOptions, summaryView } from './summary-view.ts'
import { unwantedReport } from './unwanted.ts'

/** Records of a list in the JSON document, and protocols of the hierarchy, which makes sense only with what carries them. */
const RECORDS = 10
const PROTOCOLS = 30

/** Handshakes and flows that the analyzer is to list. */
export function recordsOf(top: number | undefined): number {
  return top ?? RECORDS
}

export function summaryReport(
  result: SummaryResult,
  files: readonly CaptureFile[],
  options: SummaryReportOptions,
): Report {
  const top = recordsOf(options.top)
  const { outcomes, connections, closed, side, duplicates, portsCut, summary } = result.rtt
  const info = infoReport(result.statistics, files)
  const flows = flowsReport(result.flows, options.countryOf)
  const unwanted = unwantedReport(result.unwanted, { top, captures: options.captures })
  const [destinations, ports] = destinationsReport(result.destinations, top).lists
  const [endpoints] = endpointsReport(result.endpoints, top).lists
  return {
    schema: 'pcapx.summary/1',
    summary: {
      ...info.summary,
      rtt: { summary, outcomes, connections, closed, side, duplicates, portsCut },
      conversations: { ...flows.summary, ...result.losses },
      unwanted: unwanted.summary,
    },
    lists: [
      ...info.lists.map((list) => bounded(list, top)),
      ...rttReport(result.rtt, { top }).lists,
      ...hierarchyReport(result.hierarchy, options.top ?? PROTOCOLS).lists,
      destinations,
      ports,
      endpoints,
      ...flows.lists,
      ...unwanted.lists,
    ],
    // A table of things so different has no columns; the command refuses it.
    csv: { columns: [], rows: () => [] },
    view: (width) => summaryView(result, files, options, width),
  }
}

/** Files, and the interfaces of each: pcapng may name any number of them. */
function bounded({ records, omitted, ...list }: RecordList, top: number): RecordList {
  const { shown, omitted: more } = take(records, top)
  return { ...list, records: shown.map((record) => withFewInterfaces(record, top)), omitted: omitted + more }
}

function withFewInterfaces(record: object, top: number): object {
  if (!('interfaces' in record)) return record
  const { shown, omitted } = take(record.interfaces as readonly object[], top)
  return { ...record, interfaces: shown, omittedInterfaces: omitted }
}
