/**
 * Telnet, RFC 854: text, and commands that begin with IAC (255).
 *
 *   IAC command | IAC WILL/WONT/DO/DONT option | IAC SB option ... IAC SE
 */
import { NONE, type Packet } from '../../packet/packet.ts'
import { computed } from '../field.ts'
import { type Protocol, protocolId } from '../protocol.ts'
import { asciiText } from './lines.ts'

export const TELNET = protocolId('telnet')

const IAC = 255
const SUBNEGOTIATION = 250

const COMMANDS = {
  236: 'End of File',
  237: 'Suspend Current Process',
  238: 'Abort Process',
  239: 'End of Record',
  240: 'Suboption End',
  241: 'No Operation',
  242: 'Data Mark',
  243: 'Break',
  244: 'Interrupt Process',
  245: 'Abort Output',
  246: 'Are You There?',
  247: 'Escape Character',
  248: 'Erase Line',
  249: 'Go Ahead',
  250: 'Suboption',
  251: 'Will',
  252: "Won't",
  253: 'Do',
  254: "Don't",
}

/** Calls `each` for every command (its code at `at`, one past its last octet `end`) and every line of text (`code` -1). */
function eachPiece(packet: Packet, layer: number, each: (code: number, at: number, end: number) => boolean): boolean {
  const { bytes } = packet
  const stop = packet.layerEnd[layer]
  let at = packet.layerAt[layer]
  while (at < stop) {
    if (bytes[at] === IAC && at + 1 < stop && bytes[at + 1] !== IAC) {
      const code = bytes[at + 1]
      const end = commandEnd(bytes, at, stop)
      if (each(code, at, Math.min(end, stop))) return true
      at = end
      continue
    }
    if (bytes[at] === IAC && at + 1 >= stop) return false
    let end = at
    while (end < stop && (bytes[end] !== IAC || (end + 1 < stop && bytes[end + 1] === IAC)))
      end += bytes[end] === IAC ? 2 : 1
    end = Math.min(end, stop)
    while (at < end) {
      const next = textLineEnd(bytes, at, end)
      if (each(-1, at, next)) return true
      at = next
    }
  }
  return false
}

/** One past the line of text at `at`: it ends with LF, or CR and LF or NUL. */
function textLineEnd(bytes: Uint8Array, at: number, end: number): number {
  for (let i = at; i < end; i++) {
    if (bytes[i] === 0x0a) return i + 1
    if (bytes[i] === 0x0d && i + 1 < end && (bytes[i + 1] === 0x0a || bytes[i + 1] === 0x00)) return i + 2
  }
  return end
}

/** One past the command at `at`: two octets, three with an option, up to IAC SE with a subnegotiation. */
function commandEnd(bytes: Uint8Array, at: number, stop: number): number {
  const code = bytes[at + 1]
  if (code > SUBNEGOTIATION) return at + 3
  if (code < SUBNEGOTIATION) return at + 2
  for (let i = at + 3; i + 1 < stop; i++) {
    if (bytes[i] !== IAC) continue
    if (bytes[i + 1] !== IAC) return i
    i++
  }
  return stop
}

export const telnet: Protocol = {
  id: TELNET,
  name: 'telnet',
  title: 'Telnet',
  need: 'dissection',
  carriedBy: { 'tcp.application': 23 },
  fields: [
    computed(
      'uint8',
      'telnet.cmd',
      'Command',
      (packet, layer, visit) => eachPiece(packet, layer, (code) => code >= 0 && visit(code, 0)),
      { values: COMMANDS, need: 'dissection' },
    ),
    computed(
      'uint8',
      'telnet.subcmd',
      'Subcommand; the option that a command is about',
      (packet, layer, visit) =>
        eachPiece(
          packet,
          layer,
          (code, at, end) => code >= SUBNEGOTIATION && at + 2 < end && visit(packet.bytes[at + 2], 0),
        ),
      { need: 'dissection' },
    ),
    computed(
      'string',
      'telnet.data',
      'Data; text, a line each',
      (packet, layer, visit) =>
        eachPiece(packet, layer, (code, at, end) => code < 0 && visit(asciiText(packet.bytes, at, end), 0)),
      { need: 'dissection' },
    ),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.enter(TELNET, at)
    packet.payload = packet.end
    const { bytes, end } = packet
    // A lone IAC: the command is missing.
    if (at < end && bytes[end - 1] === IAC && (end - at < 2 || bytes[end - 2] !== IAC)) return packet.truncated(TELNET)
    return NONE
  },
}
