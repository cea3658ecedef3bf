/**
 * The protocol hierarchy folded to a few lines: the largest branches; the rest of each counted in a line of its own, or, if all that it
 * carries is folded, named behind it (`udp (dns, ntp)`). What is carried one to one stands in one line with what carries it
 * (`tpkt:cotp:rdp`).
 */
import type { HierarchyNode, HierarchyResult } from '../analyzers/protocol-hierarchy.ts'
import { displayWidth, elide } from './text.ts'
import { formatCount } from './units.ts'

export interface TreeLine {
  /** Indented: a path of protocols, and in parentheses what it carries; or the names of what is folded. */
  readonly label: string
  readonly packets: number
  readonly bytes: number
  /** It stands for branches that are not shown. */
  readonly isFold: boolean
}

/** One protocol, or several that carry each other and nothing else. */
interface Branch {
  readonly label: string
  readonly packets: number
  readonly bytes: number
  readonly children: readonly Branch[]
}

const INDENT = 2

export interface TreeOptions {
  /** Branches shown, folds not counted. */
  readonly branches: number
  /** Lines in all; fewer branches are shown if it takes that. */
  readonly lines: number
  /** Columns of a label with its indentation. */
  readonly width: number
  /** Of characters that every terminal has. */
  readonly plain: boolean
}

export function treeLines(result: HierarchyResult, options: TreeOptions): readonly TreeLine[] {
  const roots = result.protocols.map(branchOf)
  const ranked = rank(roots, result)
  let count = Math.min(options.branches, ranked.length)
  for (;;) {
    const lines = linesOf(roots, new Set(ranked.slice(0, count)), 0, options)
    if (lines.length <= options.lines || count <= 1) return lines
    count--
  }
}

function branchOf(node: HierarchyNode): Branch {
  const names = [node.name]
  let last = node
  while (last.children.length === 1 && last.children[0].packets === node.packets) {
    last = last.children[0]
    names.push(last.name)
  }
  return { label: names.join(':'), packets: node.packets, bytes: node.bytes, children: last.children.map(branchOf) }
}

/**
 * By its share of the packets or of the bytes, whichever is more: few large packets are as much traffic as many small ones. No branch has
 * more than the one that carries it, which stands before it here: the first of them are one tree.
 */
function rank(roots: readonly Branch[], { packets, bytes }: HierarchyResult): Branch[] {
  const all: { branch: Branch; share: number }[] = []
  const visit = (branch: Branch): void => {
    all.push({ branch, share: Math.max(branch.packets / packets, branch.bytes / Math.max(1, bytes)) })
    branch.children.forEach(visit)
  }
  roots.forEach(visit)
  return all.sort((a, b) => b.share - a.share).map(({ branch }) => branch)
}

function linesOf(
  branches: readonly Branch[],
  shown: ReadonlySet<Branch>,
  depth: number,
  options: TreeOptions,
): TreeLine[] {
  const lines: TreeLine[] = []
  const folded = branches.filter((branch) => !shown.has(branch))
  for (const branch of branches) {
    // One alone takes no more room than a fold.
    if (folded.length > 1 && !shown.has(branch)) continue
    const { label, children } = branch
    if (children.some((child) => shown.has(child)))
      lines.push(lineOf(label, [branch], depth, options), ...linesOf(children, shown, depth + 1, options))
    else {
      const room = options.width - indentOf(depth, options.width) - displayWidth(label)
      const inside = children.length === 0 ? '' : ` (${namesOf(children, room - ' ()'.length)})`
      lines.push(lineOf(label + inside, [branch], depth, options))
    }
  }
  if (folded.length < 2) return lines
  const mark = options.plain ? '... ' : '… '
  const room = options.width - indentOf(depth, options.width) - mark.length
  return [...lines, { ...lineOf(mark + namesOf(folded, room), folded, depth, options), isFold: true }]
}

function lineOf(label: string, branches: readonly Branch[], depth: number, { width }: TreeOptions): TreeLine {
  const indent = indentOf(depth, width)
  return {
    label: ' '.repeat(indent) + elide(label, width - indent),
    packets: branches.reduce((sum, { packets }) => sum + packets, 0),
    bytes: branches.reduce((sum, { bytes }) => sum + bytes, 0),
    isFold: false,
  }
}

/** `tls, dns, 3 more`: as many names as there is room for. */
function namesOf(branches: readonly Branch[], room: number): string {
  const named = (count: number): string => {
    const rest = branches.length - count
    const names = branches.slice(0, count).map(({ label }) => label.split(':').at(-1) as string)
    return [...names, ...(rest > 0 ? [count === 0 ? formatCount(rest) : `${formatCount(rest)} more`] : [])].join(', ')
  }
  let count = Math.min(branches.length, Math.max(0, room))
  while (count > 0 && displayWidth(named(count)) > room) count--
  return named(count)
}

/** However deep, half of the width is left. */
function indentOf(depth: number, width: number): number {
  return Math.min(INDENT * depth, width >> 1)
}
