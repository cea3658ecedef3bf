/** What a capture file is: its format, its size, its time, and what it lacks. */
import type { CaptureStatisticsResult } from '../analyzers/statistics.ts'
import type { CaptureError } from '../capture/errors.ts'
import type { CaptureInfo, InterfaceInfo, Skipped } from '../capture/info.ts'
import { NONE } from '../packet/packet.ts'
import { byLinkType } from '../protocols/handoff.ts'
import { type Block, type Cell, line, type Report, type Scalar, type Tone, take } from './report.ts'
import { counted, formatBytes, formatCount, formatDuration, formatMoment, formatRate, showMoment } from './units.ts'

/** Octets in the header of a link type, by number. */
const LINK_HEADER: Record<number, number> = { 0: 4, 1: 14, 12: 0, 101: 0, 108: 4, 113: 16, 276: 20 }

/** Interfaces of a file that people are shown; programs get all. */
const INTERFACES_SHOWN = 50

/** Octets of an IPv4 header and of both ports: a snaplen that leaves less behind the link layer loses the ports. */
const PORTS_BEHIND_LINK = 24

export interface CaptureFile extends CaptureInfo {
  /** Octets of the file as it is stored; null for a pipe. */
  readonly fileSize: number | null
}

export function infoReport(result: CaptureStatisticsResult, captures: readonly CaptureFile[]): Report {
  const files = captures.map(toFile)
  const inferredSnaplen = inferSnaplen(result, captures)
  const linkTypes = result.linkTypes.map((one) => ({ ...one, decoded: isDecoded(one.linkType) }))
  return {
    schema: 'pcapx.info/1',
    summary: {
      packets: result.packets,
      bytes: result.bytes,
      capturedBytes: result.capturedBytes,
      start: formatMoment(result.start),
      end: formatMoment(result.end),
      duration: result.duration,
      meanPacketBytes: result.packets === 0 ? null : result.bytes / result.packets,
      packetsPerSecond: perSecond(result.packets, result.duration),
      bitsPerSecond: perSecond(8 * result.bytes, result.duration),
      inTimeOrder: result.inTimeOrder,
      cutPackets: result.cutPackets,
      largestCaptured: result.largestCaptured,
      inferredSnaplen,
      truncatedPackets: result.truncatedPackets,
      malformedPackets: result.malformedPackets,
    },
    lists: [
      { key: 'files', type: 'file', records: files, omitted: 0 },
      { key: 'linkTypes', type: 'linkType', records: linkTypes, omitted: 0 },
    ],
    csv: {
      columns: [
        'file',
        'format',
        'byteOrder',
        'resolution',
        'snaplen',
        'fileSize',
        'interfaces',
        'packets',
        'truncated',
      ],
      rows: () =>
        captures.map((c): Scalar[] => [
          c.file,
          c.format,
          c.byteOrder,
          c.resolution,
          c.snaplen,
          c.fileSize,
          c.interfaces.length,
          c.packets,
          c.truncated,
        ]),
    },
    view: () => view(result, captures, inferredSnaplen),
  }
}

function toFile(capture: CaptureFile): object {
  const { interfaces, damage: _, bytes, ...facts } = capture
  return { ...facts, bytesRead: bytes, interfaces }
}

/** The packets of other link types are counted and not looked into. */
export function isDecoded(linkType: number): boolean {
  return byLinkType[linkType & 0xffff] !== undefined && byLinkType[linkType & 0xffff] !== NONE
}

/**
 * The length at which packets were cut, told by the packets: the longest that was captured, if the file names the same,
 * or if so many were cut that the longest must be one of them. Null if none was cut, or it cannot be told.
 */
export function inferSnaplen(result: CaptureStatisticsResult, captures: readonly CaptureFile[]): number | null {
  if (result.cutPackets === 0 || captures.length !== 1) return null
  const { largestCaptured, cutPackets, packets } = result
  const isNamed = captures[0].interfaces.some(({ snaplen }) => snaplen === largestCaptured)
  return isNamed || 2 * cutPackets > packets ? largestCaptured : null
}

function perSecond(amount: number, seconds: number | null): number | null {
  return seconds === null || seconds <= 0 ? null : amount / seconds
}

function view(
  result: CaptureStatisticsResult,
  captures: readonly CaptureFile[],
  inferredSnaplen: number | null,
): Block[] {
  const blocks: Block[] = []
  for (const capture of captures) blocks.push(...fileBlocks(capture), line(''))
  const rows: Cell[][] = []
  const add = (name: string, text: string, tone: Tone = 'plain') =>
    rows.push([
      { text: name, tone: 'strong' },
      { text, tone },
    ])
  if (captures.length > 1) blocks.push(line('all captures', 'strong'))
  const { packets, duration } = result
  add('packets', formatCount(packets))
  add('on the wire', formatBytes(result.bytes))
  add('captured', formatBytes(result.capturedBytes))
  if (packets > 0) {
    add('mean packet', `${formatCount(Math.round(result.bytes / packets))} bytes`)
    if (result.start === null) add('time', 'the capture has no timestamps')
    else {
      add('start', showMoment(result.start))
      add('end', showMoment(result.end))
      add('duration', formatDuration(duration))
      add('rate', `${formatRate(packets, duration, 'packets')}, ${formatRate(8 * result.bytes, duration, 'bit')}`)
      if (result.inTimeOrder) add('time order', 'yes')
      else add('time order', 'no: some packets are earlier than the one before them', 'warning')
    }
    add('cut by snaplen', cutText(result, inferredSnaplen), result.cutPackets > 0 ? 'warning' : 'plain')
    for (const { name, linkType, packets: count } of result.linkTypes)
      if (!isDecoded(linkType)) add('not decoded', `${counted(count, 'packet')} of link type ${name}`, 'warning')
    if (result.malformedPackets > 0)
      add(
        'malformed',
        `${counted(result.malformedPackets, 'packet')} whose octets contradict their protocol`,
        'warning',
      )
  }
  blocks.push({ kind: 'table', bare: true, columns: [{ title: '' }, { title: '', wraps: true }], rows })
  return blocks
}

function fileBlocks(capture: CaptureFile): Block[] {
  const rows: Cell[][] = []
  const add = (name: string, text: string | undefined) => {
    if (text !== undefined && text !== '') rows.push([{ text: name, tone: 'strong' }, text])
  }
  const several = capture.sections > 1 ? `, ${counted(capture.sections, 'section')}` : ''
  add('file', capture.file === '-' ? 'standard input' : capture.file)
  add('format', `${capture.format}, ${capture.byteOrder}, ${capture.resolution}${several}`)
  add('size', capture.fileSize === null ? undefined : formatBytes(capture.fileSize))
  const { shown, omitted } = take(capture.interfaces, INTERFACES_SHOWN)
  for (const one of shown) add(capture.interfaces.length > 1 ? 'interface' : 'link type', interfaceText(one))
  if (omitted > 0) add('', `... and ${counted(omitted, 'interface')} more`)
  add('comments', capture.comments ? formatCount(capture.comments) : undefined)
  add('hardware', capture.hardware)
  add('system', capture.os)
  add('written by', capture.application)
  if (capture.truncated) add('cut short', 'yes: the last record is incomplete')
  if (capture.damage !== null) add('damaged', damageText(capture.damage, capture.skipped))
  return [{ kind: 'table', bare: true, columns: [{ title: '' }, { title: '', wraps: true }], rows }]
}

function damageText({ offset }: CaptureError, skipped: Skipped | undefined): string {
  if (skipped !== undefined && skipped.gaps > 0) return `yes: ${skippedText(skipped)}`
  return offset === undefined ? 'yes' : `yes: counted is what comes before byte ${offset}`
}

/** What was passed over behind damage. */
export function skippedText({ gaps, bytes }: Skipped): string {
  return `${counted(bytes, 'byte')} skipped in ${counted(gaps, 'gap')}`
}

function interfaceText({ linkTypeName, snaplen, packets, name, description, filter, os }: InterfaceInfo): string {
  const parts = [linkTypeName, snaplen === 0 ? 'no snaplen' : `snaplen ${snaplen}`, counted(packets, 'packet')]
  if (name) parts.unshift(name)
  if (description) parts.push(description)
  if (filter) parts.push(`filter ${filter}`)
  if (os) parts.push(os)
  return parts.join(', ')
}

export function cutText({ cutPackets, packets, linkTypes }: CaptureStatisticsResult, snaplen: number | null): string {
  if (cutPackets === 0) return 'no packets'
  const all = cutPackets === packets ? 'all packets' : `${formatCount(cutPackets)} of ${counted(packets, 'packet')}`
  if (snaplen === null) return all
  const portsLost = linkTypes.every(({ linkType }) => snaplen < LINK_HEADER[linkType] + PORTS_BEHIND_LINK)
  const lost = portsLost ? ': ports were not captured' : ''
  return `${all}, at ${snaplen} octets${lost}`
}
