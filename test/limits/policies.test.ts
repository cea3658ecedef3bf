/** A policy is bounded, too: a file that is none is told as one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PolicyError } from '../../src/policy/problems.ts'
import { parsePolicy, readPolicy } from '../../src/policy/read.ts'

async function problemsOf(policy: Promise<unknown>): Promise<readonly string[]> {
  try {
    await policy
  } catch (error) {
    if (error instanceof PolicyError) return [error.message, ...error.details]
    throw error
  }
  return []
}

test('4,194,304 characters', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pcapx-policy-'))
  try {
    const path = join(folder, 'p.yaml')
    const ofLength = (length: number) => {
      const text = 'name: office\n# '
      writeFileSync(path, text + '-'.repeat(length - text.length))
      return problemsOf(readPolicy(path))
    }
    expect(await ofLength(4_194_304)).toEqual([])
    expect(await ofLength(4_194_305)).toEqual([`${path}: is no policy: it has 4194305 characters`])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('10,000 rules', async () => {
  const ofRules = (count: number) => {
    const rules = Array.from({ length: count }, (_, i) => ({ id: `r${i}`, severity: 'low', deny: { port: 1 } }))
    return problemsOf(parsePolicy(JSON.stringify({ extends: 'none', rules }), 'p.json'))
  }
  expect(await ofRules(10_000)).toEqual([])
  expect(await ofRules(10_001)).toEqual(['p.json:1: rules: 10001 rules are too many: at most 10000'])
})

test('20 problems are told, and further ones counted', async () => {
  const ofProblems = (count: number) =>
    problemsOf(parsePolicy(JSON.stringify({ rules: Array.from({ length: count }, (_, i) => i) }), 'p.json'))
  expect(await ofProblems(20)).toHaveLength(20)
  const more = await ofProblems(23)
  expect([more.length, more.at(-1)]).toEqual([21, 'p.json: and 3 more'])
})
