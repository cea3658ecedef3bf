/** A report as a person reads it. The only module that knows chalk. */
import { Chalk } from 'chalk'
import type { Block, Tone } from './report.ts'
import { type Paint, tableLines } from './table.ts'
import { escapeText, wrapText } from './text.ts'

export interface Style {
  readonly color: boolean
  /** Columns of the terminal; Infinity where it is none, since then nothing may be cut. */
  readonly width: number
}

export function* terminalLines(blocks: readonly Block[], style: Style): Generator<string> {
  const paint = painter(style.color)
  for (const block of blocks) {
    if (block.kind === 'table') {
      for (const text of tableLines(block, style.width, paint)) yield `${text}\n`
      continue
    }
    const { text, tone } = typeof block.cell === 'string' ? { text: block.cell, tone: 'plain' as const } : block.cell
    for (const part of wrapText(escapeText(text), style.width)) yield `${paint(part, tone)}\n`
  }
}

/** Colours that can be told apart on a dark and on a light background. */
export function painter(color: boolean): Paint {
  if (!color) return (text) => text
  const chalk = new Chalk({ level: 1 })
  const looks: Record<Tone, (text: string) => string> = {
    plain: (text) => text,
    strong: chalk.bold,
    faint: chalk.dim,
    good: chalk.green,
    warning: chalk.yellow,
    bad: chalk.red,
  }
  return (text, tone) => (text === '' ? text : looks[tone](text))
}

/** Looks for things that stand side by side and must be told apart, such as the layers of a packet; one of them at least. */
export function shades(color: boolean): readonly ((text: string) => string)[] {
  if (!color) return [(text) => text]
  const chalk = new Chalk({ level: 1 })
  return [chalk.cyan, chalk.magenta, chalk.green, chalk.yellow]
}
