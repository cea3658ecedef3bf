/** The fields of SMTP. */
import type { Packet } from '../../../packet/packet.ts'
import { computed, type Field, type FieldType, type Visit } from '../../field.ts'
import { lineEnd, nextLine, utf8 } from '../lines.ts'
import { COMMAND, END_OF_MESSAGE, PASSWORD_LINE, smtpNotes, USER_NAME_LINE } from './state.ts'

const NEEDS = { need: 'dissection' } as const

type ReadLine = (bytes: Uint8Array, at: number, end: number, next: number, visit: Visit) => boolean

/** A field of a client's lines, of some kinds. */
function client(type: FieldType, name: string, kinds: readonly number[], description: string, read: ReadLine): Field {
  return computed(
    type,
    name,
    description,
    (packet, layer, visit) => {
      const note = smtpNotes.of(packet, layer)
      if (note === null || !note.isRequest) return false
      const stop = packet.layerEnd[layer]
      for (let i = 0; i < note.count; i++) {
        if (!kinds.includes(note.kind[i])) continue
        const end = lineEnd(packet.bytes, note.at[i], stop, false)
        if (read(packet.bytes, note.at[i], end, nextLine, visit)) return true
      }
      return false
    },
    NEEDS,
  )
}

/** Calls `each` for each line of a server's layer; `isFirst` unless it goes on with the reply of the line before. */
function eachReplyLine(
  packet: Packet,
  layer: number,
  each: (at: number, end: number, next: number, isFirst: boolean) => boolean,
): boolean {
  const note = smtpNotes.of(packet, layer)
  if (note === null || note.isRequest) return false
  const { bytes } = packet
  const stop = packet.layerEnd[layer]
  let line = packet.layerAt[layer]
  let isFirst = true
  while (line < stop) {
    const end = lineEnd(bytes, line, stop, false)
    const next = nextLine
    if (replyCode(bytes, line, end) >= 0) {
      if (each(line, end, next, isFirst)) return true
      isFirst = bytes[line + 3] !== HYPHEN || end === line + 3
    }
    line = next
  }
  return false
}

const HYPHEN = 0x2d

/** The reply code that a line begins with; -1 if it begins with none. */
function replyCode(bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 3) return -1
  let code = 0
  for (let i = at; i < at + 3; i++) {
    if (bytes[i] < 0x30 || bytes[i] > 0x39) return -1
    code = 10 * code + bytes[i] - 0x30
  }
  return code
}

export const smtpFields: readonly Field[] = [
  client(
    'boolean',
    'smtp.req',
    [COMMAND, USER_NAME_LINE, PASSWORD_LINE],
    'Request',
    (_bytes, _at, _end, _next, visit) => visit(1, 0),
  ),
  computed(
    'boolean',
    'smtp.rsp',
    'Response',
    (packet, layer, visit) => smtpNotes.of(packet, layer)?.isRequest === false && visit(1, 0),
    NEEDS,
  ),
  client('string', 'smtp.command_line', [COMMAND], 'Command Line; with its end', (bytes, at, _end, next, visit) =>
    visit(utf8(bytes, at, next), 0),
  ),
  client('string', 'smtp.req.command', [COMMAND], 'Command; its first four letters', (bytes, at, _end, _next, visit) =>
    visit(utf8(bytes, at, at + 4), 0),
  ),
  client(
    'string',
    'smtp.req.parameter',
    [COMMAND],
    'Request parameter; what follows the fifth letter',
    (bytes, at, end, _next, visit) => end - at > 5 && visit(utf8(bytes, at + 5, end), 0),
  ),
  computed(
    'string',
    'smtp.response',
    'Response; its first line, with its end',
    (packet, layer, visit) =>
      eachReplyLine(packet, layer, (at, _end, next, isFirst) => isFirst && visit(utf8(packet.bytes, at, next), 0)),
    NEEDS,
  ),
  computed(
    'uint32',
    'smtp.response.code',
    'Response code',
    (packet, layer, visit) =>
      eachReplyLine(packet, layer, (at, end, _next, isFirst) => isFirst && visit(replyCode(packet.bytes, at, end), 0)),
    NEEDS,
  ),
  computed(
    'string',
    'smtp.rsp.parameter',
    'Response parameter; the text of each line',
    (packet, layer, visit) =>
      eachReplyLine(packet, layer, (at, end) => end - at > 4 && visit(utf8(packet.bytes, at + 4, end), 0)),
    NEEDS,
  ),
  client('string', 'smtp.auth.username', [USER_NAME_LINE], 'Username; in base64', (bytes, at, end, _next, visit) =>
    visit(utf8(bytes, at, end), 0),
  ),
  client('string', 'smtp.auth.password', [PASSWORD_LINE], 'Password; in base64', (bytes, at, end, _next, visit) =>
    visit(utf8(bytes, at, end), 0),
  ),
  client('none', 'smtp.eom', [END_OF_MESSAGE], 'EOM; a message ends', (_bytes, _at, _end, _next, visit) => visit(0, 0)),
]
