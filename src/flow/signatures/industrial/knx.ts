/** KNXnet/IP: ISO 22510 §5.3 (header): its length, version 1.0, service type, length of all. */
import { read16 } from '../../../packet/bytes.ts'
import type { Signature } from '../signature.ts'

const HEADER = 6
const VERSION = 0x10
/** Families: core, device management, tunnelling, routing, remote logging, configuration, object server, security. */
const FAMILIES = [0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09]

export const knx: Signature = {
  name: 'kip',
  title: 'KNX/IP',
  transport: 'both',
  evidence: "header with service type and the payload's length",
  begins: [HEADER],
  matches: ({ bytes, at, end, length }) =>
    end - at >= HEADER &&
    bytes[at + 1] === VERSION &&
    FAMILIES.includes(bytes[at + 2]) &&
    read16(bytes, at + 4) === length &&
    length > HEADER,
}
