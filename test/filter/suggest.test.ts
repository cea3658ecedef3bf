import { expect, test } from 'vitest'
import { editDistance, suggest } from '../../src/filter/suggest.ts'

test.each([
  ['', '', 0],
  ['port', 'port', 0],
  ['prot', 'port', 1],
  ['tcp', 'udp', 2],
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
])('from %s to %s: %i', (a, b, distance) => {
  expect(editDistance(a, b)).toBe(distance)
  expect(editDistance(b, a)).toBe(distance)
})

const names = ['tcp', 'udp', 'stp', 'tcp.port', 'tcp.seq_raw', 'icmp.seq', 'udp.port', 'ip.addr']

test.each([
  ['TCP', 'tcp'],
  ['tcp.prot', 'tcp.port'],
  ['tpc.port', 'tcp.port'],
  ['ip.adr', 'ip.addr'],
  // Of the same protocol, even if another one's field is nearer.
  ['tcp.seq', 'tcp.seq_raw'],
  // A short name is near to everything.
  ['ftp', undefined],
  ['completely.else', undefined],
])('%s: %s', (word, expected) => {
  expect(suggest(word, names)).toBe(expected)
})
