/**
 * What decoding found in the TLS layers of the packet in hand: records, and the handshake messages in them, which may span
 * records. Kept by layer, since what a record holds depends on the records before it.
 */
import type { Packet } from '../../../packet/packet.ts'
import { LayerNotes } from '../layer-notes.ts'

/** Records, or messages, of one packet. */
const MAX_PIECES = 1024

/** `recordFlags`. */
export const ENCRYPTED = 1
/** A record of SSL 2.0. */
export const OLD = 2
/** TLS 1.3: the content type on the outside says nothing. */
export const OPAQUE = 4

export const recordAt = new Int32Array(MAX_PIECES)
export const recordFlags = new Uint8Array(MAX_PIECES)
/** Handshake messages, header included; in SSL 2.0, from the type on. */
export const messageAt = new Int32Array(MAX_PIECES)
export const messageEnd = new Int32Array(MAX_PIECES)
export const messageFlags = new Uint8Array(MAX_PIECES)
/** The pieces of a layer: the first, and one past the last. */
export interface Pieces {
  firstRecord: number
  lastRecord: number
  firstMessage: number
  lastMessage: number
}

const notes = new LayerNotes<Pieces>(() => ({ firstRecord: 0, lastRecord: 0, firstMessage: 0, lastMessage: 0 }))

const NO_PIECES: Pieces = { firstRecord: 0, lastRecord: 0, firstMessage: 0, lastMessage: 0 }

/** The pieces of a layer of the packet in hand. */
export function piecesOf(packet: Packet, layer: number): Pieces {
  return notes.of(packet, layer) ?? NO_PIECES
}

let packetNumber = -1
let records = 0
let messages = 0
let current: Pieces = NO_PIECES

/** Hot: pieces that follow belong to the layer at `at`. */
export function beginPieces(packet: Packet, at: number): void {
  if (packet.number !== packetNumber || records === MAX_PIECES || messages === MAX_PIECES) {
    packetNumber = packet.number
    records = 0
    messages = 0
  }
  current = notes.add(packet, at)
  current.firstRecord = current.lastRecord = records
  current.firstMessage = current.lastMessage = messages
}

/** Hot. */
export function addRecord(at: number, flags: number): void {
  if (records === MAX_PIECES) return
  recordAt[records] = at
  recordFlags[records] = flags
  current.lastRecord = ++records
}

/** Hot. */
export function addMessage(at: number, end: number, flags: number): void {
  if (messages === MAX_PIECES) return
  messageAt[messages] = at
  messageEnd[messages] = end
  messageFlags[messages] = flags
  current.lastMessage = ++messages
}
