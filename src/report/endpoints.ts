/** Addresses and ports by traffic, as two tables. */
import type { EndpointsResult } from '../analyzers/endpoints.ts'
import type { Traffic } from '../analyzers/traffic-columns.ts'
import { type NameOf, noNames, withName } from './host-name.ts'
import { type Block, type Cell, type Column, line, type Report, type Scalar, take } from './report.ts'
import { counted, formatBytes, formatCount } from './units.ts'

const TRAFFIC_COLUMNS: readonly Column[] = [
  { title: 'packets', align: 'right' },
  { title: 'bytes', align: 'right' },
  { title: 'tx packets', align: 'right', dropFirst: 3 },
  { title: 'tx bytes', align: 'right', dropFirst: 1 },
  { title: 'rx packets', align: 'right', dropFirst: 4 },
  { title: 'rx bytes', align: 'right', dropFirst: 2 },
]

export function endpointsReport(result: EndpointsResult, top: number, nameOf: NameOf = noNames): Report {
  const endpoints = take(result.endpoints, top)
  const ports = take(result.ports, top)
  return {
    schema: 'pcapx.endpoints/1',
    summary: result.others === null ? {} : { others: result.others },
    lists: [
      {
        key: 'endpoints',
        type: 'endpoint',
        records: endpoints.shown.map((e) => ({ ...e, name: nameOf(e.address) })),
        omitted: endpoints.omitted + result.omitted,
      },
      { key: 'ports', type: 'port', records: ports.shown, omitted: ports.omitted },
    ],
    csv: {
      columns: [
        'type',
        'address',
        'name',
        'protocol',
        'port',
        'packets',
        'bytes',
        'txPackets',
        'txBytes',
        'rxPackets',
        'rxBytes',
      ],
      rows: () => [
        ...endpoints.shown.map((e): Scalar[] => ['endpoint', e.address, nameOf(e.address), null, null, ...numbers(e)]),
        ...ports.shown.map((p): Scalar[] => ['port', null, null, p.protocol, p.port, ...numbers(p)]),
      ],
    },
    view: () => view(result, endpoints, ports, nameOf),
  }
}

type Taken<T> = ReturnType<typeof take<T>>

function view(
  result: EndpointsResult,
  endpoints: Taken<EndpointsResult['endpoints'][number]>,
  ports: Taken<EndpointsResult['ports'][number]>,
  nameOf: NameOf,
): Block[] {
  if (result.endpoints.length === 0) return [line('no packets with an IP layer')]
  const blocks: Block[] = [
    line(counted(result.endpoints.length + result.omitted, 'address', 'addresses'), 'strong'),
    {
      kind: 'table',
      columns: [{ title: 'address', wraps: true }, ...TRAFFIC_COLUMNS],
      rows: endpoints.shown.map((e): Cell[] => [
        withName(e.address, nameOf(e.address)),
        ...numbers(e).map(formatCount),
      ]),
      omitted: endpoints.omitted + result.omitted,
    },
    ...othersLines(result.others),
    line(''),
  ]
  if (result.ports.length === 0) return [...blocks, line('no ports')]
  return [
    ...blocks,
    line(counted(result.ports.length, 'port'), 'strong'),
    {
      kind: 'table',
      columns: [{ title: 'port' }, ...TRAFFIC_COLUMNS],
      rows: ports.shown.map((p): Cell[] => [`${p.protocol} ${p.port}`, ...numbers(p).map(formatCount)]),
      omitted: ports.omitted,
    },
  ]
}

/** Addresses for which there was no room. */
function othersLines(others: Traffic | null): Block[] {
  if (others === null) return []
  const what = `${counted(others.packets, 'packet')}, ${formatBytes(others.bytes)}, each end counted`
  return [line(`further addresses, too many to be told apart: ${what}`, 'warning')]
}

function numbers(t: Traffic): number[] {
  return [t.packets, t.bytes, t.txPackets, t.txBytes, t.rxPackets, t.rxBytes]
}
