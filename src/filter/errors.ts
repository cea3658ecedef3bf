/** A mistake in a display filter, found before any packet is read. */

/** Characters of the expression shown around the mistake; a filter may be generated and very long. */
const SHOWN = 100

/** A message quotes words of the expression, whatever their length. */
const MAX_MESSAGE = 300

/** `text` in one line, without control characters, and cut short if it is longer than a message may be. */
export function clip(text: string): string {
  const line = text.slice(0, MAX_MESSAGE).replace(/\p{C}/gu, ' ')
  return text.length <= MAX_MESSAGE ? line : `${line}...`
}

export class FilterError extends Error {
  readonly expression: string
  /** First character of the culprit, from 0, and how many there are. */
  readonly at: number
  readonly length: number
  /** What to write instead, if that can be told. */
  readonly hint: string | undefined

  constructor(expression: string, at: number, length: number, message: string, hint?: string) {
    super(clip(message))
    this.name = 'FilterError'
    this.expression = expression
    this.at = at
    this.length = Math.max(1, length)
    this.hint = hint === undefined ? undefined : clip(hint)
  }

  /** Three lines, or four with a hint: message, expression, carets under the culprit, hint. */
  format(): string {
    const from = Math.max(0, Math.min(this.at - SHOWN / 2, this.expression.length - SHOWN))
    const until = Math.min(this.expression.length, from + SHOWN)
    const before = from > 0 ? '...' : ''
    const after = until < this.expression.length ? '...' : ''
    // One column for each character, whatever it is: a tab or a line break would move the caret.
    const shown = this.expression.slice(from, until).replace(/\p{C}/gu, ' ')
    const column = before.length + this.at - from
    const width = Math.max(1, Math.min(this.length, before.length + shown.length - column))
    const lines = [
      `filter: ${this.message}`,
      `  ${before}${shown}${after}`,
      `  ${' '.repeat(column)}${'^'.repeat(width)}`,
    ]
    if (this.hint !== undefined) lines.push(`  ${this.hint}`)
    return lines.join('\n')
  }
}
