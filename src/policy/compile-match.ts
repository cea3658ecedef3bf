/** What a rule applies to, from the way it is written. */
import { parseNetwork } from './address-kind.ts'
import { ADDRESS_WORDS, type AddressSet, type AddressWord } from './address-set.ts'
import { SIGNS, type SignKind } from './facts.ts'
import type { Match, PortRange } from './policy.ts'
import { type Path, type Problems, show } from './problems.ts'

const MATCH_KEYS = [
  'protocol',
  'transport',
  'address',
  'client',
  'server',
  'port',
  'country',
  'evidence',
  'sign',
  'domain',
  'answered',
  'rule',
  'not',
]

const TRANSPORTS = ['tcp', 'udp']
const EVIDENCE = ['payload', 'announced']
const ANY = 'any'

/** Matches within matches; nobody needs more. */
const MAX_DEPTH = 4

interface MatchContext {
  readonly effect: 'allow' | 'deny'
  readonly path: Path
  /** Of the rules of the policy. */
  readonly ids: readonly string[]
  readonly protocols: ReadonlySet<string>
  readonly problems: Problems
}

/** One match, or a list of them. */
export function compileMatches(value: unknown, context: MatchContext): readonly Match[] {
  if (!Array.isArray(value)) return [compileMatch(value, context, 0)]
  if (value.length === 0) context.problems.add(context.path, 'the list is empty: nothing would match')
  return value.map((item, i) => compileMatch(item, { ...context, path: [...context.path, i] }, 0))
}

function compileMatch(value: unknown, context: MatchContext, depth: number): Match {
  const { path, problems, effect, ids } = context
  const match = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null
  const written = (match ?? {}) as Record<string, unknown>
  const keys = Object.keys(written)
  if (match === null || keys.length === 0)
    problems.add(path, `what it applies to is wanted, such as {protocol: telnet}; this is ${show(value)}`)
  for (const key of keys)
    if (!MATCH_KEYS.includes(key)) problems.addUnknown([...path, key], key, 'key that is known here', MATCH_KEYS)
  const read = new ListReader(written, path, problems)
  if (written.rule !== undefined && effect === 'deny')
    problems.add([...path, 'rule'], 'only a rule that allows can name rules, whose findings it lets pass')
  if (depth >= MAX_DEPTH && written.not !== undefined) problems.add([...path, 'not'], 'too many of them in one another')
  const isDeepEnough = depth >= MAX_DEPTH || written.not === undefined
  return {
    protocol: read.words('protocol', (word, at) => {
      const name = word.toLowerCase()
      if (name === ANY || context.protocols.has(name)) return name
      problems.addUnknown(at, word, 'protocol', [...context.protocols], false)
      return name
    }),
    transport: read.oneOf('transport', TRANSPORTS),
    address: read.addresses('address'),
    client: read.addresses('client'),
    server: read.addresses('server'),
    port: read.ports('port'),
    country: read.words('country', (word, at) => {
      if (word !== ANY && !/^[A-Za-z]{2}$/.test(word))
        problems.add(at, `${show(word)} is no country: two letters as in ISO 3166, such as DE, or any`)
      return word === ANY ? word : word.toUpperCase()
    }),
    evidence: read.words('evidence', (word, at) => {
      if (word === 'port')
        problems.add(at, 'a port alone is no evidence of a protocol; for a rule on a port, write port: 23')
      else if (!EVIDENCE.includes(word)) problems.addUnknown(at, word, 'evidence', EVIDENCE)
      return word
    }),
    sign: read.oneOf('sign', SIGNS) as readonly SignKind[] | null,
    domain: read.words('domain', (word, at) => {
      const name = word
        .toLowerCase()
        .replace(/^\*?\./, '')
        .replace(/\.$/, '')
      if (name === '') problems.add(at, `${show(word)} is no domain`)
      return name
    }),
    answered: read.flag('answered'),
    rule: read.oneOf('rule', ids, 'rule of this policy'),
    not: isDeepEnough ? null : compileMatch(written.not, { ...context, path: [...path, 'not'] }, depth + 1),
  }
}

/** Reads values that may be one or a list. */
class ListReader {
  readonly #written: Record<string, unknown>
  readonly #path: Path
  readonly #problems: Problems

  constructor(written: Record<string, unknown>, path: Path, problems: Problems) {
    this.#written = written
    this.#path = path
    this.#problems = problems
  }

  /** Calls `read` for each; null if the key is not there. */
  #each<T>(key: string, read: (value: unknown, at: Path) => T): readonly T[] | null {
    const value = this.#written[key]
    if (value === undefined) return null
    const path = [...this.#path, key]
    if (!Array.isArray(value)) return [read(value, path)]
    if (value.length === 0) this.#problems.add(path, 'the list is empty: nothing would match')
    return value.map((item, i) => read(item, [...path, i]))
  }

  words(key: string, read: (word: string, at: Path) => string): readonly string[] | null {
    return this.#each(key, (value, at) => {
      if (typeof value === 'string' && value !== '') return read(value, at)
      this.#problems.add(at, `${show(value)} is no word`)
      return ''
    })
  }

  oneOf(key: string, allowed: readonly string[], what = key): readonly string[] | null {
    return this.words(key, (word, at) => {
      if (!allowed.includes(word)) this.#problems.addUnknown(at, word, what, allowed)
      return word
    })
  }

  flag(key: string): boolean | null {
    const value = this.#written[key]
    if (value === undefined) return null
    if (typeof value !== 'boolean') this.#problems.add([...this.#path, key], `${show(value)} is neither true nor false`)
    return value === true
  }

  addresses(key: string): AddressSet | null {
    const networks: AddressSet['networks'][number][] = []
    const words: AddressWord[] = []
    const given = this.words(key, (text, at) => {
      const network = parseNetwork(text)
      if (network !== null) networks.push(network)
      else if (ADDRESS_WORDS.includes(text as AddressWord)) words.push(text as AddressWord)
      else this.#problems.add(at, notAnAddress(text))
      return text
    })
    return given === null ? null : { networks, words }
  }

  ports(key: string): readonly PortRange[] | null {
    return this.#each(key, (value, at) => {
      const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(value)) ?? []
      const range = { first: Number(first), last: Number(last ?? first) }
      const isPort = (typeof value === 'number' || typeof value === 'string') && range.last <= 65_535
      if (!isPort || !(range.first <= range.last))
        this.#problems.add(at, `${show(value)} is no port: a number up to 65535, or a range such as 6881-6889`)
      return range
    })
  }
}

function notAnAddress(text: string): string {
  const words = ADDRESS_WORDS.join(', ')
  if (/[A-Za-z]/.test(text) && !text.includes(':'))
    return `${show(text)} is no address: host names are not looked up (allowed: 10.0.0.0/8, 2001:db8::1, ${words})`
  return `${show(text)} is no address or network (allowed: 10.0.0.0/8, 2001:db8::1, ${words})`
}
