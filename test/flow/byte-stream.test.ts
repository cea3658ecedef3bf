import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteStream, type ByteStreamLimits, type Carrier, START_PIECES } from '../../src/flow/byte-stream.ts'

const TEXT = Buffer.from('abcdefghijklmnopqrstuvwxyz')

function carrier(number: number): Carrier {
  return { number, seconds: 0, nanoseconds: 0, hasTime: true }
}

/** A stream that writes down what it hands on: `abc[3 missing]ghi`. */
class Recorder {
  text = ''
  readonly pieces: { offset: number; length: number; packet: number }[] = []
  readonly stream: ByteStream
  #packet = 0

  constructor(limits: ByteStreamLimits = {}) {
    this.stream = new ByteStream(
      {
        octets: (bytes, at, length, offset, { number }) => {
          this.text += Buffer.from(bytes.subarray(at, at + length)).toString('latin1')
          this.pieces.push({ offset, length, packet: number })
        },
        gap: (_offset, length, cause) => {
          this.text += `[${length} ${cause}]`
        },
      },
      limits,
    )
  }

  /** Octets `from` to `end` of the alphabet, or `data`; octet 0 has sequence number `base`. */
  add(from: number, end: number, { base = 1001, data = TEXT.subarray(from, end), captured = end - from } = {}): this {
    this.#packet++
    this.stream.add((base + from) >>> 0, data, 0, captured, end - from, carrier(this.#packet))
    return this
  }
}

function opened(limits?: ByteStreamLimits): Recorder {
  const recorder = new Recorder(limits)
  recorder.stream.open(1000)
  return recorder
}

describe('octets in order', () => {
  test('as they come', () => {
    const recorder = opened().add(0, 3).add(3, 7)
    expect(recorder.text).toBe('abcdefg')
    expect(recorder.pieces).toEqual([
      { offset: 0, length: 3, packet: 1 },
      { offset: 3, length: 4, packet: 2 },
    ])
  })

  test('a segment before its turn waits, and keeps the packet that brought it', () => {
    const recorder = opened().add(3, 7)
    expect([recorder.text, recorder.stream.waiting]).toEqual(['', 4])
    recorder.add(0, 3)
    expect([recorder.text, recorder.stream.waiting]).toEqual(['abcdefg', 0])
    expect(recorder.pieces.map(({ packet }) => packet)).toEqual([2, 1])
  })

  test('what came before is dropped and counted', () => {
    const recorder = opened().add(0, 5).add(0, 5).add(3, 8)
    expect(recorder.text).toBe('abcdefgh')
    expect(recorder.stream).toMatchObject({ octets: 8, retransmitted: 7, missing: 0 })
    expect(recorder.stream.copies).toEqual({ differing: 0, late: 0 })
  })

  test('the first copy counts, delivered or waiting', () => {
    const recorder = opened()
      .add(0, 4)
      .add(0, 4, { data: Buffer.from('aXcX') })
    recorder.add(6, 9).add(6, 9, { data: Buffer.from('ghY') })
    recorder.add(4, 10, { data: Buffer.from('efGhij') })
    expect(recorder.text).toBe('abcdefghij')
    expect(recorder.stream.copies.differing).toBe(4)
  })

  test('a keep-alive repeats the octet before, with any value (RFC 9293 §3.8.4)', () => {
    const recorder = opened()
      .add(0, 4)
      .add(3, 4, { data: Buffer.from([0]) })
      .add(4, 6)
    expect(recorder.text).toBe('abcdef')
    expect(recorder.stream).toMatchObject({ retransmitted: 0, copies: { differing: 0 } })
  })

  test('a probe of a closed window brings an octet, which is sent again with more', () => {
    expect(opened().add(0, 4).add(4, 5).add(4, 9).text).toBe('abcdefghi')
  })

  test('data in the SYN (RFC 7413), sent again if the server did not take it', () => {
    const recorder = new Recorder()
    recorder.stream.open(1000)
    recorder.add(0, 5).add(0, 5).add(5, 6)
    expect(recorder.text).toBe('abcdef')
  })

  test.each([0xffff_fff0, 0xffff_ffff, 0x7fff_fff8, 0])('sequence numbers wrap (first %d)', (base) => {
    const recorder = new Recorder()
    recorder.stream.open(base - 1)
    recorder.add(0, 10, { base }).add(14, 26, { base }).add(5, 14, { base })
    expect(recorder.text).toBe('abcdefghijklmnopqrstuvwxyz')
  })
})

describe('gaps', () => {
  test('are given up when the receiver acknowledges octets behind them', () => {
    const recorder = opened().add(0, 3).add(6, 9)
    recorder.stream.acknowledge(1001 + 6)
    expect(recorder.text).toBe('abc')
    recorder.stream.acknowledge(1001 + 9)
    expect(recorder.text).toBe('abc[3 missing]ghi')
    expect(recorder.stream).toMatchObject({ missing: 3, gaps: 1 })
    expect(recorder.pieces[1].offset).toBe(6)
  })

  test('only those before what is acknowledged', () => {
    const recorder = opened().add(2, 4).add(6, 8)
    recorder.stream.acknowledge(1001 + 4)
    expect(recorder.text).toBe('[2 missing]cd')
    recorder.stream.end()
    expect(recorder.text).toBe('[2 missing]cd[2 missing]gh')
  })

  test('octets that come after they were given up are told', () => {
    const recorder = opened().add(0, 3).add(6, 9)
    recorder.stream.giveUp()
    recorder.add(2, 6)
    expect(recorder.text).toBe('abc[3 missing]ghi')
    expect(recorder.stream.copies).toEqual({ differing: 0, late: 3 })
  })

  test('what was acknowledged at the end and never seen is missing', () => {
    const recorder = opened().add(0, 3)
    recorder.stream.acknowledge(1001 + 9)
    recorder.stream.end()
    expect(recorder.text).toBe('abc[6 missing]')
  })

  test('a FIN takes a number, but is no octet', () => {
    const seen = opened().add(0, 3)
    seen.stream.close(1001 + 3)
    seen.stream.acknowledge(1001 + 4)
    seen.stream.end()
    expect(seen.text).toBe('abc')
    const unseen = opened().add(0, 3)
    unseen.stream.acknowledge(1001 + 4)
    unseen.stream.end()
    expect(unseen.text).toBe('abc')
    const lost = opened().add(0, 3)
    lost.stream.close(1001 + 8)
    lost.stream.acknowledge(1001 + 9)
    lost.stream.end()
    expect(lost.text).toBe('abc[5 missing]')
  })

  test('a segment cut by the snaplen: the sequence goes on by what was on the wire', () => {
    const recorder = opened().add(0, 6, { captured: 2 }).add(8, 10, { captured: 0 }).add(6, 8)
    expect(recorder.text).toBe('ab[4 snaplen]gh[2 snaplen]')
    expect(recorder.stream).toMatchObject({ octets: 4, missing: 6, gaps: 2 })
  })

  test('a RST from before the window ends nothing (RFC 9293 §3.10.7.4)', () => {
    const { stream } = opened().add(0, 5)
    expect(stream.isReset(1001)).toBe(false)
    expect(stream.isReset(1001 + 5)).toBe(true)
  })
})

describe('a stream met in its middle', () => {
  test('begins with the first octets, once they are acknowledged', () => {
    const recorder = new Recorder().add(4, 8).add(2, 4)
    expect(recorder.text).toBe('')
    recorder.stream.acknowledge(1001 + 8)
    expect(recorder.text).toBe('cdefgh')
    expect(recorder.pieces[0].offset).toBe(0)
    expect(recorder.add(0, 2).text).toBe('cdefgh')
    expect(recorder.stream).toMatchObject({ retransmitted: 0, missing: 0 })
  })

  test('begins at once where the receiver or the sender told what is next', () => {
    const receiver = new Recorder()
    receiver.stream.acknowledge(1001)
    expect(receiver.add(0, 3).text).toBe('abc')
    const sender = new Recorder()
    sender.stream.empty(1001)
    expect(sender.add(0, 3).text).toBe('abc')
    const answered = new Recorder()
    answered.stream.answer(1001)
    expect(answered.add(0, 3).text).toBe('abc')
  })

  test('a keep-alive before the first octets is no gap', () => {
    const recorder = new Recorder()
    recorder.stream.empty(1000)
    recorder.stream.acknowledge(1001)
    expect(recorder.add(0, 3).text).toBe('abc')
  })

  test('begins when enough is there, and at the end', () => {
    const recorder = new Recorder()
    for (let i = 0; i < START_PIECES - 1; i++) recorder.add(i, i + 1)
    expect(recorder.text).toBe('')
    expect(recorder.add(START_PIECES - 1, START_PIECES).text).toBe('abcdefghijklmnop')
    const short = new Recorder().add(4, 6)
    short.stream.end()
    expect(short.text).toBe('ef')
  })

  test('a SYN that comes late tells where it begins', () => {
    const recorder = new Recorder().add(3, 6)
    recorder.stream.open(1000)
    expect(recorder.add(0, 3).text).toBe('abcdef')
  })

  test('nothing of it', () => {
    const recorder = new Recorder()
    recorder.stream.end()
    recorder.stream.giveUp()
    expect(recorder.text).toBe('')
  })
})

describe('memory', () => {
  const LIMITS = { octets: 10_000, pieces: 100 }

  test.each([1, 150, 1448])('is bounded behind a gap that nobody fills (segments of %d)', (length) => {
    const recorder = opened(LIMITS)
    const data = Buffer.alloc(length, 'x')
    for (let i = 0; i < 2000; i++) {
      // Every other segment, so that no gap is ever filled.
      recorder.add(2 * i * length + 1, (2 * i + 1) * length + 1, { data })
      expect(recorder.stream.waiting).toBeLessThanOrEqual(LIMITS.octets)
      expect(recorder.stream.waiting).toBeLessThanOrEqual(LIMITS.pieces * length)
    }
    recorder.stream.end()
    expect(recorder.stream).toMatchObject({ octets: 2000 * length, gaps: 2000, waiting: 0 })
  })

  test('gives up the first gap only', () => {
    const recorder = opened({ octets: 6 }).add(1, 3).add(4, 6).add(7, 9)
    expect(recorder.text).toBe('')
    recorder.add(10, 12)
    expect(recorder.text).toBe('[1 missing]bc')
    expect(recorder.add(3, 4).text).toBe('[1 missing]bcdef')
  })
})

describe('any way to send', () => {
  const octets = fc.uint8Array({ minLength: 1, maxLength: 400 })

  /** Segments that together have every octet, some of them again in other cuts, in any order. */
  const sent = octets.chain((data) =>
    fc.record({
      data: fc.constant(data),
      base: fc.nat({ max: 0xffff_ffff }),
      segments: fc
        .tuple(
          fc.array(fc.integer({ min: 1, max: data.length }), { maxLength: 20 }),
          fc.array(fc.tuple(fc.nat({ max: data.length - 1 }), fc.integer({ min: 1, max: 60 })), { maxLength: 20 }),
        )
        .chain(([cuts, again]) => {
          const ends = [...new Set([...cuts, data.length])].sort((a, b) => a - b)
          const all = ends.map((end, i) => [i === 0 ? 0 : ends[i - 1], end])
          for (const [from, length] of again) all.push([from, Math.min(data.length, from + length)])
          return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })
        }),
    }),
  )

  test('delivers every octet once, in order', () => {
    fc.assert(
      fc.property(sent, ({ data, base, segments }) => {
        const received: number[] = []
        const stream = new ByteStream({
          octets(bytes, at, length, offset) {
            expect(offset).toBe(received.length)
            received.push(...bytes.subarray(at, at + length))
          },
          gap: () => expect.unreachable(),
        })
        stream.open((base - 1) >>> 0)
        let total = 0
        for (const [from, end] of segments) {
          stream.add((base + from) >>> 0, data, from, end - from, end - from, carrier(1))
          total += end - from
        }
        expect(stream.waiting).toBe(0)
        stream.end()
        expect(Buffer.from(received)).toEqual(Buffer.from(data))
        expect(stream.copies).toEqual({ differing: 0, late: 0 })
        expect(stream.retransmitted).toBeLessThanOrEqual(total - data.length)
      }),
    )
  })

  test('whatever is lost, acknowledged and cut: octets and gaps cover the stream', () => {
    const event = fc.record({
      from: fc.nat({ max: 300 }),
      length: fc.nat({ max: 50 }),
      captured: fc.nat({ max: 50 }),
      kind: fc.constantFrom('add', 'add', 'add', 'acknowledge', 'empty', 'close', 'open', 'giveUp'),
    })
    const data = Uint8Array.from({ length: 400 }, (_, i) => i)
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), fc.nat({ max: 0xffff_ffff }), (events, base) => {
        let next = 0
        const stream = new ByteStream(
          {
            octets(bytes, at, length, offset) {
              // A FIN in the middle takes a number without an octet.
              expect([next, next + 1]).toContain(offset)
              for (let i = 1; i < length; i++) expect(bytes[at + i]).toBe((bytes[at] + i) & 255)
              next = offset + length
            },
            gap(offset, length) {
              expect(length).toBeGreaterThan(0)
              expect([next, next + 1]).toContain(offset)
              next = offset + length
            },
          },
          { octets: 100, pieces: 5 },
        )
        for (const { from, length, captured, kind } of events) {
          const sequence = (base + from) >>> 0
          if (kind === 'add' && length > 0)
            stream.add(sequence, data, from, Math.min(captured, length), length, carrier(1))
          else if (kind === 'giveUp') stream.giveUp()
          else if (kind !== 'add') stream[kind](sequence)
          expect(stream.waiting).toBeLessThanOrEqual(100)
        }
        stream.end()
        expect(stream.waiting).toBe(0)
      }),
    )
  })
})
