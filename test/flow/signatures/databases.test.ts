import { describe, expect, test } from 'vitest'
import { hex, nameOf, type PayloadOptions } from '../../support/signature.ts'

const from = (port: number): PayloadOptions => ({ ports: [port, 40_000] })
const to = (port: number): PayloadOptions => ({ ports: [40_000, port] })
const zeros = (count: number): number[] => new Array<number>(count).fill(0)
const text = (content: string): number[] => [...Buffer.from(content, 'latin1')]

type Octets = string | readonly number[]
type Case = readonly [what: string, payload: Octets, options: PayloadOptions, name: string | null]

function check(cases: readonly Case[]): void {
  test.each(cases)('%s', (_what, payload, options, name) => expect(nameOf('tcp', payload, options)).toBe(name))
}

/** MySQL: the length in three octets, the lowest first, and the number of the packet. */
const mysql = (number: number, content: Octets): number[] => {
  const octets = typeof content === 'string' ? text(content) : content
  return [octets.length & 0xff, octets.length >> 8, 0, number, ...octets]
}

describe('MySQL', () => {
  const greeting = [10, ...text('8.0.36\0'), 1, 0, 0, 0, ...text('saltsalt'), 0, 0xff, 0xff]
  // capabilities (protocol 4.1), largest packet, character set, filler, user
  const login = [...hex('8da6ff19 00000001 ff'), ...zeros(23), ...text('root\0')]

  check([
    ['a greeting', mysql(0, greeting), {}, 'mysql'],
    ['a greeting with an octet more', [...mysql(0, greeting), 0], {}, null],
    ['a greeting of protocol 9', mysql(0, [9, ...greeting.slice(1)]), {}, null],
    ['a greeting without the zero octet behind the salt', mysql(0, [...greeting.slice(0, -3), 1, 0, 0]), {}, null],
    ['an error from port 3306', mysql(0, '\xff\x10\x04Too many connections'), from(3306), 'mysql'],
    ['an error from elsewhere', mysql(0, '\xff\x10\x04Too many connections'), {}, null],
    ['a login', mysql(1, login), {}, 'mysql'],
    ['a request for TLS', mysql(1, login.slice(0, 32)), {}, 'mysql'],
    ['a login whose filler is filled', mysql(1, [...login.slice(0, 12), 1, ...login.slice(13)]), {}, null],
    ['a query', mysql(0, '\x03SELECT 1'), {}, 'mysql'],
    ['a query with a count of parameters', mysql(0, '\x03\0\x01select 1'), {}, 'mysql'],
    ['a query that is none', mysql(0, '\x03hello you'), {}, null],
    ['a ping on port 3306', mysql(0, '\x0e'), to(3306), 'mysql'],
    ['a ping elsewhere', mysql(0, '\x0e'), {}, null],
    ['an answer', [...mysql(1, '\x01'), ...mysql(2, '\x03def\0\0\0\x011\0')], {}, 'mysql'],
    ['an answer without a catalog', [...mysql(1, '\x01'), ...mysql(2, '\x03abc\0\0\0\x011\0')], {}, null],
  ])
})

describe('PostgreSQL', () => {
  const startup = [...hex('00000015 00030000'), ...text('user\0me\0'), ...text('a\0b\0\0')]

  check([
    ['a startup', startup, {}, 'pgsql'],
    ['a startup of another length', [...startup, 0], {}, null],
    ['a startup of version 5', [...startup.slice(0, 5), 5, ...startup.slice(6)], {}, null],
    ['a request for TLS', hex('00000008 04d2162f'), {}, 'pgsql'],
    ['a request for nothing', hex('00000008 04d21631'), {}, null],
    ['a cancellation', hex('00000010 04d2162e 00000001 00000002'), {}, 'pgsql'],
    ['authentication by MD5', hex('52 0000000c 00000005 01020304'), {}, 'pgsql'],
    ['by a kind that there is not', hex('52 0000000c 000000f5 01020304'), {}, null],
    ['by SASL', [...hex('52 00000017 0000000a'), ...text('SCRAM-SHA-256\0\0')], {}, 'pgsql'],
    [
      'authentication done',
      [...hex('52 00000008 00000000'), ...text('S\0\0\0\x0a'), ...text('a\0b\0\0\0')],
      {},
      'pgsql',
    ],
    ['a query', 'Q\0\0\0\x0eSELECT 1;\0', {}, 'pgsql'],
    ['a query without its end', 'Q\0\0\0\x0eSELECT 1;x', {}, null],
    ['an error', 'E\0\0\0\x10SFATAL\0C28P01\0\0', {}, 'pgsql'],
    // ParseComplete, BindComplete
    ['messages on port 5432', hex('31 00000004 32 00000004'), from(5432), 'pgsql'],
    ['messages elsewhere', hex('31 00000004 32 00000004'), {}, null],
    ['messages of which the second is none', hex('31 00000004 0132 00000004'), from(5432), null],
  ])
})

describe('TDS', () => {
  // PRELOGIN, end of message, length 26, process 0, packet 0, window; VERSION at 11 with 6 octets, ENCRYPTION at 17 with 1
  const prelogin = hex('12 01 001a 0000 00 00  00 000b 0006  01 0011 0001  ff  0f000000 0000 02')
  // LOGIN7, length 44; once more 36, little-endian, version 7.4
  const login = [...hex('10 01 002c 0000 01 00  24000000 04000074'), ...zeros(28)]

  check([
    ['[MS-TDS] §2.2.6.5: PRELOGIN', prelogin, {}, 'tds'],
    ['its answer', [4, ...prelogin.slice(1)], {}, 'tds'],
    ['PRELOGIN whose options reach into the data', [...prelogin.slice(0, 10), 0x0a, ...prelogin.slice(11)], {}, null],
    ['PRELOGIN that is longer than what there is', prelogin.slice(0, -1), {}, null],
    ['§2.2.6.4: LOGIN7', login, {}, 'tds'],
    ['LOGIN7 of a version that there is not', [...login.slice(0, 15), 0x99, ...login.slice(16)], {}, null],
    ['a batch on port 1433', [...hex('01 01 000a 0000 01 00'), ...text('x\0')], to(1433), 'tds'],
    ['a batch elsewhere', [...hex('01 01 000a 0000 01 00'), ...text('x\0')], {}, null],
    [
      'a response with DONE from port 1433',
      hex('04 01 0015 0033 01 00 fd 0000 0000 0000000000000000'),
      from(1433),
      'tds',
    ],
    ['a response with no token', hex('04 01 0015 0033 01 00 05 0000 0000 0000000000000000'), from(1433), null],
  ])
})

describe('TNS', () => {
  // length 71, CONNECT, version 315, compatible with 300; at 26 where the data are (58)
  const connect = [
    ...hex('0047 0000 01 00 0000 013b 012c'),
    ...zeros(14),
    ...hex('003a'),
    ...zeros(30),
    ...text('(DESCRIPTION='),
  ]

  check([
    ['a connect', connect, {}, 'tns'],
    ['a connect of version 2', [...connect.slice(0, 8), 0, 2, ...connect.slice(10)], {}, null],
    ['a checksum', [...connect.slice(0, 6), 1, ...connect.slice(7)], {}, null],
    ['resend', hex('0008 0000 0b 00 0000'), {}, 'tns'],
    ['resend with an octet more', hex('0009 0000 0b 00 0000 00'), {}, null],
    ['an accept', [...hex('0020 0000 02 00 0000 013b'), ...zeros(22)], {}, 'tns'],
    ['an accept of version 2', [...hex('0020 0000 02 00 0000 0002'), ...zeros(22)], {}, null],
    ['data on port 1521', hex('000c 0000 06 00 0000 0000 0102'), to(1521), 'tns'],
    ['data with a long length', hex('0000000c 06 00 0000 0000 0102'), to(1521), 'tns'],
    ['data elsewhere', hex('000c 0000 06 00 0000 0000 0102'), {}, null],
  ])
})

describe('MongoDB', () => {
  // length 41, request 1, no answer, OP_MSG; no flags, kind 0, a document of 20 octets: "hello" and a number
  const message = hex('29000000 01000000 00000000 dd070000 00000000 00 14000000 12 68656c6c6f00 0100000000000000 00')
  // length 44, OP_QUERY; flags, the collection, skip, number, a document
  const query = [
    ...hex('2c000000 01000000 00000000 d4070000 00000000'),
    ...text('admin.$cmd\0'),
    ...hex('00000000 ffffffff 05000000 00'),
  ]
  // length 41, answer to 1, OP_REPLY; flags, cursor, from 0, one document of 5 octets
  const reply = hex('29000000 02000000 01000000 01000000 08000000 0000000000000000 00000000 01000000 05000000 00')

  check([
    ['OP_MSG', message, {}, 'mongo'],
    ['OP_MSG with a flag that must be 0', [...message.slice(0, 16), 4, ...message.slice(17)], {}, null],
    ['OP_MSG longer than its length', [...message, 0], {}, null],
    ['OP_MSG with a document that is longer', [...message.slice(0, 21), 0x33, ...message.slice(22)], {}, null],
    ['OP_MSG with an element that there is not', [...message.slice(0, 25), 0x33, ...message.slice(26)], {}, null],
    ['OP_QUERY', query, {}, 'mongo'],
    ['OP_QUERY of no database', query.map((octet) => (octet === 0x2e ? 0x2d : octet)), {}, null],
    ['OP_REPLY', reply, {}, 'mongo'],
    ['OP_REPLY to nothing', [...reply.slice(0, 8), 0, ...reply.slice(9)], {}, null],
  ])
})

describe('Redis', () => {
  check([
    ['a command', '*2\r\n$3\r\nGET\r\n$1\r\na\r\n', {}, 'resp'],
    ['a list in Markdown', '*2\r\nGET\r\n', {}, null],
    ['PONG', '+PONG\r\n', {}, 'resp'],
    ['an error that only Redis has', '-NOAUTH Authentication required.\r\n', {}, 'resp'],
    ['+OK, which is POP3 as well', '+OK\r\n', {}, null],
    ['+OK from port 6379', '+OK\r\n', from(6379), 'resp'],
    ['a string from port 6379', '$5\r\nhello\r\n', from(6379), 'resp'],
    ['nothing from port 6379', '$-1\r\n', from(6379), 'resp'],
    ['an amount from port 6379', '$five\r\n', from(6379), null],
    ['a number elsewhere', ':1000\r\n', {}, null],
  ])
})

describe('memcached and Couchbase', () => {
  // request, GET, key of 1, no extras, JSON no, bucket 0, body of 1, opaque, no CAS
  const get = hex('80 00 0001 00 00 0000 00000001 00000000 0000000000000000 61')

  check([
    ['storing', 'set a 0 900 5\r\nhello\r\n', {}, 'memcache'],
    ['storing without a length', 'set a 0 900\r\n', {}, null],
    ['storing words', 'set the table for two\r\n', {}, null],
    ['a value', 'VALUE a 0 5\r\nhello\r\nEND\r\n', {}, 'memcache'],
    ['reading on port 11211', 'get a\r\n', to(11_211), 'memcache'],
    ['reading elsewhere', 'get a\r\n', {}, null],
    ['the binary format', get, {}, 'memcache'],
    ['a response', [0x81, ...get.slice(1)], from(11_211), 'memcache'],
    ['a body of another length', [...get, 0], {}, null],
    ['a key longer than its body', [...get.slice(0, 3), 2, ...get.slice(4)], {}, null],
    ['the binary format on port 11210', get, to(11_210), 'couchbase'],
  ])

  test.each([
    ['over UDP', '\0\x01\0\0\0\x01\0\0stats\r\n', to(11_211), 'memcache'],
    ['over UDP elsewhere', '\0\x01\0\0\0\x01\0\0stats\r\n', {}, null],
    ['of no datagrams', '\0\x01\0\0\0\0\0\0stats\r\n', to(11_211), null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('udp', payload, options)).toBe(name))
})

describe('Cassandra', () => {
  // version 4, no flags, stream 0, STARTUP, 22 octets: one pair
  const startup = [...hex('04 00 0000 01 00000016 0001 000b'), ...text('CQL_VERSION\0\x053.0.0')]

  check([
    ['OPTIONS', hex('04 00 0000 05 00000000'), {}, 'cql'],
    ['OPTIONS with a body', hex('04 00 0000 05 00000001 00'), {}, null],
    ['OPTIONS of version 9', hex('09 00 0000 05 00000000'), {}, null],
    ['STARTUP', startup, {}, 'cql'],
    ['SUPPORTED', [0x84, ...startup.slice(1, 4), 6, ...startup.slice(5)], {}, 'cql'],
    ['STARTUP from a server', [0x84, ...startup.slice(1)], {}, null],
    ['READY from port 9042', hex('84 00 0000 02 00000000'), from(9042), 'cql'],
    ['READY from elsewhere', hex('84 00 0000 02 00000000'), {}, null],
    ['between nodes', hex('ca552dfa 0c0a0c11'), to(7000), 'cassandra'],
    ['later between nodes', hex('ca552dfa 0c0a0c11'), { isFirst: false }, null],
    ['another magic number', hex('ca552dfb 0c0a0c11'), to(7000), null],
  ])
})

describe('others', () => {
  // length 20, magic, a request, correlation 1; EXCSAT of 14 octets
  const drda = [...hex('0014 d0 41 0001 000e 1041'), ...zeros(10)]
  // magic, 19 octets, request 1, status: request and handshake, version 6.8.0
  const elasticsearch = [...text('ES'), ...hex('00000013 0000000000000001 08 00677c83'), ...zeros(6)]

  check([
    ['DRDA: EXCSAT', drda, {}, 'drda'],
    ['DRDA: another length within', [...drda.slice(0, 7), 0x0f, ...drda.slice(8)], {}, null],
    ['DRDA: another magic', [...drda.slice(0, 2), 0xd1, ...drda.slice(3)], {}, null],
    ['Elasticsearch: a request', elasticsearch, {}, 'elasticsearch'],
    ['Elasticsearch: of no version', [...elasticsearch.slice(0, 15), 0xff, ...elasticsearch.slice(16)], {}, null],
    ['Elasticsearch: a ping', hex('4553 ffffffff'), {}, 'elasticsearch'],
    ['ES and other text', 'ES gibt nichts zu sehen', {}, null],
    ['Gearman: a request', hex('00 524551 00000001 00000002 7763'), {}, 'gearman'],
    ['Gearman: a response', hex('00 524553 0000000a 00000000'), {}, 'gearman'],
    ['Gearman: a type that there is not', hex('00 524551 00000099 00000000'), {}, null],
    ['Zabbix', [...text('ZBXD\x01'), ...hex('0a00000000000000'), ...text('agent.ping')], {}, 'zabbix'],
    [
      'Zabbix: flags that there are not',
      [...text('ZBXD\x08'), ...hex('0a00000000000000'), ...text('agent.ping')],
      {},
      null,
    ],
  ])
})
