import { expect, test } from 'vitest'
import { HandshakeRtt, type RttOptions } from '../../src/analyzers/handshake-rtt.ts'
import { analyze } from '../../src/engine/analyze.ts'
import { rttReport } from '../../src/report/rtt.ts'
import { terminalLines } from '../../src/report/terminal.ts'

/** What `pcapx rtt` shows of these captures of `fixtures/handshakes`, one after the other. */
async function shown(names: readonly string[], { by, width = Infinity }: RttOptions & { width?: number } = {}) {
  const files = names.map((name) => `fixtures/handshakes/${name}.pcap`)
  const { result } = await analyze(files, (context) => new HandshakeRtt(context, { by }), {})
  const blocks = rttReport(result, { top: 10, by }).view()
  return [...terminalLines(blocks, { color: false, width })].map((line) => line.trimEnd())
}

test('a clean handshake has no mark, and no legend', async () => {
  expect(await shown(['clean'])).toEqual([
    'stream  client            server            outcome         SYN RTT   ACK RTT  initial RTT  resent  start',
    '     0  192.0.2.10:40000  198.51.100.20:80  established  132.627 ms  0.141 ms   132.768 ms       0  2026-01-01 00:00:00.000000000',
    '',
    '1 connection: 1 established',
    'SYN RTT (SYN to SYN-ACK) of 1: min 132.627 ms, mean 132.627 ms, p50 132.627 ms, p90 132.627 ms, p95 132.627 ms, p99 132.627 ms, max 132.627 ms',
  ])
})

test('marks, and what they mean', async () => {
  const text = await shown(['syn-ack-lost'])
  expect(text[1]).toContain('established  10.000 ms  10.000 ms?     1.020 s!       1')
  expect(text.slice(2, 4)).toEqual([
    '? sent again, and which one was answered cannot be told: the shortest time that it may be',
    '! holds the wait for a SYN-ACK that was sent again',
  ])
  expect((await shown(['ack-with-data']))[2]).toBe(
    '+ up to a segment with data: holds what the client took to have it ready',
  )
  expect((await shown(['wrong-ack']))[1]).toContain('no-answer*        -        -    12.000 ms')
})

test('copies, packets without ports, and the side', async () => {
  expect((await shown(['copies'])).at(-1)).toBe(
    '2 of 4 SYNs and SYN-ACKs (50.0%) are copies: packets were captured twice, and the first counts',
  )
  expect(await shown(['snaplen-34'])).toEqual([
    '4 TCP packets cut off before ports and numbers: whose handshakes they are cannot be told (capture 74 octets of each packet or more)',
  ])
  expect((await shown(['near-server'])).at(-1)).toBe(
    'Captured near the servers, it seems: ACK RTT (median 40.000 ms) holds the path, SYN RTT (median 0.100 ms) the server alone.',
  )
})

test('groups', async () => {
  const text = await shown(['near-server', 'no-answer'], { by: 'server' })
  expect(text.slice(0, 3)).toEqual([
    'server         connections  failed       p50       p95       max       min      mean       p90       p99',
    '198.51.100.20            4       1  0.100 ms  0.100 ms  0.100 ms  0.100 ms  0.100 ms  0.100 ms  0.100 ms',
    'times are SYN RTT; failed: refused, unreachable or not answered',
  ])
})

test('80 columns', async () => {
  for (const by of [undefined, 'server', 'port'] as const)
    for (const line of await shown(['ipv6', 'syn-late', 'near-server', 'copies', 'snaplen-34'], { by, width: 80 }))
      expect(line.length).toBeLessThanOrEqual(80)
})
