import { describe, expect, test } from 'vitest'
import { FilterError } from '../../src/filter/errors.ts'
import { compileFilter } from '../../src/filter/filter.ts'

function errorOf(expression: string): string {
  try {
    compileFilter(expression)
  } catch (error) {
    if (error instanceof FilterError) return error.format()
    throw error
  }
  throw new Error(`${expression} is accepted`)
}

/** Each case is the whole message; the expression is its second line. */
const cases = `
filter: unknown field tcp.prot, did you mean tcp.port?
  tcp.prot == 80
  ^^^^^^^^

filter: unknown field TCP, did you mean tcp?
  TCP
  ^^^

filter: unknown field tcp.dstprt, did you mean tcp.dstport?
  tcp.port == tcp.dstprt
              ^^^^^^^^^^

filter: "=" is not an operator here
  tcp.port = 80
           ^
  use == to compare

filter: 99999 is too big for tcp.port
  udp || tcp.port == 99999
                     ^^^^^
  its largest value is 65535

filter: 300 is too big for ip.ttl
  ip.ttl == 300
            ^^^
  its largest value is 255

filter: -1 is too small for tcp.port
  tcp.port == -1
              ^^
  its smallest value is 0

filter: "x" is text, not a number
  tcp.port == "x"
              ^^^
  tcp.port is a number

filter: "1.2.3.4" is text, not an IPv4 address
  ip.addr == "1.2.3.4"
             ^^^^^^^^^
  without quotes: 1.2.3.4

filter: 1.2.3.400 is not an IPv4 address
  ip.addr == 1.2.3.400
             ^^^^^^^^^
  four numbers from 0 to 255: 10.0.0.1 or 10.0.0.0/8

filter: www.example.com is not an IPv4 address
  ip.addr in {www.example.com}
              ^^^^^^^^^^^^^^^
  host names are not looked up: write the address

filter: 10.0.0.0/33 is not an IPv4 subnet
  ip.addr == 10.0.0.0/33
             ^^^^^^^^^^^
  the prefix has at most 32 bits

filter: fe80::1 is not an IPv4 address
  ip.addr == fe80::1
             ^^^^^^^
  this is an IPv6 address: compare it with ipv6.addr, ipv6.src or ipv6.dst

filter: 1::2::3 is not an IPv6 address
  ipv6.addr == 1::2::3
               ^^^^^^^
  for example 2001:db8::1 or fe80::/10

filter: 00:11 is not an Ethernet address
  eth.addr == 00:11
              ^^^^^
  six octets: 00:00:5e:00:53:01, 00-00-5e-00-53-01 or 0000.5e00.5301

filter: ip.src is an IPv4 address and eth.src is an Ethernet address: they cannot be compared
  ip.src == eth.src
            ^^^^^^^

filter: expected , or } before "443"
  tcp.port in {80 443}
                  ^^^
  values of a set are separated by commas: {80, 443}

filter: 80-90 is not a number
  tcp.port in {80-90}
               ^^^^^
  a range is written in a set: in {80..90}

filter: expected { before "80"
  tcp.port in 80
              ^^
  a set is written in braces: tcp.port in {80, 443, 8000..8100}

filter: this is a capture filter (as tcpdump takes), not a display filter
  port 80
  ^^^^^^^
  as a display filter: tcp.port == 80 || udp.port == 80

filter: expected and, or, or the end before "AND"
  tcp AND udp
      ^^^
  operators are written in small letters: and

filter: expected and, or, or the end before "udp"
  tcp udp
      ^^^

filter: the filter ends where a field or a value should come
  tcp and
         ^

filter: the filter ends where ) should come
  (tcp || udp
             ^
  it closes the ( at column 1

filter: 443 is a value, not a test
  tcp.port == 80 or 443
                    ^^^
  write tcp.port in {80, 443}

filter: 08 is not a number
  tcp.port == 08
              ^^
  a leading 0 means octal

filter: tcp.port is a whole number, and 80.5 is not
  tcp.port == 80.5
              ^^^^

filter: unknown field tcp.srcport-1
  tcp.srcport-1 == 79
  ^^^^^^^^^^^^^
  a minus sign needs spaces around it: tcp.srcport - 1

filter: "all" needs a comparison
  all tcp
  ^^^
  for example: all tcp.port > 1024

filter: pcapx does not have "matches" yet
  tcp.payload matches "get"
  ^^^^^^^^^^^^^^^^^^^^^^^^^
  "contains" searches for a plain string

filter: pcapx does not have the function ip_rfc1918 yet
  ip_rfc1918(ip.src) == 1
  ^^^^^^^^^^

filter: pcapx does not have raw values of fields (@) yet
  @tcp.port == 0050
  ^

filter: pcapx does not have macros and field references ($) yet
  ip.src == \${ip.src}
            ^

filter: this string has no closing quote
  frame contains "abc
                 ^

filter: "'" has no meaning in a filter
  frame contains 'abc'
                 ^
  a string is written in double quotes: "text"

filter: len(...) is a value, not a test
  len(tcp)
  ^^^^^^^^
  compare it: len(tcp) > 0

filter: there is no function lenn
  lenn(tcp) == 1
  ^^^^
  did you mean len(...)?

filter: yes is neither true nor false
  tcp.flags.syn == yes
                   ^^^
  use 1 or 0, or True or False

filter: Tcq is not a value of ip.proto
  ip.proto == Tcq
              ^^^
  did you mean "TCP"?

filter: tcp.flags is a number: "contains" searches text and octets
  tcp.flags contains 1
  ^^^^^^^^^
`
  .trim()
  .split('\n\n')

test.each(cases.map((text) => [text.split('\n')[1].trim(), text]))('%s', (expression, text) => {
  expect(errorOf(expression)).toBe(text)
})

describe('the expression is shown so that the carets stand under the culprit', () => {
  test('tabs and line breaks take one column', () => {
    expect(errorOf('tcp\t&&\n bogus')).toBe('filter: unknown field bogus\n  tcp &&  bogus\n          ^^^^^')
  })

  test('a long filter is cut around the culprit', () => {
    const lines = errorOf(`${'tcp or '.repeat(100)}bogus${' or udp'.repeat(100)}`).split('\n')
    expect(lines[1].length).toBeLessThan(120)
    expect(lines[1].slice(lines[2].indexOf('^'), lines[2].lastIndexOf('^') + 1)).toBe('bogus')
    expect(lines[1]).toMatch(/^ {2}\.\.\..*\.\.\.$/)
  })
})

describe('warnings', () => {
  test('a flag alone asks for existence', () => {
    expect(compileFilter('tcp.flags.syn').warnings).toEqual([
      'tcp.flags.syn alone asks whether the field is there, not whether it is true; write tcp.flags.syn == 1 for that',
    ])
    expect(compileFilter('tcp.flags.syn == 1').warnings).toEqual([])
  })

  test.each([
    'tcp.port != 80',
    'udp.port ne 53',
    'ip.addr != 10.0.0.1',
    'ipv6.addr != ::1',
    'eth.addr != 00:00:5e:00:53:01',
  ])('several values: %s', (expression) => {
    const [warning, ...more] = compileFilter(expression).warnings
    expect(warning).toContain('!== ')
    expect(more).toEqual([])
  })

  test.each(['tcp.srcport != 80', 'any tcp.port != 80', 'tcp.port !== 80', '!(tcp.port == 80)'])(
    'none: %s',
    (expression) => {
      expect(compileFilter(expression).warnings).toEqual([])
    },
  )
})
