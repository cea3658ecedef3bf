import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TorHandshakes } from '../../src/analyzers/tor-handshakes.ts'

const u16 = (value: number): number[] => [value >> 8, value & 255]
const latin1 = (text: string): number[] => [...Buffer.from(text, 'latin1')]

/** RFC 8446 §5.1, §4: a handshake record with one message. */
function record(type: number, body: readonly number[]): Uint8Array {
  return Uint8Array.of(22, 3, 1, ...u16(4 + body.length), type, 0, ...u16(body.length), ...body)
}

/** RFC 8446 §4.1.2: version, random, no session, one cipher suite, no compression, extensions. */
function clientHello(name: string, { alpn = false, extensions = [] as number[] } = {}): Uint8Array {
  // RFC 6066 §3, RFC 7301 §3.1
  const serverName = [0, 0, ...u16(5 + name.length), ...u16(3 + name.length), 0, ...u16(name.length), ...latin1(name)]
  const protocols = alpn ? [0, 16, 0, 5, 0, 3, 2, ...latin1('h2')] : []
  const all = [...serverName, ...protocols, ...extensions]
  return record(1, [3, 3, ...new Array(32).fill(7), 0, 0, 2, 0x13, 1, 1, 0, ...u16(all.length), ...all])
}

/** X.520 common names as a certificate has them: issuer, then subject. */
function certificate(issuer: string, subject: string, type = 11): Uint8Array {
  const name = (text: string): number[] => [0x30, 9, 6, 3, 0x55, 4, 3, 0x0c, text.length, ...latin1(text)]
  return record(type, [
    0,
    0,
    9,
    0x30,
    0x82,
    1,
    1,
    ...name(issuer),
    0x30,
    0x1e,
    0x17,
    0x0d,
    ...name(subject),
    0x30,
    0x81,
  ])
}

function told(...segments: readonly Uint8Array[]) {
  const tor = new TorHandshakes()
  for (const [i, octets] of segments.entries()) tor.observe(octets, 0, octets.length, 0, i + 1)
  return tor.of(0)
}

const CERTIFICATE = certificate('www.xkgk7fdx362yyyxib.com', 'www.g6ghvisevf3ibuu5.net')
const HELLO = clientHello('www.ct7ctrgb6cr7.com')

test('the certificate', () => {
  const what = 'certificate of www.g6ghvisevf3ibuu5.net, signed by www.xkgk7fdx362yyyxib.com: names made up as Tor does'
  expect(told(CERTIFICATE)).toEqual({ packet: 1, what })
  expect(told(HELLO, CERTIFICATE)).toEqual({ packet: 2, what })
  expect(told(certificate('www.abcdefgh.com', 'www.hgfedcba.net', 2))).not.toBeNull()
})

test('the name that the client asks for', () => {
  expect(told(HELLO)).toEqual({ packet: 1, what: 'asks for www.ct7ctrgb6cr7.com, a name made up as Tor does' })
})

describe('not Tor', () => {
  test.each([
    ['a browser', clientHello('www.ct7ctrgb6cr7.com', { alpn: true })],
    ['a word', clientHello('www.amazinglylongname.com')],
    ['digits in one place', clientHello('www.company24.com')],
    ['digits that base32 has not', clientHello('www.a1b2c9d8e7.com')],
    ['a short name', clientHello('www.b2b4you.com')],
    ['a hyphen', clientHello('www.ct7-trgb6cr7.com')],
    ['capitals', clientHello('www.CT7CTRGB6CR7.com')],
    ['another ending', clientHello('www.ct7ctrgb6cr7.org')],
    ['another beginning', clientHello('web.ct7ctrgb6cr7.com')],
    ['a certificate of a company', certificate('Example CA', 'www.example.net')],
    ['a certificate that signs itself', certificate('www.abcdefghij.net', 'www.abcdefghij.net')],
    ['a certificate of other names', certificate('www.xkgk7fdx362yyyxib.com', 'www.g6-hvisevf.net')],
    ['another record', Uint8Array.of(23, ...CERTIFICATE.subarray(1))],
    ['a message between them', record(16, [...CERTIFICATE.subarray(9)])],
  ])('%s', (_what, octets) => {
    expect(told(octets)).toBeNull()
  })

  test('a message that is cut: what it lacks may be what browsers send', () => {
    for (let length = 0; length < HELLO.length; length++) expect(told(HELLO.subarray(0, length))).toBeNull()
  })
})

test('any octets: nothing is read beyond the end', () => {
  const opening = fc.constantFrom(HELLO, CERTIFICATE, Uint8Array.of(22, 3, 1, 0, 9, 1))
  fc.assert(
    fc.property(opening, fc.nat({ max: 120 }), fc.uint8Array({ maxLength: 60 }), (octets, cut, rest) => {
      const hostile = Uint8Array.of(...octets.subarray(0, cut), ...rest)
      const tor = new TorHandshakes()
      const filled = Uint8Array.of(...hostile, ...octets.subarray(cut), ...new Array(300).fill(0x61))
      tor.observe(filled, 0, hostile.length, 0, 1)
      expect(tor.of(0)).toEqual(told(hostile))
    }),
  )
})

test('parts', () => {
  const first = new TorHandshakes()
  const later = new TorHandshakes()
  first.observe(HELLO, 0, HELLO.length, 3, 5)
  later.observe(CERTIFICATE, 0, CERTIFICATE.length, 0, 9)
  later.observe(HELLO, 0, HELLO.length, 1, 12)
  first.merge(later, Int32Array.of(3, 4))
  expect(first.of(3)).toMatchObject({ packet: 9 })
  expect(first.of(4)).toMatchObject({ packet: 12 })
})
