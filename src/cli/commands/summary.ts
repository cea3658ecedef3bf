/** `pcapx summary`, and `pcapx trace.pcap`: what is there to know? */
import { Command, Option } from 'commander'
import type { Finding } from '../../analyzers/unwanted.ts'
import { UsageError } from '../errors.ts'
import type { Io } from '../io.ts'
import {
  type AnalysisOptions,
  analysisOptions,
  examples,
  isPlain,
  type MaxStreamsOptions,
  maxStreamsOf,
  maxStreamsOption,
  parseTop,
} from '../options.ts'
import { countriesFor, judged, judgementOptions, type PolicyOptions, policyOf, policyOption } from '../policies.ts'
import { type ExitCode, type Finish, runAnalysis } from '../run.ts'
import { filesOf } from './info.ts'

type Options = AnalysisOptions & MaxStreamsOptions & PolicyOptions

export function summaryCommand(io: Io, finish: Finish): Command {
  const command = analysisOptions(new Command('summary').summary('all of these on one screen, from one pass'), {
    top: false,
  })
    .description(
      'What is there to know? The file, round-trip times, protocols, destinations and ports, flows and findings, ' +
        'from one pass and on one screen, and which command shows more of each. ' +
        '`pcapx trace.pcap`, without a command, is the same.',
    )
    .addOption(
      new Option(
        '--top <rows>',
        'how many rows of each list; 0 for all (on a screen: what fits, JSON: 10, and 30 protocols)',
      ).argParser(parseTop),
    )
    .addOption(policyOption())
  // It is refused, with a word on what there is instead.
  command.options.find(({ long }) => long === '--csv')?.hideHelp()
  return judgementOptions(command)
    .addOption(maxStreamsOption())
    .addHelpText(
      'after',
      examples(
        'pcapx trace.pcap',
        "pcapx trace.pcap -Y 'ip.addr == 10.0.0.4'",
        'pcapx summary trace.pcap --json | jq .rtt',
      ),
    )
    .action(async (captures: string[], options: Options) => finish(await summarize(io, captures, options)))
}

async function summarize(io: Io, captures: string[], options: Options): Promise<ExitCode> {
  if (options.csv)
    throw new UsageError(
      'a summary is no table, and cannot be CSV',
      '--json and --jsonl have all of it; as CSV: pcapx rtt, hierarchy, destinations, endpoints, flows, unwanted or info',
    )
  const policy = await policyOf(options.policy)
  const countryOf = await countriesFor(policy, io, options.geo)
  const { Summary } = await import('../../analyzers/summary.ts')
  const { recordsOf, summaryReport } = await import('../../report/summary.ts')
  const { top, filter } = options
  const maxStreams = maxStreamsOf(options)
  let findings: readonly Finding[] = []
  const code = await runAnalysis(io, captures, options, {
    example: 'pcapx trace.pcap',
    comments: true,
    maxStreams,
    make: (context) => new Summary(context, { policy, countryOf, top: recordsOf(top), maxFlows: maxStreams }),
    report: (result, run) => {
      findings = result.unwanted.findings
      return summaryReport(result, filesOf(run), {
        top,
        filter,
        captures: captures.length > 0 ? captures : ['-'],
        plain: isPlain(io),
        countryOf,
      })
    },
  })
  return judged(code, findings, options)
}
