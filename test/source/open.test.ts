import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSource } from '../../src/source/open.ts'
import { StreamSource } from '../../src/source/stream.ts'
import { pcapBytes, readAll } from '../support/capture-bytes.ts'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pcapx-source-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const capture = pcapBytes(Array.from({ length: 5000 }, (_, i) => ({ seconds: i, data: new Uint8Array(500).fill(i) })))

test('a file', async () => {
  const path = join(folder, 'capture.pcap')
  writeFileSync(path, capture)
  const source = await openSource(path)
  expect(source).toMatchObject({ name: path, size: capture.length, compression: null, position: 0 })
  const { info } = await readAll(source)
  expect(info).toMatchObject({ packets: 5000, bytes: capture.length, file: path })
  expect(source.position).toBe(capture.length)
  await source.close()
})

test('an empty file opens; it is the reader that has something to say', async () => {
  const path = join(folder, 'empty')
  writeFileSync(path, '')
  const source = await openSource(path)
  expect(await source.read(new Uint8Array(10), 0, 10)).toBe(0)
  await source.close()
})

test('a file that is not there', async () => {
  const path = join(folder, 'nothing')
  await expect(openSource(path)).rejects.toMatchObject({
    name: 'CaptureError',
    fault: 'unreadable',
    file: path,
    message: 'cannot be opened: no such file',
  })
})

test('a folder', async () => {
  await expect(openSource(folder)).rejects.toMatchObject({ name: 'CaptureError', fault: 'unreadable' })
})

test('a named pipe', async () => {
  const path = join(folder, 'pipe')
  if (spawnSync('mkfifo', [path]).status !== 0) return console.warn('skipped: no named pipes here')
  writeFileSync(join(folder, 'in'), capture)
  const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', join(folder, 'in'), path])
  const source = await openSource(path)
  expect(source.size).toBeNull()
  expect((await readAll(source)).info).toMatchObject({ packets: 5000, truncated: false })
  await source.close()
  writer.kill()
})

describe('a stream', () => {
  test('gives what there is', async () => {
    const stream = new PassThrough()
    const source = new StreamSource('-', stream)
    const into = new Uint8Array(10)
    const first = source.read(into, 2, 8)
    stream.write(Uint8Array.of(1, 2, 3))
    expect(await first).toBe(3)
    expect([...into]).toEqual([0, 0, 1, 2, 3, 0, 0, 0, 0, 0])
    stream.end(Uint8Array.of(4, 5))
    expect(await source.read(into, 0, 1)).toBe(1)
    expect(await source.read(into, 1, 9)).toBe(1)
    expect(await source.read(into, 0, 10)).toBe(0)
    expect([into[0], into[1], source.position]).toEqual([4, 5, 5])
  })

  test('holds up its writer when nobody reads', async () => {
    const stream = new PassThrough()
    const source = new StreamSource('-', stream)
    let written = 0
    const block = new Uint8Array(64 * 1024)
    while (written < 100 && stream.write(block)) {
      written++
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(written * block.length).toBeLessThan(2 * 1024 * 1024)
    let read = 0
    const into = new Uint8Array(1024 * 1024)
    stream.end()
    for (let count = 1; count > 0; read += count) count = await source.read(into, 0, into.length)
    expect(read).toBe((written + 1) * block.length)
  })

  test('that fails', async () => {
    const stream = new PassThrough()
    const source = new StreamSource('-', stream)
    stream.destroy(Object.assign(new Error('read'), { code: 'EIO' }))
    await expect(source.read(new Uint8Array(1), 0, 1)).rejects.toMatchObject({
      message: 'cannot be read: input/output error',
    })
  })

  test('closed while someone waits', async () => {
    const source = new StreamSource('-', new PassThrough())
    const waiting = source.read(new Uint8Array(1), 0, 1)
    await source.close()
    expect(await waiting).toBe(0)
  })
})

test('a quiet pipe on standard input does not keep the process from ending', async () => {
  const program = `
    import { openSource } from ${JSON.stringify(new URL('../../src/source/open.ts', import.meta.url).href)}
    const source = await openSource('-')
    const into = new Uint8Array(100)
    console.log(await source.read(into, 0, 100))
    source.read(into, 0, 100)
    setTimeout(() => process.exit(0), 50)`
  const tsx = fileURLToPath(new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url))
  const child = spawn(process.execPath, [tsx, '--input-type=module', '-e', program])
  child.stdin.write('some octets')
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  // Standard input stays open all the while.
  expect(await ended).toBe(0)
}, 15_000)
