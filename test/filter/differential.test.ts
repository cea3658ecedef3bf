/** `filters.txt` against what `tshark -Y` selected (4.0.17): a fixture, an expression and the numbers of the packets. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { forEachPacket } from '../../src/engine/run.ts'
import { check } from '../../src/filter/check.ts'
import { evaluate } from '../../src/filter/evaluate.ts'
import { compileFilter } from '../../src/filter/filter.ts'
import { parse } from '../../src/filter/parser.ts'

const lines = readFileSync(new URL('filters.txt', import.meta.url), 'utf8')
  .split(/\r?\n/)
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => /^(\S+) \| (.*) \|(?: (.*))?$/.exec(line)!.slice(1))

/** `1-3 7` */
function ranges(numbers: readonly number[]): string {
  const parts: string[] = []
  for (let i = 0; i < numbers.length; i++) {
    const first = numbers[i]
    while (numbers[i + 1] === numbers[i] + 1) i++
    parts.push(first === numbers[i] ? `${first}` : `${first}-${numbers[i]}`)
  }
  return parts.join(' ')
}

test.each(lines)('%s: %s', async (fixture, expression, expected = '') => {
  const file = fileURLToPath(new URL(`../../fixtures/${fixture}.pcap`, import.meta.url))
  const filter = compileFilter(expression)
  const { test: tree } = check(expression, parse(expression))
  const compiled: number[] = []
  const evaluated: number[] = []
  await forEachPacket([file], { needs: filter.needs }, (packet) => {
    if (filter.matches(packet)) compiled.push(packet.number)
    if (evaluate(tree, packet)) evaluated.push(packet.number)
    return false
  })
  expect(ranges(compiled)).toBe(expected)
  expect(evaluated).toEqual(compiled)
})
