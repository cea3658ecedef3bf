import { Chalk } from 'chalk'
import { expect, test } from 'vitest'
import { painter, shades } from '../../src/report/terminal.ts'
import { guardTerminal } from '../../src/report/terminal-guard.ts'
import { ATTACKS, offence } from '../support/hostile-attacks.ts'

test.each(ATTACKS)('nothing of $name passes', ({ octets }) => {
  const passed = guardTerminal(octets.toString())
  expect(offence(Buffer.from(passed), { looks: true, tabs: true })).toBeNull()
  expect(passed).toContain('Zq')
})

test('what pcapx itself sends passes', () => {
  const looks = (['plain', 'strong', 'faint', 'good', 'warning', 'bad'] as const).map((tone) =>
    painter(true)('x', tone),
  )
  const own = [
    ...looks,
    ...shades(true).map((shade) => shade(painter(true)('x', 'strong'))),
    'a\tb\n',
    'a,b\r\n',
    '\r\x1b[K12 %',
  ]
  for (const text of own) expect(guardTerminal(text)).toBe(text)
})

test('looks that hide text, and sequences that only begin like them, do not', () => {
  const { hidden, inverse } = new Chalk({ level: 1 })
  expect(guardTerminal(hidden('x'))).toBe('\\x1b[8mx\\x1b[28m')
  expect(guardTerminal(inverse('x'))).toBe('\\x1b[7mx\\x1b[27m')
  expect(guardTerminal('\x1b[31;8mx\x1b[2Jy\rz')).toBe('\\x1b[31;8mx\\x1b[2Jy\\rz')
})
