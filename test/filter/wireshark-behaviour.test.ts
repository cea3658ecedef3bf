/**
 * What people meet in Wireshark's filters, one test for each: numbers of packets that tshark 4.0.17 -Y selects in two of the
 * fixtures (`http`: a TCP connection to port 80 and five other packets; `vm`: a bit of everything).
 */
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { forEachPacket } from '../../src/engine/run.ts'
import { compileFilter } from '../../src/filter/filter.ts'

async function count(fixture: string, expression: string): Promise<number> {
  const file = fileURLToPath(new URL(`../../fixtures/${fixture}.pcap`, import.meta.url))
  const run = await forEachPacket([file], { filter: compileFilter(expression) }, () => false)
  return run.matched
}

describe('what a filter selects', () => {
  test.each([
    // != : all values differ, and there is one.
    ['http', 'tcp.port != 80', 0],
    ['vm', 'tcp.port != 80', 1185],
    // Its negation also selects packets without a port.
    ['http', '!(tcp.port == 80)', 5],
    ['vm', '!(tcp.port == 80)', 1314],
    // Any value differs: what != was before 3.6.
    ['http', 'tcp.port !== 80', 26],
    ['http', 'tcp.port ~= 80', 26],
    ['http', 'any tcp.port != 80', 26],
    ['vm', 'any tcp.port != 80', 1318],
    ['http', 'all tcp.port != 80', 0],
    ['vm', 'all tcp.port != 80', 1185],
    // A flag alone: the field is there.
    ['http', 'tcp.flags.syn', 26],
    ['http', 'tcp.flags.syn == 1', 2],
    ['http', 'tcp.flags & 2', 2],
    ['vm', 'tcp.flags & 2', 79],
    // tshark 4.0 has no word for true; newer versions do.
    ['vm', 'tcp.flags.syn == true', 79],
    ['http', 'tcp.port in {80, 443}', 26],
    ['vm', 'tcp.port in {80, 443}', 184],
    ['vm', 'tcp.port in {80..90}', 135],
    // A plain literal as text; `contains` minds case, `matches` does not.
    ['vm', 'http.host contains www', 3],
    ['vm', 'http.host contains "WWW"', 0],
    ['vm', 'http.host matches "WWW"', 3],
    ['vm', 'http.request.method contains "get"', 0],
    ['vm', 'http.request.method matches "get"', 11],
    ['vm', 'tcp contains "GET"', 11],
    ['vm', 'tcp contains "get"', 0],
    ['vm', 'frame matches "get"', 14],
    ['vm', 'ip.src == 10.0.0.0/8', 781],
    ['vm', 'tcp.srcport + 1 == 81', 57],
    ['vm', 'upper(http.request.method) == "GET"', 11],
    ['vm', 'max(tcp.srcport, tcp.dstport) > 40000', 901],
    ['vm', 'frame[12:2] == 86:dd', 66],
  ])('%s: %s', async (fixture, expression, expected) => {
    expect(await count(fixture, expression)).toBe(expected)
  })
})

describe('what is refused before any packet is read', () => {
  test.each([
    ['tcp.port in {80 443}', 'values of a set are separated by commas: {80, 443}'],
    ['tcp.port in {80-90}', 'a range is written in a set: in {80..90}'],
    ['ip.addr == "172.16.0.122"', 'without quotes: 172.16.0.122'],
    ['tcp.port == 99999', 'its largest value is 65535'],
    ['port 80', 'as a display filter: tcp.port == 80 || udp.port == 80'],
    ['host 10.0.0.1', 'as a display filter: ip.addr == 10.0.0.1'],
    ['tcp.port = 80', 'use == to compare'],
    ['tcp.port == http', 'http is port 80: write the number'],
  ])('%s', (expression, hint) => {
    expect(() => compileFilter(expression)).toThrow(expect.objectContaining({ name: 'FilterError', hint }))
  })

  test('a slip in a name', () => {
    expect(() => compileFilter('tcp.prot == 80')).toThrow('unknown field tcp.prot, did you mean tcp.port?')
  })
})
