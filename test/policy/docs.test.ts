/** docs/POLICY.md says what holds. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { builtInDocument } from '../../src/policy/built-in.ts'
import { SIGNS } from '../../src/policy/facts.ts'
import { parsePolicy } from '../../src/policy/read.ts'

const text = readFileSync('docs/POLICY.md', 'utf8')

test('every policy in it can be used', async () => {
  const policies = [...text.matchAll(/```(?:yaml|json)\n(.*?)```/gs)].map(([, policy]) => policy)
  expect(policies).toHaveLength(4)
  for (const policy of policies) expect((await parsePolicy(policy, 'p')).rules.length).toBeGreaterThan(0)
})

test('its table has the rules that are built in, with their severities', () => {
  const rows = [...text.matchAll(/^\| (\w*) ?\| `([\w-]+)` \| /gm)].map(([, severity, id]) =>
    `${id} ${severity}`.trim(),
  )
  expect(rows).toEqual(builtInDocument.rules?.map(({ id, severity }) => `${id} ${severity ?? ''}`.trim()))
})

test('it names every sign', () => {
  for (const sign of SIGNS) expect(text).toContain(`\`${sign}\``)
})
