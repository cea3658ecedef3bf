/** Multipart bodies (RFC 2046 §5.1): their parts become layers, each by its own Content-Type. */
import { MAX_LAYERS, type Packet } from '../../../packet/packet.ts'
import { beginsWith, lineEnd, nextLine } from '../lines.ts'
import { messageHead, readMessageHead } from './imf.ts'

/** Parts that become layers; multiparts within multiparts count too. */
const MAX_PARTS = 16

/** What is done with a part: its octets lie from `at` to `packet.end`, its Content-Type (-1 for none) from `typeAt` to `typeEnd`. */
export type EnterPart = (packet: Packet, at: number, typeAt: number, typeEnd: number) => void

/**
 * Hot: hands each part of the body at `at` to `enter`, if it has octets and a delimiter behind it. The Content-Type from
 * `typeAt` to `typeEnd` names the boundary. Returns false if no delimiter is found.
 */
export function enterParts(packet: Packet, at: number, typeAt: number, typeEnd: number, enter: EnterPart): boolean {
  const { bytes, end, wireEnd } = packet
  const boundary = boundaryAt(bytes, typeAt, typeEnd)
  if (boundary < 0) return false
  const boundaryStop = boundaryEnd(bytes, boundary, typeEnd)
  const length = boundaryStop - boundary + 2
  const first = findDelimiter(bytes, at, end, boundary, boundaryStop)
  if (first < 0) return false
  lineEnd(bytes, first, end, false)
  let line = nextLine
  for (let part = 0; part < MAX_PARTS && line < end && packet.layerCount < MAX_LAYERS - 8; part++) {
    readMessageHead(bytes, line, end)
    const partAt = messageHead.bodyAt
    const partType = messageHead.typeAt
    const partTypeEnd = messageHead.typeEnd
    const next = findDelimiter(bytes, partAt, end, boundary, boundaryStop)
    if (next < 0) break
    // The line end before a delimiter belongs to it.
    let partEnd = next
    if (partEnd > partAt && bytes[partEnd - 1] === 0x0a) partEnd--
    if (partEnd > partAt && bytes[partEnd - 1] === 0x0d) partEnd--
    if (partEnd > partAt) {
      packet.end = packet.wireEnd = partEnd
      enter(packet, partAt, partType, partTypeEnd)
    }
    const stop = lineEnd(bytes, next, end, false)
    line = nextLine
    if (stop - next >= length + 2 && bytes[next + length] === HYPHEN) break
  }
  packet.end = end
  packet.wireEnd = wireEnd
  return true
}

const HYPHEN = 0x2d

/** Hot: the first line from `at` on that is two hyphens and the boundary from `from` to `to`; -1 if there is none. */
function findDelimiter(bytes: Uint8Array, at: number, end: number, from: number, to: number): number {
  let line = at
  while (line < end) {
    if (bytes[line] === HYPHEN && bytes[line + 1] === HYPHEN) {
      let i = 0
      while (from + i < to && line + 2 + i < end && bytes[line + 2 + i] === bytes[from + i]) i++
      if (from + i === to) return line
    }
    lineEnd(bytes, line, end, false)
    line = nextLine
  }
  return -1
}

/** Hot: where the value of the parameter `boundary` begins, behind a quotation mark if it has one; -1 if there is none. */
function boundaryAt(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    if ((bytes[i] | 0x20) !== 0x62 || !beginsWith(bytes, i, end, 'boundary=')) continue
    const value = i + 9
    return bytes[value] === 0x22 ? value + 1 : value
  }
  return -1
}

/** Hot: where it ends. */
function boundaryEnd(bytes: Uint8Array, at: number, end: number): number {
  const isQuoted = bytes[at - 1] === 0x22
  let i = at
  while (i < end && (isQuoted ? bytes[i] !== 0x22 : bytes[i] !== 0x3b && bytes[i] > 0x20)) i++
  return i
}
