/** Names of hosts, in captures made with real programs. Expected values: what tshark 4.0.17 prints of the fields named. */
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { forEachPacket, type RunContext } from '../../src/engine/run.ts'

async function contextOf(fixture: string): Promise<RunContext> {
  let context: RunContext | null = null
  const path = fileURLToPath(new URL(`../../fixtures/${fixture}`, import.meta.url))
  await forEachPacket([path], { needs: ['names'] }, (_packet, known) => {
    context = known
  })
  return context!
}

describe('vm.pcap', () => {
  let names: RunContext['names']
  let rowOf: (stream: number) => number

  beforeAll(async () => {
    const context = await contextOf('vm.pcap')
    names = context.names
    rowOf = (stream) =>
      Array.from({ length: context.streams.tcp.size }, (_, row) => row).find(
        (row) => context.streams.tcp.numberOf(row) === stream,
      )!
  })

  test.each([
    // dns.qry.name, dns.a, dns.aaaa; of several names the last
    ['203.0.113.80', { name: 'www.example.com', source: 'dns' }],
    ['2001:db8:203::80', { name: 'www.example.com', source: 'dns' }],
    ['198.51.100.20', { name: 'fast.example.com', source: 'dns' }],
    ['198.51.100.66', { name: 'tracker.example.com', source: 'dns' }],
    // nobody asked for it
    ['192.0.2.77', null],
  ])('the address %s', (address, name) => expect(names.ofAddress(address)).toEqual(name))

  test.each([
    // http.host
    [1, { name: 'www.example.com', source: 'host' }],
    // tls.handshake.extensions_server_name
    [3, { name: 'www.example.com', source: 'sni' }],
    // http.host is tracker.example.com:6969
    [31, { name: 'tracker.example.com', source: 'host' }],
    // http.host is 10.0.0.4, and [2001:db8:203::80]: no names
    [7, null],
    [4, null],
    // SSH
    [14, null],
  ])('tcp.stream %i', (stream, name) => expect(names.ofStream('tcp', rowOf(stream))).toEqual(name))
})

test('nothing is known of what was not asked for', async () => {
  let context: RunContext | null = null
  const path = fileURLToPath(new URL('../../fixtures/vm.pcap', import.meta.url))
  await forEachPacket([path], { needs: ['streams'] }, (_packet, known) => {
    context = known
  })
  expect((context as RunContext | null)?.names.ofAddress('203.0.113.80')).toBeNull()
})
