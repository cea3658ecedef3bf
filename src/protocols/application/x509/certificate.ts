/**
 * Certificates: X.509 (ITU-T), as RFC 5280 §4.1 profiles it, in DER.
 *
 *   Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature BIT STRING }
 *   TBSCertificate ::= SEQUENCE { [0] version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo,
 *                                 [1] issuerUniqueID, [2] subjectUniqueID, [3] extensions }
 */
import type { Item, Scan } from '../../scan.ts'
import { readInteger } from '../security/asn1.ts'
import {
  BIT_STRING,
  CONSTRUCTED_CONTEXT,
  type Contents,
  elementAt,
  GENERALIZED_TIME,
  INTEGER,
  identifier,
  OID,
  putOctets,
  SEQUENCE,
  UTC_TIME,
  within,
} from '../security/elements.ts'
import { scanExtensions } from './extensions.ts'
import { certificate, name } from './items.ts'
import { scanName } from './names.ts'

export { certificateItems } from './items.ts'

const RSA = '1.2.840.113549.1.1.1'
/** UTC time has two digits of the year: from here on they are of the twentieth century (RFC 5280 §4.1.2.5.1). */
const FIRST_OF_CENTURY = 50

/** The certificate that lies from `at` to `end`. */
export function scanCertificate(scan: Scan, at: number, end: number): void {
  const { bytes } = scan
  const whole = elementAt(bytes, at, end)
  if (whole === null || whole.tag !== SEQUENCE) return
  const [signed, algorithm, signature] = within(bytes, whole)
  if (signed === undefined || signed.tag !== SEQUENCE) return
  scan.mark(certificate.signed)
  scanSigned(scan, within(bytes, signed))
  if (algorithm === undefined || !scan.going) return
  scan.mark(certificate.algorithmIdentifier)
  scanAlgorithm(scan, algorithm)
  if (signature !== undefined && signature.tag === BIT_STRING) scan.put(certificate.encrypted, ...bitsOf(signature))
}

/** Where the octets of a bit string begin, behind the one that says how many bits of the last do not count; how many they are. */
function bitsOf({ at, end }: Contents): [at: number, length: number] {
  return [at + 1, Math.max(0, end - at - 1)]
}

function scanSigned(scan: Scan, members: readonly Contents[]): void {
  const { bytes } = scan
  let next = 0
  if (members[0]?.tag === CONSTRUCTED_CONTEXT) {
    const version = elementAt(bytes, members[0].at, members[0].end)
    if (version !== null) scan.put(certificate.version, readInteger(bytes, version.at, version.end))
    next = 1
  }
  const [serialNumber, signature, issuer, validity, subject, publicKey, ...others] = members.slice(next)
  if (serialNumber?.tag === INTEGER) putOctets(scan, certificate.serialNumber, serialNumber)
  if (signature === undefined) return
  scan.mark(certificate.signature)
  scanAlgorithm(scan, signature)
  if (issuer === undefined) return
  scan.put(certificate.issuer, 0)
  scanName(scan, issuer, name.sequence)
  if (validity === undefined) return
  scanValidity(scan, validity)
  if (subject === undefined) return
  scan.put(certificate.subject, 0)
  scanName(scan, subject, certificate.subjectSequence)
  if (publicKey !== undefined) scanPublicKey(scan, publicKey)
  for (const { tag, at, end } of others) {
    if (tag !== CONSTRUCTED_CONTEXT + 3) continue
    const list = elementAt(bytes, at, end)
    if (list !== null) scanExtensions(scan, list)
  }
}

function scanAlgorithm(scan: Scan, algorithm: Contents): string {
  const [id] = within(scan.bytes, algorithm)
  if (id === undefined || id.tag !== OID) return ''
  const oid = identifier(scan.bytes, id)
  scan.put(certificate.algorithmId, oid)
  return oid
}

function scanValidity(scan: Scan, validity: Contents): void {
  scan.mark(certificate.validity)
  const [from, to] = within(scan.bytes, validity)
  if (from !== undefined) scanTime(scan, from, certificate.notBefore)
  if (to !== undefined) scanTime(scan, to, certificate.notAfter)
}

function scanTime(scan: Scan, { tag, at, end }: Contents, what: Item): void {
  const digits = Buffer.from(scan.bytes.buffer, scan.bytes.byteOffset + at, end - at).toString('latin1')
  if (tag === UTC_TIME) {
    scan.put(what, 0)
    scan.put(certificate.utcTime, utcTime(digits))
  } else if (tag === GENERALIZED_TIME) {
    scan.put(what, 1)
    const time = digits
      .match(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/)
      ?.slice(1)
      .map(Number)
    if (time === undefined) return
    scan.put(certificate.generalizedTime, Date.UTC(time[0], time[1] - 1, time[2], time[3], time[4], time[5]) / 1000)
  }
}

/** Digits of year, month, day, hour, minute and second, as Wireshark writes them. */
function utcTime(digits: string): string {
  const match = digits.match(/^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?Z$/)
  if (match === null) return digits
  const [, year, month, day, hour, minute, second = '00'] = match
  return `${Number(year) < FIRST_OF_CENTURY ? 20 : 19}${year}-${month}-${day} ${hour}:${minute}:${second} (UTC)`
}

function scanPublicKey(scan: Scan, whole: Contents): void {
  const { bytes } = scan
  scan.mark(certificate.publicKeyInfo)
  const [algorithm, key] = within(bytes, whole)
  if (algorithm === undefined) return
  scan.mark(certificate.algorithm)
  const oid = scanAlgorithm(scan, algorithm)
  if (key === undefined || key.tag !== BIT_STRING) return
  const [at, length] = bitsOf(key)
  scan.put(certificate.publicKey, at, length)
  const pair = oid === RSA ? elementAt(bytes, at, at + length) : null
  if (pair === null) return
  const [modulus, exponent] = within(bytes, pair)
  if (modulus === undefined || exponent === undefined) return
  putOctets(scan, certificate.modulus, modulus)
  scan.put(certificate.publicExponent, readInteger(bytes, exponent.at, exponent.end))
}
