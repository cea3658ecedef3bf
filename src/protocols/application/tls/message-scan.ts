/** Fields of handshake messages that are read from front to back. */
import type { Field } from '../../field.ts'
import { type Item, type Scan, scanned } from '../../scan.ts'
import { CLIENT_HELLO, ENCRYPTED_EXTENSIONS, eachExtension, SERVER_HELLO } from './handshake.ts'
import { messageAt, messageEnd, messageFlags, OLD, piecesOf } from './pieces.ts'

/** Walks one message: `scan` lies behind its header, and ends with it. */
export type WalkMessage = (scan: Scan, type: number) => void

const HEADER_LENGTH = 4

/** The fields of `items`, as `walk` finds them in each handshake message of a layer. */
export function ofMessages(items: readonly Item[], walk: WalkMessage): Field[] {
  return scanned(items, (scan) => {
    const { firstMessage, lastMessage } = piecesOf(scan.packet, scan.layer)
    for (let i = firstMessage; i < lastMessage && !scan.found; i++) {
      if ((messageFlags[i] & OLD) !== 0) continue
      restart(scan, messageAt[i] + HEADER_LENGTH, messageEnd[i])
      walk(scan, scan.bytes[messageAt[i]])
    }
  })
}

/** The same of each extension of hellos: `scan` lies where the value of an extension of type `type` does. */
export function ofExtensions(items: readonly Item[], walk: (scan: Scan, type: number, hello: number) => void): Field[] {
  return ofMessages(items, (scan, hello) => {
    if (hello !== CLIENT_HELLO && hello !== SERVER_HELLO && hello !== ENCRYPTED_EXTENSIONS) return
    eachExtension(scan.bytes, scan.at - HEADER_LENGTH, scan.end, (type, at, length) => {
      restart(scan, at, at + length)
      walk(scan, type, hello)
      return scan.found
    })
  })
}

/** What ends before it should ends itself alone, and not the walk. */
function restart(scan: Scan, at: number, end: number): void {
  scan.at = at
  scan.end = end
  scan.going = true
}
