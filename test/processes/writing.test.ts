/** `-w`, as a user meets it: what a run that goes wrong leaves behind. */
import { spawnSync } from 'node:child_process'
import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { CaptureError } from '../../src/capture/errors.ts'
import { forEachPacket } from '../../src/engine/run.ts'
import { pcapx } from '../cli/support.ts'
import { feed, shell, start, VM, VM_BYTES, VM_RECORDS } from './child.ts'

const root = mkdtempSync(join(tmpdir(), 'pcapx-writing-'))
afterAll(() => rmSync(root, { recursive: true }))
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(root, 'test-'))
})

const BEFORE = 'what was there before'
/** More than pipes and buffers hold, and no end in sight. */
const QUIET = Buffer.concat([VM_BYTES, VM_RECORDS, VM_RECORDS, VM_RECORDS])

function out(content?: string): string {
  const path = join(folder, 'out.pcap')
  if (content !== undefined) writeFileSync(path, content)
  return path
}

/** Packets of a capture: whole records, or the test fails. */
function packetsOf(path: string): number {
  const bytes = readFileSync(path)
  let packets = 0
  let at = 24
  for (; at < bytes.length; packets++) at += 16 + bytes.readUInt32LE(at + 8)
  expect(at).toBe(bytes.length)
  return packets
}

describe.skipIf(process.platform === 'win32')('a write that fails', () => {
  const captures = Array.from({ length: 4 }, () => VM).join(' ')

  // bash counts in blocks of 1024 octets: 204,800 octets, and the capture has more than a million.
  test.each([
    ['filter', `filter 'frame.number > 0' ${captures}`, 'out.pcap'],
    ['filter, pcapng', `filter 'frame.number > 0' ${captures}`, 'out.pcapng'],
    ['filter, in the last octets', `filter 'frame.number > 700' ${VM}`, 'out.pcap'],
    ['extract', `extract --stream 0,1,2,3,4,5,6,7,8,9,10,11,12 ${captures}`, 'out.pcap'],
  ])('%s: exit code 1, the file is named, nothing is left', (_, command, name) => {
    const limit = name === 'out.pcap' && command.includes('extract') ? 1 : 100
    for (const before of [undefined, BEFORE]) {
      const path = join(folder, name)
      if (before !== undefined) writeFileSync(path, before)
      const { status, stderr } = shell(`ulimit -f ${limit}; pcapx ${command} -w ${path}`)
      expect([status, stderr]).toEqual([
        1,
        `pcapx: ${path}: cannot be written: it would be larger than is allowed here\n`,
      ])
      expect(readdirSync(folder)).toEqual(before === undefined ? [] : [name])
      if (before !== undefined) expect(readFileSync(path, 'utf8')).toBe(before)
    }
  })

  test('a full device; the captures behind the failure are not read', () => {
    // By the name of what is open here: whatever goes wrong, a test does not touch the devices of the machine.
    const { status, stderr } = shell(`pcapx filter 'frame.number > 0' ${captures} -w /dev/stdout > /dev/full`)
    expect([status, stderr]).toEqual([1, 'pcapx: /dev/stdout: cannot be written: no space left on the device\n'])
  })

  test('ends the run: no further capture could do without what is missing', async () => {
    const read: number[] = []
    const running = forEachPacket([VM, VM], {}, ({ number }) => {
      read.push(number)
      throw new CaptureError('unwritable', 'cannot be written', { file: 'out.pcap' })
    })
    await expect(running).rejects.toThrow('cannot be written')
    expect(read).toEqual([1])
  })

  test('a full device, while the capture is quiet: it is not waited for', async () => {
    for (const words of [
      ['filter', 'ip', '-w', '/dev/stdout'],
      ['extract', '--stream', '3', '-w', '/dev/stdout'],
    ]) {
      const child = start(words, { output: '/dev/full' })
      // Less than pcapx gathers: what fails is the flush, and its standard input stays open.
      child.input.write(VM_BYTES)
      const { code, stderr } = await child.ended
      expect([code, stderr]).toEqual([1, 'pcapx: /dev/stdout: cannot be written: no space left on the device\n'])
    }
  })
})

describe('a capture that', () => {
  test('is damaged: what came before the damage is a whole capture, and the exit code 1', () => {
    const damaged = join(folder, 'damaged.pcap')
    const broken = Buffer.concat([VM_BYTES, Buffer.alloc(16, 0xff), VM_RECORDS])
    writeFileSync(damaged, broken)
    const { status } = shell(`pcapx filter 'frame.number > 0' ${damaged} -w ${out(BEFORE)}`)
    expect([status, readFileSync(out()).equals(VM_BYTES)]).toEqual([1, true])
    expect(readdirSync(folder).sort()).toEqual(['damaged.pcap', 'out.pcap'])
  })

  test('is none: what was there before stays', () => {
    for (const capture of ['package.json', join(folder, 'missing'), folder]) {
      const { status } = shell(`pcapx filter ip ${capture} -w ${out(BEFORE)}`)
      expect([status, readFileSync(out(), 'utf8'), readdirSync(folder)]).toEqual([1, BEFORE, ['out.pcap']])
    }
  })

  test('is none, beside one that is: what that one has is written, and the exit code 1', () => {
    const { status } = shell(`pcapx filter 'frame.number > 0' package.json ${VM} -w ${out(BEFORE)}.pcap`)
    expect([status, packetsOf(`${out()}.pcap`)]).toEqual([1, 1447])
  })

  test('has no match: a capture without packets', () => {
    expect(shell(`pcapx filter 'tcp.port == 1' ${VM} -w ${out(BEFORE)}`).status).toBe(0)
    expect(readFileSync(out()).equals(VM_BYTES.subarray(0, 24))).toBe(true)
  })
})

describe('a capture that is being read is not written to', () => {
  test('under another name, by a link, redirected', () => {
    const capture = join(folder, 'a.pcap')
    writeFileSync(capture, VM_BYTES)
    symlinkSync('a.pcap', join(folder, 'symbolic.pcap'))
    linkSync(capture, join(folder, 'hard.pcap'))
    for (const line of [
      `pcapx filter ip ${capture} -w ${folder}/./a.pcap`,
      `pcapx filter ip ${capture} -w ${folder}/symbolic.pcap`,
      `pcapx filter ip ${folder}/symbolic.pcap -w ${folder}/hard.pcap`,
      `pcapx filter ip -w ${capture} < ${capture}`,
      `pcapx extract --stream 3 -w ${folder}/hard.pcap < ${capture}`,
      `pcapx filter ip ${capture} -w - >> ${capture}`,
      `pcapx filter ip -w - < ${capture} 1<> ${folder}/hard.pcap`,
    ]) {
      const { status, stderr } = shell(line)
      expect([line, status]).toEqual([line, 2])
      expect(stderr).toMatch(/^pcapx: .* is being read; write to another file\n$/)
      expect(readFileSync(capture).equals(VM_BYTES)).toBe(true)
    }
  })
})

describe('a signal', () => {
  const words = ['filter', 'frame.number > 0', '-w']
  const asides = () => readdirSync(folder).filter((name) => name.endsWith('.part'))

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s: what was matched so far is a whole capture, said to be partial', async (signal, expected) => {
    const child = start([...words, out(BEFORE)])
    await feed(child, QUIET)
    expect(asides()).toHaveLength(1)
    expect(readFileSync(out(), 'utf8')).toBe(BEFORE)
    child.process.kill(signal)
    const { code, stderr } = await child.ended
    const packets = packetsOf(out())
    expect(packets).toBeGreaterThan(1447)
    expect(readdirSync(folder)).toEqual(['out.pcap'])
    const inWords = packets.toLocaleString('en-US')
    expect([code, stderr]).toEqual([
      expected,
      `${inWords} of ${inWords} packets\n` +
        `pcapx: warning: partial: stopped by ${signal} after ${inWords} packets, there is more to read\n`,
    ])
  })

  test('SIGKILL leaves the file aside, and never half a capture under the name', async () => {
    const child = start([...words, out(BEFORE)])
    await feed(child, QUIET)
    await child.until(() => asides().length === 1 && readFileSync(join(folder, asides()[0])).length > 0)
    child.process.kill('SIGKILL')
    expect((await child.ended).signal).toBe('SIGKILL')
    expect([readFileSync(out(), 'utf8'), readdirSync(folder).length]).toEqual([BEFORE, 2])
  })

  test('the file is opened while signals still end the process: opening a named pipe waits for its reader', async () => {
    for (const words of [
      ['filter', 'ip', VM, '-w', out()],
      ['extract', '--stream', '3', VM, '-w', out()],
    ]) {
      const open: boolean[] = []
      await pcapx(words, { onListen: () => open.push(asides().length === 1) })
      expect(open[0]).toBe(true)
    }
  })

  test.each([
    ['process.exit(130)', 130],
    ["throw new Error('a mistake')", 1],
    ["Promise.reject(new Error('a mistake'))", 1],
  ])('%s: the file aside goes too', (ending, code) => {
    const module = new URL('../../src/capture/destination.ts', import.meta.url).href
    const script = `const { openDestination } = await import(${JSON.stringify(module)})
      const { writeSync, readdirSync } = await import('node:fs')
      writeSync(openDestination(${JSON.stringify(out(BEFORE))}).descriptor, 'half')
      console.log(readdirSync(${JSON.stringify(folder)}).length)
      ${ending}`
    const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      encoding: 'utf8',
    })
    expect([status, stdout]).toEqual([code, '2\n'])
    expect([readFileSync(out(), 'utf8'), readdirSync(folder)]).toEqual([BEFORE, ['out.pcap']])
  })
})
