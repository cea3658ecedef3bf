import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { quote } from '../../src/report/shell-word.ts'
import { escapeText } from '../../src/report/text.ts'
import { ATTACKS } from '../support/hostile-attacks.ts'

const NAMES = [
  'trace.pcap',
  'two words',
  "it's",
  '$(touch x)`y`"$HOME"!!',
  '\x1b[2J\u202egnp\\.pcap',
  "a\nrm -rf ~\n'",
  `e${'\u0301'.repeat(40)}`,
  ...ATTACKS.map(({ octets }) => octets.toString().replaceAll('\0', '')),
]

describe('a word for a shell', () => {
  test.each(NAMES)('%j can be shown as it is', (name) => expect(escapeText(quote(name))).toBe(quote(name)))

  // The dollar quotes of POSIX.1-2024 are in bash, and not in every sh yet.
  test.runIf(existsSync('/bin/bash'))('means the same to bash', () => {
    const script = NAMES.map((name) => `printf '%s\\0' ${quote(name)}`).join('\n')
    expect(execFileSync('/bin/bash', ['-c', script]).toString().split('\0').slice(0, -1)).toEqual(NAMES)
  })
})
