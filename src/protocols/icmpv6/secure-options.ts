/**
 * Options of SEND, secure neighbour discovery: CGA parameters (11), signatures (12, 32), a moment (13), a nonce (14), trust
 * anchors (15), certificates (16). RFC 3971 §5, §6.4; RFC 6496 §5 for 32. Offsets are as in options.ts.
 */
import { read16, read32 } from '../../packet/bytes.ts'
import { type Item, item, type Scan } from '../scan.ts'
import { optionPadding, optionReserved, unknown } from './common.ts'
import * as names from './names.ts'

const KEY_HASH_LENGTH = 16
const MOMENT_LENGTH = 8
/** What a DER sequence begins with. */
const SEQUENCE = 0x30

const cgaPadLength = item('uint8', 'icmpv6.opt.cga.pad_length', 'Pad Length')
const cga = item('bytes', 'icmpv6.opt.cga', 'CGA')
const cgaModifier = item('bytes', 'icmpv6.opt.cga.modifier', 'Modifier')
const cgaSubnet = item('bytes', 'icmpv6.opt.cga.subnet_prefix', 'Subnet Prefix')
const cgaCount = item('bytes', 'icmpv6.opt.cga.count', 'Count')
const cgaKey = item('none', 'icmpv6.opt.cga.subject_public_key_info', 'Subject Public Key Info')
const cgaExtensionType = item('uint16', 'icmpv6.opt.cga.ext_type', 'Ext Type')
const cgaExtensionLength = item('uint16', 'icmpv6.opt.cga.ext_length', 'Ext Length')
const cgaExtensionData = item('bytes', 'icmpv6.opt.cga.ext_data', 'Ext Data')
const rsaKeyHash = item('bytes', 'icmpv6.opt.rsa.key_hash', 'Key Hash')
const signature = item('none', 'icmpv6.opt.digital_signature_padding', 'Digital Signature and Padding')
const proxyKeyHash = item('bytes', 'icmpv6.opt.ps.key_hash', 'Key Hash')
const timestamp = item('absolute_time', 'icmpv6.opt.timestamp', 'Timestamp')
const nonce = item('bytes', 'icmpv6.opt.nonce', 'Nonce')
const nameType = item('uint8', 'icmpv6.opt.name_type', 'Name Type', { values: names.optNameTypeNames })
const x501Name = item('bytes', 'icmpv6.opt.name_x501', 'DER Encoded X.501 Name')
const x509Name = item('uint32', 'icmpv6.x509_Name', 'Name', { values: names.x509NameNames })
const fqdn = item('string', 'icmpv6.opt.name_type.fqdn', 'FQDN')
const certificate = item('none', 'icmpv6.x509_Certificate', 'Certificate')
const certificatePadding = item('none', 'icmpv6.opt.certificate_padding', 'Certificate and Padding')

export const secureItems: readonly Item[] = [
  cgaPadLength,
  cga,
  cgaModifier,
  cgaSubnet,
  cgaCount,
  cgaKey,
  cgaExtensionType,
  cgaExtensionLength,
  cgaExtensionData,
  rsaKeyHash,
  signature,
  proxyKeyHash,
  timestamp,
  nonce,
  nameType,
  fqdn,
  x501Name,
  x509Name,
  certificate,
  certificatePadding,
]

/** One of these options, behind its length; it ends at `end`. */
export function scanSecureOption(scan: Scan, kind: number, end: number): void {
  switch (kind) {
    case 11:
      cgaParameters(scan, end)
      return
    case 12:
    case 32:
      scan.add(optionReserved, 2)
      scan.add(kind === 12 ? rsaKeyHash : proxyKeyHash, KEY_HASH_LENGTH)
      if (end > scan.at) scan.mark(signature)
      return
    case 13:
      scan.add(optionReserved, 6)
      moment(scan, end)
      return
    case 14:
      scan.add(nonce, end - scan.at)
      return
    case 15:
      trustAnchor(scan, end)
      return
    case 16:
      certificateOf(scan, end)
  }
}

/** RFC 3971 §5.1, RFC 3972 §3. */
function cgaParameters(scan: Scan, end: number): void {
  const pad = scan.octet()
  scan.add(cgaPadLength)
  scan.add(optionReserved, 1)
  const last = end - pad
  if (last <= scan.at) {
    scan.stop()
    return
  }
  scan.here(cga, last - scan.at)
  scan.add(cgaModifier, 16)
  scan.add(cgaSubnet, 8)
  scan.add(cgaCount, 1)
  scan.mark(cgaKey)
  scan.skip(derLength(scan))
  while (scan.going && scan.at < last) {
    scan.add(cgaExtensionType)
    const octets = scan.two()
    scan.add(cgaExtensionLength)
    scan.add(cgaExtensionData, octets)
  }
  if (pad > 0 && scan.going) scan.add(optionPadding, end - scan.at)
}

/** Octets of a DER element here, its header included; too many where it has none that makes sense. */
function derLength(scan: Scan): number {
  const first = scan.octet(1)
  if (first < 0x80) return 2 + first
  if (first === 0x81) return 3 + scan.octet(2)
  if (first === 0x82) return 4 + scan.two(2)
  return scan.left + 1
}

/** RFC 3971 §5.3.1: 48 bits of seconds since 1970, and 1/64K fractions of a second. */
function moment(scan: Scan, end: number): void {
  if (!scan.need(MOMENT_LENGTH)) return
  const seconds = read16(scan.bytes, scan.at) * 2 ** 32 + read32(scan.bytes, scan.at + 2)
  scan.put(timestamp, seconds, Math.floor((read16(scan.bytes, scan.at + 6) * 1_000_000_000) / 65_536))
  scan.skip(MOMENT_LENGTH)
  unknown(scan, end)
}

/** RFC 3971 §6.4.3. */
function trustAnchor(scan: Scan, end: number): void {
  const kind = scan.octet()
  const pad = scan.octet(1)
  scan.add(nameType)
  scan.add(cgaPadLength)
  const room = end - scan.at - pad
  if (kind === 1) {
    scan.here(x501Name, room)
    if (room > 0 && scan.going && scan.bytes[scan.at] === SEQUENCE) scan.mark(x509Name)
  } else if (kind === 2) scan.here(fqdn, room)
  scan.mark(optionPadding)
}

/** RFC 3971 §6.4.4. */
function certificateOf(scan: Scan, end: number): void {
  const kind = scan.octet()
  scan.add(nameType)
  scan.add(optionReserved, 1)
  if (kind !== 1) {
    scan.add(certificatePadding, end - scan.at)
    return
  }
  scan.mark(certificate)
  scan.skip(derLength(scan))
  scan.add(optionPadding, end - scan.at)
}
