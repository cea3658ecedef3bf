/** `pcapx endpoints`: who talks, and on which ports? */
import { Command } from 'commander'
import type { HostNames } from '../../flow/host-names.ts'
import type { Io } from '../io.ts'
import {
  type AnalysisOptions,
  analysisOptions,
  examples,
  type JobsOptions,
  jobsOf,
  jobsOption,
  type NamesOptions,
  namesOption,
  topOf,
} from '../options.ts'
import { type Finish, runAnalysis } from '../run.ts'

export function endpointsCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('endpoints').summary('who talks, and on which ports'))
    .description('Who talks, on which ports? Traffic by IP address and by port, sent (tx) and received (rx).')
    .addOption(namesOption())
    .addOption(jobsOption())
    .addHelpText(
      'after',
      examples('pcapx endpoints trace.pcap', 'pcapx endpoints trace.pcap --top 0 --csv > endpoints.csv'),
    )
    .action(async (captures: string[], options: AnalysisOptions & NamesOptions & JobsOptions) => {
      const { Endpoints } = await import('../../analyzers/endpoints.ts')
      const { endpointsReport } = await import('../../report/endpoints.ts')
      let names: HostNames | undefined
      finish(
        await runAnalysis(io, captures, options, {
          example: 'pcapx endpoints trace.pcap',
          inThreads: { name: 'endpoints' },
          jobs: jobsOf(options),
          needs: options.names ? ['names'] : [],
          make: (context) => {
            names = context.names
            return new Endpoints()
          },
          report: (result) =>
            endpointsReport(result, topOf(options), (address) => names?.ofAddress(address)?.name ?? null),
        }),
      )
    })
}
