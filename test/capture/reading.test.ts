/** What `readCapture` does around the formats: numbering, stopping, live sources, failing sources. */
import { describe, expect, test } from 'vitest'
import { CaptureError } from '../../src/capture/errors.ts'
import { type CaptureInfo, readCapture } from '../../src/capture/read.ts'
import { Packet, SCRATCH_LENGTH } from '../../src/packet/packet.ts'
import type { ByteSource } from '../../src/source/source.ts'
import { memorySource, pcapBytes, readAll } from '../support/capture-bytes.ts'

const capture = pcapBytes([{ data: [1] }, { data: [2] }, { data: [3] }])

test('numbers go on over several captures', async () => {
  const packet = new Packet()
  const numbers: number[] = []
  for (let i = 0; i < 2; i++) await readCapture(memorySource(capture), packet, () => void numbers.push(packet.number))
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6])
})

test('true stops', async () => {
  const packet = new Packet()
  const info = await readCapture(memorySource(capture), packet, () => packet.number === 2)
  expect(info).toMatchObject({ packets: 2, truncated: false, damage: null })
  expect(packet.number).toBe(2)
})

test('there is a scratch area behind the block', async () => {
  const packet = new Packet()
  await readCapture(memorySource(capture), packet, () => {
    expect(packet.bytes.length - packet.scratch).toBeGreaterThanOrEqual(SCRATCH_LENGTH)
    expect(packet.start + packet.capturedLength).toBeLessThanOrEqual(packet.scratch)
  })
})

test('onStart comes before the packets, with what will be returned', async () => {
  const packet = new Packet()
  let started: CaptureInfo | null = null
  const info = await readCapture(memorySource(capture), packet, () => expect(started).not.toBeNull(), {
    onStart: (given) => {
      started = given
      expect(given.packets).toBe(0)
    },
  })
  expect(started).toBe(info)
})

/** Octets that come when the test says so. */
function liveSource() {
  let give: ((octets: Uint8Array) => void) | null = null
  const source: ByteSource = {
    name: 'live',
    size: null,
    position: 0,
    compression: null,
    read: (into, at) =>
      new Promise((resolve) => {
        give = (octets) => {
          into.set(octets, at)
          resolve(octets.length)
        }
      }),
    async close() {},
  }
  const send = async (octets: Uint8Array) => {
    give?.(octets)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { source, send }
}

test('packets are delivered as they arrive', async () => {
  const { source, send } = liveSource()
  const packet = new Packet()
  const done = readCapture(source, packet, () => {})
  await send(capture.subarray(0, 24))
  await send(capture.subarray(24, 41))
  expect(packet.number).toBe(1)
  await send(capture.subarray(41, 50))
  expect(packet.number).toBe(1)
  await send(capture.subarray(50))
  expect(packet.number).toBe(3)
  await send(new Uint8Array(0))
  expect((await done).truncated).toBe(false)
})

test('the signal ends the wait for a quiet source', async () => {
  const { source, send } = liveSource()
  const packet = new Packet()
  const controller = new AbortController()
  const done = readCapture(source, packet, () => {}, { signal: controller.signal })
  await send(capture.subarray(0, 45))
  controller.abort()
  // The second record had only begun: that says nothing of the capture.
  expect(await done).toMatchObject({ packets: 1, truncated: false, damage: null })
})

describe('a source that fails', () => {
  function failing(octets: Uint8Array, error: Error): ByteSource {
    const inner = memorySource(octets)
    let left = octets.length
    return {
      ...inner,
      async read(into, at, length) {
        if (left === 0) throw error
        const count = await inner.read(into, at, length)
        left -= count
        return count
      },
    }
  }

  test('half way: what came before counts, and the failure is the damage', async () => {
    const error = new CaptureError('unreadable', 'cannot be read: input/output error', { file: 'memory' })
    const { info } = await readAll(failing(capture.subarray(0, 45), error))
    expect(info).toMatchObject({ packets: 1, damage: error })
  })

  test('cut short: a warning', async () => {
    const error = new CaptureError('cut-short', 'the gzip data is cut short', { file: 'memory' })
    const { info } = await readAll(failing(capture.subarray(0, 41), error))
    expect(info).toMatchObject({ packets: 1, truncated: true, truncatedAt: 41, damage: null })
  })

  test('at once: nothing to report, so it throws', async () => {
    const error = new CaptureError('unreadable', 'cannot be read: input/output error', { file: 'memory' })
    await expect(readAll(failing(new Uint8Array(0), error))).rejects.toBe(error)
  })
})
