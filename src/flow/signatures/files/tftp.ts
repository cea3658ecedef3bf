/** TFTP: RFC 1350 §5; RFC 2347 (options). */
import { read16 } from '../../../packet/bytes.ts'
import { isPrintable } from '../mail/line.ts'
import type { Payload } from '../payload.ts'
import type { Signature } from '../signature.ts'

const READ_REQUEST = 1
const WRITE_REQUEST = 2
const DATA = 3
const ERROR = 5
const OPTION_ACKNOWLEDGMENT = 6
const HEADER = 4
const MAX_ERROR = 8
const MODES = ['octet\0', 'netascii\0', 'mail\0']
const OPTIONS = ['blksize\0', 'tsize\0', 'timeout\0', 'windowsize\0', 'rollover\0', 'multicast\0']
/** 512, and what clients ask for with blksize (RFC 2348). */
const BLOCK_SIZES = [512, 1024, 1408, 1428, 1432, 1456, 1468, 2048, 4096, 8192]

/** A server answers from a port of its own, so its first block must do: acknowledgments are of four octets, and tell nothing. */
export const tftp: Signature = {
  name: 'tftp',
  title: 'Trivial File Transfer Protocol',
  transport: 'udp',
  evidence: 'request, option acknowledgment, error or first block of TFTP',
  begins: [0],
  matches: (payload) => {
    const { bytes, at, end } = payload
    if (end - at < HEADER + 1) return false
    switch (read16(bytes, at)) {
      case READ_REQUEST:
      case WRITE_REQUEST:
        return isRequest(payload)
      case DATA:
        return payload.isFirst && read16(bytes, at + 2) === 1 && BLOCK_SIZES.includes(payload.length - HEADER)
      case ERROR:
        // An error may come without text, but then tells too little.
        return (
          read16(bytes, at + 2) <= MAX_ERROR &&
          payload.length > HEADER + 2 &&
          textLength(payload, HEADER) === payload.length - HEADER - 1
        )
      case OPTION_ACKNOWLEDGMENT:
        return hasOneOf(payload, OPTIONS, 2)
      default:
        return false
    }
  },
}

/** Hot: octets of the text at `offset` that a zero octet ends; 0 if it is empty, is not ended or does not print. */
function textLength(payload: Payload, offset: number): number {
  const end = payload.indexOf('\0', offset)
  return end > offset && isPrintable(payload, offset, end) ? end - offset : 0
}

/** Hot: a file's name, then the mode. */
function isRequest(payload: Payload): boolean {
  const name = textLength(payload, 2)
  return name > 0 && hasOneOf(payload, MODES, 2 + name + 1)
}

/** Hot. */
function hasOneOf(payload: Payload, texts: readonly string[], offset: number): boolean {
  for (const text of texts) if (payload.startsWithIgnoringCase(text, offset)) return true
  return false
}
