import { describe, expect, test } from 'vitest'
import { FilterError } from '../../src/filter/errors.ts'
import { lex } from '../../src/filter/lexer.ts'
import { parse } from '../../src/filter/parser.ts'
import type { Expression, Range } from '../../src/filter/syntax.ts'

/** The tree with parentheses around everything that has parts. */
function shape(node: Expression): string {
  switch (node.kind) {
    case 'word':
      return node.text
    case 'text':
      return JSON.stringify(Buffer.from(node.octets).toString('latin1'))
    case 'character':
      return `'${node.code}'`
    case 'slice':
      return `${shape(node.operand)}[${node.ranges.map(range)}]`
    case 'layers':
      return `${shape(node.operand)}#[${node.ranges.map(range)}]`
    case 'raw':
      return `@${shape(node.operand)}`
    case 'call':
      return `${node.name}(${node.arguments.map(shape).join(', ')})`
    case 'arithmetic':
      return `(${shape(node.left)} ${node.operator} ${shape(node.right)})`
    case 'negative':
      return `(-${shape(node.operand)})`
    case 'comparison': {
      const rest = node.operators.map((operator, i) => ` ${operator} ${shape(node.operands[i + 1])}`)
      return `(${node.quantifier === undefined ? '' : `${node.quantifier} `}${shape(node.operands[0])}${rest.join('')})`
    }
    case 'membership': {
      const elements = node.elements.map(({ low, high }) => shape(low) + (high === undefined ? '' : `..${shape(high)}`))
      return `(${shape(node.operand)}${node.negated ? ' not' : ''} in {${elements.join(', ')}})`
    }
    case 'not':
      return `(not ${shape(node.operand)})`
    case 'logical':
      return `(${node.terms.map(shape).join(` ${node.operator} `)})`
  }
}

function range({ from, length, to }: Range): string {
  return to === undefined ? `${from}:${length}` : `${from}-${to}`
}

// The precedence is tshark 4.0.17's: each line was run there against the parenthesised form.
test.each([
  ['tcp or udp and icmp', '(tcp or (udp and icmp))'],
  ['tcp and udp or icmp', '((tcp and udp) or icmp)'],
  ['tcp or udp xor icmp and arp', '(tcp or (udp xor (icmp and arp)))'],
  ['not tcp and udp', '((not tcp) and udp)'],
  ['!tcp&&!udp', '((not tcp) and (not udp))'],
  ['!!tcp', '(not (not tcp))'],
  ['not tcp.port == 80 or udp', '((not (tcp.port == 80)) or udp)'],
  ['(tcp or udp) and icmp', '((tcp or udp) and icmp)'],
  ['a == 1 || b == 2 || c == 3', '((a == 1) or (b == 2) or (c == 3))'],
  ['a & 2 == 2', '((a & 2) == 2)'],
  ['a & 2 + 16 == 1', '((a & (2 + 16)) == 1)'],
  ['a + 1 * 2 - 3 == 1', '(((a + (1 * 2)) - 3) == 1)'],
  ['a * 2 / 3 % 4 == 1', '((((a * 2) / 3) % 4) == 1)'],
  ['-a + 1 == -1', '(((-a) + 1) == (-1))'],
  ['a bitwise_and 1', '(a & 1)'],
  ['{a + 1} * 2 == 4', '(((a + 1) * 2) == 4)'],
  ['(a + 1) * 2 == 4', '(((a + 1) * 2) == 4)'],
  ['1 <= a <= 64', '(1 <= a <= 64)'],
  ['a == b == 80 and c', '((a == b == 80) and c)'],
  ['all a > 1024 and b', '((all a > 1024) and b)'],
  ['any a != 1', '(any a != 1)'],
])('%s', (text, tree) => {
  expect(shape(parse(text))).toBe(tree)
})

describe('operators have names', () => {
  test.each([
    ['eq', '=='],
    ['any_eq', '=='],
    ['ne', '!='],
    ['all_ne', '!='],
    ['===', '==='],
    ['all_eq', '==='],
    ['!==', '!=='],
    ['~=', '!=='],
    ['any_ne', '!=='],
    ['lt', '<'],
    ['le', '<='],
    ['gt', '>'],
    ['ge', '>='],
    ['contains', 'contains'],
    ['matches', 'matches'],
    ['~', 'matches'],
  ])('%s', (written, meant) => {
    expect(shape(parse(`a ${written} b`))).toBe(`(a ${meant} b)`)
  })
})

describe('words', () => {
  test.each([
    ['ip.addr == 10.0.0.0/8', '(ip.addr == 10.0.0.0/8)'],
    ['ipv6.addr == fe80::/10', '(ipv6.addr == fe80::/10)'],
    ['ipv6.src==::1', '(ipv6.src == ::1)'],
    ['ipv6.src == ::', '(ipv6.src == ::)'],
    ['ipv6.src == ::ffff:192.0.2.1/96', '(ipv6.src == ::ffff:192.0.2.1/96)'],
    ['eth.dst==ff:ff:ff:ff:ff:ff', '(eth.dst == ff:ff:ff:ff:ff:ff)'],
    ['eth.dst == 00-00-5e-00-53-01', '(eth.dst == 00-00-5e-00-53-01)'],
    ['eth.dst == 0000.5e00.5301', '(eth.dst == 0000.5e00.5301)'],
    ['tcp.options.sack_le', 'tcp.options.sack_le'],
    ['_ws.malformed', '_ws.malformed'],
    ['bt-dht && tcp', '(bt-dht and tcp)'],
    ['tcp.srcport/2==40', '((tcp.srcport / 2) == 40)'],
    ['tcp.srcport*2==160', '((tcp.srcport * 2) == 160)'],
    ['tcp.srcport+1==81', '((tcp.srcport + 1) == 81)'],
    ['tcp.srcport -1 == 79', '((tcp.srcport - 1) == 79)'],
    ['tcp.srcport- 1 == 79', '((tcp.srcport - 1) == 79)'],
    ['.tcp.port == 80', '(.tcp.port == 80)'],
    ['frame contains :47', '(frame contains :47)'],
  ])('%s', (text, tree) => {
    expect(shape(parse(text))).toBe(tree)
  })
})

describe('sets', () => {
  test.each([
    ['a in {1}', '(a in {1})'],
    ['a in {80, 443,8000..8100}', '(a in {80, 443, 8000..8100})'],
    ['a in { 1 .. 2 }', '(a in {1..2})'],
    ['a in {10.0.0.1..10.0.0.9, 10.0.0.0/8}', '(a in {10.0.0.1..10.0.0.9, 10.0.0.0/8})'],
    ['a in {1.5..2.5}', '(a in {1.5..2.5})'],
    ['a in {-5..-1}', '(a in {(-5)..(-1)})'],
    ['a not in {1} and b', '((a not in {1}) and b)'],
    ['a in {"GET", b}', '(a in {"GET", b})'],
  ])('%s', (text, tree) => {
    expect(shape(parse(text))).toBe(tree)
  })
})

describe('slices, layers, functions', () => {
  test.each([
    ['a[0:3]', 'a[0:3]'],
    ['a[12-13]', 'a[12-13]'],
    ['a[4]', 'a[4:1]'],
    ['a[:2]', 'a[0:2]'],
    ['a[7:]', 'a[7:Infinity]'],
    ['a[-4:4]', 'a[-4:4]'],
    ['a[-1]', 'a[-1:1]'],
    ['a[-3--2]', 'a[-3--2]'],
    ['a[1,3-5,9:]', 'a[1:1,3-5,9:Infinity]'],
    ['a[0:4][1] == 2', '(a[0:4][1:1] == 2)'],
    ['ip.src#2', 'ip.src#[2:1]'],
    ['ip.src#[1-2] == 1.2.3.4', '(ip.src#[1-2] == 1.2.3.4)'],
    ['max(a, b + 1) > 2', '(max(a, (b + 1)) > 2)'],
  ])('%s', (text, tree) => {
    expect(shape(parse(text))).toBe(tree)
  })
})

describe('strings', () => {
  test.each([
    ['"GET"', 'GET'],
    [String.raw`"a\"b\\c"`, 'a"b\\c'],
    [String.raw`"\x47\105T"`, 'GET'],
    [String.raw`"\xff\r\n\t"`, '\xff\r\n\t'],
    [String.raw`"\u00e9"`, '\xc3\xa9'],
    [String.raw`r"\d\""`, '\\d\\"'],
    ['""', ''],
  ])('%s', (text, value) => {
    const [token] = lex(text)
    expect(token.kind === 'text' && Buffer.from(token.octets).toString('latin1')).toBe(value)
  })

  test('a character is a number', () => {
    expect(shape(parse("a == 'P'"))).toBe("(a == '80')")
    expect(shape(parse(String.raw`a == '\x50'`))).toBe("(a == '80')")
    expect(shape(parse(String.raw`a == '\n'`))).toBe("(a == '10')")
  })
})

describe('size', () => {
  const nested = [
    `${'('.repeat(500)}tcp${')'.repeat(500)}`,
    `${'not '.repeat(500)}tcp`,
    `tcp.len == ${'-'.repeat(500)}1`,
    `tcp.len == 1${' + 1'.repeat(500)}`,
    `tcp${'[0]'.repeat(500)}`,
    'len('.repeat(500),
    '{'.repeat(100_000),
  ]
  test.each(nested)('too deep: %.20s', (text) => {
    expect(() => parse(text)).toThrow(FilterError)
  })

  test('calculations in calculations count together', () => {
    let text = 'tcp.len'
    for (let i = 0; i < 20; i++) text = `{${text}${' + 1'.repeat(20)}}`
    expect(() => parse(`${text} > 0`)).toThrow('too long')
  })

  test('a long chain is no depth', () => {
    const tree = parse(`tcp${' or not udp'.repeat(10_000)}`)
    expect(tree.kind === 'logical' && tree.terms.length).toBe(10_001)
  })
})
