import { expect, test } from 'vitest'
import { HeadLog, MAX_PAYLOADS } from '../../src/flow/identification/head-log.ts'
import { Payload } from '../../src/flow/signatures/payload.ts'
import { NONE } from '../../src/packet/packet.ts'

/** Ports 40000 and 80, and then `octets` of which each is `value`. */
function payloadOf(value: number, octets: number, length = octets): Payload {
  const payload = new Payload()
  payload.bytes = Uint8Array.of(156, 64, 0, 80, ...new Array<number>(octets).fill(value), 255)
  payload.at = 4
  payload.end = 4 + octets
  payload.length = length
  return payload
}

/** What is kept of a stream: `packet:direction:sequence:length:octets`, and the protocol of what was decoded. */
function kept(log: HeadLog, row: number): string[] {
  return Array.from({ length: log.find(row) }, (_, i) => {
    log.read(i)
    const { payload, packet, direction, sequence, protocol } = log.head
    expect([payload.sourcePort, payload.destinationPort]).toEqual([40_000, 80])
    const octets = [...payload.bytes.subarray(payload.at, payload.end)].join('')
    return `${packet}:${direction}:${sequence}:${payload.length}:${octets}${protocol === NONE ? '' : ` ${protocol}`}`
  })
}

test('payloads come back in the order of the capture, and in another thread', () => {
  const log = new HeadLog()
  log.add(3, payloadOf(1, 3), 0, 0, -5, 10, NONE)
  log.add(0, payloadOf(2, 1, 1400), 0, 1, 7, 11, NONE)
  log.add(3, payloadOf(3, 0), 0, 0, 0, 12, 99)
  log.add(3, payloadOf(4, 2), 0, 1, 8, 13, NONE)
  expect([kept(log, 3), kept(log, 0), kept(log, 1), kept(log, 70_000)]).toEqual([
    ['10:0:-5:3:111', '12:0:0:0: 99', '13:1:8:2:44'],
    ['11:1:7:1400:2'],
    [],
    [],
  ])
  const later = new HeadLog()
  later.load(structuredClone(log.save()), 1000)
  expect(kept(later, 3)).toEqual(['1010:0:-5:3:111', '1012:0:0:0: 99', '1013:1:8:2:44'])
})

test('of each side so many are kept as may be looked at; pieces are not counted among them, and are bounded', () => {
  const log = new HeadLog()
  for (let i = 0; i < 200; i++) log.add(0, payloadOf(1, 1), 0, 0, 0, i, NONE)
  for (let i = 0; i < 200; i++) log.add(1, payloadOf(1, 1, 64), 0, 1, 0, i, NONE)
  for (let i = 0; i < 3; i++) log.add(1, payloadOf(1, 0), 0, 0, 0, i, 99)
  log.add(1, payloadOf(1, 1, 64), 0, 0, 0, 5, NONE)
  expect([log.find(0), log.find(1)]).toEqual([MAX_PAYLOADS + 64, MAX_PAYLOADS + 2])
})

test('what is forgotten makes room', () => {
  const log = new HeadLog()
  const large = [payloadOf(1, 500), payloadOf(2, 511), payloadOf(3, 512)]
  const expected = (packet: number) => large.map(({ end }, i) => `${packet}:${i & 1}:0:${end - 4}:`)
  for (let round = 0; round < 12; round++) {
    for (let row = 0; row < 1000; row++) {
      if (row % 100 === 7 && round > 0) continue
      for (const [i, payload] of large.entries()) log.add(row, payload, 0, i & 1, 0, 1000 * round + row, NONE)
    }
    // A few streams go on.
    for (let row = 0; row < 1000; row++) if (row % 100 !== 7) log.clear(row)
  }
  for (let row = 0; row < 1000; row++) {
    const heads = kept(log, row)
    expect(heads.map((head) => head.replace(/[123]+$/, ''))).toEqual(row % 100 === 7 ? expected(row) : [])
    expect(heads.every((head, i) => head.endsWith(`${i + 1}`.repeat(500)))).toBe(true)
  }
  // 12 rounds of 1.5 MB, of which half may wait to be forgotten.
  expect(log.save().chunks.length).toBeLessThan(6)
})
