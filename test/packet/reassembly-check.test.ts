import { describe, expect, test } from 'vitest'
import { MAX_DATAGRAMS, MAX_FRAGMENTS, MAX_OCTETS, Reassembler } from '../../src/packet/reassembly.ts'
import { continueReassembly, type PartReassembly } from '../../src/packet/reassembly-check.ts'
import { type OpenDatagram, ReassemblyLog } from '../../src/packet/reassembly-log.ts'

/** Name, offset, octets, and whether more follow. */
type Fragment = readonly [string, number, string, boolean]

const FIRST = (key: string, octets = 'aaaaaaaa'): Fragment => [key, 0, octets, true]
const SECOND = (key: string, octets = 'bbbbbbbb'): Fragment => [key, 8, octets, true]
const LAST = (key: string, octets = 'cc'): Fragment => [key, 16, octets, false]

function add(reassembler: Reassembler, fragments: readonly Fragment[]): void {
  for (const [key, offset, octets, more] of fragments) {
    const bytes = new Uint8Array(256)
    bytes.set(Buffer.from(octets))
    reassembler.add(key, bytes, 0, octets.length, offset, more, 64)
  }
}

/** What is open behind these, by key. */
function openAfter(...fragments: Fragment[]): OpenDatagram[] {
  const reassembler = new Reassembler()
  add(reassembler, fragments)
  return reassembler.open()
}

/** A part of these fragments that knows those of `lead`. */
function partOf(lead: readonly Fragment[], own: readonly Fragment[]): PartReassembly {
  const reassembler = new Reassembler()
  add(reassembler, lead)
  const before = reassembler.open()
  const log = new ReassemblyLog()
  reassembler.log = log
  add(reassembler, own)
  return { before, after: reassembler.open(), log: log.save(), abandoned: reassembler.abandoned }
}

/** What is open behind the part, by key; null if it may be wrong. */
function goOn(open: readonly OpenDatagram[], part: PartReassembly): OpenDatagram[] | null {
  const left = continueReassembly(open, part)
  // Without what else a piece may have.
  const plain = left?.map(({ key, length, pieces }) => ({
    key,
    length,
    pieces: pieces.map((piece) => ({ offset: piece.offset, length: piece.length, hash: piece.hash })),
  }))
  return plain?.sort((a, b) => (a.key < b.key ? -1 : 1)) ?? null
}

describe('a part that knows all that is open', () => {
  test('nothing', () => {
    expect(goOn([], partOf([], []))).toEqual([])
    expect(goOn([], partOf([], [FIRST('a'), SECOND('a'), LAST('a')]))).toEqual([])
    expect(goOn([], partOf([], [FIRST('a')]))).toEqual(openAfter(FIRST('a')))
  })

  test('a datagram that spans the cut', () => {
    const part = partOf([FIRST('a')], [SECOND('a'), LAST('a'), FIRST('b')])
    expect(goOn(openAfter(FIRST('a')), part)).toEqual(openAfter(FIRST('b')))
  })

  test('a datagram that spans the part', () => {
    const part = partOf([FIRST('a')], [SECOND('a')])
    expect(goOn(openAfter(FIRST('a')), part)).toEqual(openAfter(FIRST('a'), SECOND('a')))
  })
})

describe('a part that does not know a datagram left open', () => {
  const open = openAfter(FIRST('old'))

  test('whose name does not come up again', () => {
    const part = partOf([], [FIRST('a'), SECOND('a'), LAST('a'), FIRST('b')])
    expect(goOn(open, part)).toEqual(openAfter(FIRST('b'), FIRST('old')))
  })

  test('which would have been completed', () => {
    expect(goOn(open, partOf([], [SECOND('old'), LAST('old')]))).toBeNull()
  })

  test('which would have been completed by another packet', () => {
    const own = [SECOND('old'), LAST('old'), FIRST('old')]
    expect(partOf([], own).after).toEqual([])
    expect(goOn(open, partOf([], own))).toBeNull()
  })

  test('whose octets come once more', () => {
    const own = [FIRST('old'), SECOND('old'), LAST('old'), SECOND('old')]
    expect(goOn(open, partOf([], own))).toEqual(openAfter(SECOND('old')))
  })

  test('of which there are others', () => {
    const own = [FIRST('old', 'AAAAAAAA'), SECOND('old'), LAST('old')]
    expect(goOn(open, partOf([], own))).toBeNull()
  })

  test('that goes on, and stays open', () => {
    const part = partOf([], [SECOND('old')])
    expect(goOn(open, part)).toEqual(openAfter(FIRST('old'), SECOND('old')))
  })

  test('whose end was said to be elsewhere', () => {
    // All of the same pieces; with the first of them the datagram ends where it says.
    const end: Fragment = ['old', 8, 'bbbbbbbb', false]
    const own = [LAST('old'), SECOND('old'), FIRST('old')]
    expect(partOf([], own).after).toEqual([])
    expect(goOn(openAfter(end), partOf([], own))).toBeNull()
  })
})

describe('a part that takes a datagram for open', () => {
  test('which was complete, and does not come up again', () => {
    expect(goOn([], partOf([LAST('a')], []))).toEqual([])
    expect(goOn([], partOf([LAST('a')], [FIRST('b')]))).toEqual(openAfter(FIRST('b')))
  })

  test('which was complete, and begins anew', () => {
    expect(goOn([], partOf([LAST('a')], [FIRST('a')]))).toEqual(openAfter(FIRST('a')))
    expect(goOn([], partOf([LAST('a')], [FIRST('a'), SECOND('a')]))).toBeNull()
    expect(goOn([], partOf([LAST('a', 'CC')], [FIRST('a'), LAST('a'), SECOND('a')]))).toBeNull()
    expect(goOn([], partOf([LAST('a')], [FIRST('a'), LAST('a'), SECOND('a')]))).toEqual([])
  })

  test('of which there was more', () => {
    const open = openAfter(FIRST('a'), SECOND('a'))
    expect(goOn(open, partOf([SECOND('a')], [LAST('a'), FIRST('a')]))).toBeNull()
    expect(goOn(open, partOf([SECOND('a')], []))).toEqual(open)
  })
})

test('what is left goes on through parts that know nothing of it', () => {
  const open = openAfter(FIRST('old'))
  const afterOne = goOn(open, partOf([], [FIRST('a'), SECOND('old')]))!
  expect(afterOne).toEqual(openAfter(FIRST('a'), FIRST('old'), SECOND('old')))
  const afterTwo = goOn(afterOne, partOf([FIRST('a')], [SECOND('a'), LAST('a')]))!
  expect(afterTwo).toEqual(openAfter(FIRST('old'), SECOND('old')))
  expect(goOn(afterTwo, partOf([], [LAST('old')]))).toBeNull()
  expect(goOn(afterTwo, partOf([], [FIRST('b')]))).toHaveLength(2)
})

describe('ceilings', () => {
  const part = partOf([], [FIRST('a')])
  const { log } = part

  test('datagrams given up', () => {
    expect(goOn([], { ...part, abandoned: 1 })).toBeNull()
  })

  test('octets, of those left and of the part at its highest', () => {
    const open = openAfter(FIRST('old'))
    const withPeak = (peakOctets: number) => goOn(open, { ...part, log: { ...log, peakOctets } })
    expect(withPeak(MAX_OCTETS - 8)).toHaveLength(2)
    expect(withPeak(MAX_OCTETS - 7)).toBeNull()
  })

  test('datagrams, the same', () => {
    const open = openAfter(FIRST('old'), FIRST('older'))
    const withPeak = (peakDatagrams: number) => goOn(open, { ...part, log: { ...log, peakDatagrams } })
    expect(withPeak(MAX_DATAGRAMS - 2)).toHaveLength(3)
    expect(withPeak(MAX_DATAGRAMS - 1)).toBeNull()
  })

  test('the log has the highest, with what the part began with', () => {
    const own = [SECOND('a'), LAST('a'), FIRST('b'), FIRST('c')]
    expect(partOf([FIRST('a')], own).log).toMatchObject({ count: 4, peakOctets: 18, peakDatagrams: 2 })
  })

  test('fragments of one datagram', () => {
    const copies = Array.from({ length: MAX_FRAGMENTS - 2 }, () => FIRST('old'))
    expect(goOn(openAfter(SECOND('old')), partOf([], copies))).toHaveLength(1)
    expect(goOn(openAfter(SECOND('old'), SECOND('old')), partOf([], copies))).toBeNull()
  })
})
