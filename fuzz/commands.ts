/** The command lines that captures go through: every command, with options that are drawn. */
import type { Field } from '../src/protocols/field.ts'
import { protocols } from '../src/protocols/index.ts'
import type { Random } from './random.ts'

export type Form = 'terminal' | 'color' | 'pipe' | 'json' | 'jsonl' | 'csv' | 'octets'

export interface CommandLine {
  readonly words: readonly string[]
  /** How the output is to look, and so what is wrong with it. */
  readonly form: Form
  /** All packets of all captures are read, whatever they are. */
  readonly readsAll: boolean
}

const TABLES: readonly Form[] = ['terminal', 'color', 'pipe', 'json', 'jsonl', 'csv']
const NO_CSV: readonly Form[] = ['terminal', 'color', 'pipe', 'json', 'jsonl']

/** One line for each command that reads captures. `written` is where `-w` may write. */
export function drawCommands(random: Random, captures: readonly string[], written: string): CommandLine[] {
  const line = (words: readonly string[], forms: readonly Form[], readsAll = true): CommandLine => {
    const form = random.pick(forms)
    const all = [...words, ...captures, ...wordsOf(form)]
    if (random.once(3)) all.push('--recover')
    if (random.once(6) && !words.includes('-Y')) all.push('-Y', expression(random))
    return { words: all, form, readsAll }
  }
  const top = random.once(2) ? ['--top', String(random.below(4))] : []
  const names = random.once(3) ? ['--names'] : []
  const streams = random.once(8) ? ['--max-streams', String(random.between(1, 20))] : []
  return [
    line(['info'], TABLES),
    line(['rtt', ...top, ...names, ...streams, ...by(random)], TABLES),
    line(['hierarchy', ...top], TABLES),
    line(['destinations', ...top], TABLES),
    line(['endpoints', ...top, ...names], TABLES),
    line(['flows', ...top, ...names, ...streams], TABLES),
    line(['unwanted', ...top], TABLES),
    line(['summary'], NO_CSV),
    filterLine(random, captures),
    writeLine(random, captures, written),
    line(
      ['show', '1-', '--limit', MOST_SHOWN, ...(random.once(2) ? ['--no-hex'] : []), ...someOf(random)],
      NO_CSV,
      false,
    ),
    line(['fields', ...drawFields(random).flatMap((name) => ['-e', name])], ['terminal', 'json', 'jsonl']),
    line(['follow', `${random.pick(['tcp', 'udp'])}:${random.below(6)}`], ['terminal', 'color', 'json', 'jsonl']),
    extractLine(random, captures, written),
  ]
}

function wordsOf(form: Form): string[] {
  if (form === 'json' || form === 'jsonl' || form === 'csv') return [`--${form}`]
  return form === 'color' ? ['--color', 'always'] : []
}

/** Packets in full: of a long capture their text would not fit into memory. */
const MOST_SHOWN = '500'

/** All packets are dissected; one in four shown, mostly, since that takes longer than all other commands together. */
function someOf(random: Random): string[] {
  return random.once(4) ? [] : ['-Y', `frame.number % 4 == ${random.below(4)}`]
}

function by(random: Random): string[] {
  return random.once(2) ? ['--by', random.pick(['server', 'client', 'port'])] : []
}

function filterLine(random: Random, captures: readonly string[]): CommandLine {
  const form = random.pick([...TABLES, 'pipe'] as const)
  const words = ['filter', expression(random), ...captures, ...wordsOf(form)]
  if (form === 'pipe' && random.once(2)) words.push('--count')
  return { words, form, readsAll: true }
}

function writeLine(random: Random, captures: readonly string[], written: string): CommandLine {
  const expressions = ['frame', 'tcp or udp', 'ip.frag_offset > 0', 'frame.len > 60', expression(random)]
  const words = ['filter', random.pick(expressions), ...captures, '-w', written]
  return { words, form: 'octets', readsAll: true }
}

function extractLine(random: Random, captures: readonly string[], written: string): CommandLine {
  const streams = [random.below(4), `udp:${random.below(4)}`, `tcp:${random.below(9)}`].join(',')
  const side = random.once(3) ? ['--side', random.pick(['client', 'server'])] : []
  return {
    words: ['extract', '--stream', streams, ...side, ...captures, '-w', written],
    form: 'octets',
    readsAll: true,
  }
}

const allFields = protocols.flatMap((protocol) => protocol.fields)
const FIELDS_AT_ONCE = 25

function drawFields(random: Random): string[] {
  return Array.from({ length: FIELDS_AT_ONCE }, () => random.pick(allFields).name)
}

const NUMBERS = ['0', '1', '6', '17', '64', '80', '443', '1500', '65535', '4294967295']
const PATTERNS = ['"."', '"(a|b)+c"', '"^[^ ]*\\\\.[a-z]+$"', '"(?i)http"', '"\\\\x00"']

/** A filter that is right: what is wrong with filters is another test's. */
function expression(random: Random): string {
  const terms = Array.from({ length: random.few(4) }, () => {
    const negated = random.once(5) ? 'not ' : ''
    return negated + comparison(random.pick(allFields), random)
  })
  return terms.join(random.pick([' and ', ' or ']))
}

function comparison({ name, type }: Field, random: Random): string {
  if (random.once(3)) return name
  switch (type) {
    case 'uint8':
    case 'uint16':
    case 'uint24':
    case 'uint32':
    case 'int32':
      return `${name} ${random.pick(['==', '!=', '>', '<=', '~='])} ${type === 'uint8' ? random.below(256) : random.pick(NUMBERS.slice(0, 8))}`
    case 'string':
      return random.once(2)
        ? `${name} matches ${random.pick(PATTERNS)}`
        : `${name} contains ${random.pick(['"a"', '"http"', '"\\x00"'])}`
    case 'bytes':
    case 'protocol':
      return random.once(2)
        ? `${name} contains ${random.pick(['00:01', '"GET"', 'ff'])}`
        : `${name}[${random.below(6)}:${random.between(1, 4)}] == ${random.pick(['00', '00:00', 'ff:ff:ff'])}`
    case 'ipv4':
      return `${name} ${random.pick(['==', '!='])} ${random.pick(['10.0.0.0/8', '192.168.0.1', '0.0.0.0/0'])}`
    case 'ipv6':
      return `${name} == ${random.pick(['fe80::/10', '::1', '2000::/3'])}`
    default:
      return name
  }
}
