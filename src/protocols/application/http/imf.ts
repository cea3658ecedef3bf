/** The head of an Internet message (RFC 5322): where its body begins, and what it says of it. */
import { beginsWith, lineEnd, nextLine } from '../lines.ts'
import { valueAt } from './head.ts'

/** What `readMessageHead` found; `typeAt` is -1 if there is no Content-Type. */
export const messageHead = { bodyAt: 0, typeAt: -1, typeEnd: -1 }

/** Hot: reads the head at `at`, up to a blank line. Lines that begin with white space go on with the header before. */
export function readMessageHead(bytes: Uint8Array, at: number, end: number): void {
  messageHead.typeAt = -1
  messageHead.typeEnd = -1
  let isType = false
  let line = at
  while (line < end) {
    const stop = lineEnd(bytes, line, end, false)
    const next = nextLine
    if (stop === line) {
      line = next
      break
    }
    const isFolded = bytes[line] === 0x20 || bytes[line] === 0x09
    if (!isFolded) isType = beginsWith(bytes, line, stop, 'content-type:')
    if (isType && !isFolded) messageHead.typeAt = valueAt(bytes, line + 12, stop)
    if (isType) messageHead.typeEnd = stop
    line = next
  }
  messageHead.bodyAt = line
}
