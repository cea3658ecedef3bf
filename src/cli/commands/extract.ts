/** `pcapx extract`: one flow's packets, as a capture of their own. */
import { Command, InvalidArgumentError, Option } from 'commander'
import type { Run } from '../../engine/run.ts'
import type { StreamName } from '../../flow/stream-name.ts'
import type { StreamTracker } from '../../flow/streams.ts'
import { matchedOf } from '../../report/render.ts'
import { escapeText } from '../../report/text.ts'
import { counted } from '../../report/units.ts'
import { UsageError, warn } from '../errors.ts'
import type { FlowPackets } from '../flow-packets.ts'
import type { Io } from '../io.ts'
import { examples, type FilterOptions, filterOption, type RecoverOptions, recoverOption } from '../options.ts'
import {
  capturesOf,
  compile,
  conclude,
  demandCapture,
  type ExitCode,
  type Finish,
  factsOf,
  underControl,
} from '../run.ts'
import { parseStreams, SIDES, type Side, STREAM_NOTATION, streamFilter } from '../stream-selection.ts'

interface Options extends FilterOptions, RecoverOptions {
  readonly stream?: readonly StreamName[]
  readonly write?: string
  readonly side: Side
}

const EXAMPLE = 'pcapx extract --stream 3 trace.pcap -w flow.pcapng'

export function extractCommand(io: Io, finish: Finish): Command {
  return new Command('extract')
    .summary("write one flow's packets to a capture of their own")
    .description(
      [
        'The packets of one flow, or a few, as a capture of their own, with what pcapng says of them: comments, interfaces, keys.',
        'Streams are those of `tcp.stream` and `udp.stream`, so two connections on the same ports are two. The earlier fragments',
        'of a datagram come along.',
      ].join(' '),
    )
    .usage('--stream <streams> -w <file> [capture ...] [options]')
    .argument('[capture...]', 'capture files; - or nothing for standard input')
    .addOption(
      new Option('--stream <streams>', `which: ${STREAM_NOTATION}; \`pcapx flows\` lists them`).argParser(addStreams),
    )
    .addOption(new Option('-w, --write <file>', 'the capture to write; - for standard output'))
    .addOption(new Option('--side <side>', 'only what this side sent').choices(SIDES).default('both'))
    .addOption(filterOption())
    .addOption(recoverOption())
    .addHelpText(
      'after',
      examples(
        EXAMPLE,
        'pcapx extract --stream 3,5,udp:0 trace.pcap -w flows.pcapng',
        'pcapx extract --stream 3 --side client trace.pcap -w - | pcapx hierarchy',
      ),
    )
    .action(async (named: string[], options: Options) => {
      const { stream, write } = options
      if (stream === undefined)
        throw new UsageError('no stream named: which is to be written?', `for example: ${EXAMPLE}`)
      if (write === undefined) throw new UsageError('no file to write: name one with -w', `for example: ${EXAMPLE}`)
      finish(await extract(io, stream, write, capturesOf(named, io, EXAMPLE), options))
    })
}

/** `--stream` may be repeated. */
function addStreams(text: string, before: readonly StreamName[] = []): readonly StreamName[] {
  const streams = parseStreams(text)
  if (streams === undefined) throw new InvalidArgumentError(`It must be ${STREAM_NOTATION}.`)
  // By name, so that each is there once.
  const named = new Map([...before, ...streams].map((stream) => [streamFilter(stream), stream]))
  return [...named.values()]
}

async function extract(
  io: Io,
  names: readonly StreamName[],
  path: string,
  captures: readonly string[],
  { filter: expression, side, recover }: Options,
): Promise<ExitCode> {
  const filter = await compile(expression, io)
  const { forEachPacket } = await import('../../engine/run.ts')
  const { captureFile } = await import('../capture-output.ts')
  const { HeldPackets } = await import('../../capture/held-packets.ts')
  const { earlierFragments, FlowPackets, isOpenFragment } = await import('../flow-packets.ts')
  const output = captureFile(io, path, captures)
  const flow = new FlowPackets(names, side)
  let isUnread = false
  const held = new HeldPackets((packet) => {
    if (!output.packet(packet)) isUnread = true
  })
  let taken = 0
  let tracker: StreamTracker | null = null
  try {
    const { run, signal } = await underControl(
      io,
      (control) =>
        // The filter is asked here, and not by the engine, because fragments do not match it before they are put together.
        forEachPacket(
          captures,
          { needs: ['streams', ...(filter?.needs ?? [])], onStart: output.start, recover, ...control },
          (packet, { streams }) => {
            tracker = streams
            const fellows = earlierFragments(packet)
            if (flow.includes(packet, streams) && (filter === null || filter.matches(packet))) {
              taken++
              held.take(packet, fellows)
            } else if (isOpenFragment(packet)) held.hold(packet, fellows)
            else held.drop(packet, fellows)
            return isUnread
          },
        ),
      output.flush,
      path !== '-',
    )
    demandCapture(io, run, 'table')
    held.end()
    const facts = { ...factsOf(run, captures, expression), packetsMatched: taken + held.earlier }
    output.end(facts)
    const code = conclude(io, run, signal)
    if (isUnread) return code
    if (tracker !== null) sayDoubts(io, run, flow, tracker)
    if (held.missed > 0)
      warn(io, `${counted(held.missed, 'earlier fragment')} missing: they came too long before the last`)
    const also = held.earlier === 0 ? '' : `, ${held.earlier} of them earlier fragments of datagrams`
    io.stderr.write(`${matchedOf(facts)}${also}\n`)
    if (tracker !== null && taken > 0)
      io.stderr.write(`in Wireshark: ${escapeText(wiresharkFilter(flow, tracker, expression))}\n`)
    return code
  } finally {
    output.close()
  }
}

/** What may not be as it was asked for. */
function sayDoubts(io: Io, run: Run, flow: FlowPackets, streams: StreamTracker): void {
  for (const { protocol, stream } of flow.doubtful(streams))
    warn(
      io,
      `${protocol} stream ${stream}: its handshake is not in the capture, or not at its start; who is the client is a guess`,
    )
  // Of packets behind the end of the reading nothing is known.
  if (run.partial) return
  for (const { protocol, stream } of flow.missing) {
    const { count } = streams[protocol]
    const there =
      count === 0 ? 'there are none' : `there ${count === 1 ? 'is 1, stream 0' : `are ${count}, 0 to ${count - 1}`}`
    warn(io, `no ${protocol.toUpperCase()} stream ${stream}: ${there}`)
  }
}

function wiresharkFilter(flow: FlowPackets, streams: StreamTracker, expression: string | undefined): string {
  const filter = flow.filter(streams)
  if (expression === undefined) return filter
  return `${filter.includes(' or ') ? `(${filter})` : filter} and (${expression})`
}
