/** The protocol hierarchy as an indented tree. */
import type { HierarchyNode, HierarchyResult } from '../analyzers/protocol-hierarchy.ts'
import { type Block, type Cell, line, type Report, type Scalar } from './report.ts'
import { counted, formatCount, formatShare } from './units.ts'

export function hierarchyReport(whole: HierarchyResult, top: number): Report {
  const { protocols, omitted } = prune(whole.protocols, top)
  const { packets, bytes, malformed, cutOff } = whole
  return {
    schema: 'pcapx.hierarchy/1',
    summary: { packets, bytes, malformed, cutOff },
    lists: [{ key: 'protocols', type: 'protocol', records: protocols, omitted }],
    csv: {
      columns: ['path', 'name', 'depth', 'packets', 'bytes', 'endPackets', 'endBytes', 'streams'],
      rows: () => csvRows(protocols, '', 0),
    },
    view: () => view({ ...whole, protocols }, omitted),
  }
}

/**
 * The tree of the `top` nodes with the most packets. No node has more than the one that carries it, so whatever stays
 * hangs together.
 */
function prune(nodes: readonly HierarchyNode[], top: number): { protocols: readonly HierarchyNode[]; omitted: number } {
  const all: HierarchyNode[] = []
  const collect = (node: HierarchyNode) => {
    all.push(node)
    node.children.forEach(collect)
  }
  nodes.forEach(collect)
  if (all.length <= top) return { protocols: nodes, omitted: 0 }
  // The sort is stable, so of equals the one that carries the other comes first.
  const kept = new Set(all.toSorted((a, b) => b.packets - a.packets).slice(0, top))
  const keep = (from: readonly HierarchyNode[]): HierarchyNode[] =>
    from.filter((node) => kept.has(node)).map((node) => ({ ...node, children: keep(node.children) }))
  return { protocols: keep(nodes), omitted: all.length - top }
}

/** A row for each node; `path` is `eth:ip:tcp`. */
function* csvRows(nodes: readonly HierarchyNode[], above: string, depth: number): Generator<Scalar[]> {
  for (const { name, packets, bytes, endPackets, endBytes, streams, children } of nodes) {
    const path = above === '' ? name : `${above}:${name}`
    yield [path, name, depth, packets, bytes, endPackets, endBytes, streams]
    yield* csvRows(children, path, depth + 1)
  }
}

function view(result: HierarchyResult, omitted: number): Block[] {
  if (result.packets === 0) return [line('no packets')]
  const rows: Cell[][] = []
  const visit = (nodes: readonly HierarchyNode[], depth: number) => {
    for (const node of nodes) {
      rows.push([
        `${'  '.repeat(depth)}${node.name}`,
        formatCount(node.packets),
        formatShare(node.packets, result.packets),
        formatCount(node.bytes),
        formatShare(node.bytes, result.bytes),
        { text: formatCount(node.endPackets), tone: node.endPackets === 0 ? 'faint' : 'plain' },
        { text: node.streams === 0 ? '' : formatCount(node.streams), tone: 'plain' },
        { text: node.title, tone: 'faint' },
      ])
      visit(node.children, depth + 1)
    }
  }
  visit(result.protocols, 0)
  return [
    {
      kind: 'table',
      columns: [
        { title: 'protocol' },
        { title: 'packets', align: 'right' },
        { title: '%', align: 'right' },
        { title: 'bytes', align: 'right' },
        { title: '%', align: 'right' },
        { title: 'ends here', align: 'right', dropFirst: 1 },
        { title: 'streams', align: 'right', dropFirst: 3 },
        { title: 'full name', dropFirst: 2 },
      ],
      rows,
      omitted,
    },
    ...faults(result),
  ]
}

/** Packets that are not all that they should be; nothing, if there are none. */
function faults({ malformed, cutOff }: HierarchyResult): Block[] {
  const parts = [
    malformed > 0 && `${counted(malformed, 'packet')} malformed`,
    cutOff > 0 && `${counted(cutOff, 'packet')} cut off within a header: the capture has too few octets of each`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? [] : [line(parts.join('; '))]
}
