/** Fields of the bodies of SMB2 messages: shares, files, what is read and written, [MS-SMB2] §2.2. */
import { read16le, read32le, read64le } from '../../../packet/bytes.ts'
import type { Field, ValueNames } from '../../field.ts'
import { type Item, item, part, type Scan, scanned } from '../../scan.ts'
import { pathOf, smb2Notes, utf16 } from './smb2-state.ts'

const COMMAND = 12
const FLAGS = 16
const HEADER_LENGTH = 64
const PLAIN = 0xfe
const RESPONSE = 1

const TREE_CONNECT = 3
const CREATE = 5
const CLOSE = 6
const READ = 8
const WRITE = 9
const IOCTL = 11
const FIND = 14
const GET_INFO = 16
const SET_INFO = 17

/** The first two octets of a body say its kind; of an error, which stands in place of any. */
const ERROR_BODY = 9
const FILE_ID_LENGTH = 16

const SHARES: ValueNames = { 1: 'Physical disk', 2: 'Named pipe', 3: 'Printer' }
const OPLOCKS: ValueNames = {
  0: 'No oplock',
  1: 'Level2 oplock',
  8: 'Exclusive oplock',
  9: 'Batch oplock',
  255: 'Lease',
}
const DISPOSITIONS: ValueNames = {
  0: 'Supersede (supersede existing file (if it exists))',
  1: 'Open (if file exists open it, else fail)',
  2: 'Create (if file exists fail, else create it)',
  3: 'Open If (if file exists open it, else create it)',
  4: 'Overwrite (if file exists overwrite, else fail)',
  5: 'Overwrite If (if file exists overwrite, else create it)',
}
const ACTIONS: ValueNames = {
  0: 'No action taken?',
  1: 'The file existed and was opened',
  2: 'The file did not exist but was created',
  3: 'The file existed and was truncated',
}
const LEVELS: ValueNames = { 0: 'Anonymous', 1: 'Identification', 2: 'Impersonation', 3: 'Delegation' }
const FUNCTIONS: ValueNames = {
  393620: 'FSCTL_DFS_GET_REFERRALS',
  1114136: 'FSCTL_PIPE_WAIT',
  1130508: 'FSCTL_PIPE_PEEK',
  1163287: 'FSCTL_PIPE_TRANSCEIVE',
  1310840: 'FSCTL_SRV_REQUEST_RESUME_KEY',
  1311228: 'FSCTL_QUERY_NETWORK_INTERFACE_INFO',
  1311236: 'FSCTL_VALIDATE_NEGOTIATE_INFO',
  1327204: 'FSCTL_SRV_ENUMERATE_SNAPSHOTS',
  1327346: 'FSCTL_SRV_COPYCHUNK',
}
const FIND_LEVELS: ValueNames = {
  1: 'SMB2_FIND_DIRECTORY_INFO',
  2: 'SMB2_FIND_FULL_DIRECTORY_INFO',
  3: 'SMB2_FIND_BOTH_DIRECTORY_INFO',
  4: 'SMB2_FIND_INDEX_SPECIFIED',
  12: 'SMB2_FIND_NAME_INFO',
  37: 'SMB2_FIND_ID_BOTH_DIRECTORY_INFO',
  38: 'SMB2_FIND_ID_FULL_DIRECTORY_INFO',
  100: 'SMB2_FIND_POSIX_INFO',
}
const CLASSES: ValueNames = { 1: 'FILE_INFO', 2: 'FS_INFO', 3: 'SEC_INFO', 4: 'QUOTA_INFO' }

const tree = item('string', 'smb2.tree', 'Tree; the share, here and in what follows on it')
const shareType = item('uint8', 'smb2.share_type', 'Share Type', { base: 'hex', values: SHARES })
const connectedIn = item('uint32', 'smb2.tcon_frame', 'Connected in Frame')
const responseTo = item('framenum', 'smb2.response_to', 'Response to')
const time = item('relative_time', 'smb2.time', 'Time from request')
const oplock = item('uint8', 'smb2.create.oplock', 'Oplock', { base: 'hex', values: OPLOCKS })
const impersonation = item('uint32', 'smb2.impersonation.level', 'Impersonation level', { values: LEVELS })
const attributes = item('uint32', 'smb2.file_attribute', 'File Attributes', { base: 'hex' })
const disposition = item('uint32', 'smb2.create.disposition', 'Disposition', { values: DISPOSITIONS })
const filename = item('string', 'smb2.filename', 'Filename; within the share')
const action = item('uint32', 'smb2.create.action', 'Create Action', { values: ACTIONS })
const allocated = item('uint64', 'smb2.allocation_size', 'Allocation Size; octets')
const endOfFile = item('uint64', 'smb2.eof', 'End Of File; octets')
const fileId = item('string', 'smb2.fid', 'File Id')
const readLength = item('uint32', 'smb2.read_length', 'Read Length; octets')
const readRemaining = item('uint32', 'smb2.read_remaining', 'Read Remaining; octets')
const fileOffset = item('uint64', 'smb2.file_offset', 'File Offset; octets')
const writeLength = item('uint32', 'smb2.write_length', 'Write Length; octets')
const writeCount = item('uint32', 'smb2.write.count', 'Write Count; octets')
const writeRemaining = item('uint32', 'smb2.write.remaining', 'Write Remaining; octets')
const ioctlFunction = item('uint32', 'smb2.ioctl.function', 'Function', { base: 'hex', values: FUNCTIONS })
const findLevel = part('uint32', 'smb2.find.infolevel', 1, 0, 'Info Level', { values: FIND_LEVELS })
const pattern = item('string', 'smb2.find.pattern', 'Search Pattern')
const infoClass = item('uint8', 'smb2.class', 'Class', { base: 'hex', values: CLASSES })

const items: readonly Item[] = [
  ...[tree, shareType, connectedIn, responseTo, time, oplock, impersonation, attributes, disposition, filename],
  ...[action, allocated, endOfFile, fileId, readLength, readRemaining, fileOffset, writeLength, writeCount],
  ...[writeRemaining, ioctlFunction, findLevel, pattern, infoClass],
]

export const smb2BodyFields: readonly Field[] = scanned(items, (scan) => {
  const { bytes, start } = scan
  if (!scan.need(HEADER_LENGTH) || bytes[start] !== PLAIN) return
  const note = smb2Notes.of(scan.packet, scan.layer)
  if (note !== null) {
    if (note.tree !== null) {
      scan.put(tree, note.tree.name)
      scan.put(shareType, note.tree.type)
      scan.put(connectedIn, note.tree.frame)
    }
    if (note.answered.frame > 0) {
      scan.put(responseTo, note.answered.frame)
      scan.put(time, note.answered.seconds, note.answered.nanoseconds)
    }
  }
  const isResponse = (bytes[start + FLAGS] & RESPONSE) !== 0
  const command = read16le(bytes, start + COMMAND)
  scan.skip(HEADER_LENGTH)
  if (isResponse) scanResponse(scan, command)
  else scanRequest(scan, command)
})

function two(scan: Scan, offset: number): number {
  return scan.need(offset + 2) ? read16le(scan.bytes, scan.at + offset) : 0
}

/** The item is the number of as many octets as it has, at `offset` of the body. */
function number(scan: Scan, what: Item, offset: number): void {
  if (!scan.need(offset + what.octets)) return
  const at = scan.at + offset
  if (what.octets === 1) scan.put(what, scan.bytes[at])
  else scan.put(what, what.octets === 8 ? read64le(scan.bytes, at) : read32le(scan.bytes, at))
}

/** A file's identifier, written as Windows writes identifiers: the first three parts are little-endian. */
function identifier(scan: Scan, offset: number): void {
  if (!scan.need(offset + FILE_ID_LENGTH)) return
  const at = scan.at + offset
  const digits = Buffer.from(scan.bytes.buffer, scan.bytes.byteOffset + at, FILE_ID_LENGTH).toString('hex')
  const reversed = (from: number, to: number): string => (digits.slice(from, to).match(/../g) ?? []).reverse().join('')
  scan.put(
    fileId,
    `${reversed(0, 8)}-${reversed(8, 12)}-${reversed(12, 16)}-${digits.slice(16, 20)}-${digits.slice(20)}`,
  )
}

/** Text whose offset from the header, and length, are at `offset` of the body. */
function text(scan: Scan, what: Item, offset: number): void {
  const from = scan.start + two(scan, offset)
  const length = two(scan, offset + 2)
  if (!scan.going) return
  if (length === 0) scan.put(what, '')
  else if (from + length <= scan.end) scan.put(what, utf16(scan.bytes, from, length))
}

function scanRequest(scan: Scan, command: number): void {
  switch (command) {
    case TREE_CONNECT: {
      const path = pathOf(scan.bytes, scan.start, scan.end)
      if (path !== null) scan.put(tree, path)
      return
    }
    case CREATE:
      number(scan, oplock, 3)
      number(scan, impersonation, 4)
      number(scan, attributes, 28)
      number(scan, disposition, 36)
      text(scan, filename, 44)
      return
    case CLOSE:
      identifier(scan, 8)
      return
    case READ:
      number(scan, readLength, 4)
      number(scan, fileOffset, 8)
      identifier(scan, 16)
      return
    case WRITE:
      number(scan, writeLength, 4)
      number(scan, fileOffset, 8)
      identifier(scan, 16)
      return
    case IOCTL:
      number(scan, ioctlFunction, 4)
      identifier(scan, 8)
      return
    case FIND:
      number(scan, findLevel, 2)
      identifier(scan, 8)
      text(scan, pattern, 24)
      return
    case GET_INFO:
      number(scan, infoClass, 2)
      identifier(scan, 24)
      return
    case SET_INFO:
      number(scan, infoClass, 2)
      identifier(scan, 16)
      return
  }
}

function scanResponse(scan: Scan, command: number): void {
  if (two(scan, 0) === ERROR_BODY) return
  switch (command) {
    case TREE_CONNECT:
      number(scan, shareType, 2)
      return
    case CREATE:
      number(scan, oplock, 2)
      number(scan, action, 4)
      number(scan, allocated, 40)
      number(scan, endOfFile, 48)
      number(scan, attributes, 56)
      identifier(scan, 64)
      return
    case CLOSE:
      number(scan, allocated, 40)
      number(scan, endOfFile, 48)
      number(scan, attributes, 56)
      return
    case READ:
      number(scan, readRemaining, 8)
      return
    case WRITE:
      number(scan, writeCount, 4)
      number(scan, writeRemaining, 8)
      return
    case IOCTL:
      number(scan, ioctlFunction, 4)
      identifier(scan, 8)
      return
  }
}
