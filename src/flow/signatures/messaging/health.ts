/** Hospitals' messages: HL7 version 2 (MLLP, "Minimal Lower Layer Protocol" block) and DICOM (PS3.8 §9.3, upper layer). */
import { read16, read32 } from '../../../packet/bytes.ts'
import { isPrintable } from '../mail/line.ts'
import type { Signature } from '../signature.ts'

const START_BLOCK = 0x0b

export const hl7: Signature = {
  name: 'hl7',
  title: 'Health Level Seven',
  transport: 'tcp',
  evidence: 'start of a block with a message header of HL7',
  begins: [START_BLOCK],
  matches: (payload) =>
    // The field separator follows the name, then the other separators, which hardly ever are anything else.
    payload.startsWith('MSH|^~\\', 1) || payload.startsWith('FHS|^~\\', 1) || payload.startsWith('BHS|^~\\', 1),
}

const ASSOCIATE_REQUEST = 1
const ASSOCIATE_ACCEPT = 2
/** Type, a reserved octet, length. */
const HEADER = 6
const VERSION = 1
const CALLED_TITLE = 10
const CALLING_TITLE = 26
const TITLE_LENGTH = 16
const RESERVED = 42
const VARIABLE_ITEMS = 74
const APPLICATION_CONTEXT = 0x10

export const dicom: Signature = {
  name: 'dicom',
  title: 'DICOM',
  transport: 'tcp',
  evidence: 'association request or acceptance of DICOM',
  begins: [ASSOCIATE_REQUEST, ASSOCIATE_ACCEPT],
  matches: (payload) => {
    const { bytes, at, end } = payload
    return (
      end - at >= VARIABLE_ITEMS + 2 &&
      bytes[at + 1] === 0 &&
      read32(bytes, at + 2) + HEADER >= payload.length &&
      (read16(bytes, at + HEADER) & VERSION) === VERSION &&
      read16(bytes, at + HEADER + 2) === 0 &&
      isPrintable(payload, CALLED_TITLE, CALLED_TITLE + TITLE_LENGTH) &&
      isPrintable(payload, CALLING_TITLE, CALLING_TITLE + TITLE_LENGTH) &&
      read32(bytes, at + RESERVED) === 0 &&
      bytes[at + VARIABLE_ITEMS] === APPLICATION_CONTEXT &&
      bytes[at + VARIABLE_ITEMS + 1] === 0
    )
  },
}
