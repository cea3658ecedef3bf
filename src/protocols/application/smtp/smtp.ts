/**
 * SMTP: Simple Mail Transfer Protocol, RFC 5321; with TLS, RFC 3207; AUTH LOGIN is not specified anywhere.
 *
 *   MAIL FROM:<alice@example.org>
 *   250 OK
 */
import { NONE, ONE_MORE_SEGMENT, type Packet } from '../../../packet/packet.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { IMF, TEXT_LINES } from '../http/body.ts'
import { beginsWith, lineEnd, nextLine } from '../lines.ts'
import { TLS } from '../tls/tls.ts'
import { goesTo } from '../transport.ts'
import { smtpFields } from './fields.ts'
import {
  COMMAND,
  END_OF_MESSAGE,
  LOGIN_STARTED,
  NO_LOGIN,
  PASSWORD,
  PASSWORD_LINE,
  type SmtpNote,
  SmtpState,
  smtpNotes,
  TEXT,
  USER_NAME_LINE,
  USERNAME,
} from './state.ts'

export const SMTP = protocolId('smtp')

const PORTS = [25, 587]

/** Lines of a layer that fields are read from. */
const MAX_LINES = 256

export const smtp: Protocol = {
  id: SMTP,
  name: 'smtp',
  title: 'Simple Mail Transfer Protocol',
  need: 'dissection',
  carriedBy: { 'tcp.application': PORTS },
  fields: smtpFields,

  /** Hot. */
  decode(packet, at) {
    const { bytes } = packet
    if (packet.canReassemble && lineEnd(bytes, at, packet.end, true) < 0) return packet.incomplete(ONE_MORE_SEGMENT)
    packet.enter(SMTP, at)
    const note = smtpNotes.add(packet, at)
    note.count = 0
    note.isRequest = goesTo(packet, packet.layerCount - 1, PORTS)
    packet.payload = packet.end
    const state = stateOf(packet)
    return note.isRequest ? decodeClient(packet, at, state, note) : decodeServer(packet, at, state)
  },
}

/** Hot: the state of the packet's conversation, made if it is new. */
function stateOf(packet: Packet): SmtpState {
  const { conversation } = packet
  let state = conversation?.state.get(SMTP) as SmtpState | undefined
  if (state === undefined) {
    state = new SmtpState()
    conversation?.state.set(SMTP, state)
  }
  return state
}

/** Hot: commands, and the text of a message. */
function decodeClient(packet: Packet, at: number, state: SmtpState, note: SmtpNote): number {
  const { bytes, end } = packet
  let textAt = state.isInMessage ? at : -1
  let line = at
  while (line < end) {
    const stop = lineEnd(bytes, line, end, false)
    const next = nextLine
    if (state.isInMessage) {
      if (stop === line + 1 && bytes[line] === DOT && next > stop) {
        add(note, END_OF_MESSAGE, line)
        if (textAt >= 0) state.keep(bytes, textAt, line)
        // Wireshark leaves out what follows a message in its last segment.
        return state.finish(packet) ? IMF : NONE
      } else if (textAt < 0) textAt = line
    } else readCommand(bytes, line, stop, state, note)
    line = next
  }
  if (state.isInMessage && textAt >= 0) state.keep(bytes, textAt, end)
  const hasText = textAt >= 0 || (note.count > 0 && note.kind[0] === TEXT)
  if (!hasText || (textAt >= 0 && note.count > 0)) return NONE
  packet.payload = at
  return TEXT_LINES
}

const DOT = 0x2e

/** Hot. */
function add(note: SmtpNote, kind: number, at: number): void {
  if (note.count === MAX_LINES) return
  note.at[note.count] = at
  note.kind[note.count++] = kind
}

/** Hot. */
function readCommand(bytes: Uint8Array, at: number, end: number, state: SmtpState, note: SmtpNote): void {
  if (state.login === USERNAME || state.login === PASSWORD) {
    add(note, state.login === USERNAME ? USER_NAME_LINE : PASSWORD_LINE, at)
    state.login = state.login === USERNAME ? LOGIN_STARTED : NO_LOGIN
    return
  }
  if (!isCommand(bytes, at, end)) {
    add(note, TEXT, at)
    return
  }
  add(note, COMMAND, at)
  if (beginsWith(bytes, at, end, 'data')) state.begin()
  else if (beginsWith(bytes, at, end, 'starttls')) state.asksForTls = true
  else if (beginsWith(bytes, at, end, 'auth login')) state.login = LOGIN_STARTED
}

/** Hot: four letters alone or before a space, or one of the longer commands. */
function isCommand(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 4) return false
  if (end - at > 4 && bytes[at + 4] !== 0x20 && !beginsWith(bytes, at, end, 'starttls')) return false
  for (let i = at; i < at + 4; i++) {
    const letter = bytes[i] | 0x20
    if (letter < 0x61 || letter > 0x7a) return false
  }
  return true
}

/** Hot: what a reply changes. */
function decodeServer(packet: Packet, at: number, state: SmtpState): number {
  const { bytes } = packet
  const end = lineEnd(bytes, at, packet.end, false)
  if (state.asksForTls && beginsWith(bytes, at, end, '220') && packet.conversation !== null)
    packet.conversation.protocol = TLS
  else if (state.login === LOGIN_STARTED && beginsWith(bytes, at, end, '334')) {
    // The prompts are "Username:" and "Password:" in base64.
    if (beginsWith(bytes, at + 4, end, 'vxnlcm5hbwu6')) state.login = USERNAME
    else if (beginsWith(bytes, at + 4, end, 'ugfzc3dvcmq6')) state.login = PASSWORD
  }
  state.asksForTls = false
  return NONE
}
