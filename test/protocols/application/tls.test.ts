import { describe, expect, test } from 'vitest'
import { octets, valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange, text } from './exchange.ts'

// Expected values: tshark 4.0.17; JA3 by its definition.

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

/** A record: content type, version, length. */
function record(type: number, content: string, version = '0303'): string {
  return `${hex(type, 2)}${version}${hex(content.length / 2, 4)}${content}`
}

/** A handshake message: type, length. */
function message(type: number, content: string): string {
  return `${hex(type, 2)}${hex(content.length / 2, 6)}${content}`
}

function extension(type: number, content: string): string {
  return `${hex(type, 4)}${hex(content.length / 2, 4)}${content}`
}

const RANDOM = '11'.repeat(32)

/** server_name "a.b", ALPN "h2", supported_groups x25519, supported_versions 1.3 and 1.2. */
const EXTENSIONS = [
  extension(0, '0006 00 0003 612e62'.replaceAll(' ', '')),
  extension(16, '0003 02 6832'.replaceAll(' ', '')),
  extension(10, '0002001d'),
  extension(43, '0403040303'),
].join('')

/** Version 1.2, no session, suites 1301 and 002f, no compression. */
const CLIENT_HELLO = message(
  1,
  `0303${RANDOM}00000413 01002f0100${hex(EXTENSIONS.length / 2, 4)}${EXTENSIONS}`.replaceAll(' ', ''),
)

function serverHello(extensions: string): string {
  return message(2, `0303${RANDOM}00130100${hex(extensions.length / 2, 4)}${extensions}`)
}

const FINISHED = record(22, '5a'.repeat(40))

describe('TLS', () => {
  test('a ClientHello', () => {
    const packet = new Exchange('tcp', 443).client(record(22, CLIENT_HELLO, '0301'))
    expect(applicationsOf(packet)).toBe('tls')
    expect(valuesOf(packet, 'tls.record.content_type')).toEqual([22])
    expect(valuesOf(packet, 'tls.record.version')).toEqual([0x0301])
    expect(valuesOf(packet, 'tls.handshake.type')).toEqual([1])
    expect(valuesOf(packet, 'tls.handshake.version')).toEqual([0x0303])
    expect(valuesOf(packet, 'tls.handshake.random')).toEqual([RANDOM])
    expect(valuesOf(packet, 'tls.handshake.ciphersuite')).toEqual([0x1301, 0x002f])
    expect(valuesOf(packet, 'tls.handshake.extension.type')).toEqual([0, 16, 10, 43])
    expect(valuesOf(packet, 'tls.handshake.extensions_server_name')).toEqual(['a.b'])
    expect(valuesOf(packet, 'tls.handshake.extensions_alpn_str')).toEqual(['h2'])
    expect(valuesOf(packet, 'tls.handshake.extensions_supported_group')).toEqual([0x001d])
    expect(valuesOf(packet, 'tls.handshake.extensions.supported_version')).toEqual([0x0304, 0x0303])
    expect(valuesOf(packet, 'tls.handshake.ja3_full')).toEqual(['771,4865-47,0-16-10-43,29,'])
  })

  test('records go on in the next segment; the layer is there as soon as one begins', () => {
    const exchange = new Exchange('tcp', 443)
    const bytes = octets(record(22, CLIENT_HELLO))
    const first = exchange.client(bytes.subarray(0, 20))
    expect(applicationsOf(first)).toBe('tls')
    expect(valuesOf(first, 'tls.record.length')).toEqual([])
    expect(applicationsOf(exchange.client(bytes.subarray(20, 40)))).toBe('')
    const last = exchange.client(bytes.subarray(40))
    expect(applicationsOf(last)).toBe('tls')
    expect(valuesOf(last, 'tls.handshake.type')).toEqual([1])
  })

  test('handshake messages go on in the next record', () => {
    const middle = CLIENT_HELLO.length / 2 - ((CLIENT_HELLO.length / 2) % 2)
    const packet = new Exchange('tcp', 443).client(
      record(22, CLIENT_HELLO.slice(0, middle)) + record(22, CLIENT_HELLO.slice(middle)),
    )
    expect(valuesOf(packet, 'tls.record.content_type')).toEqual([22, 22])
    expect(valuesOf(packet, 'tls.handshake.type')).toEqual([1])
    expect(valuesOf(packet, 'tls.handshake.extensions_server_name')).toEqual(['a.b'])
  })

  test('after ChangeCipherSpec the handshake of that direction is encrypted', () => {
    const exchange = new Exchange('tcp', 443)
    const packet = exchange.server(record(22, serverHello('')) + record(20, '01') + FINISHED)
    expect(valuesOf(packet, 'tls.record.content_type')).toEqual([22, 20, 22])
    expect(valuesOf(packet, 'tls.handshake.type')).toEqual([2])
    // Two octets are an alert in the clear.
    const alert = exchange.client(record(21, '0228'))
    expect(valuesOf(alert, 'tls.alert_message.level')).toEqual([2])
    expect(valuesOf(alert, 'tls.alert_message.desc')).toEqual([40])
  })

  test('in TLS 1.3 the outer type of application data is opaque', () => {
    const exchange = new Exchange('tcp', 443)
    exchange.server(record(22, serverHello(extension(43, '0304'))))
    const packet = exchange.server(record(23, 'aabb'))
    expect(valuesOf(packet, 'tls.record.opaque_type')).toEqual([23])
    expect(valuesOf(packet, 'tls.record.content_type')).toEqual([])
    expect(valuesOf(packet, 'tls.app_data')).toEqual(['aabb'])
  })

  test('text is no TLS, octets that are no record are', () => {
    expect(applicationsOf(new Exchange('tcp', 443).client(text('hello there')))).toBe('data')
    expect(applicationsOf(new Exchange('tcp', 443).client('0000000000'))).toBe('tls')
  })

  test('on other ports, by its first record', () => {
    const exchange = new Exchange('tcp', 50001)
    expect(applicationsOf(exchange.client(record(22, CLIENT_HELLO)))).toBe('tls')
    expect(applicationsOf(new Exchange('tcp', 50001).client('1803030001 00'))).toBe('data')
  })
})
