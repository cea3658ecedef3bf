/**
 * Extensions of ICMP messages, RFC 4884 §7; the same in ICMPv6. MPLS labels: RFC 4950. Interfaces: RFC 5837 §4. What an
 * extended echo asks about: RFC 8335 §2.1.
 *
 *    0                       2               4  octets
 *  0 | version |  reserved   |   checksum    |
 *  4 |        length         | class | type  |    an object; the length counts these four octets
 *  8 |  what class and type say ...
 */
import {
  CHECKSUM_BAD,
  CHECKSUM_GOOD,
  CHECKSUM_NOT_PRESENT,
  checksumStatusNames,
  onesComplementSum,
} from '../checksum.ts'
import { flag, type Item, item, part, type Row, type Scan } from '../scan.ts'
import * as names from './names.ts'

const HEADER_LENGTH = 4
const OBJECT_HEADER_LENGTH = 4
const LABEL_LENGTH = 4
/** Octets of an address of IPv6, its family before it. */
const LARGEST_ADDRESS = 20

// Classes of objects.
const MPLS = 1
const INTERFACE = 2
const IDENTIFICATION = 3

// Address families (IANA).
const FAMILY_IPV4 = 1
const FAMILY_IPV6 = 2

const extension = item('none', 'icmp.ext', 'ICMP Extensions')
const version = item('uint8', 'icmp.ext.version', 'Version')
const reservedBits = { ...part('uint16', 'icmp.ext.res', 2, 0xfff, 'Reserved', { base: 'hex' }), octets: 2 }
const checksum = item('uint16', 'icmp.ext.checksum', 'Checksum', { base: 'hex' })
const checksumBad = item('none', 'icmp.ext.checksum_bad', 'Bad checksum')
const status = item('uint8', 'icmp.ext.checksum.status', 'Checksum Status', { values: checksumStatusNames })
const length = item('uint16', 'icmp.ext.length', 'Length; of the object')
const objectClass = item('uint8', 'icmp.ext.class', 'Class', { values: names.extClassNames })
const objectType = item('uint8', 'icmp.ext.ctype', 'C-Type')
const data = item('bytes', 'icmp.ext.data', 'Data')

const label = part('uint24', 'icmp.mpls.label', 3, 0xfffff0, 'Label')
const labelRow: Row = [
  label,
  part('uint24', 'icmp.mpls.exp', 3, 0x0e, 'Experimental'),
  flag('icmp.mpls.s', 3, 0x01, 'Stack bit'),
]
const timeToLive = item('uint8', 'icmp.mpls.ttl', 'Time to live')
const labelData = item('bytes', 'icmp.mpls.data', 'Data')

const interfaceRow: Row = [
  objectType,
  part('uint8', 'icmp.int_info.role', 1, 0xc0, 'Interface Role', { values: names.intInfoRoleNames }),
  part('uint8', 'icmp.int_info.reserved', 1, 0x30, 'Reserved'),
  flag('icmp.int_info.ifindex', 1, 0x08, 'ifIndex'),
  flag('icmp.int_info.ipaddr', 1, 0x04, 'IP Address'),
  flag('icmp.int_info.name_present', 1, 0x02, 'Interface Name'),
  flag('icmp.int_info.mtu_present', 1, 0x01, 'MTU'),
]
// Bits of the type of an interface object.
const HAS_INDEX = 0x08
const HAS_ADDRESS = 0x04
const HAS_NAME = 0x02
const HAS_MTU = 0x01
const index = item('uint32', 'icmp.int_info.index', 'Interface Index')
const family = item('uint16', 'icmp.int_info.afi', 'Address Family Identifier')
const unused = { ...item('bytes', 'icmp.reserved', 'Reserved'), octets: 2 }
const ipv4 = item('ipv4', 'icmp.int_info.ipv4', 'Source')
const ipv6 = item('ipv6', 'icmp.int_info.ipv6', 'Source')
const nameLength = item('uint8', 'icmp.int_info.name_length', 'Name Length')
const name = item('string', 'icmp.int_info.name', 'Name')
const mtu = item('uint32', 'icmp.int_info.mtu', 'Maximum Transmission Unit')

const identifiedName = item('string', 'icmp.int_ident.name', 'Name')
const identifiedIndex = item('uint32', 'icmp.int_ident.index', 'Interface Index')
const identifiedRows: readonly Row[] = [
  [item('uint16', 'icmp.int_ident.afi', 'Address Family Identifier', { values: names.intIdentAfiNames })],
  [item('uint8', 'icmp.int_ident.addr_length', 'Address Length')],
  [{ ...item('bytes', 'icmp.int_ident.reserved', 'Reserved'), octets: 1 }],
]
const identifiedIpv4 = item('ipv4', 'icmp.int_ident.ipv4', 'Address')
const identifiedIpv6 = item('ipv6', 'icmp.int_ident.ipv6', 'Address')
const identifiedAddress = item('bytes', 'icmp.int_ident.address', 'Address')

export const extensionItems: readonly Item[] = [
  extension,
  version,
  reservedBits,
  checksum,
  checksumBad,
  status,
  length,
  objectClass,
  objectType,
  data,
  ...labelRow,
  timeToLive,
  labelData,
  ...interfaceRow,
  index,
  family,
  unused,
  ipv4,
  ipv6,
  item('bytes', 'icmp.int_info.ipunknown', 'Source'),
  nameLength,
  name,
  mtu,
  identifiedName,
  identifiedIndex,
  ...identifiedRows.flat(),
  identifiedIpv4,
  identifiedIpv6,
  identifiedAddress,
]

/** Walks the extension structure that lies from here to the end. */
export function scanExtension(scan: Scan): void {
  scan.mark(extension)
  if (!scan.need(HEADER_LENGTH)) return
  const { packet, layer, bytes, at, end } = scan
  const number = bytes[at] >> 4
  scan.put(version, number)
  scan.add(reservedBits)
  // Of one that was cut Wireshark cannot work out the checksum, and shows no more of it.
  if (packet.layerWireEnd[layer] > packet.layerEnd[layer]) {
    scan.stop()
    return
  }
  const isPresent = scan.two() !== 0
  scan.add(checksum)
  if (isPresent) {
    const isGood = onesComplementSum(bytes, at, end) === 0xffff
    if (!isGood) scan.mark(checksumBad)
    scan.put(status, isGood ? CHECKSUM_GOOD : CHECKSUM_BAD)
  } else scan.put(status, CHECKSUM_NOT_PRESENT)
  // RFC 4884 is version 2; version 1 is what came before it.
  if (number !== 1 && number !== 2) return
  while (scan.going && scan.left >= OBJECT_HEADER_LENGTH) object(scan)
}

function object(scan: Scan): void {
  const octets = scan.two()
  const kind = scan.octet(2)
  const type = scan.octet(3)
  const next = scan.at + octets
  scan.add(length)
  scan.add(objectClass)
  if (octets < OBJECT_HEADER_LENGTH) {
    scan.stop()
    return
  }
  const objectEnd = Math.min(next, scan.end)
  if (kind === INTERFACE) interfaceObject(scan, type, objectEnd)
  else {
    scan.add(objectType)
    if (kind === MPLS && type === 1) labels(scan, objectEnd)
    else if (kind === IDENTIFICATION) identification(scan, type, objectEnd)
    else {
      // Wireshark shows the type of an MPLS object that it does not know twice.
      if (kind === MPLS) {
        scan.at--
        scan.add(objectType)
      }
      if (objectEnd > scan.at) scan.add(data, objectEnd - scan.at)
    }
  }
  if (!scan.going) return
  if (next > scan.end) scan.stop()
  else scan.at = next
}

function labels(scan: Scan, end: number): void {
  while (scan.going && end - scan.at >= LABEL_LENGTH) {
    scan.rows([labelRow])
    scan.add(timeToLive)
  }
  if (end > scan.at) scan.add(labelData, end - scan.at)
}

/** RFC 5837 §4. What an object is too short for is read past its end, unless something before it was already. */
function interfaceObject(scan: Scan, type: number, end: number): void {
  scan.rows([interfaceRow])
  if (type & HAS_INDEX) scan.add(index)
  if (type & HAS_ADDRESS && scan.at <= end) {
    const kind = scan.two()
    // Of a family that it does not know Wireshark wants as many octets as of IPv6, and reads no further.
    const isKnown = kind === FAMILY_IPV4 || kind === FAMILY_IPV6
    if (!isKnown && !scan.need(LARGEST_ADDRESS)) return
    scan.add(family)
    scan.add(unused)
    if (!isKnown) {
      scan.stop()
      return
    }
    scan.add(kind === FAMILY_IPV4 ? ipv4 : ipv6)
  }
  if (type & HAS_NAME && end > scan.at) {
    const octets = scan.octet()
    scan.add(nameLength)
    // Wireshark wants the octet of the length once more.
    const isThere = octets <= end - scan.at
    // The length counts its own octet; Wireshark takes 0 for all there is.
    if (isThere) scan.add(name, octets > 0 ? octets - 1 : scan.left)
  }
  if (type & HAS_MTU && scan.at <= end) scan.add(mtu)
}

function identification(scan: Scan, type: number, end: number): void {
  if (type === 1) {
    scan.add(identifiedName, end - scan.at)
    return
  }
  if (type === 2) {
    scan.add(identifiedIndex)
    return
  }
  if (type !== 3) return
  const kind = scan.two()
  const octets = scan.octet(2)
  scan.rows(identifiedRows)
  if (kind !== FAMILY_IPV4 && kind !== FAMILY_IPV6) {
    if (octets > 0) scan.add(identifiedAddress, octets)
    return
  }
  const what = kind === FAMILY_IPV4 ? identifiedIpv4 : identifiedIpv6
  for (let left = octets; left >= what.octets && scan.going; left -= what.octets) scan.add(what)
}
