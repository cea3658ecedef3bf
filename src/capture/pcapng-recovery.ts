/**
 * Finds the block at which reading a pcapng file can go on behind damage. A block tells its length at both ends, which few octets do
 * by chance; an enhanced packet block has more to bear it out, any other must be followed by a further block or the end. A section
 * header ends any gap, in whatever byte order it is.
 *
 * Of each octet one block and the header behind it are looked at, and none that is longer than `MAX_FOUND_LENGTH`: time is linear,
 * memory bounded, whatever a file holds. Blocks need not begin at multiples of 4 behind damage.
 */
import { read16, read16le, read32, read32le } from '../packet/bytes.ts'
import { MAX_BLOCK_LENGTH, MAX_FOUND_LENGTH } from './limits.ts'
import {
  BYTE_ORDER_MAGIC,
  DECRYPTION_SECRETS,
  ENHANCED_OVERHEAD,
  ENHANCED_PACKET,
  INTERFACE_DESCRIPTION,
  isCustom,
  isKnownVersion,
  leastLength,
  MIN_BLOCK_LENGTH,
  OBSOLETE_PACKET,
  SECTION_HEADER,
  SECTION_OVERHEAD,
  SYSTEMD_JOURNAL,
} from './pcapng-blocks.ts'

/** What the blocks before the damage say of those behind it. */
export interface BlockContext {
  /** Of the section; null before the first. */
  readonly little: boolean | null
  /** Captured octets at most of each interface of the section; -1 if it has no such interface. */
  readonly limitOf: (id: number) => number
}

const NO = 0
const YES = 1
const OPEN = 2

/** See `RecordReader.find`. */
export function findBlock(bytes: Uint8Array, from: number, end: number, context: BlockContext, isEnd: boolean): number {
  for (let at = from; at < end; at++) {
    const verdict = judge(bytes, at, end, context, isEnd)
    if (verdict === YES) return at
    if (verdict === OPEN) return -1 - at
  }
  return -1 - end
}

/** Octets of the block at `at`, if it is whole and says so at both ends; else 0. */
export function framedLength(bytes: Uint8Array, at: number, end: number, little: boolean): number {
  const read = little ? read32le : read32
  if (end - at < MIN_BLOCK_LENGTH) return 0
  const total = read(bytes, at + 4)
  if ((total & 3) !== 0 || total < MIN_BLOCK_LENGTH || total > end - at) return 0
  return read(bytes, at + total - 4) === total ? total : 0
}

/** Whether there is a block at `at`. */
function judge(bytes: Uint8Array, at: number, end: number, { little, limitOf }: BlockContext, isEnd: boolean): number {
  const open = isEnd ? NO : OPEN
  if (end - at < MIN_BLOCK_LENGTH) return open
  if (read32(bytes, at) === SECTION_HEADER) return judgeSection(bytes, at, end, open)
  if (little === null) return NO
  const read = little ? read32le : read32
  const type = read(bytes, at)
  if (!isKnown(type)) return NO
  const total = read(bytes, at + 4)
  if ((total & 3) !== 0 || total < leastLength(type) || total > MAX_FOUND_LENGTH) return NO
  const isPacket = type === ENHANCED_PACKET || type === OBSOLETE_PACKET
  if (isPacket) {
    if (end - at < ENHANCED_OVERHEAD) return open
    const half = little ? read16le : read16
    const limit = limitOf(type === ENHANCED_PACKET ? read(bytes, at + 8) : half(bytes, at + 8))
    const captured = read(bytes, at + 20)
    if (captured > limit || captured > total - ENHANCED_OVERHEAD) return NO
  }
  // A packet that the file ends in will be told as cut short.
  if (total > end - at) return isEnd && isPacket ? YES : open
  if (read(bytes, at + total - 4) !== total) return NO
  if (isPacket) return YES
  const next = at + total
  if (end - next < 8) return isEnd && next === end ? YES : open
  const nextType = read(bytes, next)
  const nextTotal = read(bytes, next + 4)
  if (nextType === SECTION_HEADER) return YES
  const fits = (nextTotal & 3) === 0 && nextTotal >= leastLength(nextType) && nextTotal <= MAX_BLOCK_LENGTH
  return isKnown(nextType) && fits ? YES : NO
}

function judgeSection(bytes: Uint8Array, at: number, end: number, open: number): number {
  if (end - at < SECTION_OVERHEAD) return open
  const little = read32le(bytes, at + 8) === BYTE_ORDER_MAGIC
  if (!little && read32(bytes, at + 8) !== BYTE_ORDER_MAGIC) return NO
  const read = little ? read32le : read32
  const half = little ? read16le : read16
  if (!isKnownVersion(half(bytes, at + 12), half(bytes, at + 14))) return NO
  const total = read(bytes, at + 4)
  if ((total & 3) !== 0 || total < SECTION_OVERHEAD || total > MAX_FOUND_LENGTH) return NO
  if (total > end - at) return open
  return read(bytes, at + total - 4) === total ? YES : NO
}

/** Types by which a block is recognised: others are passed over when reading goes on, but are too many to look for. */
function isKnown(type: number): boolean {
  return (
    (type >= INTERFACE_DESCRIPTION && type <= ENHANCED_PACKET) ||
    type === SYSTEMD_JOURNAL ||
    type === DECRYPTION_SECRETS ||
    isCustom(type)
  )
}
