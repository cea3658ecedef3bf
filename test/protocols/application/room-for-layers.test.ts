import { describe, expect, test } from 'vitest'
import { MAX_LAYERS } from '../../../src/packet/packet.ts'
import { protocols } from '../../../src/protocols/index.ts'
import type { Protocol } from '../../../src/protocols/protocol.ts'
import { transports } from '../../support/carriers.ts'
import { DecoderBench } from '../../support/decoder-bench.ts'
import { stackOf } from '../../support/packet.ts'
import { applicationsOf, Exchange } from './exchange.ts'

/** A DER element (X.690 §8.1) of up to 127 octets. */
const der = (tag: string, contents: string): string =>
  `${tag}${(contents.length / 2).toString(16).padStart(2, '0')}${contents}`

const le16 = (value: number): string => Buffer.from(Uint16Array.of(value).buffer).toString('hex')
const be = (value: number, octets: number): string => value.toString(16).padStart(2 * octets, '0')

/** SPNEGO (RFC 4178 §4.2.1) with Kerberos' AP-REQ in it (RFC 4121 §4.1): GSS-API, SPNEGO, its Kerberos, Kerberos. */
const KERBEROS = '06092a864886f712010202'
const token = der('60', `${KERBEROS}0100${'6e03300100'}`)
const blob = der(
  '60',
  `06062b0601050502${der('a0', der('30', der('a0', der('30', KERBEROS)) + der('a2', der('04', token))))}`,
)

/** Session setup ([MS-SMB2] §2.2.5): header of 64 octets, body of 24, the blob behind. `next` is where the next message begins. */
function sessionSetup(next: number, token = blob): string {
  const header = `fe534d42 4000 0000 00000000 0100 0100 00000000 ${le16(next)}0000 ${'00'.repeat(40)}`
  return `${header} 1900 00 01 00000000 00000000 ${le16(88)} ${le16(token.length / 2)} ${'00'.repeat(8)} ${token}`.replaceAll(
    ' ',
    '',
  )
}

describe('a token of which nothing is left', () => {
  const smb2 = protocols.find(({ name }) => name === 'smb2') as Protocol

  // What a token begins with stands behind the end: 0x60, 0x6e, 0x6f, 0x04 0x04.
  test.each([0x60, 0x6e, 0x6f, 0x04])('is not told by %i behind the end', (octet) => {
    for (const mechanism of ['', '04']) {
      const token = der('60', `06062b0601050502${der('a0', der('30', der('a2', der('04', mechanism))))}`)
      const octets = Buffer.from(sessionSetup(0, token), 'hex')
      const bench = new DecoderBench(() => octet)
      const delivery = { octets, first: octets.length, missing: 0, direction: 0, canReassemble: false } as const
      bench.decode(smb2, transports(40_000, 445)[0], delivery, null)
      expect(stackOf(bench.packet)).toBe('eth:ethertype:ip:tcp:smb2:gss-api:spnego')
    }
  })
})

describe('layers within a message', () => {
  test('a security token is told apart', () => {
    const message = sessionSetup(0)
    const packet = new Exchange('tcp', 445).client(`00${be(message.length / 2, 3)}${message}`)
    expect(applicationsOf(packet)).toBe('nbss:smb2:gss-api:spnego:spnego-krb5')
    // ip, tcp, and the Kerberos that has no name of its own.
    expect(packet.layerCount).toBe(2 + 5 + 1)
  })

  test('tokens in a hundred messages do not go beyond the table of layers', () => {
    const last = sessionSetup(0)
    // Each of 64 + 24 octets and the blob, up to a multiple of eight.
    const length = Math.ceil(last.length / 16) * 8
    const one = sessionSetup(length).padEnd(2 * length, '0')
    // Two echoes ([MS-SMB2] §2.2.28) in front, so that layers begin where a token's four just do not fit.
    const echo = `fe534d42 4000 0000 00000000 0d00 0100 00000000 48000000 ${'00'.repeat(40)} 0400 0000 00000000`
    const message = echo.replaceAll(' ', '').repeat(2) + one.repeat(97) + last
    const packet = new Exchange('tcp', 445).client(`00${be(message.length / 2, 3)}${message}`)
    expect(packet.layerCount).toBeGreaterThan(MAX_LAYERS - 4)
    expect(packet.layerCount).toBeLessThanOrEqual(MAX_LAYERS)
  })
})
