/** Destinations and ports, as the tree of Wireshark's IPv4 Statistics, and the busiest destination ports overall. */
import type { BusyPort, Destination, DestinationsResult } from '../analyzers/destinations.ts'
import { type NameOf, noNames, withName } from './host-name.ts'
import { type Block, type Cell, line, type Report, type Scalar, take } from './report.ts'
import { counted, formatBytes, formatCount, formatShare } from './units.ts'

/** `portsTop`: rows for people within a destination, where `top` counts destinations. */
export function destinationsReport(
  result: DestinationsResult,
  top: number,
  portsTop = top,
  nameOf: NameOf = noNames,
): Report {
  const destinations = take(result.destinations, top)
  const ports = take(result.ports, top)
  return {
    schema: 'pcapx.destinations/1',
    summary: {
      packets: result.packets,
      bytes: result.bytes,
      ...(result.others === null ? {} : { others: result.others }),
    },
    lists: [
      {
        key: 'destinations',
        type: 'destination',
        records: destinations.shown.map((d) => toRecord(d, top, nameOf)),
        omitted: destinations.omitted + result.omitted,
      },
      { key: 'ports', type: 'port', records: ports.shown, omitted: ports.omitted },
    ],
    csv: {
      columns: ['address', 'name', 'protocol', 'port', 'packets', 'bytes'],
      rows: () => csvRows(destinations.shown, top, nameOf),
    },
    view: () => view(result, destinations, ports, portsTop, nameOf),
  }
}

/** A host that many clients are answered from has thousands of ports: `--top` counts within a destination too. */
function toRecord(destination: Destination, top: number, nameOf: NameOf): object {
  return {
    ...destination,
    name: nameOf(destination.address),
    protocols: destination.protocols.map((protocol) => {
      const { shown, omitted } = take(protocol.ports, top)
      return { ...protocol, ports: shown, omittedPorts: omitted }
    }),
  }
}

/** The leaves of the tree: they add up to the whole. */
function* csvRows(destinations: readonly Destination[], top: number, nameOf: NameOf): Generator<Scalar[]> {
  for (const { address, protocols } of destinations)
    for (const { name, ports } of protocols)
      for (const { port, packets, bytes } of take(ports, top).shown)
        yield [address, nameOf(address), name, port, packets, bytes]
}

function view(
  result: DestinationsResult,
  destinations: { shown: readonly Destination[]; omitted: number },
  ports: { shown: readonly BusyPort[]; omitted: number },
  top: number,
  nameOf: NameOf,
): Block[] {
  if (result.packets === 0) return [line('no packets with an IP layer')]
  const rows: Cell[][] = []
  const add = (depth: number, text: string, packets: number, bytes: number, whole: number, share: number) =>
    rows.push([
      { text: `${'  '.repeat(depth)}${text}`, tone: depth === 0 ? 'strong' : 'plain' },
      formatCount(packets),
      formatShare(packets, whole),
      formatCount(bytes),
      formatShare(bytes, share),
    ])
  for (const destination of destinations.shown) {
    add(
      0,
      withName(destination.address, nameOf(destination.address)),
      destination.packets,
      destination.bytes,
      result.packets,
      result.bytes,
    )
    for (const protocol of destination.protocols) {
      add(1, protocol.name, protocol.packets, protocol.bytes, destination.packets, destination.bytes)
      // NONE has a port 0 for the sake of those who add up; there is nothing in it to read.
      if (protocol.name === 'NONE') continue
      const { shown, omitted } = take(protocol.ports, top)
      for (const { port, packets, bytes } of shown)
        add(2, String(port), packets, bytes, protocol.packets, protocol.bytes)
      if (omitted > 0) rows.push([{ text: `    ... and ${omitted} more`, tone: 'faint' }, '', '', '', ''])
    }
  }
  const blocks: Block[] = [
    {
      kind: 'table',
      columns: [
        { title: 'destination, protocol, port', wraps: true },
        { title: 'packets', align: 'right' },
        { title: '% of above', align: 'right', dropFirst: 1 },
        { title: 'bytes', align: 'right' },
        { title: '% of above', align: 'right', dropFirst: 2 },
      ],
      rows,
      omitted: destinations.omitted + result.omitted,
    },
  ]
  if (result.others !== null)
    blocks.push(
      line(
        `${counted(result.others.packets, 'packet')} (${formatBytes(result.others.bytes)}) to further addresses and ports, ` +
          'too many to be told apart: in the totals, not listed',
        'warning',
      ),
    )
  if (result.ports.length === 0) return blocks
  return [
    ...blocks,
    line(''),
    line('busiest destination ports', 'strong'),
    {
      kind: 'table',
      columns: [
        { title: 'port' },
        { title: 'packets', align: 'right' },
        { title: '%', align: 'right' },
        { title: 'bytes', align: 'right' },
        { title: '%', align: 'right', dropFirst: 1 },
        { title: 'destinations', align: 'right', dropFirst: 2 },
      ],
      rows: ports.shown.map((p): Cell[] => [
        `${p.protocol} ${p.port}`,
        formatCount(p.packets),
        formatShare(p.packets, result.packets),
        formatCount(p.bytes),
        formatShare(p.bytes, result.bytes),
        formatCount(p.destinations),
      ]),
      omitted: ports.omitted,
    },
  ]
}
