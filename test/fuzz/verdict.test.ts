/** What the fuzzer calls wrong: each rule here is one that a capture must not be able to break unnoticed. */
import { describe, expect, test } from 'vitest'
import { packetsRead, verdict } from '../../fuzz/verdict.ts'

const done = { code: 0, stdout: '', stderr: '' }

describe('a command has failed if', () => {
  test.each([
    [
      'it has met a mistake of its own',
      { ...done, code: 70, stderr: 'this is a mistake in pcapx' },
      'pipe',
      'exit code 70',
    ],
    ['it takes the command line for wrong', { ...done, code: 2 }, 'pipe', 'exit code 2'],
    ['it writes ESC', { ...done, stdout: 'a\x1b[2Jb' }, 'terminal', 'unsafe on standard output'],
    ['it writes a C1 control', { ...done, stdout: 'a\u009b2Jb' }, 'terminal', 'unsafe on standard output'],
    ['it turns text around', { ...done, stdout: 'a\u202eb' }, 'pipe', 'unsafe on standard output'],
    ['it does so in JSON', { ...done, stdout: '{"a":"\u202e"}' }, 'json', 'unsafe on standard output'],
    ['it does so on standard error', { ...done, stderr: 'pcapx: a\x07' }, 'pipe', 'unsafe on standard error'],
    [
      'it writes more than colours where colours may be',
      { ...done, stdout: '\x1b[1ma\x1b[22m\x1b]0;b' },
      'color',
      'unsafe',
    ],
    ['it writes a formula', { ...done, stdout: 'name\r\n=1+1\r\n' }, 'csv', 'a formula'],
    ['it writes a formula in quotes', { ...done, stdout: 'name,a\r\n1,"@SUM(1,2)"\r\n' }, 'csv', 'a formula'],
    ['its JSON is none', { ...done, stdout: '{"a":' }, 'json', 'no JSON'],
    ['one of its lines is no JSON', { ...done, stdout: '{}\n{\n' }, 'jsonl', 'no JSON'],
    ['there is no document', done, 'json', 'no JSON at all'],
  ] as const)('%s', (_, outcome, form, expected) => {
    expect(verdict(outcome, form)).toContain(expected)
  })

  test.each([
    ['colours where they were asked for', { ...done, stdout: '\x1b[1ma\x1b[22m\n' }, 'color'],
    ['negative numbers', { ...done, stdout: 'a,b\r\n-1.5,2\r\n' }, 'csv'],
    [
      'damage, which is not its fault',
      { ...done, code: 1, stderr: 'pcapx: x: record 1 at byte 24 claims ...\n' },
      'pipe',
    ],
    ['text in any script', { ...done, stdout: 'žluťoučký 日本語\n' }, 'terminal'],
  ] as const)('but not for %s', (_, outcome, form) => {
    expect(verdict(outcome, form)).toBeNull()
  })
})

test('packets read are what the document or the last line says', () => {
  expect(packetsRead({ ...done, stdout: '{\n"packetsRead": 7}' }, 'json')).toBe(7)
  expect(packetsRead({ ...done, stdout: '{"type":"flow"}\n{"type":"summary","packetsRead":3}\n' }, 'jsonl')).toBe(3)
  expect(packetsRead({ ...done, stdout: '7' }, 'pipe')).toBeNull()
})
