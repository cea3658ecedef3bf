/** `pcapx unwanted`: what should not be here? */
import { Command } from 'commander'
import type { Finding } from '../../analyzers/unwanted.ts'
import type { Policy } from '../../policy/policy.ts'
import type { Io } from '../io.ts'
import {
  type AnalysisOptions,
  analysisOptions,
  examples,
  type MaxStreamsOptions,
  maxStreamsOf,
  maxStreamsOption,
  topOf,
} from '../options.ts'
import { countriesFor, judged, judgementOptions, type PolicyOptions, policyOf, policyOption } from '../policies.ts'
import { type ExitCode, type Finish, runAnalysis } from '../run.ts'

interface Options extends AnalysisOptions, MaxStreamsOptions, PolicyOptions {
  readonly printPolicy?: true
}

export function unwantedCommand(io: Io, finish: Finish): Command {
  const command = analysisOptions(new Command('unwanted').summary('what should not be here'))
    .description(
      'What should not be here? Peer-to-peer, mining, anonymisers, logins in clear text, old and exposed services, ' +
        'tunnels through DNS. Every finding has evidence from what was carried; a port alone never makes one.',
    )
    .addOption(policyOption())
    .option('--print-policy', 'print the policy as YAML, to start from')
  return judgementOptions(command)
    .addOption(maxStreamsOption())
    .addHelpText(
      'after',
      examples(
        'pcapx unwanted trace.pcap',
        'pcapx unwanted --print-policy > policy.yaml',
        'pcapx unwanted trace.pcap --policy policy.yaml --fail-on high',
        'pcapx unwanted trace.pcap --jsonl | jq -c \'select(.type == "finding") | [.severity, .title, .at.address]\'',
      ),
    )
    .action(async (captures: string[], options: Options) => {
      const policy = await policyOf(options.policy)
      if (options.printPolicy) {
        const { printPolicy } = await import('../../policy/read.ts')
        io.stdout.write(await printPolicy(policy))
        return
      }
      finish(await lookForUnwanted(io, captures, options, policy))
    })
}

async function lookForUnwanted(io: Io, captures: string[], options: Options, policy: Policy): Promise<ExitCode> {
  const countryOf = await countriesFor(policy, io, options.geo)
  const { Unwanted } = await import('../../analyzers/unwanted.ts')
  const { unwantedReport } = await import('../../report/unwanted.ts')
  let findings: readonly Finding[] = []
  const code = await runAnalysis(io, captures, options, {
    example: 'pcapx unwanted trace.pcap',
    maxStreams: maxStreamsOf(options),
    make: (context) => new Unwanted(context, { policy, countryOf }),
    report: (result) => {
      findings = result.findings
      return unwantedReport(result, { top: topOf(options), captures: captures.length > 0 ? captures : ['-'] })
    },
  })
  return judged(code, findings, options)
}
