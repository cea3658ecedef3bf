/** What the captures are, in a few lines, and what is wrong with them. */
import type { SummaryResult } from '../analyzers/summary.ts'
import { type CaptureFile, cutText, inferSnaplen, isDecoded, skippedText } from './info.ts'
import { type Block, line, take } from './report.ts'
import { counted, formatBytes, formatDuration, formatRate, showMoment } from './units.ts'

/** Captures, and link types of each, that are named. */
const NAMED = 3

export function fileLines({ statistics }: SummaryResult, files: readonly CaptureFile[]): Block[] {
  const { packets, bytes, start, duration } = statistics
  const { shown, omitted } = take(files, NAMED)
  const blocks: Block[] = shown.map((file) => line(fileText(file)))
  if (omitted > 0) blocks.push(line(`... and ${counted(omitted, 'capture')} more`, 'faint'))
  for (const file of files) {
    if (file.truncated) blocks.push(line(`${nameOf(file)} is cut short: its last record is incomplete`, 'warning'))
    if (file.damage !== null)
      blocks.push(
        line(
          file.skipped === undefined || file.skipped.gaps === 0
            ? `${nameOf(file)} is damaged: counted is what comes before byte ${file.damage.offset ?? '?'}`
            : `${nameOf(file)} is damaged: ${skippedText(file.skipped)}`,
          'bad',
        ),
      )
  }
  if (packets === 0) return [...blocks, line('no packets')]
  const when = start === null ? ', without timestamps' : ` in ${formatDuration(duration)}, from ${secondOf(start)} on`
  const rates =
    duration === null || duration <= 0
      ? ''
      : `: ${formatRate(packets, duration, 'packets')}, ${formatRate(8 * bytes, duration, 'bit')}`
  blocks.push(line(counted(packets, 'packet') + when), line(`${formatBytes(bytes)} on the wire${rates}`))
  return [...blocks, ...warnings(statistics, files)]
}

/** `trace.pcap: pcap, microseconds, Ethernet, 372,322 bytes` */
function fileText(file: CaptureFile): string {
  const { format, resolution, interfaces, fileSize } = file
  const linkTypes = take([...new Set(interfaces.map(({ linkTypeName }) => linkTypeName))], NAMED)
  return [
    `${nameOf(file)}: ${format}`,
    resolution,
    ...linkTypes.shown,
    ...(linkTypes.omitted > 0 ? [counted(linkTypes.omitted, 'more link type')] : []),
    ...(fileSize === null ? [] : [formatBytes(fileSize)]),
  ].join(', ')
}

function nameOf({ file }: CaptureFile): string {
  return file === '-' ? 'standard input' : file
}

function secondOf(moment: NonNullable<SummaryResult['statistics']['start']>): string {
  return showMoment(moment).replace(/\.\d+/, '')
}

function warnings(statistics: SummaryResult['statistics'], files: readonly CaptureFile[]): Block[] {
  const words: string[] = []
  if (statistics.cutPackets > 0) words.push(`cut by snaplen: ${cutText(statistics, inferSnaplen(statistics, files))}`)
  if (!statistics.inTimeOrder) words.push('not in the order of time: some packets are earlier than the one before them')
  const unknown = take(
    statistics.linkTypes.filter(({ linkType }) => !isDecoded(linkType)),
    NAMED,
  ).shown
  for (const { name, packets } of unknown) words.push(`not decoded: ${counted(packets, 'packet')} of link type ${name}`)
  if (statistics.malformedPackets > 0)
    words.push(`malformed: ${counted(statistics.malformedPackets, 'packet')} whose octets contradict their protocol`)
  return words.map((text) => line(text, 'warning'))
}
