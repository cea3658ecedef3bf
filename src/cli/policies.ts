/** Options of the commands that judge streams by a policy. */
import { type Command, Option } from 'commander'
import type { Policy } from '../policy/policy.ts'
import { compareSeverities, SEVERITIES, type Severity } from '../policy/severity.ts'
import { GEO_DESCRIPTION, GEO_FLAGS, openNamedCountries } from './countries.ts'
import { EXIT_DONE, EXIT_FOUND, UsageError } from './errors.ts'
import type { Io } from './io.ts'
import type { ExitCode } from './run.ts'

export interface PolicyOptions {
  readonly policy?: string
  readonly failOn?: Severity
  readonly geo?: string
}

export function policyOption(): Option {
  return new Option('--policy <file>', 'what is unwanted, as YAML or JSON (default: the built-in policy)')
}

/** Adds what is said about the outcome. */
export function judgementOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--fail-on <severity>', 'exit code 3 if there is a finding as bad as that').choices([...SEVERITIES]),
    )
    .option(GEO_FLAGS, GEO_DESCRIPTION)
}

/** The policy in the file, or the built-in one. */
export async function policyOf(path: string | undefined): Promise<Policy> {
  const { builtInPolicy, readPolicy } = await import('../policy/read.ts')
  if (path === undefined) return builtInPolicy()
  try {
    return await readPolicy(path)
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'PolicyError') throw error
    const { details } = error as Error & { details: readonly string[] }
    throw new UsageError(error.message, details.length === 0 ? undefined : details.join('\n'))
  }
}

/** What tells countries; a policy that asks for them cannot do without. */
export async function countriesFor(policy: Policy, io: Io, named: string | undefined) {
  const countryOf = await openNamedCountries(io, named)
  if (policy.countryRule !== null && countryOf === undefined)
    throw new UsageError(
      `${policy.name}: the rule ${policy.countryRule.id} asks for countries, and no database is named that knows them`,
      'name an MMDB file with --geo, or in the environment as PCAPX_GEO',
    )
  return countryOf
}

/** The exit code of a run that was otherwise done, by `--fail-on`. */
export function judged(
  code: ExitCode,
  findings: readonly { readonly severity: Severity }[],
  { failOn }: PolicyOptions,
): ExitCode {
  if (code !== EXIT_DONE || failOn === undefined) return code
  return findings.some(({ severity }) => compareSeverities(severity, failOn) >= 0) ? EXIT_FOUND : code
}
