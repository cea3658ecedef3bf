/** From a policy as it is written to one that judges; finds everything that is wrong with it on the way. */
import { compileMatches } from './compile-match.ts'
import type { Policy, PolicyDocument, Rule, RuleDocument } from './policy.ts'
import { type Path, type Problems, show } from './problems.ts'
import { SEVERITIES, type Severity } from './severity.ts'

const POLICY_KEYS = ['name', 'extends', 'disable', 'rules']
const RULE_KEYS = ['id', 'title', 'severity', 'per', 'last', 'deny', 'allow']
const EXTENDABLE = ['built-in', 'none']
const PER = ['server', 'host']

/** Rules of a policy at most; no person writes as many. */
const MAX_RULES = 10_000

export interface CompileOptions {
  /** The name of a policy that does not say it. */
  readonly name: string
  /** What `extends: built-in` means; without it nothing can be extended. */
  readonly builtIn?: PolicyDocument
  /** Whether there is such a protocol. */
  readonly protocols: ReadonlySet<string>
  readonly problems: Problems
}

interface WrittenRule {
  readonly document: RuleDocument
  readonly path: Path
}

/** Null if there are problems; they are in `options.problems` then. */
export function compilePolicy(value: unknown, options: CompileOptions): Policy | null {
  const { problems } = options
  if (!isObject(value)) {
    problems.add([], `a policy is an object with the keys ${POLICY_KEYS.join(', ')}; this is ${show(value)}`)
    return null
  }
  checkKeys(value, POLICY_KEYS, [], problems)
  const name = textOf(value.name, ['name'], problems) ?? options.name
  const inherited = inheritedRules(value, options)
  const written = ruleList(value.rules, options)
  const own = new Set(written.map(({ document }) => document.id))
  // What is inherited has been read before, and is right: it needs no path.
  const all = [
    ...written,
    ...inherited.filter(({ id }) => !own.has(id)).map((document) => ({ document, path: [] as Path })),
  ]
  const documents = all.map(({ document }) => document)
  const ids = documents.map(({ id }) => id).filter((id) => typeof id === 'string')
  const rules = all.map(({ document, path }) => compileRule(document, path, ids, options))
  if (problems.all.length > 0) return null
  const sorted = [
    ...rules.filter((rule) => rule.effect === 'allow'),
    ...rules.filter((rule) => rule.effect === 'deny' && !rule.isLast),
    ...rules.filter((rule) => rule.effect === 'deny' && rule.isLast),
  ]
  return {
    name,
    rules: sorted,
    countryRule: sorted.find((rule) => rule.matches.some(asksForCountry)) ?? null,
    document: { name, extends: 'none', rules: documents },
  }
}

function asksForCountry(match: { country: unknown; not: Rule['matches'][number] | null }): boolean {
  return match.country !== null || (match.not !== null && asksForCountry(match.not))
}

/** The rules of the policy that is extended, without those that are switched off. */
function inheritedRules(
  value: Record<string, unknown>,
  { builtIn, problems }: CompileOptions,
): readonly RuleDocument[] {
  const wanted = value.extends ?? (builtIn === undefined ? 'none' : 'built-in')
  if (!EXTENDABLE.includes(wanted as string)) problems.addUnknown(['extends'], wanted, 'policy to extend', EXTENDABLE)
  const rules = wanted === 'built-in' ? (builtIn?.rules ?? []) : []
  const ids = rules.map(({ id }) => id)
  const disabled = value.disable ?? []
  if (!Array.isArray(disabled)) {
    problems.add(['disable'], `a list of rules of the policy that is extended is wanted, this is ${show(disabled)}`)
    return rules
  }
  for (const [i, id] of disabled.entries())
    if (!ids.includes(id)) problems.addUnknown(['disable', i], id, 'rule of the policy that is extended', ids)
  return rules.filter(({ id }) => !disabled.includes(id))
}

/** The rules that the policy itself has, with where they stand. */
function ruleList(value: unknown, { problems }: CompileOptions): readonly WrittenRule[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) {
    problems.add(['rules'], `a list of rules is wanted, each beginning with "- id:"; this is ${show(value)}`)
    return []
  }
  if (value.length > MAX_RULES) problems.add(['rules'], `${value.length} rules are too many: at most ${MAX_RULES}`)
  const ids = new Set<string>()
  const rules: WrittenRule[] = []
  for (const [index, rule] of value.slice(0, MAX_RULES).entries()) {
    const path = ['rules', index]
    if (!isObject(rule)) {
      problems.add(path, `a rule is an object with the keys ${RULE_KEYS.join(', ')}; this is ${show(rule)}`)
      continue
    }
    checkKeys(rule, RULE_KEYS, path, problems)
    const { id } = rule
    if (id === undefined) problems.add(path, 'the rule has no id: a word to call it by, such as no-telnet')
    else if (typeof id !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(id))
      problems.add([...path, 'id'], `${show(id)} is no id: letters, digits, "-", "_" and ".", 64 at most`)
    else if (ids.has(id)) problems.add([...path, 'id'], `there is another rule with the id ${id}`)
    else ids.add(id)
    rules.push({ document: rule as unknown as RuleDocument, path })
  }
  return rules
}

function compileRule(
  document: RuleDocument,
  path: Path,
  ids: readonly string[],
  { problems, protocols }: CompileOptions,
): Rule {
  const { deny, allow } = document
  if ((deny === undefined) === (allow === undefined))
    problems.add(path, `a rule has either "deny" or "allow"${deny === undefined ? '; this has neither' : ', not both'}`)
  const effect = deny === undefined ? 'allow' : 'deny'
  const written = deny === undefined ? allow : deny
  const severity = document.severity ?? (effect === 'allow' ? 'low' : undefined)
  if (severity === undefined) problems.add(path, `the rule has no severity: ${SEVERITIES.join(', ')}`)
  else if (!SEVERITIES.includes(severity as Severity))
    problems.addUnknown([...path, 'severity'], severity, 'severity', SEVERITIES)
  const per = document.per ?? 'server'
  if (!PER.includes(per)) problems.addUnknown([...path, 'per'], per, 'kind of finding', PER)
  if (document.last !== undefined && typeof document.last !== 'boolean')
    problems.add([...path, 'last'], `${show(document.last)} is neither true nor false`)
  return {
    id: document.id,
    title: textOf(document.title, [...path, 'title'], problems) ?? document.id,
    effect,
    severity: severity as Severity,
    matches:
      written === undefined
        ? []
        : compileMatches(written, { effect, path: [...path, effect], ids, protocols, problems }),
    per: per as Rule['per'],
    isLast: document.last === true,
  }
}

function textOf(value: unknown, path: Path, problems: Problems): string | null {
  if (value === undefined) return null
  if (typeof value === 'string' && value.trim() !== '') return value
  problems.add(path, `${show(value)} is no text`)
  return null
}

function checkKeys(value: Record<string, unknown>, allowed: readonly string[], path: Path, problems: Problems): void {
  for (const key of Object.keys(value))
    if (!allowed.includes(key)) problems.addUnknown([...path, key], key, 'key that is known here', allowed)
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
