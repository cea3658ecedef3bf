/** What is counted in tables is bounded: totals stay exact. */
import { describe, expect, test } from 'vitest'
import { UnreachableSyns } from '../../src/analyzers/handshake-unreachable.ts'
import { type HierarchyNode, ProtocolHierarchy } from '../../src/analyzers/protocol-hierarchy.ts'
import { Findings } from '../../src/analyzers/unwanted-findings.ts'
import { analyze } from '../../src/engine/analyze.ts'
import type { Objection } from '../../src/policy/judge.ts'
import { memorySource, pcapBytes } from '../support/capture-bytes.ts'
import { packetOf } from '../support/packet.ts'

const RAW_IP = 101
const IPV4 = 228

describe('other hosts of findings', () => {
  const rule = { id: 'telnet', title: 'Telnet', severity: 'high', per: 'server' } as unknown as Objection['rule']
  const objection: Objection = { rule, ground: { kind: 'port', packet: 1, what: '' } as never, protocol: 'telnet' }
  const add = (findings: Findings, server: number, client: number) =>
    findings.add(
      objection,
      {
        transport: 'tcp',
        client: { address: `10.${client >> 16}.${(client >> 8) & 255}.${client & 255}`, port: 1000 },
        server: { address: `10.200.0.${server}`, port: 23 },
        domain: null,
        firstPacket: client,
      } as never,
      { stream: client, packets: 1, bytes: 60, start: null } as never,
    )
  const counts = (findings: Findings) =>
    findings.result().map(({ otherCount, flows, packets }) => [otherCount, flows, packets])

  test('65,536 of one', () => {
    const findings = new Findings()
    for (let client = 0; client < 65_540; client++) add(findings, 1, client)
    expect(counts(findings)).toEqual([[65_536, 65_540, 65_540]])
  })

  test('of all together', () => {
    const findings = new Findings(undefined, 100)
    for (let client = 0; client < 80; client++) add(findings, 1, client)
    for (let client = 0; client < 80; client++) add(findings, 2, client)
    // The first 80 and 20 of the others; a finding is never without.
    add(findings, 3, 1)
    expect(counts(findings).sort((a, b) => b[0] - a[0])).toEqual([
      [80, 80, 80],
      [20, 80, 80],
      [1, 1, 1],
    ])
  })
})

test('16,384 nodes of the tree of protocols: packets count for the node above', async () => {
  /** IPv4 for each bit that is set, else IPv6, one in the other; the lowest bit is the outermost. */
  const nested = (bits: number, depth: number): Buffer => {
    let inner = Buffer.alloc(0)
    // 253 and 254 are for experiments (RFC 3692 §2.1): nothing is decoded.
    let next = 253
    for (let level = depth - 1; level >= 0; level--) {
      const isV4 = ((bits >> level) & 1) === 1
      const header = Buffer.alloc(isV4 ? 20 : 40)
      header[0] = isV4 ? 0x45 : 0x60
      header.writeUInt16BE((isV4 ? 20 : 0) + inner.length, isV4 ? 2 : 4)
      header[isV4 ? 9 : 6] = next
      header[isV4 ? 8 : 7] = 64
      next = isV4 ? 4 : 41
      inner = Buffer.concat([header, inner])
    }
    return inner
  }
  // 2 + 4 + ... + 2^14 = 32,766 nodes of IP, and one above.
  const depth = 14
  const count = 1 << depth
  const file = [pcapBytes([], { linkType: RAW_IP, snaplen: 262_144 })]
  for (let bits = 0; bits < count; bits++) {
    const packet = nested(bits, depth)
    const header = Buffer.alloc(16)
    header.writeUInt32LE(packet.length, 8)
    header.writeUInt32LE(packet.length, 12)
    file.push(header, packet)
  }
  const open = async () => memorySource(Buffer.concat(file))
  const { result } = await analyze(['nested.pcap'], (context) => new ProtocolHierarchy(context), { open })
  let nodes = 0
  let ends = 0
  const visit = (list: readonly HierarchyNode[]): void => {
    for (const node of list) {
      nodes++
      ends += node.endPackets
      visit(node.children)
    }
  }
  visit(result.protocols)
  expect([result.packets, ends]).toEqual([count, count])
  // One of them is the root, which is not shown.
  expect(nodes).toBe(16_383)
})

test('SYNs that ICMP may call unreachable: the first ones', () => {
  const syns = new UnreachableSyns(3)
  const hosts = [1, 2, 3, 4]
  const hex = (value: number) => value.toString(16).padStart(2, '0')
  for (const host of hosts)
    syns.observe(
      packetOf(
        IPV4,
        `45000038 00010000 40010000 c00002fe c0000201 0301 0000 00000000
         45000028 00010000 40060000 c0000201 c00003${hex(host)} 03e8 0050 00000001`.replaceAll(/\s/g, ''),
      ),
    )
  const has = hosts.map((host) => {
    // Addresses and ports of the stream: the words of its key.
    const key = Int32Array.of(0xc0000201 | 0, (0xc0000300 + host) | 0, (0x03e8 << 16) | 0x50)
    return syns.has(key, 3, 0, 1)
  })
  expect(has).toEqual([true, true, true, false])
})
