/** The fields of what QUIC packets hold whose keys are known: packet numbers, and frames (RFC 9000 §17.1, §19). */
import type { Field, ValueNames } from '../field.ts'
import { type Item, item, type Scan, scanned } from '../scan.ts'
import { LayerNotes } from './layer-notes.ts'
import {
  ACK,
  ACK_ECN,
  CLOSE,
  CLOSE_BY_APPLICATION,
  CRYPTO,
  FIRST_STREAM,
  LAST_STREAM,
  NEW_CONNECTION_ID,
  NEW_TOKEN,
  NUMBERS,
  PATH_FRAMES,
} from './quic-frames.ts'
import { ALERTS } from './tls/names.ts'

/** A packet that was opened. */
interface Opened {
  packetNumber: number
  /** The first octet, without its protection. */
  first: number
  /** Where its frames lie. */
  from: number
  to: number
}

/** The packets of the datagram in hand that were opened. */
export const openedPackets = new LayerNotes<Opened>(() => ({ packetNumber: 0, first: 0, from: 0, to: 0 }))

const LONG = 0x80

/** TLS alerts as error codes begin here (RFC 9001 §4.8). */
const CRYPTO_ERROR = 0x100
const STATELESS_RESET_TOKEN = 16

const TYPES: ValueNames = {
  0: 'PADDING',
  1: 'PING',
  2: 'ACK',
  3: 'ACK',
  4: 'RESET_STREAM',
  5: 'STOP_SENDING',
  6: 'CRYPTO',
  7: 'NEW_TOKEN',
  ...Object.fromEntries([8, 9, 10, 11, 12, 13, 14, 15].map((type) => [type, 'STREAM'])),
  16: 'MAX_DATA',
  17: 'MAX_STREAM_DATA',
  18: 'MAX_STREAMS (BIDI)',
  19: 'MAX_STREAMS (UNI)',
  20: 'DATA_BLOCKED',
  21: 'STREAM_DATA_BLOCKED',
  22: 'STREAMS_BLOCKED (BIDI)',
  23: 'STREAMS_BLOCKED (UNI)',
  24: 'NEW_CONNECTION_ID',
  25: 'RETIRE_CONNECTION_ID',
  26: 'PATH_CHALLENGE',
  27: 'PATH_RESPONSE',
  28: 'CONNECTION_CLOSE (Transport)',
  29: 'CONNECTION_CLOSE (Application)',
  30: 'HANDSHAKE_DONE',
}

const wide = (name: string, description: string): Item => item('uint64', `quic.${name}`, description)

const reserved = item('uint8', 'quic.long.reserved', 'Reserved')
const shortReserved = item('uint8', 'quic.short.reserved', 'Reserved')
const keyPhase = item('boolean', 'quic.key_phase', 'Key Phase Bit')
const numberLength = item('uint8', 'quic.packet_number_length', 'Packet Number Length', {
  values: { 0: '1 bytes', 1: '2 bytes', 2: '3 bytes', 3: '4 bytes' },
})
const packetNumber = wide('packet_number', 'Packet Number')
const frame = item('none', 'quic.frame', 'Frame')
const frameType = item('uint64', 'quic.frame_type', 'Frame Type', { values: TYPES })
const paddingLength = item('uint32', 'quic.padding_length', 'Padding Length')
const largestAcknowledged = wide('ack.largest_acknowledged', 'Largest Acknowledged')
const delay = wide('ack.ack_delay', 'ACK Delay')
const rangeCount = wide('ack.ack_range_count', 'ACK Range Count')
const firstRange = wide('ack.first_ack_range', 'First ACK Range')
const gap = wide('ack.gap', 'Gap')
const range = wide('ack.ack_range', 'ACK Range')
const ect0 = wide('ack.ect0_count', 'ECT(0) Count')
const ect1 = wide('ack.ect1_count', 'ECT(1) Count')
const congested = wide('ack.ecn_ce_count', 'ECN-CE Count')
const cryptoOffset = wide('crypto.offset', 'Offset; of the handshake, in octets')
const cryptoLength = wide('crypto.length', 'Length')
const cryptoData = item('none', 'quic.crypto.crypto_data', 'Crypto Data')
const tokenLength = wide('nt.length', '(Token) Length')
const token = item('bytes', 'quic.nt.token', 'Token')
const bit = (name: string, description: string): Item => item('boolean', `quic.stream.${name}`, description)
const fin = bit('fin', 'Fin')
const hasLength = bit('len', 'Len(gth)')
const hasOffset = bit('off', 'Off(set)')
const streamId = wide('stream.stream_id', 'Stream ID')
const initiator = item('uint64', 'quic.stream.initiator', 'Stream initiator', {
  values: { 0: 'Client-initiated', 1: 'Server-initiated' },
})
const direction = item('uint64', 'quic.stream.direction', 'Stream direction', {
  values: { 0: 'Bidirectional', 1: 'Unidirectional' },
})
const streamOffset = wide('stream.offset', 'Offset')
const streamLength = wide('stream.length', 'Length')
const streamData = item('bytes', 'quic.stream_data', 'Stream Data')
const sequence = wide('nci.sequence', 'Sequence')
const retirePriorTo = wide('nci.retire_prior_to', 'Retire Prior To')
const newLength = item('uint8', 'quic.nci.connection_id.length', 'Connection ID Length')
const newIdentifier = item('bytes', 'quic.nci.connection_id', 'Connection ID')
const resetToken = item('bytes', 'quic.nci.stateless_reset_token', 'Stateless Reset Token')
const errorCode = wide('cc.error_code', 'Error code; why the connection is closed')
const applicationCode = wide('cc.error_code.app', 'Application Error code')
const alert = item('uint8', 'quic.cc.error_code.tls_alert', 'TLS Alert Description', { values: ALERTS })
const closedBy = wide('cc.frame_type', 'Frame Type')
const reasonLength = wide('cc.reason_phrase.length', 'Reason phrase Length')
const reason = item('string', 'quic.cc.reason_phrase', 'Reason phrase')

const items: readonly Item[] = [
  ...[reserved, shortReserved, keyPhase, numberLength, packetNumber, frame, frameType, paddingLength],
  ...[largestAcknowledged, delay, rangeCount, firstRange, gap, range, ect0, ect1, congested],
  ...[cryptoOffset, cryptoLength, cryptoData, tokenLength, token, fin, hasLength, hasOffset, streamId, initiator],
  ...[direction, streamOffset, streamLength, streamData, sequence, retirePriorTo, newLength, newIdentifier],
  ...[resetToken, errorCode, applicationCode, alert, closedBy, reasonLength, reason],
]

export const quicFrameFields: readonly Field[] = scanned(items, (scan) => {
  const opened = openedPackets.of(scan.packet, scan.layer)
  if (opened === null) return
  const { first } = opened
  if ((first & LONG) !== 0) scan.put(reserved, (first >> 2) & 3)
  else {
    scan.put(shortReserved, (first >> 3) & 3)
    scan.put(keyPhase, (first >> 2) & 1)
  }
  scan.put(numberLength, first & 3)
  scan.put(packetNumber, BigInt(opened.packetNumber))
  scan.at = opened.from
  scan.end = opened.to
  while (scan.going && scan.left > 0) scanFrame(scan)
})

/** A number of variable length (RFC 9000 §16), which is the value of `what`. */
function variable(scan: Scan, what: Item | null): number {
  const octets = scan.left > 0 ? 1 << (scan.bytes[scan.at] >> 6) : 1
  if (!scan.need(octets)) return 0
  let number = BigInt(scan.bytes[scan.at] & 0x3f)
  for (let i = 1; i < octets; i++) number = number * 256n + BigInt(scan.bytes[scan.at + i])
  scan.at += octets
  if (what !== null) scan.put(what, number)
  return Number(number)
}

function scanFrame(scan: Scan): void {
  scan.mark(frame)
  const type = variable(scan, frameType)
  if (type === 0) {
    let count = 1
    for (; scan.left > 0 && scan.bytes[scan.at] === 0; scan.at++) count++
    scan.put(paddingLength, count)
  } else if (type === ACK || type === ACK_ECN) scanAcknowledgement(scan, type === ACK_ECN)
  else if (type === CRYPTO) {
    variable(scan, cryptoOffset)
    const length = variable(scan, cryptoLength)
    scan.mark(cryptoData)
    scan.skip(length)
  } else if (type === NEW_TOKEN) {
    const length = variable(scan, tokenLength)
    scan.add(token, length)
  } else if (type >= FIRST_STREAM && type <= LAST_STREAM) scanStream(scan, type)
  else if (type === NEW_CONNECTION_ID) {
    variable(scan, sequence)
    variable(scan, retirePriorTo)
    const length = scan.octet()
    scan.add(newLength)
    scan.add(newIdentifier, length)
    scan.add(resetToken, STATELESS_RESET_TOKEN)
  } else if (type === CLOSE || type === CLOSE_BY_APPLICATION) scanClose(scan, type === CLOSE)
  else if (PATH_FRAMES.includes(type)) scan.skip(8)
  else if (NUMBERS[type] !== undefined) for (let i = 0; i < NUMBERS[type]; i++) variable(scan, null)
  else scan.stop()
}

function scanAcknowledgement(scan: Scan, counts: boolean): void {
  variable(scan, largestAcknowledged)
  variable(scan, delay)
  const ranges = variable(scan, rangeCount)
  variable(scan, firstRange)
  for (let i = 0; i < ranges && scan.going; i++) {
    variable(scan, gap)
    variable(scan, range)
  }
  if (!counts) return
  variable(scan, ect0)
  variable(scan, ect1)
  variable(scan, congested)
}

function scanStream(scan: Scan, type: number): void {
  scan.put(fin, type & 1)
  scan.put(hasLength, (type >> 1) & 1)
  scan.put(hasOffset, (type >> 2) & 1)
  const id = variable(scan, streamId)
  scan.put(initiator, BigInt(id % 2))
  scan.put(direction, BigInt(Math.floor(id / 2) % 2))
  if ((type & 4) !== 0) variable(scan, streamOffset)
  const length = (type & 2) !== 0 ? variable(scan, streamLength) : scan.left
  if (length > 0) scan.add(streamData, length)
}

function scanClose(scan: Scan, isTransport: boolean): void {
  const code = variable(scan, isTransport ? errorCode : applicationCode)
  if (isTransport) {
    if (code >= CRYPTO_ERROR && code < 2 * CRYPTO_ERROR) scan.put(alert, code - CRYPTO_ERROR)
    variable(scan, closedBy)
  }
  const length = variable(scan, reasonLength)
  if (length > 0) scan.add(reason, length)
}
