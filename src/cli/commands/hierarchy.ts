/** `pcapx hierarchy`: what is this traffic? */
import { Command, Option } from 'commander'
import type { Io } from '../io.ts'
import {
  type AnalysisOptions,
  analysisOptions,
  examples,
  type JobsOptions,
  jobsOf,
  jobsOption,
  type MaxStreamsOptions,
  maxStreamsOf,
  maxStreamsOption,
} from '../options.ts'
import { type Finish, runAnalysis } from '../run.ts'

interface Options extends AnalysisOptions, MaxStreamsOptions, JobsOptions {
  readonly by: 'stream' | 'packet'
}

export function hierarchyCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('hierarchy').summary('which protocols, and how much of each'))
    .description(
      'What is this traffic? Every protocol by the layers that carry it, with packets and bytes on the wire. ' +
        'What TCP and UDP carry counts by stream: all of a download is HTTP, whatever port it uses.',
    )
    .addOption(
      new Option('--by <unit>', 'how applications are counted: by stream, or by packet as tshark does')
        .choices(['stream', 'packet'])
        .default('stream'),
    )
    .addOption(maxStreamsOption())
    .addOption(jobsOption('1'))
    .addHelpText('after', examples('pcapx hierarchy trace.pcap', "pcapx hierarchy trace.pcap -Y 'ip.addr == 10.0.0.4'"))
    .action(async (captures: string[], options: Options) => {
      const { ProtocolHierarchy } = await import('../../analyzers/protocol-hierarchy.ts')
      const { hierarchyReport } = await import('../../report/hierarchy.ts')
      finish(
        await runAnalysis(io, captures, options, {
          example: 'pcapx hierarchy trace.pcap',
          maxStreams: maxStreamsOf(options),
          inThreads: { name: 'hierarchy', options: { byPacket: options.by === 'packet' } },
          // The heads of all streams would have to be kept for merging: it pays only with few streams, and whoever asks.
          jobs: options.jobs === undefined ? undefined : jobsOf(options),
          make: (context) => new ProtocolHierarchy(context, { byPacket: options.by === 'packet' }),
          report: (result) => hierarchyReport(result, options.top ?? Infinity),
        }),
      )
    })
}
