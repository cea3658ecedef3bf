/** Display filters: the entry. Text in, a test of packets out; every mistake is found before any packet is read. */
import type { Packet } from '../packet/packet.ts'
import type { Need } from '../protocols/field.ts'
import { translate } from './capture-filter.ts'
import { check } from './check.ts'
import { compile } from './compile.ts'
import { FilterError } from './errors.ts'
import { parse } from './parser.ts'

export interface CompiledFilter {
  /** Hot: whether the decoded packet matches. Allocates nothing, never throws. */
  readonly matches: (packet: Packet) => boolean
  /** State across packets that must have been computed before `matches` is asked. */
  readonly needs: Set<Need>
  /** Names of the fields and protocols in the expression. */
  readonly fields: string[]
  /** What is legal but seldom meant, a sentence each. */
  readonly warnings: string[]
}

/** Compiles a display filter; throws `FilterError`. */
export function compileFilter(expression: string): CompiledFilter {
  try {
    const { test, needs, fields, warnings } = check(expression, parse(expression))
    return { matches: compile(test), needs: new Set(needs), fields: [...fields], warnings: [...warnings] }
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    throw asCaptureFilter(expression) ?? error
  }
}

/** A capture filter (pcap-filter(7)) by its first words. */
const QUALIFIED =
  /^\s*(?:not\s+|!\s*)?(?:(?:tcp|udp|ip6?|ether)\s+)?(?:(?:src|dst)\s+)?(?:host|net|port|portrange|proto)\s+\w/

/** Characters of a filter that is written by habit; what is longer was made by a machine, which knows the language. */
const MAX_BY_HABIT = 1000

/** The error for a filter in the language of tcpdump; undefined if it is something else. */
function asCaptureFilter(expression: string): FilterError | undefined {
  if (expression.length > MAX_BY_HABIT) return undefined
  const display = usable(translate(expression))
  if (display === undefined && !QUALIFIED.test(expression)) return undefined
  const trimmed = expression.trim()
  return new FilterError(
    expression,
    expression.indexOf(trimmed),
    trimmed.length,
    'this is a capture filter (as tcpdump takes), not a display filter',
    display === undefined
      ? 'a display filter compares fields: ip.addr == 10.0.0.1 && tcp.port == 80'
      : `as a display filter: ${display}`,
  )
}

/** The display filter if it is one: a capture filter may name what no packet has. */
function usable(display: string | undefined): string | undefined {
  if (display === undefined) return undefined
  try {
    check(display, parse(display))
    return display
  } catch (error) {
    if (error instanceof FilterError) return undefined
    throw error
  }
}
