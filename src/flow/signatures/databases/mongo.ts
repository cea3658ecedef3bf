/** MongoDB: its documentation, "MongoDB Wire Protocol". Little-endian. */
import { read32le } from '../../../packet/bytes.ts'
import { isPrintable } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const HEADER = 16
/** Limit of a message (maxMessageSizeBytes). */
const MAX_MESSAGE = 48_000_000
const REPLY = 1
const QUERY = 2004
const COMPRESSED = 2012
const MESSAGE = 2013
/** Checksum present, more to come, exhaust allowed: others that are below 16 must be 0. */
const REQUIRED_FLAGS = 0xfffc
/** The smallest BSON document: its length and the octet that ends it. */
const MIN_DOCUMENT = 5
/** Types of elements, but for the two that order keys. */
const MAX_ELEMENT = 0x13
const MAX_NAMESPACE = 128

export const mongo: Signature = {
  name: 'mongo',
  title: 'Mongo Wire Protocol',
  transport: 'tcp',
  evidence: 'header and document of MongoDB',
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER + 10) return false
    const operation = read32le(bytes, at + 12)
    if (operation !== MESSAGE && operation !== QUERY && operation !== REPLY && operation !== COMPRESSED) return false
    const length = read32le(bytes, at)
    if (length < payload.length || length > MAX_MESSAGE) return false
    switch (operation) {
      case MESSAGE:
        return isMessage(payload, length)
      case QUERY:
        return isQuery(payload)
      case REPLY:
        return isReply(payload, length)
      default:
        // The operation within, its length without compression, the compressor.
        return isCompressed(payload)
    }
  },
}

/** Hot: flags, then a section of kind 0, which is one document, or of kind 1, which says its length too. */
function isMessage(payload: Payload, length: number): boolean {
  const { bytes, at } = payload
  const kind = bytes[at + HEADER + 4]
  const size = read32le(bytes, at + HEADER + 5)
  return (
    (read32le(bytes, at + HEADER) & REQUIRED_FLAGS) === 0 &&
    size >= MIN_DOCUMENT &&
    size < length - HEADER &&
    (kind === 0 ? isElement(payload, HEADER + 9, size) : kind === 1)
  )
}

/** Hot: flags, the collection with its database, and later the document. */
function isQuery(payload: Payload): boolean {
  if (read32le(payload.bytes, payload.at + HEADER) > 0xff) return false
  const nameEnd = payload.indexOf('\0', HEADER + 4)
  const dot = payload.indexOf('.', HEADER + 4)
  return (
    dot > HEADER + 4 &&
    dot < nameEnd &&
    nameEnd < HEADER + 4 + MAX_NAMESPACE &&
    isPrintable(payload, HEADER + 4, nameEnd)
  )
}

/** Hot: flags, cursor, the first document's number, how many there are, and the first of them. */
function isReply(payload: Payload, length: number): boolean {
  const { bytes, at, end } = payload
  if (end - at < HEADER + 24 || read32le(bytes, at + HEADER) > 0x0f || read32le(bytes, at + 8) === 0) return false
  const count = read32le(bytes, at + HEADER + 16)
  const size = read32le(bytes, at + HEADER + 20)
  return count > 0 && count < 0x100000 && size <= length - HEADER - 20 && isElement(payload, HEADER + 24, size)
}

/** Hot: whether a document of `size` octets has its first element at `offset`: a type and a name; or is empty. */
function isElement(payload: Payload, offset: number, size: number): boolean {
  const { bytes, at, end } = payload
  if (at + offset >= end) return false
  if (size === MIN_DOCUMENT) return bytes[at + offset] === 0
  const type = bytes[at + offset]
  const nameEnd = payload.indexOf('\0', offset + 1)
  return size > MIN_DOCUMENT && type >= 1 && type <= MAX_ELEMENT && isPrintable(payload, offset + 1, nameEnd)
}

/** Hot: noop, snappy, zlib or zstd. */
function isCompressed({ bytes, at }: Payload): boolean {
  const operation = read32le(bytes, at + HEADER)
  return (
    (operation === MESSAGE || operation === QUERY || operation === REPLY) &&
    read32le(bytes, at + HEADER + 4) <= MAX_MESSAGE &&
    bytes[at + HEADER + 8] <= 3
  )
}
