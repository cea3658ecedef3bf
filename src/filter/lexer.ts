/**
 * Display-filter text to tokens.
 *
 * The hard part is the unquoted word, which is a name (`tcp.options.sack_le`), a number, an address
 * (`fe80::/10`, `00-00-5e-00-53-01`) or octets (`0d:0a`). A word may hold `.`, `:` and `-`, so that a minus sign next to
 * a name needs a space before it, as in Wireshark; `..` ends a word; a slash belongs to it only in a subnet.
 */
import { FilterError } from './errors.ts'
import { MAX_LENGTH, MAX_TOKEN_LENGTH, MAX_TOKENS } from './limits.ts'
import type { Span } from './syntax.ts'

export type Token = Span &
  (
    | { readonly kind: 'word'; readonly text: string }
    | { readonly kind: 'text'; readonly text: string; readonly octets: Uint8Array }
    | { readonly kind: 'character'; readonly text: string; readonly code: number }
    /** `[...]` and `#2`, `#[...]`: the text inside. */
    | { readonly kind: 'slice' | 'layers'; readonly text: string; readonly inside: string; readonly insideAt: number }
    | { readonly kind: 'operator' | 'punctuation' | 'end'; readonly text: string }
  )

const OPERATORS = [
  '===',
  '!==',
  '==',
  '!=',
  '~=',
  '<=',
  '>=',
  '&&',
  '||',
  '^^',
  '<',
  '>',
  '!',
  '~',
  '&',
  '+',
  '-',
  '*',
  '/',
  '%',
]

/** What other languages write, and what the display filter has for it. */
const FOREIGN: Record<string, string> = {
  '=': 'use == to compare',
  '<>': 'use != for "not equal"',
  '|': 'use || or "or"; there is no bitwise or',
  '^': 'use ^^ or "xor"; there is no bitwise xor',
}

/** A comment runs from `//` to the end of the line, or between slash-star and star-slash. */
const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y
/** `${ip.src}`, `${macro:1;2}` and `$macro(1, 2)`. */
const REFERENCE = /\$\{@?([\w.-]*)[^}]*\}?|\$([\w.-]*)/y

const WORD =
  /[A-Za-z0-9_](?:[A-Za-z0-9_:]|\.(?!\.)|-(?=[A-Za-z0-9_]))*|::?[A-Za-z0-9](?:[A-Za-z0-9_:]|\.(?!\.))*|::|\.[A-Za-z_](?:[A-Za-z0-9_]|[.-](?=[A-Za-z0-9_]))*/y
/** An address that a prefix length may follow: dotted digits, or anything with a colon. */
const SUBNET = /^(?:\d+(?:\.\d*)+|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*)$/
const PREFIX_LENGTH = /\/\d+/y
const STRING = /(r|)"((?:[^"\\]|\\[\s\S])*)"/y
const CHARACTER = /'([^'\\]|\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|[\s\S]))'/y
const LAYERS = /#(?:\[([^\]]*)\]|(\d+))/y
const SLICE = /\[([^\]]*)\]/y

const ESCAPES: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** The tokens of `expression`, the last of them `end`. */
export function lex(expression: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const fail = (from: number, length: number, message: string, hint?: string): never => {
    throw new FilterError(expression, from, length, message, hint)
  }
  if (expression.length > MAX_LENGTH)
    fail(
      MAX_LENGTH,
      1,
      `the filter is too long: ${counted(expression.length)} characters, and at most ${counted(MAX_LENGTH)}`,
    )
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(expression)
    if (found !== null && pattern !== COMMENT && found[0].length > MAX_TOKEN_LENGTH)
      fail(at, found[0].length, `this is too long: at most ${counted(MAX_TOKEN_LENGTH)} characters`)
    return found
  }
  while (at < expression.length) {
    const char = expression[at]
    if (/\s/.test(char)) {
      at++
      continue
    }
    const comment = match(COMMENT)
    if (comment !== null) {
      at += comment[0].length
      continue
    }
    if (tokens.length === MAX_TOKENS)
      fail(at, 1, `the filter is too long: more than ${counted(MAX_TOKENS)} words and signs`, LONG_HINT)
    const string = match(STRING)
    if (string !== null) {
      const [text, raw, inside] = string
      const octets = raw === '' ? unescapeText(inside) : Buffer.from(inside)
      tokens.push({ kind: 'text', text, octets, at, length: text.length })
      at += text.length
      continue
    }
    if (char === '"') fail(at, 1, 'this string has no closing quote')
    const word = match(WORD)
    if (word !== null) {
      let text = word[0]
      if (SUBNET.test(text)) {
        PREFIX_LENGTH.lastIndex = at + text.length
        text += PREFIX_LENGTH.exec(expression)?.[0] ?? ''
        if (text.includes('/') && expression[at + text.length] === '.')
          fail(at, text.length, 'a subnet has no mask', 'write the bits of its prefix: 10.0.0.0/8')
      }
      tokens.push({ kind: 'word', text, at, length: text.length })
      at += text.length
      continue
    }
    const character = match(CHARACTER)
    if (character !== null) {
      const code = unescapeText(character[1])[0]
      tokens.push({ kind: 'character', text: character[0], code, at, length: character[0].length })
      at += character[0].length
      continue
    }
    const bracket = match(SLICE) ?? match(LAYERS)
    if (bracket !== null) {
      const [text] = bracket
      const inside = bracket[1] ?? bracket[2]
      const insideAt = at + text.indexOf(inside, char === '#' ? 1 : 0)
      tokens.push({ kind: char === '#' ? 'layers' : 'slice', text, inside, insideAt, at, length: text.length })
      at += text.length
      continue
    }
    if (expression.startsWith('/*', at)) fail(at, 2, 'this comment has no end', 'a comment ends with */')
    const foreign = foreignOperator(expression, at)
    if (foreign !== undefined) fail(at, foreign.length, `"${foreign}" is not an operator here`, FOREIGN[foreign])
    const operator = OPERATORS.find((text) => expression.startsWith(text, at))
    if (operator !== undefined) {
      tokens.push({ kind: 'operator', text: operator, at, length: operator.length })
      at += operator.length
      continue
    }
    const punctuation = expression.startsWith('..', at) ? '..' : '(){},@'.includes(char) ? char : undefined
    if (punctuation === undefined) {
      const reference = match(REFERENCE)
      if (reference !== null) failReference(expression, at, reference)
      const whole = String.fromCodePoint(expression.codePointAt(at) as number)
      if (char === "'") failCharacter(expression, at)
      fail(at, whole.length, `"${whole}" has no meaning in a filter`, strangerHint(whole))
    } else {
      tokens.push({ kind: 'punctuation', text: punctuation, at, length: punctuation.length })
      at += punctuation.length
    }
  }
  tokens.push({ kind: 'end', text: '', at: expression.length, length: 1 })
  return tokens
}

const LONG_HINT = 'a set is shorter than a chain: ip.addr in {10.0.0.1, 10.0.0.2}; ranges and subnets are shorter still'

function counted(number: number): string {
  return number.toLocaleString('en-US')
}

/** What stands for a value of the packet selected in Wireshark's window, or for a text of its settings. */
function failReference(expression: string, at: number, [text, field = '', macro = '']: RegExpExecArray): never {
  const fail = (message: string, hint: string): never => {
    throw new FilterError(expression, at, text.length, message, hint)
  }
  if (macro !== '' || field === '' || !field.includes('.'))
    return fail(`${text} is a macro of Wireshark's settings, and pcapx has none`, 'write what it stands for')
  return fail(
    `${text} is ${field} of the packet selected in Wireshark's window; a command has no such packet`,
    `write the value: pcapx fields -e ${field} shows those of a capture`,
  )
}

/** What looks like a character and is none. */
function failCharacter(expression: string, at: number): never {
  const [text, inside] = /^'((?:[^'\\]|\\[\s\S])*)'/.exec(expression.slice(at)) ?? ["'", undefined]
  const message =
    inside === undefined
      ? 'this character has no closing quote'
      : inside === ''
        ? 'there is no character between these quotes'
        : `${text} is more than one character`
  throw new FilterError(expression, at, text.length, message, 'a string is written in double quotes: "text"')
}

function foreignOperator(expression: string, at: number): string | undefined {
  if (expression.startsWith('<>', at)) return '<>'
  const char = expression[at]
  const next = expression[at + 1]
  return '=|^'.includes(char) && next !== char ? char : undefined
}

function strangerHint(char: string): string | undefined {
  if (/[‘’“”„«»`]/.test(char)) return 'a string is written in double quotes: "text"'
  if (char === '.') return 'a number begins with a digit: 0.5'
  if (char === '[') return 'a slice ends with ]'
  if (char === '#') return 'a layer is a number from 1: ip.src#2'
  if (char === ';') return 'conditions are joined with && or ||'
  if ('≠≤≥'.includes(char)) return 'use != <= >='
  return undefined
}

/** A piece of a string: an escape, or characters up to the next. */
const PIECE = /\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([0-7]{1,3})|([\s\S]))|[^\\]+/g

/** The octets of a string or a character: UTF-8, but `\xNN` and octal are one octet as they stand. */
function unescapeText(text: string): Uint8Array {
  return Buffer.concat([...text.matchAll(PIECE)].map(unescapePiece))
}

function unescapePiece([piece, hex, short, long, octal, char]: RegExpExecArray): Buffer {
  if (hex !== undefined) return Buffer.of(Number.parseInt(hex, 16))
  if (octal !== undefined) return Buffer.of(Number.parseInt(octal, 8))
  const point = Number.parseInt(short ?? long ?? '', 16)
  if (point >= 0) return Buffer.from(point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point))
  return Buffer.from(char === undefined ? piece : (ESCAPES[char] ?? char))
}

const SMALL_PIECE = new RegExp(PIECE.source.replace('[^\\\\]+', '[^\\\\]'), 'gu')

/** Where in `source`, a string as it was written, its octet number `octet` comes from: an offset in characters. */
export function writtenAt(source: string, octet: number): number {
  const start = source.indexOf('"') + 1
  const inside = source.slice(start, -1)
  let octets = 0
  // Of a raw string, and of characters without an escape, each is a piece.
  const pieces = source.startsWith('r') ? inside.matchAll(/./gsu) : inside.matchAll(SMALL_PIECE)
  for (const match of pieces) {
    octets += (source.startsWith('r') ? Buffer.from(match[0]) : unescapePiece(match)).length
    if (octets > octet) return start + match.index
  }
  return source.length - 1
}
