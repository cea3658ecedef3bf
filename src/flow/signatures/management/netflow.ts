/** NetFlow versions 1, 5 and 7 (Cisco, "NetFlow Export Datagram Format"), version 9 (RFC 3954 §5), IPFIX (RFC 7011 §3). */
import { read16, read32 } from '../../../packet/bytes.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const VERSION_9 = 9
const IPFIX = 10
/** Octets of the header and of a record, by version: those in which a record has one form. */
const FIXED_HEADERS: readonly number[] = [0, 16, 0, 0, 0, 24, 0, 24]
const FIXED_RECORDS: readonly number[] = [0, 52, 0, 0, 0, 48, 0, 52]
const MAX_FIXED_RECORDS = 30

const HEADER_9 = 20
const HEADER_IPFIX = 16
const SET_HEADER = 4
const MAX_SETS = 256
/** The identifiers of templates (RFC 3954 §5.2, RFC 7011 §3.3.2); data has that of its template. */
const FIRST_DATA_SET = 256
/** 2000-01-01: before NetFlow told anybody the time. */
const EARLIEST = 946_684_800

/** Hot: sets, one behind the other, up to the last octet. */
function areSets({ bytes, at, end, length }: Payload, header: number, firstTemplate: number): boolean {
  let offset = header
  for (let sets = 0; sets < MAX_SETS && offset < length; sets++) {
    if (at + offset + SET_HEADER > end) return sets > 0 && end - at < length
    const id = read16(bytes, at + offset)
    const setLength = read16(bytes, at + offset + 2)
    if ((id < FIRST_DATA_SET && id !== firstTemplate && id !== firstTemplate + 1) || setLength < SET_HEADER)
      return false
    offset += setLength
  }
  return offset === length && length > header
}

export const netflow: Signature = {
  name: 'cflow',
  title: 'Cisco NetFlow/IPFIX',
  transport: 'udp',
  evidence: 'header of NetFlow or IPFIX, and records or sets that fill the datagram',
  begins: [0],
  matches: (payload) => {
    const { bytes, at, end, length } = payload
    if (end - at < HEADER_IPFIX) return false
    const version = read16(bytes, at)
    const count = read16(bytes, at + 2)
    if (version === IPFIX)
      return count === length && read32(bytes, at + 4) > EARLIEST && areSets(payload, HEADER_IPFIX, 2)
    if (count === 0 || version > VERSION_9 || read32(bytes, at + 8) < EARLIEST) return false
    if (version === VERSION_9) return areSets(payload, HEADER_9, 0)
    const record = version < FIXED_RECORDS.length ? FIXED_RECORDS[version] : 0
    return record !== 0 && count <= MAX_FIXED_RECORDS && FIXED_HEADERS[version] + count * record === length
  },
}
