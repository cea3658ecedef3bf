/** `pcapx rtt`: how slow is the network? */
import { Command, Option } from 'commander'
import type { Grouping } from '../../analyzers/handshake-groups.ts'
import type { Io } from '../io.ts'
import {
  type AnalysisOptions,
  analysisOptions,
  examples,
  formatOf,
  type JobsOptions,
  jobsOf,
  jobsOption,
  type MaxStreamsOptions,
  maxStreamsOf,
  maxStreamsOption,
  type NamesOptions,
  namesOption,
  topOf,
} from '../options.ts'
import { type Finish, runAnalysis } from '../run.ts'

// Named here, as nothing that analyses is loaded before a command runs.
const GROUPINGS: readonly Grouping[] = ['server', 'client', 'port']

interface Options extends AnalysisOptions, MaxStreamsOptions, NamesOptions, JobsOptions {
  readonly by?: Grouping
}

export function rttCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('rtt').summary('handshake round-trip time of every TCP connection'))
    .description(
      'How slow is the network? The round-trip times of every TCP handshake, slowest first: ' +
        'SYN RTT from SYN to SYN-ACK, ACK RTT from SYN-ACK to the last ACK, initial RTT the sum of both.',
    )
    .addOption(new Option('--by <what>', 'one row for each of these, the slowest first').choices(GROUPINGS))
    .addOption(namesOption())
    .addOption(maxStreamsOption())
    .addOption(jobsOption())
    .addHelpText(
      'after',
      examples(
        'pcapx rtt trace.pcap',
        'pcapx rtt trace.pcap --by server',
        "pcapx rtt trace.pcap --json | jq '.summary.p95'",
      ),
    )
    .action(async (captures: string[], options: Options) => {
      const { HandshakeRtt } = await import('../../analyzers/handshake-rtt.ts')
      const { rttReport } = await import('../../report/rtt.ts')
      const { by } = options
      const top = topOf(options)
      const format = formatOf(options)
      // Where groups are shown in their place, no handshake is.
      const listed = by !== undefined && (format === 'table' || format === 'csv') ? 0 : top
      finish(
        await runAnalysis(io, captures, options, {
          example: 'pcapx rtt trace.pcap',
          maxStreams: maxStreamsOf(options),
          inThreads: { name: 'rtt', options: { top: listed, by } },
          jobs: jobsOf(options),
          needs: options.names ? ['names'] : [],
          make: (context) => new HandshakeRtt(context, { top: listed, by }),
          report: (result) => rttReport(result, { top, by }),
        }),
      )
    })
}
