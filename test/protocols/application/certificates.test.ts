import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { Exchange } from './exchange.ts'

// Expected values: tshark 4.0.17 on the same octets. The certificate is written out after RFC 5280 §4.1.

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')

/** An element of DER: tag, length, contents. */
function der(tag: number, ...contents: readonly string[]): string {
  const content = contents.join('').replaceAll(' ', '')
  const length = content.length / 2
  return `${hex(tag, 2)}${length < 0x80 ? hex(length, 2) : `82${hex(length, 4)}`}${content}`
}

const text = (tag: number, value: string): string => der(tag, Buffer.from(value).toString('hex'))
const sequence = (...contents: readonly string[]): string => der(0x30, ...contents)

const UTF8 = 0x0c
const PRINTABLE = 0x13
const UTC_TIME = 0x17
const GENERALIZED_TIME = 0x18

/** A part of a name: the attribute 2.5.4.`type`. */
const attribute = (type: number, value: string): string => der(0x31, sequence(der(0x06, `5504${hex(type, 2)}`), value))

/** ecdsa-with-SHA256, 1.2.840.10045.4.3.2. */
const ECDSA = sequence(der(0x06, '2a8648ce3d040302'))

/** 2.5.29.`type`, and whether it is critical. */
const extension = (type: number, critical: boolean, value: string): string =>
  sequence(der(0x06, `551d${hex(type, 2)}`), critical ? der(0x01, 'ff') : '', der(0x04, value))

const certificate = sequence(
  sequence(
    der(0xa0, der(0x02, '02')),
    der(0x02, '0badcafe'),
    ECDSA,
    sequence(attribute(6, text(PRINTABLE, 'DE')), attribute(10, text(PRINTABLE, 'Test CA'))),
    sequence(text(UTC_TIME, '991231235959Z'), text(GENERALIZED_TIME, '20500101000000Z')),
    sequence(attribute(3, text(UTF8, 'www.example.org'))),
    sequence(sequence(der(0x06, '2a8648ce3d0201')), der(0x03, '00 04 11 22')),
    der(
      0xa3,
      sequence(
        extension(15, true, der(0x03, '05a0')),
        extension(37, false, sequence(der(0x06, '2b06010505070301'))),
        extension(19, true, sequence(der(0x01, 'ff'), der(0x02, '00'))),
        extension(17, false, sequence(text(0x82, 'a.example.org'), der(0x87, 'c0000201'))),
      ),
    ),
  ),
  ECDSA,
  der(0x03, '00 aabb'),
)

/** A Certificate message of TLS 1.2 in a record. */
function certificates(...all: readonly string[]): string {
  const list = all.map((each) => `${hex(each.length / 2, 6)}${each}`).join('')
  const content = `${hex(list.length / 2, 6)}${list}`
  return `160303${hex(content.length / 2 + 4, 4)}0b${hex(content.length / 2, 6)}${content}`
}

describe('certificates', () => {
  const packet = new Exchange('tcp', 443).server(certificates(certificate))

  test('who it is of, who says so, and how long it holds', () => {
    expect(valuesOf(packet, 'tls.handshake.certificate_length')).toEqual([certificate.length / 2])
    expect(valuesOf(packet, 'x509af.version')).toEqual([2])
    expect(valuesOf(packet, 'x509af.serialNumber')).toEqual(['0badcafe'])
    expect(valuesOf(packet, 'x509af.algorithm.id')).toEqual([
      '1.2.840.10045.4.3.2',
      '1.2.840.10045.2.1',
      '1.2.840.10045.4.3.2',
    ])
    expect(valuesOf(packet, 'x509if.oid')).toEqual(['2.5.4.6', '2.5.4.10', '2.5.4.3'])
    expect(valuesOf(packet, 'x509sat.CountryName')).toEqual(['DE'])
    expect(valuesOf(packet, 'x509sat.printableString')).toEqual(['Test CA'])
    expect(valuesOf(packet, 'x509sat.uTF8String')).toEqual(['www.example.org'])
    expect(valuesOf(packet, 'x509af.utcTime')).toEqual(['1999-12-31 23:59:59 (UTC)'])
    expect(valuesOf(packet, 'x509af.generalizedTime')).toEqual([Date.UTC(2050, 0, 1) / 1000])
    expect(valuesOf(packet, 'x509af.subjectPublicKey')).toEqual(['041122'])
    expect(valuesOf(packet, 'x509af.encrypted')).toEqual(['aabb'])
  })

  test('extensions', () => {
    expect(valuesOf(packet, 'x509af.extension.id')).toEqual(['2.5.29.15', '2.5.29.37', '2.5.29.19', '2.5.29.17'])
    expect(valuesOf(packet, 'x509af.critical')).toEqual([1, 1])
    expect(valuesOf(packet, 'x509ce.KeyUsage.digitalSignature')).toEqual([1])
    expect(valuesOf(packet, 'x509ce.KeyUsage.keyCertSign')).toEqual([0])
    expect(valuesOf(packet, 'x509ce.KeyPurposeId')).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(valuesOf(packet, 'x509ce.cA')).toEqual([1])
    expect(valuesOf(packet, 'x509ce.pathLenConstraint')).toEqual([0n])
    expect(valuesOf(packet, 'x509ce.dNSName')).toEqual(['a.example.org'])
    expect(valuesOf(packet, 'x509ce.IPAddress.ipv4')).toEqual([0xc0000201])
  })

  test('a chain; octets cut anywhere', () => {
    const chain = new Exchange('tcp', 443).server(certificates(certificate, certificate))
    expect(valuesOf(chain, 'x509sat.uTF8String')).toEqual(['www.example.org', 'www.example.org'])
    for (let length = 0; length < certificate.length; length += 2) {
      const cut = new Exchange('tcp', 443).server(certificates(certificate.slice(0, length)))
      expect(valuesOf(cut, 'x509sat.uTF8String')).toEqual([])
    }
  })
})
