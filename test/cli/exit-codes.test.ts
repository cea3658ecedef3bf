import { describe, expect, test } from 'vitest'
import { Folder, handshake, pcap } from './captures.ts'
import { fixture, pcapx } from './support.ts'

const folder = new Folder()
const whole = pcap([...handshake(50123), ...handshake(50124, 1000)])
const good = folder.file('good.pcap', whole)
const RECORD = 16 + 54

describe('0: done', () => {
  test('says nothing on standard error', async () => {
    const { code, stderr } = await pcapx(['rtt', good])
    expect([code, stderr]).toEqual([0, ''])
  })

  test('also for a capture that is cut short at its end, with a warning', async () => {
    const cut = folder.file('cut.pcap', whole.subarray(0, whole.length - 5))
    const { code, stdout, stderr } = await pcapx(['rtt', cut, '--json'])
    expect(code).toBe(0)
    expect(stderr).toBe(
      `pcapx: warning: ${cut}: cut short at byte ${24 + 5 * RECORD}: the last record is incomplete and not counted\n`,
    )
    expect(JSON.parse(stdout)).toMatchObject({ truncated: true, damage: null, packetsRead: 5 })
  })
})

describe('1: the capture', () => {
  test('is damaged: what comes before is reported, and the place named', async () => {
    const records = [...handshake(50123), ...handshake(50124, 1000)]
    records[4] = { ...records[4], claims: 0xfffffff0 }
    const damaged = folder.file('damaged.pcap', pcap(records))
    const offset = 24 + 4 * RECORD
    const { code, stdout, stderr } = await pcapx(['rtt', damaged])
    expect(code).toBe(1)
    expect(stdout).toContain('10.0.0.5:50123')
    expect(stderr).toMatch(
      new RegExp(
        `^pcapx: ${damaged}: record 5 at byte ${offset} claims 4294967280 octets, limit \\d+\n` +
          '  the file is damaged from here on; the 4 packets before it are counted\n' +
          '  --recover goes on at the next packet that can be recognised\n$',
      ),
    )
    const json = await pcapx(['rtt', damaged, '--json'])
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout).damage).toEqual({
      file: damaged,
      record: 5,
      offset,
      message: expect.stringContaining('claims 4294967280 octets'),
    })
  })

  test.each([
    ['XML', '<?xml version="1.0"?><Error><Code>AuthenticationFailed</Code></Error>'],
    ['nothing', ''],
  ])('is %s: no empty table', async (_, content) => {
    const file = folder.file('not-a-capture', content)
    for (const command of [['rtt'], ['info', '--csv'], ['fields', '-e', 'ip.src', '--header'], ['filter', 'tcp']]) {
      const { code, stdout, stderr } = await pcapx([...command, file])
      expect([command, code, stdout]).toEqual([command, 1, ''])
      expect(stderr).toContain(`pcapx: ${file}: `)
    }
  })

  test('is none: JSON is a document all the same, and says so', async () => {
    const file = folder.file('text', 'hello\n')
    for (const command of [['rtt'], ['info'], ['flows'], ['fields', '-e', 'ip.src'], ['filter', 'tcp']]) {
      const { code, stdout, stderr } = await pcapx([...command, file, '--json'])
      expect(code).toBe(1)
      expect(JSON.parse(stdout)).toMatchObject({
        packetsRead: 0,
        damage: { file, record: null, offset: 0, message: expect.stringContaining('is not a capture') },
      })
      expect(stderr).toContain('is not a capture')
    }
  })

  test('is not there', async () => {
    const { code, stderr } = await pcapx(['rtt', folder.file('missing.pcap')])
    expect(code).toBe(1)
    expect(stderr).toBe(`pcapx: ${folder.file('missing.pcap')}: cannot be opened: no such file\n`)
  })

  test('of several is not there: the others are reported', async () => {
    const { code, stdout, stderr } = await pcapx(['rtt', folder.file('missing.pcap'), good, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ packetsRead: 6, damage: { file: folder.file('missing.pcap') } })
    expect(stderr).toContain('no such file')
  })
})

describe('2: the command line', () => {
  test.each([
    [['rt', good], "pcapx: unknown command 'rt'\n  Did you mean rtt?\n"],
    [['rtt', '--jason', good], "pcapx: unknown option '--jason'\n  Did you mean --json?\n"],
    [['rtt', '--top', 'x', good], /'x' is invalid. It must be a whole number/],
    [['rtt', '--top', '-1', good], /'-1' is invalid/],
    [['rtt', '--color', 'pink', good], /Allowed choices are auto, always, never/],
    [['rtt', '--json', '--csv', good], /--json' cannot be used with option '--csv'/],
    [['rtt', '-', '-'], /standard input \(-\) can be read only once/],
    [
      ['rtt', '-Y', 'tcp.prot == 80', good],
      /unknown field tcp.prot, did you mean tcp.port\?\n {2}tcp.prot == 80\n {2}\^{8}\n/,
    ],
    [['filter'], /no filter given\n {2}for example: pcapx filter/],
    [['filter', good], /is a capture; the filter comes before it\n {2}for example: pcapx filter/],
    [['filter', 'tcp.port = 111', good], /^pcapx: filter: .*\n {2}tcp.port = 111\n/],
    [['filter', 'tcp', '--limit', '0', good], /It must be a whole number from 1 on/],
    [['fields', good], /no field named/],
    [['fields', '-e', 'ip.scr', good], 'pcapx: unknown field ip.scr, did you mean ip.src?\n'],
    [['fields', '-e', 'ip.src', '-e', 'no.such', '-e', 'tcp.prot', good], /unknown fields, 2 of 3:\n {2}no.such\n/],
  ])('%j', async (words, message) => {
    const { code, stdout, stderr } = await pcapx(words)
    expect([code, stdout]).toEqual([2, ''])
    if (typeof message === 'string') expect(stderr).toBe(message)
    else expect(stderr).toMatch(message)
    expect(stderr).toMatch(/^pcapx: /)
  })

  test('no capture, and a terminal: an example', async () => {
    const { code, stderr } = await pcapx(['rtt'], { inputIsTerminal: true })
    expect(code).toBe(2)
    expect(stderr).toBe('pcapx: no capture named, and nothing is piped in\n  for example: pcapx rtt trace.pcap\n')
  })
})

test('what is said about a file name is safe to show', async () => {
  const { stderr } = await pcapx(['rtt', '/no/such/\x1b[31mfile'])
  expect(stderr).toContain('\\x1b[31mfile')
  expect(stderr).not.toContain('\x1b')
})

test('every capture that could not be read is named', async () => {
  const { code, stdout, stderr } = await pcapx([
    'hierarchy',
    'missing-1.pcap',
    fixture('refused.pcap'),
    'missing-2.pcap',
  ])
  expect(code).toBe(1)
  expect(stdout).toContain('eth')
  expect(stderr).toBe(
    'pcapx: missing-1.pcap: cannot be opened: no such file\npcapx: missing-2.pcap: cannot be opened: no such file\n',
  )
  const none = await pcapx(['hierarchy', 'missing-1.pcap', 'missing-2.pcap'])
  expect(none).toMatchObject({ code: 1, stdout: '', stderr })
})
