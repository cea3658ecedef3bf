import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DnsQueryReader } from '../../src/analyzers/dns-query-reader.ts'
import { DnsTunnels } from '../../src/analyzers/dns-tunnels.ts'
import { datagram, dnsQuestion, framesFrom, replayWhole } from '../support/dialogue.ts'

const NULL = 10
const TXT = 16
const CNAME = 5

const CLIENT = '10.0.0.5:50000'
const RESOLVER = '10.0.0.1:53'

/** So many hexadecimal digits, the same each time. */
function hex(seed: number, length: number): string {
  let text = ''
  for (let i = 0; text.length < length; i++) text += createHash('sha256').update(`${seed} ${i}`).digest('hex')
  return text.slice(0, length)
}

/** Text of letters and digits 2 to 7, as hashes are written in names. */
function base32(seed: number, length: number): string {
  return [...createHash('sha512').update(String(seed)).digest()]
    .map((octet) => 'abcdefghijklmnopqrstuvwxyz234567'[octet & 31])
    .join('')
    .slice(0, length)
}

interface Question {
  readonly name: string
  readonly type?: number
  readonly to?: string
  readonly from?: string
}

function observeAll(tunnels: DnsTunnels, questions: readonly Question[], from = 0, to = questions.length): void {
  const packets = questions.map((q) => datagram(q.from ?? CLIENT, q.to ?? RESOLVER, dnsQuestion(q.name, q.type)))
  replayWhole(framesFrom(packets), (packet, i) => {
    if (i >= from && i < to) tunnels.observe(packet)
  })
}

function tunnelsIn(questions: readonly Question[]) {
  const tunnels = new DnsTunnels()
  observeAll(tunnels, questions)
  return tunnels.result()
}

const many = (count: number, make: (i: number) => Question): Question[] =>
  Array.from({ length: count }, (_, i) => make(i))

const longName = (i: number): string => `${hex(i, 60)}.${hex(i + 1000, 40)}.t.example.com`

test('long coded names, each a new one', () => {
  const [tunnel, ...others] = tunnelsIn(many(60, (i) => ({ name: longName(i) })))
  expect(others).toEqual([])
  expect(tunnel).toMatchObject({
    client: { address: '10.0.0.5', port: 50_000 },
    server: { address: '10.0.0.1', port: 53 },
    domain: 'example.com',
    queries: 60,
    // 60 + 40 + 1 octets in front of example.com
    dataBytes: 60 * 101,
    firstPacket: 1,
  })
  expect(tunnel.what).toBe(`60 different names too long for any hash, such as ${longName(0).slice(0, 45)}...`)
})

test('49 of them are not enough, and asking again does not make them more', () => {
  expect(tunnelsIn(many(49, (i) => ({ name: longName(i) })))).toEqual([])
  expect(tunnelsIn(many(500, (i) => ({ name: longName(i % 49) })))).toEqual([])
  expect(tunnelsIn(many(50, (i) => ({ name: longName(i) })))).toHaveLength(1)
})

test('case makes no other name: resolvers mix it', () => {
  const mixed = many(90, (i) => ({ name: i < 45 ? longName(i) : longName(i - 45).toUpperCase() }))
  expect(tunnelsIn(mixed)).toEqual([])
})

test('a type that nothing else asks for', () => {
  expect(tunnelsIn(many(20, (i) => ({ name: `pa${base32(i, 6)}.t.example`, type: NULL })))).toMatchObject([
    { what: '20 different names asked for NULL or a private type, such as '.concat(`pa${base32(0, 6)}.t.example`) },
  ])
  expect(tunnelsIn(many(20, (i) => ({ name: `pa${base32(i, 6)}.t.example`, type: 65_399 })))).toHaveLength(1)
  expect(tunnelsIn(many(19, (i) => ({ name: `pa${base32(i, 6)}.t.example`, type: NULL })))).toEqual([])
  expect(tunnelsIn(many(200, (i) => ({ name: `pa${base32(i, 6)}.t.example`, type: 28 })))).toEqual([])
})

test('coded names asked for TXT or CNAME', () => {
  const questions = (count: number) =>
    many(count, (i) => ({ name: `${hex(i, 34)}.t.example.com`, type: i % 2 ? TXT : CNAME }))
  expect(tunnelsIn(questions(99))).toEqual([])
  expect(tunnelsIn(questions(100))).toMatchObject([
    { what: expect.stringMatching(/^100 different coded names asked for TXT/) },
  ])
  expect(tunnelsIn(many(300, (i) => ({ name: `${hex(i, 34)}.t.example.com` })))).toEqual([])
})

test('names that end in no domain belong together', () => {
  expect(tunnelsIn(many(60, (i) => ({ name: `dnscat.${hex(i, 60)}.${hex(-i - 1, 20)}` })))).toMatchObject([
    { domain: '' },
  ])
})

test('each client and each domain by itself; example.co.uk is a domain, co.uk is none', () => {
  const questions = many(120, (i) => ({ name: longName(i).replace('.com', i % 2 ? '.co.uk' : '.com') }))
  expect(tunnelsIn(questions).map(({ domain }) => domain)).toEqual(['example.com', 'example.co.uk'])
  expect(tunnelsIn(many(90, (i) => ({ name: longName(i), from: `10.0.0.${5 + (i & 1)}:50000` })))).toEqual([])
  const others = many(90, (i) => ({ name: `${hex(i, 60)}.${hex(i, 12)}.name${i & 1}.co.uk` }))
  expect(tunnelsIn(others)).toEqual([])
})

describe('no tunnel', () => {
  test.each<[string, (i: number) => Question]>([
    ['content delivery', (i) => ({ name: `rr${i}---sn-4g5e6nz${i % 9}.videos.example.com` })],
    ['a distribution each', (i) => ({ name: `d${hex(i, 13)}.cloudfront.example.net` })],
    ['antivirus', (i) => ({ name: `0.0.0.0.1.0.0.4e.${base32(i, 26)}.avqs.example.com` })],
    ['a block list', (i) => ({ name: `${i % 256}.2.0.192.zen.example.org`, type: i % 2 ? TXT : 1 })],
    ['a list of hashes', (i) => ({ name: `${base32(i, 52)}._file.hbl.example.org` })],
    ['a list of hashes, in hexadecimal', (i) => ({ name: `${hex(i, 32)}.${hex(i + 1, 32)}.example.org` })],
    ['identifiers', (i) => ({ name: `${hex(i, 8)}-1234-4abc-9def-${hex(i, 12)}.ods.example.com` })],
    [
      'services of a cluster',
      (i) => ({ name: `order-processing-backend-number-${i}.production-environment.service.cluster.example.com` }),
    ],
    [
      'words',
      (i) => ({
        name: `${'a-rather-long-name-of-a-host-in-words'}.${'of-a-department-that-has-many-words'}${i}.example.com`,
      }),
    ],
    ['keys of mail', (i) => ({ name: `selector${i}._domainkey.example.com`, type: TXT })],
    ['the way back, IPv6', (i) => ({ name: `${[...hex(i, 32)].join('.')}.ip6.arpa`, type: 12 })],
    ['multicast DNS', (i) => ({ name: longName(i), to: '224.0.0.251:5353' })],
    ['LLMNR', (i) => ({ name: longName(i), to: '224.0.0.252:5355' })],
    ['NetBIOS', (i) => ({ name: longName(i), to: '10.0.0.255:137' })],
    ['one name, again and again', () => ({ name: longName(1) })],
  ])('%s', (_what, make) => {
    expect(tunnelsIn(many(400, make))).toEqual([])
  })

  test('answers, other operations, several questions, other classes, names that are cut', () => {
    const reader = new DnsQueryReader()
    const question = dnsQuestion(longName(1))
    const read = (octets: readonly number[]): number => reader.read(Uint8Array.from(octets), 0, octets.length)
    expect(read(question)).not.toBe(0)
    const changed = (at: number, value: number): number[] => question.with(at, value)
    // QR, opcode, TC, Z, RCODE; counts (RFC 1035 §4.1.1)
    for (const [at, value] of [
      [2, 0x81],
      [2, 0x29],
      [2, 0x03],
      [3, 0x40],
      [3, 0x03],
      [5, 2],
      [7, 1],
      [9, 1],
      [11, 3],
    ])
      expect([at, value, read(changed(at, value))]).toEqual([at, value, 0])
    expect(read(changed(question.length - 1, 3))).toBe(0)
    expect(read(changed(12, 0xc0))).toBe(0)
    for (let length = 0; length < question.length; length++) expect(read(question.slice(0, length))).toBe(0)
  })
})

test('any octets: nothing beyond the end is read', () => {
  const header = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat({ max: 63 }), (rest, label) => {
      const octets = Uint8Array.of(...header, label, ...rest)
      const reader = new DnsQueryReader()
      const alone = reader.read(octets, 0, octets.length)
      const filled = Uint8Array.of(...octets, ...new Array(300).fill(0x61))
      expect(new DnsQueryReader().read(filled, 0, octets.length)).toBe(alone)
      if (alone !== 0) expect(reader.name().toLowerCase().endsWith(reader.domain())).toBe(true)
    }),
  )
})

test('parts come to the same as the whole, whatever way they are put together', () => {
  const questions = many(200, (i) => ({
    name: longName(i % 70),
    from: `10.0.0.${5 + (i % 2)}:50000`,
    type: i % 3 ? 1 : NULL,
  }))
  const whole = tunnelsIn(questions)
  expect(whole).toHaveLength(2)
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 200 }), { minLength: 1, maxLength: 3 }), (at) => {
      const cuts = [0, ...at.sort((a, b) => a - b), 200]
      const parts = () =>
        cuts.slice(1).map((to, i) => {
          const part = new DnsTunnels()
          observeAll(part, questions, cuts[i], to)
          return part
        })
      const join = (into: DnsTunnels, later: DnsTunnels): DnsTunnels => {
        into.merge(later)
        return into
      }
      expect(parts().reduce(join).result()).toEqual(whole)
      expect(
        parts()
          .reduceRight((later, earlier) => join(earlier, later))
          .result(),
      ).toEqual(whole)
    }),
    { numRuns: 10 },
  )
})
