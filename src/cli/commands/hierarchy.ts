/** `pcapx hierarchy`: what is this traffic? */
import { Command } from 'commander'
import type { Io } from '../io.ts'
import {
  type AnalysisOptions,
  analysisOptions,
  examples,
  type MaxStreamsOptions,
  maxStreamsOf,
  maxStreamsOption,
} from '../options.ts'
import { type Finish, runAnalysis } from '../run.ts'

export function hierarchyCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('hierarchy').summary('which protocols, and how much of each'))
    .description(
      'What is this traffic? Every protocol by the layers that carry it, with packets and bytes on the wire.',
    )
    .addOption(maxStreamsOption())
    .addHelpText('after', examples('pcapx hierarchy trace.pcap', "pcapx hierarchy trace.pcap -Y 'ip.addr == 10.0.0.4'"))
    .action(async (captures: string[], options: AnalysisOptions & MaxStreamsOptions) => {
      const { ProtocolHierarchy } = await import('../../analyzers/protocol-hierarchy.ts')
      const { hierarchyReport } = await import('../../report/hierarchy.ts')
      finish(
        await runAnalysis(io, captures, options, {
          example: 'pcapx hierarchy trace.pcap',
          maxStreams: maxStreamsOf(options),
          make: (context) => new ProtocolHierarchy(context),
          report: (result) => hierarchyReport(result, options.top ?? Infinity),
        }),
      )
    })
}
