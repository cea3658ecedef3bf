import { describe, expect, test } from 'vitest'
import type { HierarchyNode, HierarchyResult } from '../../src/analyzers/protocol-hierarchy.ts'
import { bar } from '../../src/report/bars.ts'
import { type TreeOptions, treeLines } from '../../src/report/protocol-tree.ts'
import { displayWidth } from '../../src/report/text.ts'

describe('bars', () => {
  test.each([
    // 8 columns are 64 eighths.
    [64, 64, '████████'],
    [32, 64, '████'],
    [1, 64, '▏'],
    [7, 64, '▉'],
    [13, 64, '█▋'],
    // There, however little; and not all of it, however much.
    [1, 1_000_000, '▏'],
    [999_999, 1_000_000, '███████▉'],
    [0, 64, ''],
    [0, 0, ''],
  ])('%i of %i', (part, whole, expected) => expect(bar(part, whole, 8, false)).toBe(expected))

  test('of plain characters', () => {
    expect([1, 8, 9, 64].map((part) => bar(part, 64, 8, true))).toEqual(['#', '#', '##', '########'])
  })
})

/** `name packets`, and what it carries; a packet has 100 bytes. */
function node(name: string, packets: number, ...children: HierarchyNode[]): HierarchyNode {
  const endPackets = children.reduce((rest, child) => rest - child.packets, packets)
  return {
    ...{
      name,
      title: name,
      packets,
      bytes: 100 * packets,
      endPackets,
      endBytes: 100 * endPackets,
      streams: 0,
      children,
    },
  }
}

const TREE = [
  node(
    'eth',
    100,
    node(
      'ip',
      90,
      node('tcp', 70, node('tpkt', 40, node('cotp', 40, node('rdp', 40))), node('http', 10), node('tls', 5)),
      node('udp', 18, node('dns', 10), node('ntp', 4), node('dhcp', 2), node('mdns', 1)),
      node('icmp', 2),
    ),
    node('arp', 10),
  ),
]

function linesOf(options: Partial<TreeOptions>, protocols = TREE): string[] {
  const result: HierarchyResult = { packets: 100, bytes: 10_000, malformed: 0, cutOff: 0, protocols }
  const all = { branches: Infinity, lines: Infinity, width: 28, plain: false }
  return treeLines(result, { ...all, ...options }).map(({ label, packets }) => `${label} ${packets}`)
}

describe('the tree of protocols', () => {
  test('whole: what is carried one to one is one line', () => {
    expect(linesOf({})).toEqual([
      'eth 100',
      '  ip 90',
      '    tcp 70',
      '      tpkt:cotp:rdp 40',
      '      http 10',
      '      tls 5',
      '    udp 18',
      '      dns 10',
      '      ntp 4',
      '      dhcp 2',
      '      mdns 1',
      '    icmp 2',
      '  arp 10',
    ])
  })

  test('folded: the largest branches; of the others names and sum; one alone is itself', () => {
    expect(linesOf({ branches: 4 })).toEqual([
      'eth 100',
      '  ip 90',
      '    tcp 70',
      '      tpkt:cotp:rdp 40',
      '      … http, tls 15',
      '    … udp, icmp 20',
      '  arp 10',
    ])
    expect(linesOf({ branches: 3 })).toEqual([
      'eth 100',
      '  ip 90',
      '    tcp (rdp, http, tls) 70',
      '    … udp, icmp 20',
      '  arp 10',
    ])
    expect(linesOf({ branches: 1 })).toEqual(['eth (ip, arp) 100'])
  })

  test('in so many lines', () => {
    for (const lines of [1, 2, 3, 5, 8, 11, 12]) expect(linesOf({ lines }).length).toBeLessThanOrEqual(lines)
    expect(linesOf({ lines: 13 })).toHaveLength(13)
  })

  test('in so many columns', () => {
    for (const width of [12, 16, 20])
      for (const { label } of treeLines(
        { packets: 100, bytes: 10_000, malformed: 0, cutOff: 0, protocols: TREE },
        { branches: 6, lines: Infinity, width, plain: true },
      ))
        expect(displayWidth(label)).toBeLessThanOrEqual(width)
    expect(linesOf({ branches: 3, width: 21, plain: true })).toContain('    tcp (rdp, 2 more) 70')
  })

  test('few large packets are as much as many small ones', () => {
    const video = { ...node('rtp', 5), bytes: 9_000 }
    const tree = [{ ...node('ip', 100), children: [node('dns', 60), node('ntp', 30), node('sip', 5), video] }]
    expect(linesOf({ branches: 3 }, tree)).toEqual(['ip 100', '  dns 60', '  rtp 5', '  … ntp, sip 35'])
  })

  test('however deep and however many', () => {
    let deep = node('last', 90)
    for (let i = 0; i < 60; i++) deep = node('mpls', 91 + (i > 50 ? 1 : 0), deep, node('gre', 0))
    const wide = node('wide', 100, ...Array.from({ length: 500 }, (_, i) => node(`p${i}`, 0)), deep)
    const lines = linesOf({ lines: 12, branches: 12 }, [wide])
    expect(lines.length).toBeLessThanOrEqual(12)
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(28 + ' 100'.length)
  })
})
