/**
 * SMB version 1, [MS-CIFS] §2.2.3. Little-endian.
 *
 *    0             4         5        9       10       12         14          22         24    26    28    30   32
 *    | 0xff "SMB" | command | status | flags | flags2 | pid high | signature | reserved | tid | pid | uid | mid |
 *
 * then the parameters (a count of 16-bit words, and they) and the data (a count of octets, and they). A command that ends in
 * "AndX" names another one in its first word, and in its second where that lies.
 */
import { read16le, read32le } from '../../../packet/bytes.ts'
import { NONE, type Packet } from '../../../packet/packet.ts'
import { computed, type Field, flag, span, u8, when } from '../../field.ts'
import { type Protocol, protocolId } from '../../protocol.ts'
import { le16, le32, leBits } from '../little-endian.ts'
import { enterGssApi } from '../security/gss-api.ts'
import { smbCommandNames } from './commands.ts'
import { enterMailslot } from './mailslot.ts'
import { ntStatusNames } from './nt-status.ts'

export const SMB = protocolId('smb')

/** Octets before the parameters. */
const HEADER_LENGTH = 32

// Octets from the first octet of the header.
const COMMAND = 4
const STATUS = 5
const FLAGS = 9
const FLAGS2 = 10
const PID_HIGH = 12
const SIGNATURE = 14
const TID = 24
const PID = 26
const UID = 28
const MID = 30

/** The message is a response (`FLAGS`). */
const RESPONSE = 0x80
// Of `FLAGS2`: security is extended, status codes are NT's, strings are UTF-16.
const EXTENDED_SECURITY = 0x0800
const NT_STATUS = 0x4000
const UNICODE = 0x8000

const TRANSACTION = 0x25
const NEGOTIATE = 0x72
const SESSION_SETUP = 0x73
/** Commands whose first parameters name another command. */
const ANDX = [0x24, 0x2d, 0x2e, 0x2f, 0x73, 0x74, 0x75, 0xa2]
const NO_COMMAND = 0xff
/** Commands followed in one message; more are no harm, but a message of them is. */
const MAX_COMMANDS = 16

/** Calls `each(command, at)` for each command of the message; `at` is its count of parameter words. */
function eachCommand(packet: Packet, layer: number, each: (command: number, at: number) => boolean): boolean {
  const { bytes } = packet
  const start = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  if (start + COMMAND >= end) return false
  let command = bytes[start + COMMAND]
  let at = start + HEADER_LENGTH
  for (let i = 0; i < MAX_COMMANDS && command !== NO_COMMAND; i++) {
    if (each(command, at)) return true
    if (!ANDX.includes(command) || at + 5 > end || bytes[at] === 0) return false
    command = bytes[at + 1]
    const next = start + read16le(bytes, at + 3)
    if (next <= at) {
      if (command !== NO_COMMAND) return false
      break
    }
    at = next
  }
  return command === NO_COMMAND && each(NO_COMMAND, -1)
}

function hasNtStatus(packet: Packet, layer: number): boolean {
  const at = packet.layerAt[layer]
  return at + HEADER_LENGTH <= packet.layerEnd[layer] && (read16le(packet.bytes, at + FLAGS2) & NT_STATUS) !== 0
}

const hasDosError = (packet: Packet, layer: number): boolean =>
  packet.layerAt[layer] + HEADER_LENGTH <= packet.layerEnd[layer] && !hasNtStatus(packet, layer)

/** The counts of each command's parameters and data. */
function counts(type: 'uint8' | 'uint16', name: string, description: string): Field {
  return computed(type, name, description, (packet, layer, visit) =>
    eachCommand(packet, layer, (_command, at) => {
      const { bytes } = packet
      const end = packet.layerEnd[layer]
      if (at < 0 || at >= end) return false
      if (type === 'uint8') return visit(bytes[at], 0)
      const dataAt = at + 1 + 2 * bytes[at]
      return dataAt + 2 <= end && visit(read16le(bytes, dataAt), 0)
    }),
  )
}

function bit2(name: string, mask: number, description: string): Field {
  return leBits('boolean', name, FLAGS2, 2, mask, description)
}

export const smb: Protocol = {
  id: SMB,
  name: 'smb',
  title: 'SMB (Server Message Block Protocol)',
  need: 'dissection',
  fields: [
    le32('smb.server_component', 0, 'Server Component; 0xff and the letters SMB', { base: 'hex' }),
    computed(
      'uint8',
      'smb.cmd',
      'SMB Command; behind it those that follow it in the message, and 0xff for no more',
      (packet, layer, visit) => eachCommand(packet, layer, (command) => visit(command, 0)),
      { base: 'hex', values: smbCommandNames },
    ),
    le32('smb.nt_status', STATUS, 'NT Status', { base: 'hex', values: ntStatusNames }, hasNtStatus),
    when(
      hasDosError,
      u8('smb.error_class', STATUS, 'Error Class', {
        base: 'hex',
        values: {
          0: 'Success',
          1: 'DOS Error',
          2: 'Server Error',
          3: 'Hardware Error',
          4: 'Command Error - Not an SMB format command',
        },
      }),
    ),
    le16('smb.error_code', STATUS + 2, 'Error Code', { base: 'hex' }, hasDosError),
    u8('smb.flags', FLAGS, 'Flags', { base: 'hex' }),
    flag('smb.flags.response', FLAGS, 1, RESPONSE, 'Request/Response; set in responses'),
    flag('smb.flags.notify', FLAGS, 1, 0x40, 'Notify; of any change, not of opens alone'),
    flag('smb.flags.oplock', FLAGS, 1, 0x20, 'Oplocks; requested or granted'),
    flag('smb.flags.canon', FLAGS, 1, 0x10, 'Canonicalized Pathnames'),
    flag('smb.flags.caseless', FLAGS, 1, 0x08, 'Case Sensitivity; set if path names have none'),
    flag('smb.flags.receive_buffer', FLAGS, 1, 0x02, 'Receive Buffer Posted'),
    flag('smb.flags.lock', FLAGS, 1, 0x01, 'Lock and Read; is supported'),
    le16('smb.flags2', FLAGS2, 'Flags2', { base: 'hex' }),
    bit2('smb.flags2.string', UNICODE, 'Unicode Strings'),
    bit2('smb.flags2.nt_error', NT_STATUS, "Error Code Type; set if codes are NT's"),
    bit2('smb.flags2.roe', 0x2000, 'Execute-only Reads'),
    bit2('smb.flags2.dfs', 0x1000, 'Dfs; pathnames are to be resolved with it'),
    bit2('smb.flags2.esn', EXTENDED_SECURITY, 'Extended Security Negotiation'),
    bit2('smb.flags2.reparse_path', 0x0400, 'Reparse Path'),
    bit2('smb.flags2.long_names_used', 0x0040, 'Long Names Used'),
    bit2('smb.flags2.sec_sig_required', 0x0010, 'Security Signatures Required'),
    bit2('smb.flags2.compressed', 0x0008, 'Compressed'),
    bit2('smb.flags2.sec_sig', 0x0004, 'Security Signatures'),
    bit2('smb.flags2.ea', 0x0002, 'Extended Attributes'),
    bit2('smb.flags2.long_names_allowed', 0x0001, 'Long Names Allowed'),
    le16('smb.pid.high', PID_HIGH, 'Process ID High'),
    span('bytes', 'smb.signature', SIGNATURE, 8, 'Signature'),
    le16('smb.tid', TID, 'Tree ID; the share'),
    le16('smb.pid', PID, 'Process ID'),
    le16('smb.uid', UID, 'User ID; the session'),
    le16('smb.mid', MID, 'Multiplex ID; the same in the response'),
    counts('uint8', 'smb.wct', "Word Count (WCT); of each command's parameters"),
    counts('uint16', 'smb.bcc', "Byte Count (BCC); of each command's data"),
  ],

  /** Hot. */
  decode(packet, at) {
    packet.payload = packet.end
    // Wireshark shows nothing of a header that is cut.
    if (packet.end - at < HEADER_LENGTH) return packet.truncated(SMB)
    packet.enter(SMB, at)
    if (packet.end - at < HEADER_LENGTH + 1) return packet.truncated(SMB)
    const { bytes, end } = packet
    const command = bytes[at + COMMAND]
    const isResponse = (bytes[at + FLAGS] & RESPONSE) !== 0
    const words = at + HEADER_LENGTH + 1
    const count = bytes[words - 1]
    const data = words + 2 * count + 2
    if (data > end) return NONE
    if (command === SESSION_SETUP) {
      // [MS-SMB] §2.2.4.6: with extended security a blob comes first, and a parameter says how long it is.
      if (count === 12 && !isResponse) enterGssApi(packet, data, Math.min(end, data + read16le(bytes, words + 14)))
      else if (count === 4 && isResponse) enterGssApi(packet, data, Math.min(end, data + read16le(bytes, words + 6)))
    } else if (command === NEGOTIATE) {
      // [MS-SMB] §2.2.4.5.2.1: behind the server's GUID.
      if (count === 17 && isResponse && (read32le(bytes, words + 19) & 0x8000_0000) !== 0)
        enterGssApi(packet, data + 16, Math.min(end, data + read16le(bytes, data - 2)))
    } else if (command === TRANSACTION && !isResponse)
      enterMailslot(packet, at, words, data, (read16le(bytes, at + FLAGS2) & UNICODE) !== 0)
    return NONE
  },
}
