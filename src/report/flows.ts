/** Conversations, one a row. */
import type { Flow, FlowEndpoint, FlowsResult } from '../analyzers/flows.ts'
import { withName } from './host-name.ts'
import { type Block, type Cell, type Column, line, type Report, type Scalar } from './report.ts'
import { formatEndpoint } from './rtt.ts'
import { counted, formatBytes, formatCount, formatDuration, formatMoment, formatShare } from './units.ts'

/** The country of an address; null if it is not known. */
export type CountryOf = (address: string) => string | null

const CSV_COLUMNS = [
  'protocol',
  'stream',
  'clientAddress',
  'clientPort',
  'clientCountry',
  'serverAddress',
  'serverPort',
  'serverCountry',
  'guessed',
  'state',
  'application',
  'carries',
  'evidence',
  'evidencePacket',
  'evidenceWhat',
  'clientName',
  'serverName',
  'packets',
  'bytes',
  'payloadBytes',
  'clientPackets',
  'clientBytes',
  'clientPayloadBytes',
  'serverPackets',
  'serverBytes',
  'serverPayloadBytes',
  'clientLostBytes',
  'serverLostBytes',
  'clientRetransmissions',
  'serverRetransmissions',
  'duplicates',
  'completeness',
  'firstPacket',
  'start',
  'duration',
  'vlans',
  'tunnels',
  'icmpType',
  'icmpCode',
  'communityId',
]

export function flowsReport(result: FlowsResult, countryOf: CountryOf = () => null): Report {
  const { flows, omitted, totals, closedOut, duplicates } = result
  return {
    schema: 'pcapx.flows/1',
    summary: { totals, closedOut, duplicates },
    lists: [{ key: 'flows', type: 'flow', records: flows.map((flow) => toRecord(flow, countryOf)), omitted }],
    csv: { columns: CSV_COLUMNS, rows: () => flows.map((flow) => toCsv(flow, countryOf)) },
    view: () => view(result, countryOf),
  }
}

function toRecord(flow: Flow, countryOf: CountryOf): object {
  return {
    ...flow,
    start: formatMoment(flow.start),
    clientCountry: countryOf(flow.client.address),
    serverCountry: countryOf(flow.server.address),
  }
}

function toCsv(f: Flow, countryOf: CountryOf): Scalar[] {
  return [
    f.protocol,
    f.stream,
    f.client.address,
    f.client.port,
    countryOf(f.client.address),
    f.server.address,
    f.server.port,
    countryOf(f.server.address),
    f.guessed,
    f.state,
    f.application,
    f.carries.join(' '),
    f.evidence?.kind,
    f.evidence?.packet,
    f.evidence?.what,
    f.clientName,
    f.serverName,
    f.packets,
    f.bytes,
    f.payloadBytes,
    f.clientPackets,
    f.clientBytes,
    f.clientPayloadBytes,
    f.serverPackets,
    f.serverBytes,
    f.serverPayloadBytes,
    f.clientLostBytes,
    f.serverLostBytes,
    f.clientRetransmissions,
    f.serverRetransmissions,
    f.duplicates,
    f.completeness,
    f.firstPacket,
    formatMoment(f.start),
    f.duration,
    f.vlans.join(' '),
    tunnelsOf(f),
    f.icmp?.type,
    f.icmp?.code,
    f.communityId,
  ]
}

interface FlowColumn {
  readonly column: Column
  readonly cell: (flow: Flow, countryOf: CountryOf) => Cell
  /** Flows that the column says something of; all, if it is not given. */
  readonly of?: (flow: Flow) => boolean
}

const isTcp = (flow: Flow): boolean => flow.state !== null

const COLUMNS: readonly FlowColumn[] = [
  {
    column: { title: 'stream' },
    cell: ({ protocol, stream }) => (stream === null ? protocol : `${protocol} ${stream}`),
  },
  {
    column: { title: 'client', wraps: true },
    cell: (flow, countryOf) =>
      withName(withCountry(flow.client, countryOf) + (isDoubtful(flow) ? '?' : ''), flow.clientName),
  },
  {
    column: { title: 'server', wraps: true },
    cell: ({ server, serverName }, countryOf) => withName(withCountry(server, countryOf), serverName),
  },
  {
    column: { title: 'application' },
    cell: (flow) => applicationOf(flow) ?? icmpOf(flow) ?? none(),
    of: ({ stream, icmp }) => stream !== null || icmp !== null,
  },
  { column: { title: 'state', dropFirst: 5 }, cell: ({ state }) => state ?? none(), of: isTcp },
  { column: { title: 'packets', align: 'right' }, cell: ({ packets }) => formatCount(packets) },
  { column: { title: 'bytes', align: 'right' }, cell: ({ bytes }) => formatCount(bytes) },
  { column: { title: 'to server', align: 'right', dropFirst: 7 }, cell: (flow) => formatCount(flow.clientBytes) },
  { column: { title: 'to client', align: 'right', dropFirst: 8 }, cell: (flow) => formatCount(flow.serverBytes) },
  {
    column: { title: 'lost', align: 'right', dropFirst: 4 },
    cell: (flow) => ofBoth(flow.clientLostBytes, flow.serverLostBytes),
    of: isTcp,
  },
  {
    column: { title: 'resent', align: 'right', dropFirst: 6 },
    cell: (flow) => ofBoth(flow.clientRetransmissions, flow.serverRetransmissions),
    of: isTcp,
  },
  {
    column: { title: 'duration', align: 'right', dropFirst: 2 },
    cell: ({ duration }) => formatDuration(duration),
  },
  {
    column: { title: 'VLAN, tunnel', dropFirst: 1 },
    cell: (flow) => [flow.vlans.map((id) => `VLAN ${id}`).join(' '), tunnelsOf(flow)].filter(Boolean).join(' '),
    of: hasTags,
  },
]

function view(result: FlowsResult, countryOf: CountryOf): Block[] {
  const { flows, omitted } = result
  const blocks: Block[] = []
  // What no flow has needs no column.
  const columns = COLUMNS.filter(({ of }) => of === undefined || flows.some(of))
  if (flows.length === 0 && omitted === 0)
    blocks.push(line('no conversations (`pcapx info` tells what the capture holds)'))
  else
    blocks.push({
      kind: 'table',
      columns: columns.map(({ column }) => column),
      rows: flows.map((flow) => columns.map(({ cell }) => cell(flow, countryOf))),
      omitted,
    })
  if (flows.some(isDoubtful)) blocks.push(line('? no handshake was seen: which side is the client is a guess', 'faint'))
  if (flows.some(isByPort))
    blocks.push(line('? behind an application: only its port tells, and that its decoder takes what is sent', 'faint'))
  return [...blocks, ...notes(result)]
}

function notes({ totals, closedOut, duplicates, flows, omitted }: FlowsResult): Block[] {
  const blocks: Block[] = []
  if (omitted > 0 || closedOut.flows > 0)
    blocks.push(line(''), line(`in all ${counted(totals.flows, 'flow')}, ${formatBytes(totals.bytes)}`))
  if (closedOut.flows > 0)
    blocks.push(
      line(
        `${counted(closedOut.flows, 'flow')} (${counted(closedOut.packets, 'packet')}, ${formatBytes(closedOut.bytes)}) ` +
          'closed out to stay within --max-streams: in the totals, not listed',
        'warning',
      ),
    )
  if (duplicates.packets > 0 && flows.length > 0)
    blocks.push(
      line(
        `${formatCount(duplicates.packets)} of ${counted(duplicates.of, 'packet')} ` +
          `(${formatShare(duplicates.packets, duplicates.of)}) captured twice: copies are left out of lost and resent`,
        'warning',
      ),
    )
  return blocks
}

function none(): Cell {
  return { text: '-', tone: 'faint' }
}

function ofBoth(client: number | null, server: number | null): Cell {
  if (client === null || server === null) return none()
  const sum = client + server
  return sum === 0 ? { text: '0', tone: 'faint' } : { text: formatCount(sum), tone: 'warning' }
}

function withCountry(endpoint: FlowEndpoint, countryOf: CountryOf): string {
  const country = countryOf(endpoint.address)
  return formatEndpoint(endpoint) + (country === null ? '' : ` ${country}`)
}

/** `rpc/nfs`: what the stream carries, and what that carries in turn. */
export function applicationOf(flow: Flow): string | null {
  const { application, carries } = flow
  if (application === null) return null
  const above = carries.at(-1)
  return application + (above === undefined ? '' : `/${above}`) + (isByPort(flow) ? '?' : '')
}

export function isByPort({ evidence }: Flow): boolean {
  return evidence?.kind === 'port'
}

/** `type 8 code 0` */
export function icmpOf({ icmp }: Flow): string | undefined {
  return icmp === null ? undefined : `type ${icmp.type} code ${icmp.code}`
}

function hasTags(flow: Flow): boolean {
  return flow.vlans.length > 0 || flow.tunnels.length > 0
}

/** `vxlan 42 gre` */
function tunnelsOf({ tunnels }: Flow): string {
  return tunnels.map(({ protocol, id }) => (id === null ? protocol : `${protocol} ${id}`)).join(' ')
}

/** Other protocols have no handshake to look for, so there the first sender being the client is no news. */
export function isDoubtful(flow: Flow): boolean {
  return flow.guessed && flow.protocol === 'tcp'
}
