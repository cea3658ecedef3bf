/** The README's transcripts are what the commands print. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pcapx, ROOT } from './support.ts'

interface Command {
  readonly line: string
  readonly output: string
}

/** Each `$ pcapx ...` line of the README's console blocks, with what stands below it. */
function commandsOf(markdown: string): Command[] {
  const blocks = [...markdown.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block]) => block)
  return blocks.flatMap((block) =>
    block
      .split(/^(?=\$ )/m)
      .map((part) => ({ line: part.slice(2, part.indexOf('\n')), output: part.slice(part.indexOf('\n') + 1) })),
  )
}

/** Words as a shell would split them, single quotes only. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain)
}

const commands = commandsOf(readFileSync(`${ROOT}README.md`, 'utf8'))

test('there are transcripts', () => expect(commands.length).toBeGreaterThanOrEqual(8))

test.each(commands)('$line', async ({ line, output }) => {
  const [program, ...words] = wordsOf(line)
  expect(program).toBe('pcapx')
  const { stdout, stderr } = await pcapx(words)
  expect(stdout + stderr).toBe(output)
})
