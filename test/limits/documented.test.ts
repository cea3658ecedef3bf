/** docs/LIMITS.md and the source say the same. */
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Row {
  readonly what: string
  readonly ceiling: string
  readonly constant: string
  readonly file: string
  readonly test: string
}

const ROW =
  /^\| (?<what>[^|]+) \| (?<ceiling>\d+) \| [^|]+ \| `(?<constant>\w+)` in `(?<file>[\w./-]+)` \| `(?<test>[^`]+)` \|$/

const lines = readFileSync('docs/LIMITS.md', 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (what|---) /.test(line))
const rows = lines.map((line) => ROW.exec(line)?.groups as Row | undefined)

/** The value of a constant of this module: a number, or a product, power or shift of numbers and constants. */
function constantOf(name: string, source: string): number {
  const [, expression] = new RegExp(`^(?:export )?const ${name} = ([\\w *+<]+)$`, 'm').exec(source) ?? []
  if (expression === undefined) throw new Error(`there is no constant ${name}`)
  const numbers = expression
    .replaceAll(/\b[A-Z_]+\b/g, (other) => String(constantOf(other, source)))
    .replaceAll('_', '')
  // Nothing but digits, x and operators: see the pattern above.
  return Number(new Function(`return ${numbers.replaceAll(/(?<=\d)_(?=\d)/g, '')}`)())
}

test('every row can be read', () => {
  expect(rows.length).toBeGreaterThan(40)
  expect(lines.filter((_, i) => rows[i] === undefined)).toEqual([])
})

test.each(rows.filter((row) => row !== undefined))('$constant: $what', ({ ceiling, constant, file, test }) => {
  expect(constantOf(constant, readFileSync(file, 'utf8'))).toBe(Number(ceiling))
  expect(existsSync(test), test).toBe(true)
})
