/** A filter compiled is what `evaluate` says it is: random expressions over real packets, changed and cut anywhere. */
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { forEachPacket } from '../../src/engine/run.ts'
import { check } from '../../src/filter/check.ts'
import { evaluate } from '../../src/filter/evaluate.ts'
import { compileFilter } from '../../src/filter/filter.ts'
import { parse } from '../../src/filter/parser.ts'
import { Packet, SCRATCH_LENGTH } from '../../src/packet/packet.ts'
import { Reassembler } from '../../src/packet/reassembly.ts'
import { decode } from '../../src/protocols/decode.ts'
import { octets } from '../support/packet.ts'

const ETHERNET = 1

/** Octets kept of a packet. */
const LONGEST = 400

/** IPv4 in IPv4: 10.9.0.1 to 10.9.0.2 around 10.0.0.1 to 10.0.0.1, UDP 53 to 53 with "GET". */
const TUNNEL = octets(`
  ffffffffffff 00005e005301 0800
  45000033 00010000 02040000 0a090001 0a090002
  4500001f 00020000 ff110000 0a000001 0a000001
  00350035 000b0000 474554
`)

/** Packets with a little of everything, all Ethernet. */
const FIXTURES = ['http', 'vxlan', 'ipv6-ext', 'vlan', 'igmp', 'geneve', 'mpls', 'sctp', 'vm']

const frames: Uint8Array[] = [TUNNEL]

beforeAll(async () => {
  for (const name of FIXTURES)
    await forEachPacket([`fixtures/${name}.pcap`], {}, (packet) => {
      const { start, capturedLength } = packet
      frames.push(packet.bytes.slice(start, start + Math.min(capturedLength, LONGEST)))
      return packet.number >= 40
    })
})

const number = fc.constantFrom('0', '1', '2', '6', '17', '53', '64', '80', '255', '1234', '1460')
const narrow = fc.constantFrom('0', '1', '2', '6', '17', '64', '255')
const address = fc.constantFrom('10.0.0.1', '10.0.0.0/8', '192.168.1.2', '10.9.0.0/16', '0.0.0.0/0', '10.0.0.0/30')
const address6 = fc.constantFrom('fe80::1', 'fe80::/10', 'ff02::/16', '::/0', 'ff02::1')
const mac = fc.constantFrom('00:00:5e:00:53:01', 'ff:ff:ff:ff:ff:ff', '33:33:00:00:00:01')
const piece = fc.constantFrom('00', '0a:00', '"GET"', '47', '00:00:5e', '0xff')
const port = fc.constantFrom(
  'tcp.port',
  'tcp.srcport',
  'udp.port',
  'udp.dstport',
  'tcp.options.mss_val',
  'ip.len',
  'frame.len',
)
const octet = fc.constantFrom('ip.ttl', 'ip.proto', 'ipv6.nxt', 'ip.hdr_len', 'tcp.option_kind')
/** For `matches`: with and without text that must be there, in either case, of octets and of characters. */
const pattern = fc.constantFrom(
  'get',
  '(?-i)GET',
  'http/1',
  'g.t',
  '^.{3}',
  '\\\\x00\\\\x00',
  '[[:alpha:]]{3,}',
  '[^a-z]+\\\\.',
  '(tcp|udp)$',
  'ethertype:ip(v6)?:',
  'eth.*tcp',
  '\\\\b(host|GET)\\\\b',
  '\xff\xff',
  '[\x80-\xff]{2}',
  '',
)
const searched = fc.constantFrom(
  'frame',
  'tcp',
  'udp.payload',
  'frame.protocols',
  'tcp.flags.str',
  'eth.src',
  'frame[0:20]',
  'upper(frame.protocols)',
  'string(ip.src)',
  'frame.protocols[0:8]',
)
/** Fields, and as many octets as they have. */
const raw = fc.constantFrom(
  ['@tcp.port', '00:50'],
  ['@ip.src', '0a:00:00:01'],
  ['@tcp.flags', '50:02'],
  ['@tcp.flags.syn', '50:02'],
  ['@eth.dst', 'ff:ff:ff:ff:ff:ff'],
  ['@ip.addr#[-1]', '0a:00:00:01'],
  ['@ipv6.hlim', 'ff'],
  ['@frame.protocols', '"eth"'],
  ['@tcp.len', '00:00:00:00'],
  ['@tcp.payload', '"GET"'],
)
const flag = fc.constantFrom('tcp.flags.syn', 'tcp.flags.res', 'ip.flags.df')
const ipField = fc.constantFrom(
  'ip.src',
  'ip.dst',
  'ip.addr',
  'ip.addr#1',
  'ip.addr#2',
  'ip.addr#[-1]',
  'ip.src#[-2--1]',
)
const ip = fc.oneof(ipField, fc.constantFrom('ip.dst & 255.255.0.0', 'max(ip.src, ip.dst)', 'min(ip.addr, 10.0.0.1)'))
const ip6Field = fc.constantFrom('ipv6.src', 'ipv6.dst', 'ipv6.addr')
const ip6 = fc.oneof(ip6Field, fc.constantFrom('ipv6.src & ffff::', 'max(ipv6.src, ipv6.dst)'))
const etherField = fc.constantFrom('eth.src', 'eth.dst', 'eth.addr')
const ether = fc.oneof(etherField, fc.constantFrom('max(eth.src, eth.dst)', 'min(eth.addr)'))
const span = fc.constantFrom(
  'eth.src[0:3]',
  'ip[8:1]',
  'frame[-3:]',
  'tcp',
  'udp',
  'ip',
  'eth.dst[0,2-4]',
  'udp.payload',
  'ip.src[0:2]',
  'frame',
)
const order = fc.constantFrom('==', '!=', '<', '<=', '>', '>=', '===', '!==')
const quantifier = fc.constantFrom('', '', '', 'any ', 'all ')
const sum = fc
  .tuple(port, fc.constantFrom('+', '-', '*', '/', '%', '&'), fc.oneof(number, port))
  .map(([a, operator, b]) => `${a} ${operator} ${b}`)
const called = fc.constantFrom(
  'len(ip)',
  'count(ip.addr)',
  'max(tcp.port)',
  'min(ip.ttl, ip.proto)',
  'abs(ip.len - 40)',
  'max(ip.ttl, 100)',
  'double(ip.ttl)',
  'float(ip.len)',
  'len(udp.payload)',
)

const comparison = (left: fc.Arbitrary<string>, right: fc.Arbitrary<string>) =>
  fc.tuple(quantifier, left, order, right).map(([all, a, operator, b]) => `${all}${a} ${operator} ${b}`)
const membership = (left: fc.Arbitrary<string>, right: fc.Arbitrary<string>) =>
  fc
    .tuple(
      quantifier,
      left,
      fc.constantFrom('in', 'not in'),
      fc.array(fc.tuple(right, fc.option(right)), { minLength: 1, maxLength: 4 }),
    )
    .map(
      ([all, a, word, set]) =>
        `${all}${a} ${word} {${set.map(([low, high]) => (high === null ? low : `${low} .. ${high}`)).join(', ')}}`,
    )
const wide = fc.oneof(number, port)
const leaf = fc.oneof(
  fc.constantFrom('tcp', 'udp', 'ip', 'ipv6', 'eth', 'vlan', 'frame', 'ip#2', '_ws.short', '_ws.malformed'),
  fc.oneof(port, octet, flag, ipField, ip6Field, etherField, span),
  comparison(port, wide),
  comparison(wide, port),
  comparison(octet, narrow),
  comparison(flag, fc.constantFrom('0', '1', 'True', '7')),
  comparison(flag, flag),
  comparison(ip, fc.oneof(address, ip)),
  comparison(address, ip),
  comparison(ip6, fc.oneof(address6, ip6)),
  comparison(ether, fc.oneof(mac, ether)),
  comparison(span, fc.oneof(piece, span)),
  comparison(sum, fc.oneof(number, sum)),
  comparison(called, number),
  membership(port, wide),
  membership(octet, narrow),
  membership(ipField, address),
  membership(ip6, address6),
  membership(ether, mac),
  membership(flag, fc.constantFrom('0', '1')),
  membership(span, piece),
  fc.tuple(span, fc.oneof(piece, span)).map(([a, b]) => `${a} contains ${b}`),
  fc.tuple(span, piece).map(([a, b]) => `${a} & ${b}`),
  fc.tuple(quantifier, searched, pattern).map(([all, a, text]) => `${all}${a} matches "${text}"`),
  fc.tuple(raw, order).map(([[a, b], operator]) => `${a} ${operator} ${b}`),
  fc.tuple(raw, fc.constantFrom('[0]', '[-1:]', '[:1]')).map(([[a], slice]) => `${a}${slice} > 00`),
  fc.constantFrom(
    'ip_rfc1918(ip.src)',
    'ip_multicast(ip.dst) == 1',
    'ip_multicast(ipv6.dst)',
    'not ip_linklocal(ip.src)',
    'ip_linklocal(ipv6.addr)',
    'ip_ula(ipv6.src)',
    'hex(tcp.flags) == "0x0002"',
    'dec(ip.ttl) contains "6"',
    'vals(ip.proto) == "TCP"',
    'vals(eth.type) matches "ipv[46]"',
    'tcp[13] & 2',
    'len(tcp) > 20',
    'udp[:] contains 00',
    'ipv6.dst & ff00::',
    'tcp.flags bitand 0x12 == 2',
    'frame.protocols[0:3] contains 74:68',
    'max(frame.protocols, "ethz") == "ethz"',
    'frame.protocols contains "ip"',
    'frame.protocols[0:3] == "eth"',
    'upper(frame.protocols) contains "TCP"',
    'len(frame.protocols) > 12',
    'frame.protocols in {"eth:ethertype:ip:tcp", "a" .. "f"}',
    'string(ip.src) contains "10."',
    'string(eth.dst) == "ff:ff:ff:ff:ff:ff"',
    'string(ipv6.src) > "fe"',
    'frame.time_epoch > 0.5',
    '-frame.time_epoch <= 0',
    'frame.time_epoch + 1.5 > 0.25',
    'frame.time_epoch - 0.000000001 < 0',
    'abs(frame.time_epoch - 2) == 2',
    'frame.time_epoch in {0 .. 1}',
    'frame.time == "1970-01-01 00:00:00"',
    'eth.src & 00:00:ff == 00:00:5e',
    '1 < ip.ttl < 65 <= frame.len',
  ),
  sum,
)
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 3, arbitrary: leaf },
    { weight: 1, arbitrary: tie('expression').map((a) => `not (${a})`) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('and', 'or', 'xor', 'or'), fc.array(tie('expression'), { minLength: 2, maxLength: 4 }))
        .map(([operator, terms]) => terms.map((term) => `(${term})`).join(` ${operator} `)),
    },
  ),
}))

/** One of the frames, some octets changed, cut anywhere. */
const packet = fc
  .record({
    index: fc.nat(),
    cut: fc.option(fc.nat(200)),
    changes: fc.array(fc.tuple(fc.nat(69), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
  })
  .map(({ index, cut, changes }) => {
    const base = frames[index % frames.length]
    const bytes = base.slice(0, cut ?? undefined)
    for (const [at, octet] of changes) if (at < bytes.length) bytes[at] = octet
    return { bytes, originalLength: base.length }
  })

/** One packet for all: its scratch area takes longer to make than a filter to run. */
const shared = new Packet()
shared.bytes = new Uint8Array(LONGEST + SCRATCH_LENGTH)
shared.scratch = LONGEST

function decoded(bytes: Uint8Array, originalLength: number): Packet {
  shared.bytes.fill(0xa5, 0, LONGEST)
  shared.bytes.set(bytes)
  shared.number = 1
  shared.capturedLength = bytes.length
  shared.originalLength = originalLength
  shared.linkType = ETHERNET
  shared.reassembler = new Reassembler()
  decode(shared)
  return shared
}

test('on changed packets', { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(expression, fc.array(packet, { minLength: 3, maxLength: 3 }), (text, packets) => {
      const compiled = compileFilter(text)
      const { test: tree } = check(text, parse(text))
      for (const { bytes, originalLength } of packets) {
        const each = decoded(bytes, originalLength)
        expect(compiled.matches(each)).toBe(evaluate(tree, each))
      }
    }),
    { numRuns: 2000 },
  )
})

test('on packets as they are, with all that the filter needs', { timeout: 120_000 }, async () => {
  const texts = fc.sample(expression, { numRuns: 150, seed: 4 })
  const filters = texts.map((text) => ({ text, compiled: compileFilter(text), tree: check(text, parse(text)).test }))
  const needs = filters.flatMap(({ compiled }) => [...compiled.needs])
  await forEachPacket(['fixtures/http.pcap', 'fixtures/vxlan.pcap', 'fixtures/ipv6-ext.pcap'], { needs }, (each) => {
    for (const { text, compiled, tree } of filters)
      expect(compiled.matches(each), `${text} on packet ${each.number}`).toBe(evaluate(tree, each))
    return false
  })
})

test('any text compiles or is refused with a position inside it', { timeout: 120_000 }, () => {
  const words = [
    'tcp',
    'tcp.port',
    'ip.src',
    '==',
    '!=',
    '&',
    '(',
    ')',
    '{',
    '}',
    ',',
    '..',
    'in',
    'not',
    'and',
    '80',
    '10.0.0.1',
    '"x"',
    '[0:2]',
    '#1',
    '-',
    'len(',
    'all',
    'contains',
    "'a'",
    'matches',
    '"[a"',
    'r"\\d"',
    '@',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a field reference.
    '${ip.src}',
    '/*',
    '//',
    '#[-1]',
    'max(',
    '=',
    '\\',
    '"',
    'é',
    'port',
    'frame.time_delta',
    '1.5',
    '::1',
  ]
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom(...words)).map((all) => all.join(' ')),
    fc.array(fc.constantFrom(...words)).map((all) => all.join('')),
  )
  const sample = decoded(TUNNEL, TUNNEL.length)
  fc.assert(
    fc.property(text, (expression) => {
      try {
        compileFilter(expression).matches(sample)
      } catch (error) {
        expect(error).toMatchObject({ name: 'FilterError', expression })
        const { at, length, format } = error as { at: number; length: number; format: () => string }
        expect(at).toBeGreaterThanOrEqual(0)
        expect(at + length).toBeLessThanOrEqual(expression.length + 1)
        expect(format.call(error)).toContain('^')
      }
    }),
    { numRuns: 3000 },
  )
})
