/** What a written capture leaves behind, in its folder and under its name, however the writing ends. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openDestination } from '../../src/capture/destination.ts'
import { createWriter } from '../../src/capture/writer.ts'
import { Packet } from '../../src/packet/packet.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pcapx-destination-'))
})
afterEach(() => {
  chmodSync(folder, 0o700)
  rmSync(folder, { recursive: true })
})

const BEFORE = 'what was there before'
const AFTER = 'what was written'

function inFolder(name: string, content?: string): string {
  const path = join(folder, name)
  if (content !== undefined) writeFileSync(path, content)
  return path
}

function write(path: string): void {
  const destination = openDestination(path)
  writeSync(destination.descriptor, AFTER)
  destination.commit()
}

function files(): string[] {
  return readdirSync(folder).sort()
}

/** Root may write anywhere: what a user may not do is done as a user. */
function asUser<T>(run: () => T): T {
  if (process.geteuid?.() !== 0) return run()
  process.seteuid!(65_534)
  try {
    return run()
  } finally {
    process.seteuid!(0)
  }
}

function textOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string }
    return hint === undefined ? message : `${message}\n${hint}`
  }
  return 'no error'
}

describe('aside', () => {
  test('the name is taken only at the end', () => {
    const path = inFolder('a.pcap', BEFORE)
    const destination = openDestination(path)
    writeSync(destination.descriptor, AFTER)
    expect(readFileSync(path, 'utf8')).toBe(BEFORE)
    expect(files()).toHaveLength(2)
    expect(files()[0]).toMatch(new RegExp(`^\\.a\\.pcap\\.pcapx-${process.pid}-[0-9a-z]+\\.part$`))
    destination.commit()
    expect([readFileSync(path, 'utf8'), files()]).toEqual([AFTER, ['a.pcap']])
  })

  test('what is given up leaves nothing, and what was there before', () => {
    const path = inFolder('a.pcap', BEFORE)
    const destination = openDestination(path)
    writeSync(destination.descriptor, AFTER)
    destination.discard()
    openDestination(inFolder('new.pcap')).discard()
    expect([readFileSync(path, 'utf8'), files()]).toEqual([BEFORE, ['a.pcap']])
  })

  test('a link that lies in wait under the name aside is not followed', () => {
    const victim = inFolder('victim', BEFORE)
    const random = Math.random
    let next = 0
    // Both names are known to the attacker.
    Math.random = () => [0.5, 0.25][next++]
    try {
      symlinkSync(victim, inFolder(`.a.pcap.pcapx-${process.pid}-${(0.5).toString(36).slice(2, 8)}.part`))
      write(inFolder('a.pcap'))
    } finally {
      Math.random = random
    }
    expect([next, readFileSync(victim, 'utf8'), readFileSync(inFolder('a.pcap'), 'utf8')]).toEqual([2, BEFORE, AFTER])
  })

  test('a name as long as names may be', () => {
    const name = 'ü'.repeat(127)
    write(inFolder(name))
    expect(files()).toEqual([name])
  })

  test('what cannot take its name stays, and is said to', () => {
    const path = inFolder('a.pcap')
    const destination = openDestination(path)
    writeSync(destination.descriptor, AFTER)
    mkdirSync(path)
    const message = textOf(() => destination.commit())
    expect(message).toMatch(/^cannot be replaced: is a directory\nthe capture is whole, and stays at /)
    destination.discard()
    const [, aside] = message.split(' stays at ')
    expect(readFileSync(aside, 'utf8')).toBe(AFTER)
  })
})

describe('which file', () => {
  test.each([
    ['that is there', true],
    ['that is not there yet', false],
  ])('behind a symbolic link, one %s: the link stays', (_, exists) => {
    mkdirSync(inFolder('far'))
    if (exists) writeFileSync(inFolder('far/a.pcap'), BEFORE)
    symlinkSync('far', inFolder('near'))
    symlinkSync('../far/a.pcap', inFolder('far/second'))
    // Relative to the folder of the link, which is another than its own seen through `near`.
    symlinkSync('near/second', inFolder('first'))
    write(inFolder('first'))
    expect(readFileSync(inFolder('far/a.pcap'), 'utf8')).toBe(AFTER)
    expect(lstatSync(inFolder('far/a.pcap')).isFile()).toBe(true)
    expect([readlinkSync(inFolder('first')), readlinkSync(inFolder('far/second'))]).toEqual([
      'near/second',
      '../far/a.pcap',
    ])
    expect([files(), readdirSync(inFolder('far')).sort()]).toEqual([
      ['far', 'first', 'near'],
      ['a.pcap', 'second'],
    ])
  })

  test('links in a circle', () => {
    symlinkSync('b', inFolder('a'))
    symlinkSync('a', inFolder('b'))
    expect(() => write(inFolder('a'))).toThrow('ELOOP')
  })

  test('its other names keep what was there before', () => {
    const path = inFolder('a.pcap', BEFORE)
    linkSync(path, inFolder('b.pcap'))
    write(path)
    expect([readFileSync(path, 'utf8'), readFileSync(inFolder('b.pcap'), 'utf8')]).toEqual([AFTER, BEFORE])
  })

  test.each([0o600, 0o640, 0o644])('its mode %o is kept, and nobody else reads meanwhile', (mode) => {
    const path = inFolder('a.pcap', BEFORE)
    chmodSync(path, mode)
    const umask = process.umask(0)
    try {
      const destination = openDestination(path)
      expect(statSync(inFolder(files()[0])).mode & 0o777 & ~mode).toBe(0)
      destination.commit()
    } finally {
      process.umask(umask)
    }
    expect(statSync(path).mode & 0o777).toBe(mode)
  })

  test('a new one has the mode that the umask leaves', () => {
    const umask = process.umask(0o027)
    try {
      write(inFolder('a.pcap'))
    } finally {
      process.umask(umask)
    }
    expect(statSync(inFolder('a.pcap')).mode & 0o777).toBe(0o640)
  })

  test('one that is protected against writing is not replaced', () => {
    const path = inFolder('a.pcap', BEFORE)
    chmodSync(path, 0o444)
    chmodSync(folder, 0o777)
    expect(textOf(() => asUser(() => openDestination(path)))).toContain('EACCES')
    expect([readFileSync(path, 'utf8'), files()]).toEqual([BEFORE, ['a.pcap']])
  })

  test('one in a folder that takes no new file is not written over, and the message says what to do', () => {
    const path = inFolder('a.pcap', BEFORE)
    chmodSync(path, 0o666)
    chmodSync(folder, 0o555)
    expect(textOf(() => asUser(() => openDestination(path)))).toBe(
      'cannot be written: no new file in its folder: permission denied\n' +
        'a capture is written aside until it is whole; write to another folder, or to standard output: -w - > FILE',
    )
    expect(readFileSync(path, 'utf8')).toBe(BEFORE)
  })

  test.each(['', 'no/such/folder', 'folder/', 'folder', '.', 'a.pcap/b'])('%j cannot be written', (name) => {
    mkdirSync(inFolder('folder'))
    inFolder('a.pcap', BEFORE)
    expect(() => write(name === '' ? '' : `${folder}/${name}`)).toThrow(/ENOENT|EISDIR|ENOTDIR/)
    expect([files(), readdirSync(inFolder('folder'))]).toEqual([['a.pcap', 'folder'], []])
  })
})

describe.skipIf(process.platform !== 'linux')('what has no name to take is written as it stands', () => {
  // As a user: as root, pcapx without this defence would replace the device of the machine.
  test('a device', () => {
    asUser(() => write('/dev/null'))
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  test('a named pipe', () => {
    const path = inFolder('pipe')
    expect(spawnSync('mkfifo', [path]).status).toBe(0)
    // Open for both, a pipe waits for nobody.
    const reading = openSync(path, 'r+')
    write(path)
    const octets = Buffer.alloc(AFTER.length)
    expect([statSync(path).isFIFO(), files()]).toEqual([true, ['pipe']])
    expect(readFrom(reading, octets)).toBe(AFTER)
    closeSync(reading)
  })

  test.each(['/proc/self/fd/', '/dev/fd/'])('a file that is known as %s<number>', (names) => {
    const path = inFolder('a.pcap')
    const open = openSync(path, 'w')
    write(`${names}${open}`)
    // Not replaced: it is the file that is open here.
    expect([statSync(path).ino, files()]).toEqual([statSync(`/proc/self/fd/${open}`).ino, ['a.pcap']])
    closeSync(open)
    expect(readFileSync(path, 'utf8')).toBe(AFTER)
  })
})

function readFrom(descriptor: number, into: Buffer): string {
  return into.toString('utf8', 0, readSync(descriptor, into))
}

describe('a writer', () => {
  const packet = new Packet()
  packet.bytes = new Uint8Array(1000)
  packet.capturedLength = packet.originalLength = 1000
  packet.linkType = 1

  test.each(['pcap', 'pcapng'] as const)('%s: discarded, it leaves nothing; closed, it stays', (format) => {
    const path = inFolder('a', BEFORE)
    const given = createWriter(path, format)
    given.write(packet)
    given.discard()
    given.close()
    expect([readFileSync(path, 'utf8'), files()]).toEqual([BEFORE, ['a']])
    const kept = createWriter(path, format)
    kept.write(packet)
    kept.close()
    kept.discard()
    expect([statSync(path).size, files()]).toEqual([kept.bytes, ['a']])
  })

  test.skipIf(process.platform !== 'linux')('that failed once fails at its end: its file is not whole', () => {
    const path = inFolder('a', BEFORE)
    const writer = createWriter(path, 'pcap')
    const aside = inFolder(files()[0])
    // A disk that fails for a moment: its descriptor is closed, and then the same again.
    const descriptor = descriptorOf(aside)
    closeSync(descriptor)
    writer.write(packet)
    expect(() => writer.flush()).toThrow('cannot be written: EBADF')
    expect(openSync(aside, 'r+')).toBe(descriptor)
    expect(() => writer.write(packet)).not.toThrow()
    expect(() => writer.close()).toThrow('cannot be written: EBADF')
    writer.discard()
    expect([readFileSync(path, 'utf8'), files()]).toEqual([BEFORE, ['a']])
  })
})

function descriptorOf(path: string): number {
  const names = readdirSync('/proc/self/fd').filter((name) => {
    const link = lstatSync(`/proc/self/fd/${name}`, { throwIfNoEntry: false })
    return link !== undefined && readlinkSync(`/proc/self/fd/${name}`) === path
  })
  return Number(names[0])
}
