/** Names in certificates: distinguished names (X.501 §9), and general names (RFC 5280 §4.2.1.6). */
import { read32 } from '../../../packet/bytes.ts'
import type { Item, Scan } from '../../scan.ts'
import {
  BMP_STRING,
  CONTEXT,
  type Contents,
  elementAt,
  IA5_STRING,
  identifier,
  OID,
  PRINTABLE_STRING,
  SEQUENCE,
  TELETEX_STRING,
  textOf,
  UNIVERSAL_STRING,
  UTF8_STRING,
  within,
} from '../security/elements.ts'
import { general, name } from './items.ts'

const COUNTRY = '2.5.4.6'

/** The kinds of DirectoryString (RFC 5280 §4.1.2.4), in the order of its choice. */
const KINDS: readonly (readonly [tag: number, item: Item])[] = [
  [TELETEX_STRING, name.teletex],
  [PRINTABLE_STRING, name.printable],
  [UNIVERSAL_STRING, name.universal],
  [BMP_STRING, name.bmp],
  [UTF8_STRING, name.utf8],
]

// Choices of GeneralName.
const MAIL = 1
const DOMAIN = 2
const DIRECTORY = 4
const URI = 6
const ADDRESS = 7
const REGISTERED = 8

/** A distinguished name; how many parts it has is said by `sequence`. */
export function scanName(scan: Scan, whole: Contents, sequence: Item): void {
  if (whole.tag !== SEQUENCE) return
  const parts = within(scan.bytes, whole)
  scan.put(sequence, parts.length)
  for (const part of parts) {
    if (!scan.going) return
    const attributes = within(scan.bytes, part)
    scan.put(name.part, attributes.length)
    for (const attribute of attributes) scanAttribute(scan, attribute)
  }
}

function scanAttribute(scan: Scan, attribute: Contents): void {
  const { bytes } = scan
  scan.mark(name.attribute)
  const [type, value] = within(bytes, attribute)
  if (type === undefined || type.tag !== OID) return
  const oid = identifier(bytes, type)
  scan.put(name.type, oid)
  if (value === undefined) return
  if (oid === COUNTRY) scan.put(name.country, textOf(bytes, value))
  else if (value.tag === IA5_STRING) scan.put(name.ia5, textOf(bytes, value))
  else {
    const kind = KINDS.findIndex(([tag]) => tag === value.tag)
    if (kind < 0) return
    scan.put(name.directory, kind)
    scan.put(KINDS[kind][1], textOf(bytes, value))
  }
}

/** A general name; which kind it is is said by `choice`. */
export function scanGeneralName(scan: Scan, value: Contents, choice: Item): void {
  const { bytes } = scan
  const { at, end } = value
  const kind = value.tag & 0x1f
  if (value.tag < CONTEXT || kind > REGISTERED) return
  scan.put(choice, kind)
  if (kind === MAIL) scan.put(general.mail, textOf(bytes, value))
  else if (kind === DOMAIN) scan.put(general.domain, textOf(bytes, value))
  else if (kind === URI) scan.put(general.uri, textOf(bytes, value))
  else if (kind === REGISTERED) scan.put(general.registered, identifier(bytes, value))
  else if (kind === ADDRESS && end - at === 4) scan.put(general.ipv4, read32(bytes, at))
  else if (kind === ADDRESS && end - at === 16) scan.put(general.ipv6, at, 16)
  else if (kind === DIRECTORY) {
    const inner = elementAt(bytes, at, end)
    scan.put(general.directory, 0)
    if (inner !== null) scanName(scan, inner, name.sequence)
  }
}

/** A list of general names; how many is said by `all`. */
export function scanGeneralNames(scan: Scan, list: Contents, all: Item): void {
  const values = within(scan.bytes, list)
  scan.put(all, values.length)
  for (const value of values) scanGeneralName(scan, value, general.name)
}
