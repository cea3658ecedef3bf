/** Extensions of certificates: RFC 5280 §4.2. */
import type { Scan } from '../../scan.ts'
import { readInteger } from '../security/asn1.ts'
import {
  BIT_STRING,
  BOOLEAN,
  CONSTRUCTED_CONTEXT,
  CONTEXT,
  type Contents,
  elementAt,
  INTEGER,
  identifier,
  OCTET_STRING,
  putOctets,
  SEQUENCE,
  textOf,
  within,
} from '../security/elements.ts'
import { certificate, extension, general, usage } from './items.ts'
import { scanGeneralName, scanGeneralNames } from './names.ts'

/** The policy qualifier that says where to read of the practice (RFC 5280 §4.2.1.4). */
const PRACTICE_STATEMENT = '1.3.6.1.5.5.7.2.1'

type ScanValue = (scan: Scan, value: Contents) => void

const alternativeNames: ScanValue = (scan, value) => scanGeneralNames(scan, value, general.names)

/** By object identifier: what an extension's value holds. */
const EXTENSIONS: Readonly<Record<string, ScanValue>> = {
  '2.5.29.14': (scan, value) => {
    if (value.tag === OCTET_STRING) putOctets(scan, extension.subjectKey, value)
  },
  '2.5.29.15': scanUsage,
  '2.5.29.17': alternativeNames,
  '2.5.29.18': alternativeNames,
  '2.5.29.19': scanConstraints,
  '2.5.29.31': scanDistributionPoints,
  '2.5.29.32': scanPolicies,
  '2.5.29.35': scanAuthorityKey,
  '2.5.29.37': scanPurposes,
  '1.3.6.1.5.5.7.1.1': scanAccess,
}

/** All extensions of a certificate. */
export function scanExtensions(scan: Scan, list: Contents): void {
  const all = within(scan.bytes, list)
  scan.put(certificate.extensions, all.length)
  for (const each of all) {
    if (!scan.going) return
    scanExtension(scan, each)
  }
}

function scanExtension(scan: Scan, whole: Contents): void {
  const { bytes } = scan
  scan.mark(certificate.extension)
  const [type, ...others] = within(bytes, whole)
  if (type === undefined) return
  const oid = identifier(bytes, type)
  scan.put(certificate.extensionId, oid)
  for (const other of others) {
    if (other.tag === BOOLEAN) scan.put(certificate.critical, bytes[other.at] !== 0 ? 1 : 0)
    if (other.tag !== OCTET_STRING || !Object.hasOwn(EXTENSIONS, oid)) continue
    const value = elementAt(bytes, other.at, other.end)
    if (value !== null) EXTENSIONS[oid](scan, value)
  }
}

function scanUsage(scan: Scan, { tag, at, end }: Contents): void {
  // The first octet says how many bits of the last do not count.
  if (tag !== BIT_STRING || end - at < 2) return
  scan.put(usage.all, at + 1, end - at - 1)
  usage.bits.forEach((bit, i) => {
    const octet = at + 1 + (i >> 3)
    scan.put(bit, octet < end ? (scan.bytes[octet] >> (7 - (i & 7))) & 1 : 0)
  })
}

function scanPurposes(scan: Scan, value: Contents): void {
  const purposes = within(scan.bytes, value)
  scan.put(usage.purposes, purposes.length)
  for (const purpose of purposes) scan.put(usage.purpose, identifier(scan.bytes, purpose))
}

function scanConstraints(scan: Scan, value: Contents): void {
  scan.mark(extension.constraints)
  for (const { tag, at, end } of within(scan.bytes, value)) {
    if (tag === BOOLEAN) scan.put(extension.isAuthority, scan.bytes[at] !== 0 ? 1 : 0)
    if (tag === INTEGER) scan.put(extension.pathLength, BigInt(Math.max(0, readInteger(scan.bytes, at, end))))
  }
}

function scanAuthorityKey(scan: Scan, value: Contents): void {
  scan.mark(extension.authorityKey)
  for (const member of within(scan.bytes, value)) {
    if (member.tag === CONTEXT) putOctets(scan, extension.keyIdentifier, member)
    if (member.tag === CONSTRUCTED_CONTEXT + 1) scanGeneralNames(scan, member, extension.authorityIssuer)
    if (member.tag === CONTEXT + 2) putOctets(scan, extension.authoritySerial, member)
  }
}

function scanDistributionPoints(scan: Scan, value: Contents): void {
  const points = within(scan.bytes, value)
  scan.put(extension.distributionPoints, points.length)
  for (const point of points) {
    scan.mark(extension.distributionPoint)
    const [named] = within(scan.bytes, point)
    if (named === undefined || named.tag !== CONSTRUCTED_CONTEXT) continue
    const [choice] = within(scan.bytes, named)
    if (choice === undefined) continue
    scan.put(extension.distributionName, choice.tag & 0x1f)
    if (choice.tag === CONSTRUCTED_CONTEXT) scanGeneralNames(scan, choice, extension.fullName)
  }
}

function scanPolicies(scan: Scan, value: Contents): void {
  const { bytes } = scan
  const policies = within(bytes, value)
  scan.put(extension.policies, policies.length)
  for (const policy of policies) {
    scan.mark(extension.policy)
    const [id, list] = within(bytes, policy)
    if (id === undefined) continue
    scan.put(extension.policyId, identifier(bytes, id))
    if (list === undefined || list.tag !== SEQUENCE) continue
    const qualifiers = within(bytes, list)
    scan.put(extension.qualifiers, qualifiers.length)
    for (const qualifier of qualifiers) {
      scan.mark(extension.qualifier)
      const [type, statement] = within(bytes, qualifier)
      if (type === undefined) continue
      const oid = identifier(bytes, type)
      scan.put(extension.qualifierId, oid)
      if (statement !== undefined && oid === PRACTICE_STATEMENT) scan.put(extension.practice, textOf(bytes, statement))
    }
  }
}

function scanAccess(scan: Scan, value: Contents): void {
  const { bytes } = scan
  const descriptions = within(bytes, value)
  scan.put(extension.access, descriptions.length)
  for (const description of descriptions) {
    scan.mark(extension.accessDescription)
    const [method, location] = within(bytes, description)
    if (method === undefined || location === undefined) continue
    scan.put(extension.accessMethod, identifier(bytes, method))
    scanGeneralName(scan, location, extension.accessLocation)
  }
}
