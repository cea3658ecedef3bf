import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { signatures } from '../../../src/flow/signatures/index.ts'

test('docs/APPLICATIONS.md names every application that has a signature, and no other', () => {
  const page = readFileSync(new URL('../../../docs/APPLICATIONS.md', import.meta.url), 'utf8')
  const rows = page.split('\n').filter((line) => /^\| .*\/`\)/.test(line))
  const documented = rows.flatMap((row) => [...row.split('|')[2].matchAll(/`([^`]+)`/g)].map(([, name]) => name))
  expect([...new Set(documented)].sort()).toEqual([...new Set(signatures.map(({ name }) => name))].sort())
})
