/** `--recover`, as a user sees it: every command goes on behind damage, says so, and still ends with 1. */
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { Folder, handshake, pcap } from './captures.ts'
import { pcapx } from './support.ts'

const folder = new Folder()
const whole = pcap([0, 1, 2, 3, 4].flatMap((i) => handshake(50_000 + i, i * 10_000)))
/** A record: 16 octets of header, 54 of a packet. */
const RECORD = 16 + 54
/** Behind the seventh packet, the first of the third handshake. */
const AT = 24 + 7 * RECORD
const garbage = Buffer.alloc(333, 0xff)
const octets = Buffer.concat([whole.subarray(0, AT), garbage, whole.subarray(AT)])
const damaged = folder.file('damaged.pcap', octets)

const SAID =
  `pcapx: ${damaged}: record 8 at byte ${AT} claims 4294967295 octets, limit 262144\n` +
  `  skipped 333 bytes from byte ${AT} on\n` +
  '  skipped in all: 333 bytes; 15 packets around them are counted\n'

describe('every command that reads captures', () => {
  test.each([
    ['rtt'],
    ['hierarchy'],
    ['destinations'],
    ['endpoints'],
    ['flows'],
    ['unwanted'],
    ['summary'],
    ['info'],
    ['filter', 'tcp'],
    ['show', 'tcp'],
    ['follow', '0'],
    ['fields', '-e', 'frame.number'],
  ])('%s', async (...words) => {
    const { code, stdout, stderr } = await pcapx([...words, damaged, '--recover', '--json'])
    expect([code, stderr]).toEqual([1, SAID])
    expect(JSON.parse(stdout)).toMatchObject({
      packetsRead: 15,
      skipped: { gaps: 1, bytes: 333 },
      damage: { record: 8, offset: AT },
    })
    const without = await pcapx([...words, damaged, '--json'])
    expect(without.code).toBe(1)
    expect(JSON.parse(without.stdout)).toMatchObject({ packetsRead: 7 })
    expect(JSON.parse(without.stdout)).not.toHaveProperty('skipped')
    expect(without.stderr).toBe(
      `pcapx: ${damaged}: record 8 at byte ${AT} claims 4294967295 octets, limit 262144\n` +
        '  the file is damaged from here on; the 7 packets before it are counted\n' +
        '  --recover goes on at the next packet that can be recognised\n',
    )
  })

  test('extract', async () => {
    const path = folder.file('flow.pcap')
    const { code, stderr } = await pcapx(['extract', '--stream', '4', damaged, '-w', path, '--recover'])
    expect(code).toBe(1)
    expect(stderr).toContain(SAID)
    const info = await pcapx(['info', path, '--json'])
    expect(JSON.parse(info.stdout).packets).toBe(3)
  })

  test('filter --count', async () => {
    const { stdout } = await pcapx(['filter', 'tcp.flags.syn == 1', damaged, '--count', '--recover'])
    expect(stdout).toBe('10\n')
  })
})

test('nothing is damaged: nothing is said', async () => {
  const { code, stdout, stderr } = await pcapx(['info', folder.file('whole.pcap', whole), '--recover', '--json'])
  expect([code, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toMatchObject({ damage: null, skipped: { gaps: 0, bytes: 0 } })
})

test('people see it in info and in the summary', async () => {
  const info = await pcapx(['info', damaged, '--recover'])
  expect(info.stdout).toMatch(/^damaged +yes: 333 bytes skipped in 1 gap$/m)
  const summary = await pcapx(['summary', damaged, '--recover'])
  expect(summary.stdout).toContain('is damaged: 333 bytes skipped in 1 gap\n')
})

test('the tenth gap is the last that is told by itself', async () => {
  const parts: Uint8Array[] = [whole.subarray(0, 24)]
  for (let i = 0; i < 12; i++) parts.push(whole.subarray(24), garbage)
  const many = folder.file('many.pcap', Buffer.concat(parts))
  const { stderr } = await pcapx(['info', many, '--recover'])
  const lines = stderr.trimEnd().split('\n')
  // Two lines each, one for the other two, and the sum.
  expect(lines).toHaveLength(22)
  expect(lines.at(-2)).toBe(`pcapx: ${many}: skipped 666 bytes more in 2 further gaps`)
  expect(lines.at(-1)).toBe('  skipped in all: 3,996 bytes; 180 packets around them are counted')
})

test('nothing can be recognised behind the damage', async () => {
  const end = folder.file('end.pcap', Buffer.concat([whole, garbage]))
  const { code, stderr } = await pcapx(['info', end, '--recover'])
  expect(code).toBe(1)
  expect(stderr).toContain(`  skipped 333 bytes from byte ${whole.length} on: no further packet can be recognised\n`)
})

test('decompression cannot be recovered from, and that is not promised', async () => {
  const packed = Buffer.from(gzipSync(whole, { level: 0 }))
  packed[packed.length - 8] ^= 1 // the checksum
  const path = folder.file('checksum.pcap.gz', packed)
  const { code, stderr } = await pcapx(['info', path])
  expect(code).toBe(1)
  expect(stderr).toMatch(
    new RegExp(
      `^pcapx: ${path}: the gzip data is damaged between its bytes \\d+ and ${packed.length}: incorrect data check; ` +
        `the capture could be read up to its byte ${whole.length}\\n` +
        '  the file is damaged from here on; the 15 packets before it are counted\\n$',
    ),
  )
  const cut = folder.file('cut.pcap.gz', packed.subarray(0, packed.length - 100))
  const result = await pcapx(['info', cut])
  expect(result.code).toBe(0)
  expect(result.stderr).toBe(
    `pcapx: warning: ${cut}: cut short at byte ${24 + 13 * RECORD}, as the gzip data is cut short at byte ` +
      `${packed.length - 100}: the last record is incomplete and not counted\n`,
  )
})
