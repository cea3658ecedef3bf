/** `pcapx flows`: who talked to whom, how much, how long? */
import { Command } from 'commander'
import type { Io } from '../io.ts'
import { type AnalysisOptions, analysisOptions, examples, topOf } from '../options.ts'
import { type Finish, runAnalysis } from '../run.ts'

export function flowsCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('flows').summary('every conversation'))
    .description(
      'Every TCP and UDP conversation: client, server, packets, bytes, time. The numbers are those of tcp.stream and udp.stream.',
    )
    .addHelpText(
      'after',
      examples('pcapx flows trace.pcap', "pcapx flows trace.pcap --jsonl | jq 'select(.bytes > 1000000)'"),
    )
    .action(async (captures: string[], options: AnalysisOptions) => {
      const { Flows } = await import('../../analyzers/flows.ts')
      const { flowsReport } = await import('../../report/flows.ts')
      finish(
        await runAnalysis(io, captures, options, {
          example: 'pcapx flows trace.pcap',
          make: (context) => new Flows(context),
          report: (result) => flowsReport(result, topOf(options)),
        }),
      )
    })
}
