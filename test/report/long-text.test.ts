/** Text that is long, wide, or without width: it takes no long time, and does not break what is around it. */
import { describe, expect, test } from 'vitest'
import { wrapIndented } from '../../src/report/indent.ts'
import { PacketText } from '../../src/report/packet-text.ts'
import type { PacketTree } from '../../src/report/packet-tree.ts'
import type { Table } from '../../src/report/report.ts'
import { tableLines } from '../../src/report/table.ts'
import { clipText, displayWidth, elide, escapeText, wrapText } from '../../src/report/text.ts'

const LENGTH = 60_000
/** What 1,024 characters may become: the longest escape, `\u{e0041}`, has nine. Then come what is left out, and another column. */
const MOST_COLUMNS = 9 * 1024 + 100
const LONG = {
  letters: 'a'.repeat(LENGTH),
  marks: `e${'\u0301'.repeat(LENGTH)}`,
  wide: '日'.repeat(LENGTH),
  words: 'é '.repeat(LENGTH / 2),
  controls: '\x1b'.repeat(LENGTH),
  pairs: '\u{1f600}'.repeat(LENGTH / 2),
}

function timed<T>(work: () => T): { result: T; milliseconds: number } {
  const start = performance.now()
  return { result: work(), milliseconds: performance.now() - start }
}

describe.each(Object.entries(LONG))('60,000 of %s', (_, text) => {
  test('are wrapped and shortened in time that grows with their number', () => {
    const shown = escapeText(text)
    // Quadratic, it would be some 60,000² / 40 steps: many seconds.
    const { result, milliseconds } = timed(() => wrapText(shown, 20))
    expect(milliseconds).toBeLessThan(1500)
    for (const line of result) expect(displayWidth(line)).toBeLessThanOrEqual(20)
    expect(result.join('').replaceAll(' ', '')).toBe(shown.replaceAll(' ', ''))
    expect(displayWidth(elide(shown, 30))).toBeLessThanOrEqual(30)
    expect([...wrapIndented(shown, 4, 4, 40)].every((line) => displayWidth(line) <= 40)).toBe(true)
  })

  test('leave a table as wide as its terminal, and off one not much wider than what is shown of a value', () => {
    const of = (cell: string): Table => ({
      kind: 'table',
      columns: [
        { title: 'name', wraps: true },
        { title: 'packets', align: 'right' },
      ],
      rows: [
        [cell, '1'],
        ['b', '2'],
      ],
    })
    const narrow = [...tableLines(of(text), 60, (plain) => plain)]
    for (const line of narrow) expect(displayWidth(line)).toBeLessThanOrEqual(60)
    expect(narrow.length).toBeLessThan(MOST_COLUMNS / 40)
    for (const line of tableLines(of(text), Infinity, (plain) => plain))
      expect(displayWidth(line)).toBeLessThanOrEqual(MOST_COLUMNS)
  })

  test('are cut in the tree of a packet, which says how many there are', () => {
    const field = { name: 'x', description: 'x', type: 'string', base: 'dec', each: () => false } as const
    const node = { field, label: 'Name', json: '', text, valueName: null, bits: null, offset: 0, length: 0, fields: [] }
    const layer = { protocol: 'x', title: 'X', heading: `X ${text}`, source: 0, offset: 0, length: 0, fields: [node] }
    const tree: PacketTree = { number: 1, time: null, layers: [layer], sources: [new Uint8Array(0)], fault: null }
    const lines = [...new PacketText({ color: false, width: 80 }, { hex: false }).lines(tree)]
    expect(lines.join('').length).toBeLessThan(2 * MOST_COLUMNS)
    expect(lines.join(' ')).toMatch(/\d+\s+characters,\s+--json\s+has\s+all/)
  })
})

test('a value is shown whole up to 1,024 characters, and never in half a character', () => {
  expect(clipText('a'.repeat(1024))).toBe('a'.repeat(1024))
  expect(clipText('a'.repeat(1025))).toBe(`${'a'.repeat(1024)}... (1025 characters, --json has all)`)
  const pairs = clipText(`a${'\u{1f600}'.repeat(600)}`)
  expect(escapeText(pairs)).toBe(pairs)
})

test('marks beyond the 30 of UAX #15 §13 on one character are escaped', () => {
  expect(escapeText(`e${'\u0301'.repeat(30)}`)).toBe(`e${'\u0301'.repeat(30)}`)
  expect(escapeText(`e${'\u0301'.repeat(32)}`)).toBe(`e${'\u0301'.repeat(30)}\\u{301}\\u{301}`)
})

test('a wide character where there is one column does not take the rest of the text with it', () => {
  expect(wrapText('日本', 1)).toEqual(['日', '本'])
})

test.each(['日本語', '❤\ufe0f', 'ก็็', '🫠', '🧑🏻', '⌚', 'e\u0301', '🇩🇪'])(
  'a table has all of %s, and the next column behind it',
  (text) => {
    const of: Table = { kind: 'table', columns: [{ title: 'a' }, { title: 'b' }], rows: [[text, '|x']] }
    expect([...tableLines(of, 80, (plain) => plain)][1]).toBe(`${text}  |x`)
  },
)
