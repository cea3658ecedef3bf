import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange } from './exchange.ts'

// Expected values: tshark 4.0.17.

/** Identifier 0x1234, recursion desired, one question. */
const QUERY = '1234 0100 0001 0000 0000 0000'
/** `a.b`, type A, class IN. */
const QUESTION = '01 61 01 62 00 0001 0001'

function question(name: string): unknown[] {
  return valuesOf(new Exchange('udp', 53).client(`${QUERY} ${name} 0001 0001`), 'dns.qry.name')
}

describe('DNS', () => {
  test('a query and its answer', () => {
    const exchange = new Exchange('udp', 53)
    const query = exchange.client(`${QUERY} ${QUESTION}`)
    expect(applicationsOf(query)).toBe('dns')
    expect(valuesOf(query, 'dns.id')).toEqual([0x1234])
    expect(valuesOf(query, 'dns.flags.rcode')).toEqual([])
    expect(valuesOf(query, 'dns.qry.name')).toEqual(['a.b'])
    expect(valuesOf(query, 'dns.qry.name.len')).toEqual([3])
    expect(valuesOf(query, 'dns.count.labels')).toEqual([2])
    // An alias, and the address of what it stands for; names point into the message.
    const answer = exchange.server(
      `1234 8180 0001 0002 0000 0000 ${QUESTION} c00c 0005 0001 0000003c 0004 01 63 c00e` +
        'c021 0001 0001 0000003c 0004 0a000001',
    )
    expect(valuesOf(answer, 'dns.flags.rcode')).toEqual([0])
    expect(valuesOf(answer, 'dns.resp.name')).toEqual(['a.b', 'c.b'])
    expect(valuesOf(answer, 'dns.resp.type')).toEqual([5, 1])
    expect(valuesOf(answer, 'dns.resp.ttl')).toEqual([60, 60])
    expect(valuesOf(answer, 'dns.cname')).toEqual(['c.b'])
    expect(valuesOf(answer, 'dns.a')).toEqual([0x0a000001])
    expect(valuesOf(answer, 'dns.response_to')).toEqual([query.number])
    expect(valuesOf(exchange.server(`1234 8180 0000 0000 0000 0000`), 'dns.retransmission')).toEqual([1])
  })

  test('names: root, escapes, loops, too long', () => {
    expect(question('00')).toEqual(['<Root>'])
    expect(question('03 61 07 62 00')).toEqual(['a\\ab'])
    expect(question('02 00 7f 00')).toEqual(['\\000\\177'])
    // UTF-8: a letter, a format character, an octet that begins nothing, a longer form than needed.
    expect(question('02 c3a9 00')).toEqual(['é'])
    expect(question('03 e2808e 00')).toEqual(['\\u200E'])
    expect(question('01 ff 00')).toEqual(['\ufffd'])
    expect(question('02 c180 00')).toEqual(['@'])
    expect(question('c00c')).toEqual(['<Name contains a pointer that loops>'])
    const label = `3f${'61'.repeat(63)}`
    expect(question(`${label}${label}${label}${label}00`)).toEqual(['<Name too long>'])
    expect(question('81 61 00')).toEqual([])
  })

  test('nothing is shown of a record that is longer than the message', () => {
    const packet = new Exchange('udp', 53).server(`1234 8180 0000 0001 0000 0000 00 0001 0001 00000000 0005 0a000001`)
    expect(valuesOf(packet, 'dns.resp.type')).toEqual([])
    expect(valuesOf(packet, 'dns.count.answers')).toEqual([1])
    expect(packet.fault).not.toBe(0)
  })

  test('a type bit map adds to the types; octets behind the last record are extraneous', () => {
    const packet = new Exchange('udp', 53).server(
      '1234 8180 0000 0001 0000 0000 00 002f 0001 00000000 0006 00 00 03 400000 aabb',
    )
    expect(valuesOf(packet, 'dns.resp.type')).toEqual([47, 1])
    expect(valuesOf(packet, 'dns.extraneous.data')).toEqual(['aabb'])
  })

  test('over TCP: two messages in a segment, one in two', () => {
    const exchange = new Exchange('tcp', 53)
    const both = exchange.client(`0015 ${QUERY} ${QUESTION} 0015 ${QUERY.replace('1234', '1235')} ${QUESTION}`)
    expect(applicationsOf(both)).toBe('dns')
    expect(valuesOf(both, 'dns.id')).toEqual([0x1234, 0x1235])
    expect(valuesOf(both, 'dns.length')).toEqual([21, 21])
    expect(applicationsOf(exchange.client(`0015 ${QUERY}`))).toBe('')
    expect(valuesOf(exchange.client(QUESTION), 'dns.qry.name')).toEqual(['a.b'])
  })

  test('is recognised on other ports, if it is a plain query', () => {
    expect(applicationsOf(new Exchange('udp', 40_001).client(`${QUERY} ${QUESTION}`))).toBe('dns')
    expect(applicationsOf(new Exchange('udp', 40_001).client(`1234 0100 0002 0000 0000 0000 ${QUESTION}`))).toBe('data')
  })

  test('mDNS splits the class, LLMNR reads flags of its own', () => {
    const multicast = new Exchange('udp', 5353).client(`0000 0000 0001 0000 0000 0000 01 61 00 00ff 8001`)
    expect(applicationsOf(multicast)).toBe('mdns')
    expect(valuesOf(multicast, 'dns.qry.class')).toEqual([1])
    expect(valuesOf(multicast, 'dns.qry.qu')).toEqual([1])
    const local = new Exchange('udp', 5355).client(`1234 0100 0001 0000 0000 0000 01 61 00 0001 0001`)
    expect(applicationsOf(local)).toBe('llmnr')
    expect(valuesOf(local, 'dns.flags.tentative')).toEqual([1])
    expect(valuesOf(local, 'dns.flags.recdesired')).toEqual([])
  })
})

describe('NBNS', () => {
  /** `AB`, as a workstation. */
  const NAME = '20 4542 4543 4341434143414341434143414341434143414341434143414341 4141 00'

  test('a registration names its name twice, and says what it is', () => {
    const packet = new Exchange('udp', 137).client(
      `1234 2910 0001 0000 0000 0001 ${NAME} 0020 0001 c00c 0020 0001 000493e0 0006 8000 0a000001`,
    )
    expect(applicationsOf(packet)).toBe('nbns')
    expect(valuesOf(packet, 'nbns.name')).toEqual(['AB<00>', 'AB<00> (Workstation/Redirector)'])
    expect(valuesOf(packet, 'nbns.nb_flags.group')).toEqual([1])
    expect(valuesOf(packet, 'nbns.addr')).toEqual([0x0a000001])
  })

  test('names that are none', () => {
    const name = (label: string): unknown[] =>
      valuesOf(new Exchange('udp', 137).client(`1234 0110 0001 0000 0000 0000 ${label} 0020 0001`), 'nbns.name')
    expect(name('03 414243 00')).toEqual(['Illegal NetBIOS name (odd number of bytes)'])
    expect(name('04 41424344 00')).toEqual(['Illegal NetBIOS name (2 bytes long)'])
  })
})
