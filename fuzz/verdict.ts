/** What is wrong with how a command has ended. */
import type { Form } from './commands.ts'

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Done; the capture is damaged. The command line is right, and nothing sends signals. */
const EXIT_CODES = [0, 1]

/** What a terminal would obey, or not show: written down here once more, so that it is not the program's own list that is asked. */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose.
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\ufffe\uffff\p{Surrogate}]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: what chalk writes.
const COLOURS = /\u001b\[\d+(;\d+)*m/g
/** A cell that a spreadsheet would take for a formula; numbers are none. */
const FORMULA = /(^|,|\n)"?\s*([=@]|[+-](?![\d.]))/

/** Null if nothing is wrong. */
export function verdict({ code, stdout, stderr }: Outcome, form: Form): string | null {
  if (!EXIT_CODES.includes(code)) return `exit code ${code}: ${stderr.slice(0, 2000)}`
  const raw = UNSAFE.exec(stderr)
  if (raw !== null) return `unsafe on standard error: ${shown(stderr, raw.index)}`
  const plain = form === 'color' ? stdout.replaceAll(COLOURS, '') : stdout
  const unsafe = UNSAFE.exec(form === 'csv' ? plain.replaceAll('\r\n', '\n') : plain)
  if (unsafe !== null) return `unsafe on standard output: ${shown(plain, unsafe.index)}`
  if (form === 'csv') {
    const formula = FORMULA.exec(plain.replaceAll('\r\n', '\n'))
    return formula === null ? null : `a formula: ${shown(plain, formula.index)}`
  }
  if (form !== 'json' && form !== 'jsonl') return null
  if (stdout === '' && form === 'json') return `no JSON at all, exit code ${code}: ${stderr}`
  try {
    for (const text of form === 'json' ? [stdout] : stdout.split('\n')) if (text !== '') JSON.parse(text)
    return null
  } catch (error) {
    return `no JSON: ${(error as Error).message}`
  }
}

function shown(text: string, at: number): string {
  return JSON.stringify(text.slice(Math.max(0, at - 40), at + 40)).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** Packets read, as the command's JSON says; null if it says nothing. */
export function packetsRead({ stdout }: Outcome, form: Form): number | null {
  if (form !== 'json' && form !== 'jsonl') return null
  if (stdout === '') return null
  const text = form === 'json' ? stdout : (stdout.trimEnd().split('\n').at(-1) ?? '')
  const { packetsRead: count } = JSON.parse(text)
  return typeof count === 'number' ? count : null
}
