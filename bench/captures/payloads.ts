/** What applications say, as their specifications have it. Names are of RFC 2606, addresses of RFC 5737 and RFC 3849. */
import type { Random } from './random.ts'

const WORDS =
  'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa'.split(' ')

export function hostName(random: Random): string {
  return `${random.pick(WORDS)}${random.below(40)}.${random.pick(WORDS)}.example`
}

/** Text that compresses as pages do. */
function page(random: Random, length: number): Buffer {
  let text = ''
  while (text.length < length)
    text += `<li class="${random.pick(WORDS)}">${random.pick(WORDS)} ${random.below(10_000)} ${random.pick(WORDS)}</li>\n`
  return Buffer.from(text.slice(0, length), 'latin1')
}

/** RFC 9112 §3. */
export function httpRequest(random: Random, host: string): Buffer {
  return Buffer.from(
    `GET /${random.pick(WORDS)}/${random.below(100_000)} HTTP/1.1\r\nHost: ${host}\r\n` +
      'User-Agent: bench/1.0\r\nAccept: text/html\r\nAccept-Language: en\r\nConnection: keep-alive\r\n\r\n',
    'latin1',
  )
}

/** RFC 9112 §4; the length of the content is told (RFC 9110 §8.6). */
export function httpResponse(random: Random, length: number): Buffer {
  const head =
    'HTTP/1.1 200 OK\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\nServer: bench\r\n' +
    `Content-Type: text/html\r\nContent-Length: ${length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head, 'latin1'), page(random, length)])
}

function u16(value: number): Buffer {
  return Buffer.from([value >>> 8, value & 0xff])
}

/** A vector of RFC 8446 §3.4: its length in `width` octets, and its octets. */
function vector(width: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const length = Buffer.alloc(width)
  length.writeUIntBE(content.length, 0, width)
  return Buffer.concat([length, content])
}

function extension(type: number, ...data: readonly Buffer[]): Buffer {
  return Buffer.concat([u16(type), vector(2, ...data)])
}

/** A record of RFC 8446 §5.1. */
function tlsRecord(type: number, version: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type]), u16(version), vector(2, content)])
}

const HANDSHAKE = 22
const APPLICATION_DATA = 23
const TLS_1_0 = 0x0301
const TLS_1_2 = 0x0303

/** RFC 8446 §4.1.2, with the server's name (RFC 6066 §3) and ALPN (RFC 7301 §3.1). */
export function tlsClientHello(random: Random, host: string): Buffer {
  const suites = Buffer.concat([0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030].map(u16))
  const extensions = [
    extension(0, vector(2, Buffer.from([0]), vector(2, Buffer.from(host, 'latin1')))),
    extension(10, vector(2, u16(0x001d), u16(0x0017))),
    extension(13, vector(2, u16(0x0403), u16(0x0804), u16(0x0401))),
    extension(16, vector(2, vector(1, Buffer.from('h2')), vector(1, Buffer.from('http/1.1')))),
    extension(43, vector(1, u16(0x0304), u16(TLS_1_2))),
    extension(51, vector(2, u16(0x001d), vector(2, random.octets(32)))),
  ]
  const hello = [u16(TLS_1_2), random.octets(32), vector(1, random.octets(32)), vector(2, suites)]
  const body = vector(3, ...hello, vector(1, Buffer.from([0])), vector(2, ...extensions))
  return tlsRecord(HANDSHAKE, TLS_1_0, Buffer.concat([Buffer.from([1]), body]))
}

/** RFC 8446 §4.1.3, the ChangeCipherSpec of its appendix D.4, and a first flight that is encrypted. */
export function tlsServerHello(random: Random): Buffer {
  const extensions = [extension(43, u16(0x0304)), extension(51, u16(0x001d), vector(2, random.octets(32)))]
  const hello = [u16(TLS_1_2), random.octets(32), vector(1, random.octets(32)), u16(0x1301), Buffer.from([0])]
  return Buffer.concat([
    tlsRecord(HANDSHAKE, TLS_1_2, Buffer.concat([Buffer.from([2]), vector(3, ...hello, vector(2, ...extensions))])),
    tlsRecord(20, TLS_1_2, Buffer.from([1])),
    tlsRecord(APPLICATION_DATA, TLS_1_2, random.octets(random.between(2400, 3600))),
  ])
}

/** `length` octets in records of at most 2^14 octets (RFC 8446 §5.2). */
export function tlsData(random: Random, length: number): Buffer {
  const records: Buffer[] = []
  for (let left = length; left > 0; left -= 16_384)
    records.push(tlsRecord(APPLICATION_DATA, TLS_1_2, random.octets(Math.min(left, 16_384))))
  return Buffer.concat(records)
}

/** RFC 4253 §4.2. */
export function sshBanner(software: string): Buffer {
  return Buffer.from(`SSH-2.0-${software}\r\n`, 'latin1')
}

/** RFC 4253 §6 and §7.1. */
export function sshKeyExchangeInit(random: Random): Buffer {
  const lists = ['curve25519-sha256', 'ssh-ed25519', 'aes128-ctr', 'aes128-ctr', 'hmac-sha2-256', 'hmac-sha2-256']
  const names = [...lists, 'none', 'none', '', ''].map((name) => vector(4, Buffer.from(name, 'latin1')))
  const payload = Buffer.concat([Buffer.from([20]), random.octets(16), ...names, Buffer.alloc(5)])
  // The whole packet is a multiple of 8 octets, and the padding at least 4.
  const padding = 4 + (-(payload.length + 9) & 7)
  return vector(4, Buffer.from([padding]), payload, random.octets(padding))
}

/** RFC 1035 §3.1. */
function dnsName(name: string): Buffer {
  return Buffer.concat([...name.split('.').map((label) => vector(1, Buffer.from(label, 'latin1'))), Buffer.alloc(1)])
}

const DNS_A = 1
const DNS_TXT = 16
const DNS_AAAA = 28

export interface DnsQuestion {
  readonly id: number
  readonly name: string
  readonly type: number
}

export function dnsQuestion(random: Random): DnsQuestion {
  const type = random.onceIn(10) ? DNS_TXT : random.onceIn(3) ? DNS_AAAA : DNS_A
  return { id: random.below(0x1_0000), name: hostName(random), type }
}

/** RFC 1035 §4.1; recursion desired. */
export function dnsQuery({ id, name, type }: DnsQuestion): Buffer {
  return Buffer.concat([...[id, 0x0100, 1, 0, 0, 0].map(u16), dnsName(name), u16(type), u16(1)])
}

/** One answer, whose name points at the question (RFC 1035 §4.1.4); of a TXT question one that does not fit a frame. */
export function dnsResponse(random: Random, { id, name, type }: DnsQuestion): Buffer {
  const data =
    type === DNS_TXT
      ? Buffer.concat(Array.from({ length: 14 }, () => vector(1, page(random, 250))))
      : random.octets(type === DNS_A ? 4 : 16)
  const answer = [u16(0xc00c), u16(type), u16(1), Buffer.from([0, 0, 1, 44]), vector(2, data)]
  return Buffer.concat([...[id, 0x8180, 1, 1, 0, 0].map(u16), dnsName(name), u16(type), u16(1), ...answer])
}

/** RFC 5905 §7.3: version 4, a client (3) or a server (4). */
export function ntp(random: Random, mode: 3 | 4): Buffer {
  const octets = Buffer.concat([
    Buffer.from([0x20 | mode, mode === 3 ? 0 : 2, 6, 0xe9]),
    Buffer.alloc(36),
    random.octets(8),
  ])
  octets.writeUInt32BE(3_908_988_800, 40) // 1700000000 in seconds since 1900
  return octets
}

/** RFC 3550 §5.1: version 2, payload type 0 (PCMU, RFC 3551 §6), 20 ms of sound. */
export function rtp(random: Random, sequence: number, source: number): Buffer {
  const header = Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt16BE(sequence & 0xffff, 2)
  header.writeUInt32BE((sequence * 160) >>> 0, 4)
  header.writeUInt32BE(source, 8)
  return Buffer.concat([header, random.octets(160)])
}
