/** `pcapx destinations`: where does traffic go? */
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

/** Ports within a destination that a table shows, unless `--top` says otherwise. */
const TOP_PORTS = 3

export function destinationsCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('destinations').summary('where traffic goes: address, protocol, port'))
    .description(
      'Where does traffic go? By destination address, protocol and port, as in the IPv4 Statistics of Wireshark, ' +
        'and the busiest destination ports of all.',
    )
    .addOption(namesOption())
    .addOption(jobsOption())
    .addHelpText(
      'after',
      examples(
        'pcapx destinations trace.pcap',
        "pcapx destinations trace.pcap -Y 'tcp.flags.syn == 1 and tcp.flags.ack == 0'",
      ),
    )
    .action(async (captures: string[], options: AnalysisOptions & NamesOptions & JobsOptions) => {
      const { Destinations } = await import('../../analyzers/destinations.ts')
      const { destinationsReport } = await import('../../report/destinations.ts')
      let names: HostNames | undefined
      finish(
        await runAnalysis(io, captures, options, {
          example: 'pcapx destinations trace.pcap',
          inThreads: { name: 'destinations' },
          jobs: jobsOf(options),
          needs: options.names ? ['names'] : [],
          make: (context) => {
            names = context.names
            return new Destinations()
          },
          report: (result) =>
            destinationsReport(
              result,
              topOf(options),
              options.top ?? TOP_PORTS,
              (address) => names?.ofAddress(address)?.name ?? null,
            ),
        }),
      )
    })
}
