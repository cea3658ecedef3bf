/** Real signals to a real process: Ctrl-C, `kill`, and a terminal that was closed. */
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { constants, gzipSync } from 'node:zlib'
import { describe, expect, test, vi } from 'vitest'
import type { Io, Signal } from '../../src/cli/io.ts'
import { underControl } from '../../src/cli/run.ts'
import { writeWhole } from '../../src/cli/whole-document.ts'
import { analyze } from '../../src/engine/analyze.ts'
import { forEachPacket } from '../../src/engine/run.ts'
import { Folder, pcap, type Record } from '../cli/captures.ts'
import { MemoryOutput } from '../cli/support.ts'
import { feed, start, VM, VM_BYTES, VM_RECORDS } from './child.ts'

const folder = new Folder()

/** A capture that goes on: more than any pipe holds. */
const QUIET = Buffer.concat([VM_BYTES, VM_RECORDS, VM_RECORDS, VM_RECORDS])
/** The same, compressed, without the mark at its end. A flush makes zlib give out all that it has. */
const QUIET_GZIP = gzipSync(QUIET, { level: 0, finishFlush: constants.Z_SYNC_FLUSH })

const PARTIAL = /^pcapx: warning: partial: stopped by SIG[A-Z]+ after [\d,]+ packets, there is more to read$/m

describe('a signal while a pipe is quiet', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s: what was counted so far, marked partial, and exit code %i', async (signal, code) => {
    const child = start(['hierarchy', '--json'])
    await feed(child, QUIET)
    child.process.kill(signal)
    const ended = await child.ended
    expect([ended.code, ended.signal]).toEqual([code, null])
    expect(ended.stderr).toMatch(PARTIAL)
    expect(ended.stderr).toContain(signal)
    const document = JSON.parse(ended.stdout)
    expect(document).toMatchObject({ partial: true, truncated: false, damage: null })
    // Of 1,447 packets in each 348,408 octets, no more than a pipe and what waits in pcapx is missing.
    expect(document.packetsRead).toBeGreaterThan(1447)
    expect(document.hierarchy ?? document.protocols).not.toEqual([])
  })

  test.each(
    [
      ['filter', 'ip', '--json'],
      ['filter', 'ip', '--jsonl'],
      ['filter', 'ip', '--count', '--json'],
      ['fields', '-e', 'frame.number', '--json'],
      ['follow', 'tcp:3', '--json'],
      ['flows', '--jsonl'],
      ['summary', '--json'],
      ['info', '--json'],
    ].map((words) => [words.join(' '), words] as const),
  )('%s: what is written is whole JSON', async (_, words) => {
    const child = start(words)
    await feed(child, QUIET)
    child.process.kill('SIGINT')
    const { code, stdout, stderr } = await child.ended
    expect(code).toBe(130)
    expect(stderr).toMatch(PARTIAL)
    const text = words.includes('--jsonl') ? stdout.trim().split('\n').at(-1)! : stdout
    expect(JSON.parse(text)).toMatchObject({ partial: true })
  })

  test.each(
    [
      ['filter', 'ip'],
      ['filter', 'ip', '--csv'],
      ['fields', '-e', 'frame.number'],
      ['follow', 'tcp:3'],
      ['flows', '--csv'],
    ].map((words) => [words.join(' '), words] as const),
  )('%s: standard error says that it is partial', async (_, words) => {
    const child = start(words)
    await feed(child, QUIET)
    child.process.kill('SIGINT')
    const { code, stdout, stderr } = await child.ended
    expect([code, stdout.length > 0]).toEqual([130, true])
    expect(stderr).toMatch(PARTIAL)
  })

  test('that is compressed', async () => {
    const child = start(['hierarchy', '--json'])
    await feed(child, QUIET_GZIP)
    child.process.kill('SIGINT')
    const { code, stdout } = await child.ended
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ partial: true, damage: null })
  })
})

describe('a signal while a file is read', () => {
  // A pattern that might begin at every octet of every packet, and is nowhere, although all of its letters are: far longer than
  // this test takes.
  const data = Buffer.concat([Buffer.alloc(1398, 'ab'), Buffer.from('-c')])
  const records: Record[] = Array.from({ length: 30_000 }, (_, at) => ({ at, data }))
  const large = folder.file('large.pcap', pcap(records))
  const words = ['filter', 'frame matches "(a|b)*(ab|ba)+c"', large, '--count', '--json']

  function readersOf(pid: number): number {
    const links = `/proc/${pid}/fd`
    return existsSync(links) ? readdirSync(links).filter((name) => linkOf(`${links}/${name}`) === large).length : 0
  }

  /** It may be closed by now. */
  function linkOf(path: string): string {
    try {
      return readlinkSync(path)
    } catch {
      return ''
    }
  }

  test.skipIf(process.platform !== 'linux').each([
    ['1', 1],
    ['2', 2],
  ])('--jobs %s', async (jobs, readers) => {
    const child = start([...words, '--jobs', jobs])
    await child.until(() => readersOf(child.process.pid!) === readers)
    child.process.kill('SIGINT')
    const { code, stdout, stderr } = await child.ended
    expect([code, stderr.match(PARTIAL)?.length]).toEqual([130, 1])
    const { partial, packetsRead } = JSON.parse(stdout)
    expect(partial).toBe(true)
    expect(packetsRead).toBeLessThan(30_000)
  })
})

describe('a signal while a document is written', () => {
  // 6,000 connections are a document of more than a megabyte: more than a pipe holds.
  const data = (port: number) => {
    const packet = Buffer.alloc(54)
    packet.set([2, 0, 0, 0, 0, 4, 2, 0, 0, 0, 0, 5, 0x08, 0x00])
    // IPv4: 40 octets, protocol 6; TCP: a SYN
    packet.set([0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 5, 10, 0, 0, 4], 14)
    packet.writeUInt16BE(port, 34)
    packet.set([0x50, 0x02, 0xff, 0xff], 46)
    return packet
  }
  const records = Array.from({ length: 6000 }, (_, at) => ({ at, data: data(1024 + at) }))
  const many = folder.file('many.pcap', pcap(records))

  test('it is written to its end', async () => {
    const child = start(['flows', '--json', many], { reads: false })
    // The first piece is there; the rest waits for us, and the program with it.
    const { stdout } = child.process
    await new Promise((resolve) => stdout!.once('readable', resolve))
    child.process.kill('SIGINT')
    let text = ''
    for await (const piece of stdout!) text += piece
    const { code, signal } = await child.ended
    expect([code, signal]).toEqual([0, null])
    const document = JSON.parse(text)
    expect(document).toMatchObject({ partial: false, packetsRead: 6000 })
    expect(document.flows).toHaveLength(6000)
  })
})

describe('who answers', () => {
  /** Remembers who listens, and what was undone. */
  function listeningIo() {
    const listeners = new Set<(signal: Signal) => void>()
    const io = {
      stdout: new MemoryOutput(),
      stderr: new MemoryOutput(),
      environment: {},
      inputIsTerminal: true,
      onSignal(listener: (signal: Signal) => void) {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      },
    } satisfies Io
    const send = (signal: Signal) => {
      for (const listener of [...listeners]) listener(signal)
    }
    return { io, listeners, send }
  }

  test('the second signal is the system’s to answer, also while a result is being sorted out', async () => {
    const { io, listeners, send } = listeningIo()
    let heard = -1
    const { run } = await underControl(io, (control) =>
      forEachPacket([VM], control, () => {
        if (heard >= 0) return
        send('SIGINT')
        heard = listeners.size
      }),
    )
    expect([heard, run.partial]).toEqual([0, true])
  })

  test('so is the first, once all is read and the result is being sorted out', async () => {
    const { io, listeners } = listeningIo()
    const seen: number[] = []
    const analyzer = {
      needs: [],
      observe() {
        seen[0] = listeners.size
      },
      merge: () => {},
      result() {
        seen[1] = listeners.size
      },
    }
    await underControl(io, (control) => analyze([VM], () => analyzer as never, control))
    expect(seen).toEqual([1, 0])
  })

  test('what must be cleared away is, before the second signal ends the process', async () => {
    const { io, send } = listeningIo()
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => {
      throw new Error('the process ends')
    })
    try {
      const running = underControl(
        io,
        (control) =>
          forEachPacket([VM], control, () => {
            send('SIGINT')
            send('SIGTERM')
          }),
        () => {},
        true,
      )
      await expect(running).rejects.toThrow('the process ends')
      // With its exit hooks: those remove files.
      expect(exit).toHaveBeenCalledWith(143)
    } finally {
      exit.mockRestore()
    }
  })

  test('a document in half waits for its end once, and not twice', async () => {
    const { io, listeners, send } = listeningIo()
    const seen: number[] = []
    await writeWhole(io, async (write) => {
      await write('{')
      seen.push(listeners.size)
      send('SIGINT')
      seen.push(listeners.size)
      await write('}')
    })
    expect([io.stdout.text, seen, listeners.size]).toEqual(['{}', [1, 0], 0])
  })

  test('output that fails while the capture is quiet ends the run with that error', async () => {
    const { io } = listeningIo()
    const failure = new Error('no space')
    const running = underControl(
      io,
      ({ signal }) =>
        new Promise<never>((resolve) => {
          signal!.addEventListener('abort', () => resolve({ partial: true } as never))
        }),
      () => {
        throw failure
      },
    )
    await expect(running).rejects.toBe(failure)
  })
})
