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
  conditions are joined with && or ||

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

filter: \${ip.src} is ip.src of the packet selected in Wireshark's window; a command has no such packet
  ip.src == \${ip.src}
            ^^^^^^^^^
  write the value: pcapx fields -e ip.src shows those of a capture

filter: this string has no closing quote
  frame contains "abc
                 ^

filter: 'abc' is more than one character
  frame contains 'abc'
                 ^^^^^
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
  as text: string(tcp.flags) contains "..."

filter: tcp.port is a number and http is a sequence of octets: they cannot be compared
  tcp.port == http
              ^^^^
  http is port 80: write the number

filter: "https" is text, not a number
  tcp.port == "https"
              ^^^^^^^
  https is port 443: write the number

filter: udp.port is a number and dns is a sequence of octets: they cannot be compared
  udp.port == dns
              ^^^
  dns is port 53: write the number

filter: frame.protocols is text and tcp is a sequence of octets: they cannot be compared
  frame.protocols contains tcp
                           ^^^
  as text: "tcp"

filter: frame.protocols is text and ip.src is an IPv4 address: they cannot be compared
  frame.protocols contains ip.src
                           ^^^^^^
  as text: "ip.src"

filter: unknown field tcp.bogus, did you mean tcp.bogus_header_length?
  tcp.bogus
  ^^^^^^^^^

filter: unknown field bogus
  bogus
  ^^^^^

filter: unknown field bogus.field
  bogus.field
  ^^^^^^^^^^^

filter: this group is not closed
  frame matches "ab(c"
                   ^
  a ) is missing; \\( is the character

filter: this ) closes nothing
  frame matches "ab)c"
                   ^
  \\) is the character

filter: this class is not closed
  frame matches "[abc"
                 ^
  a ] is missing; \\[ is the character

filter: {3,2} asks for at most 2 of at least 3
  frame matches "a{3,2}"
                  ^^^^^

filter: nothing stands before * that could be repeated
  frame matches "*a"
                 ^
  \\* is the character

filter: nothing stands before * that could be repeated
  frame matches "a**"
                   ^
  \\* is the character

filter: lookahead ((?=) is not supported: patterns are matched in linear time, so that no capture can stall them
  frame matches "(?=x)"
                 ^^^

filter: references to what a group matched (\\1) are not supported: patterns are matched in linear time, so that no capture can stall them
  frame matches "\\\\1(x)"
                 ^^^

filter: \\y has no meaning in a pattern
  frame matches "\\\\y"
                 ^^^

filter: there is no property Bogus
  frame matches "\\\\p{Bogus}"
                 ^^^^^^^^^^

filter: there is no class [:bogus:]
  frame matches "é\\x41[[:bogus:]]"
                       ^^^^^^^^^

filter: this group is not closed
  frame matches r"\\d+("
                     ^
  a ) is missing; \\( is the character

filter: {1001} is too much: at most 1000 repetitions
  frame matches "a{1001}"
                  ^^^^^^

filter: this pattern cannot be: invalid repeat count: \`{40}\`
  frame matches "((a{40}){40}){40}"
                 ^^^^^^^^^^^^^^^^^

filter: the pattern is too big: more than 65536 characters when its repetitions are written out
  frame matches "((a{1000}){1000}){10}"
                           ^^^^^^

filter: a \\ at the end escapes nothing
  frame matches "\\\\"
                 ^^
  for the character itself, write \\\\\\\\ in a string or \\\\ in r"..."

filter: this range ends before it begins
  frame matches "[z-a]"
                  ^^^

filter: settings of the matcher, (*...), are not supported
  frame matches "(*UTF8)x"
                 ^^

filter: possessive repetition (++) is not supported: patterns are matched in linear time, so that no capture can stall them
  frame matches "x++"
                  ^^
  write +

filter: tcp is not a pattern
  frame matches tcp
                ^^^
  a pattern is written in double quotes: "tcp"

filter: 'x' is not a pattern
  frame matches 'x'
                ^^^
  a pattern is written in double quotes

filter: ip.src is an IPv4 address: "matches" searches text and octets
  ip.src matches "10"
  ^^^^^^
  as text: string(ip.src) matches "..."

filter: tcp.port is a number: "matches" searches text and octets
  tcp.port matches "8"
  ^^^^^^^^
  as text: string(tcp.port) matches "..."

filter: "GET" is not a field
  "GET" matches "G"
  ^^^^^
  "matches" searches a field for a pattern

filter: unknown field bogus
  bogus matches "x"
  ^^^^^

filter: "contains" stands in no chain
  frame contains "a" contains "b"
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  join two conditions with &&

filter: "contains" stands in no chain
  frame contains "a" matches "b"
  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  join two conditions with &&

filter: pcapx does not know where the octets of frame.time lie
  @frame.time == 00
  ^^^^^^^^^^^

filter: unknown field bogus
  @bogus
   ^^^^^

filter: expected a field before "=="
  @ == 1
    ^^
  for example: @ip.src == 0a:00:00:01

filter: 80 is not a field
  @80
   ^^

filter: layers are numbered from 1
  ip.src#0
         ^
  layers are #2, #[1-2], #[2:] or, from the innermost, #[-1]; several with commas

filter: layers are numbered from 1
  ip.src#[0-1]
          ^^^
  layers are #2, #[1-2], #[2:] or, from the innermost, #[-1]; several with commas

filter: "x" is no range
  ip.src#[x]
          ^
  layers are #2, #[1-2], #[2:] or, from the innermost, #[-1]; several with commas

filter: "#" has no meaning in a filter
  ip.src# 1
        ^
  a layer is a number from 1: ip.src#2

filter: "tcpflags" is no range
  tcp[tcpflags] & tcp-syn != 0
      ^^^^^^^^
  a slice takes numbers; flags of TCP have fields: tcp.flags.syn == 1

filter: 08 is not a number
  tcp[08] == 1
      ^^
  a slice is [offset:length], [first-last], [offset], [:length] or [offset:], several with commas

filter: "1:2:3" is no range
  tcp[1:2:3] == 1
      ^^^^^
  a slice is [offset:length], [first-last], [offset], [:length] or [offset:], several with commas

filter: "[" has no meaning in a filter
  tcp[0:2
     ^
  a slice ends with ]

filter: there is no character between these quotes
  frame contains ''
                 ^^
  a string is written in double quotes: "text"

filter: this character has no closing quote
  frame contains 'a
                 ^
  a string is written in double quotes: "text"

filter: this comment has no end
  tcp /* open
      ^^
  a comment ends with */

filter: ip_rfc1918(...) takes an IPv4 address, and ipv6.src is not that
  ip_rfc1918(ipv6.src)
             ^^^^^^^^

filter: there is no function ip_special_name
  ip_special_name(ip.src)
  ^^^^^^^^^^^^^^^
  Wireshark 4.4 has it, pcapx not yet

filter: the values of tcp.port have no names
  vals(tcp.port) == "x"
       ^^^^^^^^
  string(...) gives its number as text

filter: max(...) takes a field, not a literal
  max(1, 2) == 2
      ^

filter: "x" is text, not a number
  max(tcp.port, "x") == 2
                ^^^
  tcp.port is a number

filter: the filter ends where , or ) should come
  len(tcp
         ^

filter: count(...) takes one argument, not 0
  count() > 1
  ^^^^^

filter: tcp.flags.syn is true or false and tcp.port is a number: they cannot be compared
  tcp.flags.syn == tcp.port
                   ^^^^^^^^

filter: "172.16.0.122" is text, not an IPv4 address
  ip.addr == "172.16.0.122"
             ^^^^^^^^^^^^^^
  without quotes: 172.16.0.122

filter: "443" is text, not a number
  tcp.port in {80, "443"}
                   ^^^^^
  without quotes: 443

filter: tomorrow is not a date and time
  frame.time > "tomorrow"
               ^^^^^^^^^^
  for example "2024-07-04 12:34:56.789", in UTC

filter: yesterday is not a date and time
  frame.time > yesterday
               ^^^^^^^^^
  for example "2024-07-04 12:34:56.789", in UTC

filter: "AAA" is not a value of dns.qry.type
  dns.qry.type == "AAA"
                  ^^^^^
  its values have names like "Unused"

filter: this is a capture filter (as tcpdump takes), not a display filter
  tcp port https
  ^^^^^^^^^^^^^^
  as a display filter: tcp.port == 443

filter: this is a capture filter (as tcpdump takes), not a display filter
  host www.example.com
  ^^^^^^^^^^^^^^^^^^^^
  a display filter compares fields: ip.addr == 10.0.0.1 && tcp.port == 80

filter: 80 is not a field
  80 in {tcp.port}
  ^^
  write tcp.port == 80

filter: tcp is a sequence of octets and tcp.port is a number: they cannot be compared
  tcp contains tcp.port
               ^^^^^^^^
  as text: "tcp.port"

filter: "<>" is not an operator here
  tcp.port <> 80
           ^^
  use != for "not equal"

filter: "|" is not an operator here
  tcp.port == 80 | tcp.port == 81
                 ^
  use || or "or"; there is no bitwise or

filter: ";" has no meaning in a filter
  tcp ; udp
      ^
  conditions are joined with && or ||

filter: expected and, or, or the end before "tcp.dstport"
  tcp.srcport == 80 tcp.dstport == 80
                    ^^^^^^^^^^^
  conditions are joined with && or ||

filter: a subnet has no mask
  ip.src == 10.0.0.1/255.0.0.0
            ^^^^^^^^^^^^
  write the bits of its prefix: 10.0.0.0/8

filter: "." has no meaning in a filter
  frame.time_relative > .5
                        ^
  a number begins with a digit: 0.5

filter: 1s is not a time
  frame.time_relative > 1s
                        ^^
  seconds, with at most nine decimals: 0.25

filter: this is a capture filter (as tcpdump takes), not a display filter
  dst net 10 and tcp
  ^^^^^^^^^^^^^^^^^^
  as a display filter: ip.dst == 10.0.0.0/8 && tcp

filter: unknown field port
  port
  ^^^^

filter: unknown field host
  host == 3
  ^^^^
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

describe('a field that Wireshark has and pcapx does not', () => {
  test.each([
    ['tcp.options.rvbd.probe', 'field', 'pcapx fields --list tcp.options'],
    ['bthci_acl.length == 3', 'field', 'pcapx fields --list'],
    ['tcp and bthci_acl', 'protocol', 'pcapx fields --list'],
    ['tcp.port == tcp.options.rvbd.probe', 'field', 'pcapx fields --list tcp.options'],
  ])('%s', (expression, kind, list) => {
    const [message, , , hint] = errorOf(expression).split('\n')
    expect(message).toMatch(new RegExp(`^filter: [\\w.]+ is a Wireshark ${kind} that pcapx does not have \\(yet\\)$`))
    expect(hint).toMatch(/^ {2}pcapx has \d,\d{3} fields and protocols: /)
    expect(hint.endsWith(`: ${list}`)).toBe(true)
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
