/** `pcapx unwanted`: what should not be here? */
import { Command, Option } from 'commander'
import type { Policy } from '../../policy/policy.ts'
import { compareSeverities, SEVERITIES, type Severity } from '../../policy/severity.ts'
import { GEO_DESCRIPTION, GEO_FLAGS, openNamedCountries } from '../countries.ts'
import { EXIT_DONE, EXIT_FOUND, UsageError } from '../errors.ts'
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
import { type ExitCode, type Finish, runAnalysis } from '../run.ts'

interface Options extends AnalysisOptions, MaxStreamsOptions {
  readonly policy?: string
  readonly printPolicy?: true
  readonly failOn?: Severity
  readonly geo?: string
}

export function unwantedCommand(io: Io, finish: Finish): Command {
  return analysisOptions(new Command('unwanted').summary('what should not be here'))
    .description(
      'What should not be here? Peer-to-peer, mining, anonymisers, logins in clear text, old and exposed services, ' +
        'tunnels through DNS. Every finding has evidence from what was carried; a port alone never makes one.',
    )
    .option('--policy <file>', 'what is unwanted, as YAML or JSON (default: the built-in policy)')
    .option('--print-policy', 'print the policy as YAML, to start from')
    .addOption(
      new Option('--fail-on <severity>', 'exit code 3 if there is a finding as bad as that').choices([...SEVERITIES]),
    )
    .option(GEO_FLAGS, GEO_DESCRIPTION)
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
  const countryOf = await openNamedCountries(io, options.geo)
  if (policy.countryRule !== null && countryOf === undefined)
    throw new UsageError(
      `${policy.name}: the rule ${policy.countryRule.id} asks for countries, and no database is named that knows them`,
      'name an MMDB file with --geo, or in the environment as PCAPX_GEO',
    )
  const { Unwanted } = await import('../../analyzers/unwanted.ts')
  const { unwantedReport } = await import('../../report/unwanted.ts')
  let isFound = false
  const { failOn } = options
  const code = await runAnalysis(io, captures, options, {
    example: 'pcapx unwanted trace.pcap',
    maxStreams: maxStreamsOf(options),
    make: (context) => new Unwanted(context, { policy, countryOf }),
    report: (result) => {
      isFound = failOn !== undefined && result.findings.some(({ severity }) => compareSeverities(severity, failOn) >= 0)
      return unwantedReport(result, { top: topOf(options), captures: captures.length > 0 ? captures : ['-'] })
    },
  })
  return code === EXIT_DONE && isFound ? EXIT_FOUND : code
}

async function policyOf(path: string | undefined): Promise<Policy> {
  const { builtInPolicy, readPolicy } = await import('../../policy/read.ts')
  if (path === undefined) return builtInPolicy()
  try {
    return await readPolicy(path)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'PolicyError') throw error
    const { details } = error as Error & { details: readonly string[] }
    throw new UsageError(error.message, details.length === 0 ? undefined : details.join('\n'))
  }
}
