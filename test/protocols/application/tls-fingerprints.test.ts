import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { Exchange } from './exchange.ts'

// Expected values: FoxIO's technical_details/JA4.md.

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

function extension(type: string, content = ''): string {
  return `${type}${hex(content.length / 2, 4)}${content}`
}

/** A list behind its length in octets, of as many digits. */
function list(values: readonly string[], digits: number): string {
  const content = values.join('')
  return `${hex(content.length / 2, digits)}${content}`
}

interface Hello {
  readonly version?: string
  readonly suites: readonly string[]
  readonly extensions: readonly string[]
}

/** A ClientHello in a record: no session, no compression. */
function clientHello({ version = '0303', suites, extensions }: Hello): string {
  const content = `${version}${'00'.repeat(32)}00${list(suites, 4)}0100${list(extensions, 4)}`
  return `160301${hex(content.length / 2 + 4, 4)}01${hex(content.length / 2, 6)}${content}`
}

function ja4Of(hello: Hello): unknown[] {
  const packet = new Exchange('tcp', 443).client(clientHello(hello))
  return [...valuesOf(packet, 'tls.handshake.ja4'), ...valuesOf(packet, 'tls.handshake.ja4_r')]
}

const protocols = (...names: readonly string[]): string =>
  extension(
    '0010',
    list(
      names.map((name) => list([name], 2)),
      4,
    ),
  )

describe('JA4', () => {
  test('the published example: GREASE is left out, lists are sorted', () => {
    const signatures = list(['0403', '0804', '0401', '0503', '0805', '0501', '0806', '0601'], 4)
    const contents: Readonly<Record<string, string>> = {
      '0010': extension('0010', list(['026832', '08687474702f312e31'], 4)),
      '002b': extension('002b', list(['1a1a', '0304', '0303'], 2)),
      '000d': extension('000d', signatures),
    }
    const types = '0a0a 001b 0000 0033 0010 4469 0017 002d 000d 0005 0023 0012 002b ff01 000b 000a 0015 fafa'
    const suites = '0a0a 1301 1302 1303 c02b c02f c02c c030 cca9 cca8 c013 c014 009c 009d 002f 0035'
    expect(
      ja4Of({
        suites: suites.split(' '),
        extensions: types.split(' ').map((type) => contents[type] ?? extension(type)),
      }),
    ).toEqual([
      't13d1516h2_8daaf6152771_e5627efa2ab1',
      't13d1516h2_002f,0035,009c,009d,1301,1302,1303,c013,c014,c02b,c02c,c02f,c030,cca8,cca9' +
        '_0005,000a,000b,000d,0012,0015,0017,001b,0023,002b,002d,0033,4469,ff01' +
        '_0403,0804,0401,0503,0805,0501,0806,0601',
    ])
  })

  test('without signature algorithms nothing stands behind the extensions', () => {
    const types = '0005 000a 000b 000d 0012 0015 0017 001b 0023 002b 002d 0033 4469 ff01'
    const [fingerprint] = ja4Of({ suites: ['1301'], extensions: types.split(' ').map((type) => extension(type)) })
    expect(String(fingerprint).split('_')[2]).toBe('6d807ffa2a79')
  })

  test('nothing to hash is twelve zeros; versions by their own field', () => {
    expect(ja4Of({ version: '0301', suites: [], extensions: [] })).toEqual([
      't10i000000_000000000000_000000000000',
      't10i000000__',
    ])
    expect(ja4Of({ version: '0300', suites: [], extensions: [] })[0]).toMatch(/^ts3i/)
    expect(ja4Of({ version: '0999', suites: [], extensions: [] })[0]).toMatch(/^t00i/)
  })

  test.each([
    ['h2', '6832', 'h2'],
    ['http/1.1', '687474702f312e31', 'h1'],
    ['one character', '61', 'aa'],
    ['0xAB', 'ab', 'ab'],
    ['0xAB 0xCD', 'abcd', 'ad'],
    ['0x30 0xAB', '30ab', '3b'],
    ['0x30 0x31 0xAB 0xCD', '3031abcd', '3d'],
    ['0x30 0xAB 0xCD 0x31', '30abcd31', '01'],
  ])('the ends of an application protocol: %s', (_name, octets, ends) => {
    const [fingerprint] = ja4Of({ suites: ['1301'], extensions: [protocols(octets, '6832')] })
    expect(fingerprint).toBe(
      `t12i0101${ends}_${createHash('sha256').update('1301').digest('hex').slice(0, 12)}_000000000000`,
    )
  })

  test('an empty application protocol', () => {
    expect(ja4Of({ suites: [], extensions: [protocols('')] })[0]).toMatch(/^t12i000100_/)
  })
})
