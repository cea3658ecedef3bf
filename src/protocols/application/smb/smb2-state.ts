/** What is known of an SMB2 connection across its messages: requests that wait for an answer, and shares. */
import { read16le, read32le } from '../../../packet/bytes.ts'
import type { Packet } from '../../../packet/packet.ts'
import { LayerNotes } from '../layer-notes.ts'
import { type Answered, notAnswered, RecentRequests } from '../recent-requests.ts'

// Octets from the first octet of a message.
const STATUS = 8
const COMMAND = 12
const FLAGS = 16
const MESSAGE_ID = 24
const TID = 36
const SESSION = 40
const BODY = 64
const RESPONSE = 1

const TREE_CONNECT = 3
/** Shares of one connection that are remembered, requests for one without an answer, characters of a name. */
const MAX_TREES = 64
const MAX_WAITING = 16
const MAX_NAME = 512

/** A share: its name, what kind it is, and the packet that said so. */
export interface Tree {
  readonly name: string
  readonly type: number
  readonly frame: number
}

/** What is known of a message beyond its octets. */
export interface MessageNote {
  readonly answered: Answered
  tree: Tree | null
}

export const smb2Notes = new LayerNotes<MessageNote>(() => ({ answered: notAnswered(), tree: null }))

class Smb2State {
  readonly requests = new RecentRequests()
  readonly trees = new Map<number, Tree>()
  /** By message ID: the names of shares that were asked for. */
  readonly waiting = new Map<number, string>()
}

const states = new WeakMap<object, Smb2State>()

/** Hot, but for the requests that connect to a share: the message lies from `at` to `end`, and has a whole header. */
export function noteMessage(packet: Packet, at: number, end: number): void {
  const note = smb2Notes.add(packet, at)
  note.answered.frame = 0
  note.tree = null
  const { bytes, conversation } = packet
  if (conversation === null) return
  let state = states.get(conversation)
  if (state === undefined) {
    state = new Smb2State()
    states.set(conversation, state)
  }
  const id = read32le(bytes, at + MESSAGE_ID)
  const key = id * 65_536 + read16le(bytes, at + COMMAND)
  const tree = treeKey(bytes, at)
  const isConnect = read16le(bytes, at + COMMAND) === TREE_CONNECT
  if ((bytes[at + FLAGS] & RESPONSE) === 0) {
    state.requests.add(packet, key)
    if (isConnect) noteTree(bytes, at, end, id, state)
    else note.tree = state.trees.get(tree) ?? null
    return
  }
  state.requests.find(packet, key, note.answered)
  if (!isConnect) {
    note.tree = state.trees.get(tree) ?? null
    return
  }
  const name = state.waiting.get(id)
  state.waiting.delete(id)
  if (name === undefined || read32le(bytes, at + STATUS) !== 0 || at + BODY + 3 > end) return
  if (state.trees.size < MAX_TREES || state.trees.has(tree))
    state.trees.set(tree, { name, type: bytes[at + BODY + 2], frame: packet.number })
}

/** Hot: shares are numbered within a session. */
function treeKey(bytes: Uint8Array, at: number): number {
  return read32le(bytes, at + TID) + (read32le(bytes, at + SESSION) & 0xf_ffff) * 2 ** 32
}

function noteTree(bytes: Uint8Array, at: number, end: number, id: number, state: Smb2State): void {
  const name = pathOf(bytes, at, end)
  if (name === null) return
  if (state.waiting.size >= MAX_WAITING) state.waiting.clear()
  state.waiting.set(id, name.slice(0, MAX_NAME))
}

/** The share that a TREE_CONNECT request names ([MS-SMB2] §2.2.9); null if it is cut. */
export function pathOf(bytes: Uint8Array, at: number, end: number): string | null {
  const body = at + BODY
  if (body + 8 > end) return null
  const from = at + read16le(bytes, body + 4)
  const length = read16le(bytes, body + 6)
  return from >= body && from + length <= end ? utf16(bytes, from, length) : null
}

/** Text of two octets a character, little-endian. */
export function utf16(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length - (length % 2)).toString('utf16le')
}
