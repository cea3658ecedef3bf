/** The inside of a slice, `[0:3,-2:]`, and of layers, `#[1-2]`: ranges of octets or of layers. */
import { FilterError } from './errors.ts'
import type { Token } from './lexer.ts'
import { parseInteger } from './literals.ts'
import type { Range } from './syntax.ts'

/** An integer in any notation. */
const NUMBER = '-?(?:0[xX][0-9A-Fa-f]+|0[bB][01]+|\\d+)'
const RANGE = new RegExp(`^\\s*(${NUMBER})?\\s*(?:([:-])\\s*(${NUMBER})?)?\\s*$`)

const HINTS = {
  slice: 'a slice is [offset:length], [first-last], [offset], [:length] or [offset:], several with commas',
  layers: 'layers are #2, #[1-2], #[2:] or, from the innermost, #[-1]; several with commas',
}

/** For whoever writes `tcp[tcpflags]`. */
const SYMBOLS = 'a slice takes numbers; flags of TCP have fields: tcp.flags.syn == 1'

/** `0:3`, `2-5`, `4`, `:2`, `7:`, several with commas: the inside of a slice or of `#[...]`. */
export function parseRanges(expression: string, token: Token & { kind: 'slice' | 'layers' }): Range[] {
  const ranges: Range[] = []
  let at = token.insideAt
  for (const part of token.inside.split(',')) {
    const fail = (message: string): never => {
      throw new FilterError(
        expression,
        part.trim() === '' ? token.at : at,
        part.trim() === '' ? token.length : part.length,
        message,
        token.kind === 'slice' && /[a-z]/.test(part) ? SYMBOLS : HINTS[token.kind],
      )
    }
    const integer = (text: string): number => Number(parseInteger(text) ?? fail(`${text} is not a number`))
    const [, from, mark, other] = RANGE.exec(part) ?? fail(`"${part}" is no range`)
    const isLayers = token.kind === 'layers'
    if (from === undefined && (mark !== ':' || isLayers)) fail(`"${part}" is no range`)
    const start = integer(from ?? '0')
    if (isLayers && start === 0) fail('layers are numbered from 1')
    if (mark === undefined) ranges.push({ from: start, length: 1 })
    else if (mark === ':') {
      const length = other === undefined ? Infinity : integer(other)
      if (length <= 0) fail(isLayers ? 'this is no layer' : 'a slice is at least one octet long')
      ranges.push({ from: start, length })
    } else {
      const to = integer(other ?? fail(`"${part}" is no range`))
      if (isLayers && to === 0) fail('layers are numbered from 1')
      if (start < 0 === to < 0 && start > to) fail(`the range ends before it begins`)
      ranges.push({ from: start, to })
    }
    at += part.length + 1
  }
  return ranges
}
