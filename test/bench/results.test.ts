import { describe, expect, test } from 'vitest'
import { cases, growths } from '../../bench/cases.ts'
import { perfCount, valgrindCount } from '../../bench/measure.ts'
import { OptionError, parseOptions } from '../../bench/options.ts'
import { changeOf, changeToBase, lastFile, type Result } from '../../bench/results.ts'
import { renderTimes } from '../../bench/table.ts'

function result(changes: Partial<Result> & { cpu?: number; wall?: number; spread?: number } = {}): Result {
  const { cpu = 2, wall = 2, spread = 0.02, ...rest } = changes
  return {
    name: 'hierarchy, mixture',
    digest: 'abc',
    packets: 1000,
    bytes: 700_000,
    ratio: { cpu: { median: cpu, spread }, wall: { median: wall, spread } },
    seconds: { cpu: 0.5, wall: 0.4 },
    memory: 80,
    instructions: null,
    others: [],
    base: null,
    ...rest,
  }
}

describe('a change since the last results', () => {
  test('up to 10 % is not worse', () => {
    expect(changeOf(result({ cpu: 2.19 }), result())).toMatchObject({ worse: [] })
    expect(changeOf(result({ cpu: 1 }), result())).toMatchObject({ cpu: -0.5, worse: [] })
  })

  test('more processor time is worse', () => {
    expect(changeOf(result({ cpu: 2.21 }), result())).toMatchObject({ worse: ['cpu'] })
  })

  test('time on the clock is told, and not judged: the machine had other things to do on another day', () => {
    expect(changeOf(result({ wall: 2.4 }), result())).toMatchObject({ wall: expect.closeTo(0.2), worse: [] })
  })

  test('more memory is worse if it is more than a few MB', () => {
    expect(changeOf(result({ memory: 100 }), result())).toMatchObject({ worse: ['memory'] })
    expect(changeOf(result({ memory: 46 }), result({ memory: 40 }))).toMatchObject({ worse: [] })
  })

  test('instructions decide where both know them', () => {
    const before = result({ instructions: 1000 })
    expect(changeOf(result({ instructions: 1050, cpu: 3 }), before)).toMatchObject({
      instructions: expect.closeTo(0.05),
      worse: [],
    })
    expect(changeOf(result({ instructions: 1200 }), before)).toMatchObject({ worse: ['instructions'] })
    expect(changeOf(result({ cpu: 3 }), before)).toMatchObject({ instructions: null, worse: ['cpu'] })
  })

  test('other captures cannot be compared', () => {
    expect(changeOf(result({ digest: 'def', cpu: 9 }), result())).toBeNull()
  })
})

test('a base that was measured in turn is compared directly', () => {
  const ratio = (median: number) => ({ cpu: { median, spread: 0.02 }, wall: { median, spread: 0.02 } })
  const of = (median: number) =>
    changeToBase(result({ base: { ratio: ratio(median), memory: 80, instructions: null } }))
  expect(of(1.05)).toMatchObject({ worse: [] })
  expect(of(1.2)).toMatchObject({ worse: ['cpu', 'wall'] })
  expect(changeToBase(result())).toBeNull()
  // Half of the runs were quicker than the base.
  const unsure = { cpu: { median: 1, spread: 0.02 }, wall: { median: 1.15, spread: 0.4 } }
  expect(changeToBase(result({ base: { ratio: unsure, memory: 80, instructions: null } }))).toMatchObject({ worse: [] })
})

test('the last results are the newest of their kind', () => {
  const names = [
    '2026-11-22-10.json',
    '2026-11-22-2.json',
    '2026-11-22.json',
    '2026-11-23-instructions.json',
    'README.md',
  ]
  expect(lastFile(names, 'times')).toBe('2026-11-22-10.json')
  expect(lastFile(names, 'instructions')).toBe('2026-11-23-instructions.json')
  expect(lastFile([], 'times')).toBeNull()
})

test('what perf and valgrind print', () => {
  expect(perfCount('123456,,instructions:u,1000,100.00,,\n')).toBe(123_456)
  expect(perfCount('<not supported>,,instructions:u,0,100.00,,\n')).toBeNull()
  expect(valgrindCount('==7== I   refs:      1,164,642,050\n')).toBe(1_164_642_050)
  expect(valgrindCount('nothing')).toBeNull()
})

test('options', () => {
  expect(parseOptions([])).toMatchObject({ runs: 5, scale: 1, save: false, against: null, base: null, only: [] })
  expect(parseOptions(['--instructions'])).toMatchObject({ scale: 0.1 })
  expect(parseOptions(['--only', 'rtt', '--only', 'flows']).only).toEqual(['rtt', 'flows'])
  for (const words of [
    ['--runs', '0'],
    ['--runs', '1.5'],
    ['--scale', 'x'],
    ['--nothing'],
    ['--save', '--only', 'rtt'],
  ])
    expect(() => parseOptions(words)).toThrow(OptionError)
})

test('every case has its own name', () => {
  const names = [...cases, ...growths].map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

test('the table says what is worse', () => {
  const before = { date: '2026-11-21', cases: [result()] }
  const text = renderTimes([result({ cpu: 2.5 })], before as unknown as Parameters<typeof renderTimes>[1])
  expect(text).toContain('since 2026-11-21')
  expect(text).toContain('+25% WORSE')
})
