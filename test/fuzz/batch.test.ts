/** The fuzzer itself: that it tries what it says, that it can be repeated, and that it finds what is wrong. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { linesOf, mutantsOf, runBatch } from '../../fuzz/batch.ts'
import { readCorpus, type Specimen } from '../../fuzz/corpus.ts'
import { HandshakeRtt } from '../../src/analyzers/handshake-rtt.ts'
import { PcapReader } from '../../src/capture/pcap.ts'

const settings = { seed: 7, size: 12, unchanged: false, limits: { capture: 5000, batch: 5000, memory: 4e9 } }
const scratch = mkdtempSync(join(tmpdir(), 'pcapx-fuzz-test-'))
const written = join(scratch, 'written.pcapng')
let corpus: Specimen[]

beforeAll(async () => {
  corpus = await readCorpus(['fixtures'])
})
afterEach(() => vi.restoreAllMocks())
afterAll(() => rmSync(scratch, { recursive: true }))

test('the same seed and batch give the same captures, another seed others', () => {
  const octets = (seed: number) =>
    mutantsOf(corpus, { ...settings, seed }, 3).map(({ bytes }) => Buffer.from(bytes).toString('hex'))
  expect(octets(7)).toEqual(octets(7))
  expect(octets(7)).not.toEqual(octets(8))
})

test('every command that reads captures is tried in every batch', () => {
  const commands = linesOf(settings, 0, ['a.pcap'], written).map(({ words }) => words[0])
  expect(new Set(commands)).toEqual(
    new Set([
      'info',
      'rtt',
      'hierarchy',
      'destinations',
      'endpoints',
      'flows',
      'unwanted',
      'summary',
      'filter',
      'show',
      'fields',
      'follow',
      'extract',
    ]),
  )
})

test('mutated fixtures through every command: nothing is found', async () => {
  const { captures, runs, failures } = await runBatch(corpus, settings, 0, written)
  expect(failures.map(({ what, words }) => `${words[0]}: ${what}`)).toEqual([])
  expect(captures).toBe(12)
  expect(runs).toBeGreaterThanOrEqual(14)
})

describe('what is found, and in which capture:', () => {
  test('a mistake', async () => {
    vi.spyOn(HandshakeRtt.prototype, 'result').mockImplementation(() => {
      throw new RangeError('Offset is outside the bounds of the DataView')
    })
    const { failures } = await runBatch(corpus, settings, 1, written)
    expect(failures.map(({ words }) => words[0])).toEqual(['rtt', 'summary'])
    for (const { what, words, mutants } of failures) {
      expect(what).toContain('Offset is outside')
      expect(mutants.map(({ name }) => name)).toEqual(['case-12'])
      expect(words.filter((word) => word.startsWith('case-'))).toEqual(['case-12'])
    }
  })

  test('an answer that depends on how the octets come', async () => {
    const walk = PcapReader.prototype.walk
    vi.spyOn(PcapReader.prototype, 'walk').mockImplementation(function (this: PcapReader, onPacket) {
      const outcome = walk.call(this, onPacket)
      this.info.truncated ||= outcome === 0 && this.info.packets === 1
      return outcome
    })
    const batches = [2, 3, 4].map((batch) => runBatch(corpus, settings, batch, written))
    const failures = (await Promise.all(batches)).flatMap((result) => result.failures)
    expect(failures.map(({ what }) => what)).toContain('another answer if the capture comes in pieces')
  })

  test('what takes too long', async () => {
    const limits = { capture: 0, batch: -1000, memory: 4e9 }
    const { failures } = await runBatch(corpus, { ...settings, size: 1, limits }, 5, written)
    expect(failures.length).toBeGreaterThan(10)
    for (const { what } of failures) expect(what).toMatch(/^slow: \d+ ms$/)
  })

  test('what takes too much memory', async () => {
    const { failures } = await runBatch(
      corpus,
      { ...settings, size: 1, limits: { ...settings.limits, memory: 1 } },
      6,
      written,
    )
    expect(failures[0].what).toMatch(/^memory: \d+ octets$/)
  })
})
