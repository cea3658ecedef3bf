import { describe, expect, test } from 'vitest'
import { Progress, progressText } from '../../src/cli/progress.ts'
import { fixture, MemoryOutput, pcapx } from './support.ts'

describe('asked to stop', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s: what was counted so far, marked partial, and exit code %i', async (signal, expected) => {
    const onListen = (send: (name: typeof signal) => void) => send(signal)
    const json = await pcapx(['hierarchy', fixture('vm.pcap'), '--json'], { onListen })
    expect(json.code).toBe(expected)
    expect(JSON.parse(json.stdout)).toMatchObject({ partial: true })
    const text = await pcapx(['hierarchy', fixture('vm.pcap')], { onListen })
    expect(text.stdout).toMatch(/^partial: stopped after \d+ packets?, there is more to read\n/)
  })
})

describe('progress', () => {
  test('in words', () => {
    expect(progressText({ bytes: 512e6, size: 1024e6, packets: 5_000_000 }, 2)).toBe(
      '512 MB of 1.02 GB, 50 %, 256 MB/s, 5,000,000 packets',
    )
    expect(progressText({ bytes: 512e6, size: null, packets: 1 }, 2)).toBe('512 MB, 256 MB/s, 1 packet')
  })

  test('of a short run is not shown', async () => {
    const { stderr } = await pcapx(['rtt', fixture('vm.pcap')], { errorColumns: 80 })
    expect(stderr).toBe('')
  })

  test('of a long run is shown on a terminal only, and cleared', async () => {
    for (const columns of [80, undefined]) {
      const stderr = new MemoryOutput({ columns })
      const progress = new Progress({ stderr } as never)
      await new Promise((resolve) => setTimeout(resolve, 550))
      progress.update({ bytes: 1000, size: 2000, packets: 10 })
      progress.update({ bytes: 1100, size: 2000, packets: 11 })
      progress.end()
      if (columns === undefined) expect(stderr.text).toBe('')
      else {
        const [before, first, cleared, ...more] = stderr.text.split('\r\x1b[K')
        expect([before, cleared, more]).toEqual(['', '', []])
        expect(first).toMatch(/^1\.00 kB of 2\.00 kB, 50 %, .*, 10 packets$/)
      }
    }
  })
})
