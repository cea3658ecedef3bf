/** What Modbus messages hold: MODBUS Application Protocol Specification V1.1b3 §6. Offsets are from the function code. */
import type { Scan } from '../../scan.ts'
import type { Answered } from '../recent-requests.ts'
import * as items from './items.ts'

const EXCEPTION = 0x80

// Function codes.
const READ_COILS = 1
const READ_INPUTS = 2
const READ_REGISTERS = 3
const READ_INPUT_REGISTERS = 4
const WRITE_COIL = 5
const WRITE_REGISTER = 6
const READ_EXCEPTIONS = 7
const DIAGNOSTICS = 8
const EVENT_COUNTERS = 11
const EVENT_LOG = 12
const WRITE_COILS = 15
const WRITE_REGISTERS = 16
const READ_FILE = 20
const WRITE_FILE = 21
const MASK_REGISTER = 22
const READ_WRITE_REGISTERS = 23
const READ_QUEUE = 24
const INTERFACE = 43

// Diagnostic codes.
const RETURN_QUERY = 0
const RESTART = 1
const CHANGE_DELIMITER = 3

const READ_IDENTIFICATION = 14
/** Objects up to here are text (§6.21). */
const LAST_TEXT_OBJECT = 6

export const REQUEST = 1
export const RESPONSE = 2

/** What is known of a message beyond its octets; a response has what its request asked for. */
export interface Knowledge {
  /** `REQUEST`, `RESPONSE`, or 0 if the ports do not tell. */
  kind: number
  /** Of a response: the request, where its data begins, and how much it asked for. */
  readonly request: Answered
}

export function scanModbus(scan: Scan, known: Knowledge): void {
  const first = scan.octet()
  scan.add(items.functionCode)
  if (known.kind === 0) return
  const isResponse = known.kind === RESPONSE
  const { request } = known
  if (isResponse && request.frame > 0) {
    scan.put(items.requestFrame, request.frame)
    scan.put(items.responseTime, request.seconds, request.nanoseconds)
  }
  if ((first & EXCEPTION) !== 0) scan.add(items.exceptionCode)
  else if (isResponse) scanResponse(scan, first, request)
  else scanRequest(scan, first)
}

function rest(scan: Scan): void {
  if (scan.going && scan.left > 0) scan.add(items.data, scan.left)
}

/** As many octets as the message says, or as there are. */
function content(scan: Scan, octets: number): void {
  if (scan.going) scan.add(items.data, Math.min(octets, scan.left))
}

function scanRequest(scan: Scan, code: number): void {
  switch (code) {
    case READ_COILS:
    case READ_INPUTS:
      scan.add(items.reference)
      scan.add(items.bitCount)
      return
    case READ_REGISTERS:
    case READ_INPUT_REGISTERS:
      scan.add(items.reference)
      scan.add(items.wordCount)
      return
    case READ_EXCEPTIONS:
    case EVENT_LOG:
      return
    case WRITE_COILS:
      scan.add(items.reference)
      scan.add(items.bitCount)
      content(scan, counted(scan))
      return
    case WRITE_REGISTERS: {
      const base = scan.two()
      scan.add(items.reference)
      scan.add(items.wordCount)
      scanRegisters(scan, counted(scan), base)
      return
    }
    case READ_FILE:
      scan.add(items.byteCount)
      while (scan.going && scan.left > 0) scanRecord(scan)
      return
    case READ_WRITE_REGISTERS:
      scan.add(items.readReference)
      scan.add(items.readWordCount)
      scan.add(items.writeReference)
      scan.add(items.writeWordCount)
      content(scan, counted(scan))
      return
    case READ_QUEUE:
      scan.add(items.reference)
      return
    case INTERFACE:
      scan.here(items.interfaceType)
      if (scan.octet() === READ_IDENTIFICATION) {
        scan.skip(1)
        scan.add(items.identification)
        scan.add(items.objectId)
      } else rest(scan)
      return
    default:
      scanEither(scan, code, false)
  }
}

/** Functions whose requests and responses are alike. */
function scanEither(scan: Scan, code: number, isResponse: boolean): void {
  switch (code) {
    case WRITE_COIL:
      scan.add(items.reference)
      if (scan.left > 0) scan.here(items.data, Math.min(2, scan.left))
      scan.skip(1)
      scan.add(items.padding)
      return
    case WRITE_REGISTER:
      scan.add(items.reference)
      if (scan.left > 0) content(scan, 2)
      return
    case DIAGNOSTICS:
      scanDiagnostics(scan, isResponse)
      return
    case WRITE_FILE:
      scan.add(items.byteCount)
      while (scan.going && scan.left > 0) {
        const words = scan.left >= 7 ? scan.two(5) : 0
        scanRecord(scan)
        content(scan, 2 * words)
      }
      return
    case MASK_REGISTER:
      scan.add(items.reference)
      scan.add(items.andMask)
      scan.add(items.orMask)
      return
    default:
      rest(scan)
  }
}

function scanResponse(scan: Scan, code: number, { first: base, second: count }: Answered): void {
  switch (code) {
    case READ_COILS:
    case READ_INPUTS:
      scanBits(scan, counted(scan), base, count)
      return
    case READ_REGISTERS:
    case READ_INPUT_REGISTERS:
      scanRegisters(scan, counted(scan), base)
      return
    case READ_EXCEPTIONS:
      if (scan.left > 0) content(scan, 1)
      return
    case EVENT_COUNTERS:
      scan.add(items.status)
      scan.add(items.eventCount)
      return
    case EVENT_LOG: {
      const octets = counted(scan)
      scan.add(items.status)
      scan.add(items.eventCount)
      scan.add(items.messageCount)
      for (let i = 6; i < octets && scan.going; i++) scanEvent(scan)
      return
    }
    case WRITE_COILS:
      scan.add(items.reference)
      scan.add(items.bitCount)
      return
    case WRITE_REGISTERS:
      scan.add(items.reference)
      scan.add(items.wordCount)
      return
    case READ_FILE:
      scan.add(items.byteCount)
      while (scan.going && scan.left > 0) scanFileAnswer(scan)
      return
    case READ_WRITE_REGISTERS:
      content(scan, counted(scan))
      return
    case READ_QUEUE: {
      const octets = scan.two()
      scan.add(items.wideByteCount)
      scan.add(items.wordCount)
      if (octets >= 2) content(scan, octets - 2)
      return
    }
    case INTERFACE:
      scan.here(items.interfaceType)
      if (scan.octet() === READ_IDENTIFICATION) scanIdentification(scan)
      else rest(scan)
      return
    default:
      scanEither(scan, code, true)
  }
}

function counted(scan: Scan): number {
  const octets = scan.octet()
  scan.add(items.byteCount)
  return octets
}

/** A reference of type, file and record, and how many words. */
function scanRecord(scan: Scan): void {
  if (!scan.need(7)) return
  scan.add(items.referenceType)
  scan.add(items.wideReference)
  scan.add(items.wordCount)
}

/** One group of a file's answer; Wireshark shows what is behind its type to twice its length. */
function scanFileAnswer(scan: Scan): void {
  const octets = scan.octet()
  scan.add(items.byteCount)
  const next = scan.at + Math.max(1, octets)
  scan.add(items.referenceType)
  if (scan.going && octets > 1 && scan.left > 0) scan.here(items.data, Math.min(2 * octets, scan.left))
  if (scan.going) scan.skip(next - scan.at)
}

/** Bits as a request named them: no more than it asked for. */
function scanBits(scan: Scan, octets: number, base: number, count: number): void {
  if (!scan.going) return
  if (octets > scan.left) {
    rest(scan)
    return
  }
  const bits = count > 0 ? Math.min(count, 8 * octets) : 8 * octets
  for (let i = 0; i < bits && scan.going; i++) {
    scan.put(items.bitNumber, (base + i) & 0xffff)
    scan.put(items.bitValue, (scan.bytes[scan.at + (i >> 3)] >> (i & 7)) & 1)
  }
}

function scanRegisters(scan: Scan, octets: number, base: number): void {
  if (!scan.going) return
  if (octets > scan.left) {
    rest(scan)
    return
  }
  for (let i = 0; 2 * i + 2 <= octets && scan.going; i++) {
    // Behind the last register comes the first, as in Wireshark.
    scan.put(items.register, (base + i) & 0xffff)
    scan.add(items.registerValue)
  }
}

function scanEvent(scan: Scan): void {
  const event = scan.octet()
  scan.here(items.event)
  if ((event & 0x80) !== 0) for (const bit of items.received) scan.here(bit)
  else if ((event & 0x40) !== 0) for (const bit of items.sent) scan.here(bit)
  scan.skip(1)
}

function scanDiagnostics(scan: Scan, isResponse: boolean): void {
  const code = scan.two()
  scan.add(items.diagnosticCode)
  if (!scan.going) return
  const answer = isResponse ? items.diagnosticAnswers[code] : undefined
  if (code === RETURN_QUERY) scan.add(isResponse ? items.echoData : items.queryData, scan.left)
  else if (code === RESTART) scan.add(items.restartOption)
  else if (code === CHANGE_DELIMITER) scan.add(items.delimiter)
  else if (answer !== undefined) scan.add(answer)
  else rest(scan)
}

function scanIdentification(scan: Scan): void {
  scan.skip(1)
  scan.add(items.identification)
  scan.add(items.conformity)
  scan.add(items.moreFollows)
  scan.add(items.nextObject)
  const count = scan.octet()
  scan.add(items.objectCount)
  for (let i = 0; i < count && scan.going; i++) {
    const id = scan.octet()
    scan.add(items.objectId)
    const octets = scan.octet()
    scan.add(items.objectLength)
    scan.add(id <= LAST_TEXT_OBJECT ? items.objectText : items.objectValue, octets)
  }
}
