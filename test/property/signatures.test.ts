/** Signatures and hostile payloads: they look at nothing but the payload, and only at what they say they would. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signatures } from '../../src/flow/signatures/index.ts'
import { Payload } from '../../src/flow/signatures/payload.ts'

/** What many formats begin with, so that the tests get beyond the first comparison. */
const BEGINNINGS = [
  ...['GET ', 'HTTP/1.1 ', 'PROXY TCP4 ', 'SSH-', '220 ', '+OK', '* OK ', 'INVITE ', '{"', 'd1:ad2:id20:', 'RFB 003.'],
  ...['\x13Bit', '\x16\x03\x01', '\0\0\0', '\x80\0\0', '\xff\xff\xff\xff', '\x05\0', '\x04\x01', '\x30\x82', '\xfeSMB'],
  ...[
    '\0\0\0\x40\xffSMB',
    '\x01\0\0\0',
    '\x12\x34\x01\0\0\x01',
    '\xc3\0\0\0\x01',
    '\x24\0\0\0',
    '\x03\0\0\x10',
    '\r\n\r\n\0',
  ],
]
const PORTS = [40_000, 50_000, 53, 80, 443, 445, 502, 3306, 5060, 123, 161, 2000, 11_211]

interface Case {
  readonly octets: Uint8Array
  readonly more: number
  readonly ports: readonly number[]
  readonly isFirst: boolean
}

const payload: fc.Arbitrary<Case> = fc
  .record({
    beginning: fc.constantFrom('', ...BEGINNINGS),
    rest: fc.oneof(fc.uint8Array({ maxLength: 80 }), fc.array(fc.constantFrom(0, 1, 0x20, 0xff), { maxLength: 80 })),
    more: fc.constantFrom(0, 0, 1, 1400),
    ports: fc.tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS)),
    isFirst: fc.boolean(),
  })
  .map(({ beginning, rest, ...others }) => ({
    octets: Uint8Array.from([...Buffer.from(beginning, 'latin1'), ...rest]),
    ...others,
  }))
  .filter(({ octets }) => octets.length > 0)

/** Names that match, in their order, where `around` stands before and behind the payload. */
function matching({ octets, more, ports, isFirst }: Case, around: number, all: boolean): string[] {
  const seen = new Payload()
  seen.bytes = new Uint8Array(octets.length + 64).fill(around)
  seen.bytes.set(octets, 16)
  seen.at = 16
  seen.end = 16 + octets.length
  seen.length = octets.length + more
  ;[seen.sourcePort, seen.destinationPort] = ports
  seen.isFirst = isFirst
  return signatures
    .filter(({ begins }) => all || (begins?.includes(octets[0]) ?? true))
    .filter((signature) => signature.matches(seen))
    .map(({ name, transport }) => `${name}/${transport}`)
}

test('what lies around a payload does not matter', () => {
  fc.assert(
    fc.property(payload, (one) => {
      const names = matching(one, 0, false)
      for (const around of [0x0a, 0x20, 0x30, 0xff]) expect(matching(one, around, false)).toEqual(names)
    }),
    { numRuns: 1500 },
  )
})

test('octets that say nothing match nothing', () => {
  // Six octets and more, none of which any format begins with, on nobody's ports.
  const noise = fc.array(fc.integer({ min: 0xf1, max: 0xf4 }), { minLength: 6, maxLength: 200 })
  fc.assert(
    fc.property(noise, fc.boolean(), (octets, isFirst) => {
      const one = { octets: Uint8Array.from(octets), more: 0, ports: [40_000, 50_000], isFirst }
      expect(matching(one, 0, false)).toEqual([])
    }),
    { numRuns: 500 },
  )
})
