import { describe, expect, test } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { parseTop, styleOf } from '../../src/cli/options.ts'
import { Folder, handshake, pcap } from './captures.ts'
import { MemoryOutput, pcapx, pcapxJson } from './support.ts'

const folder = new Folder()
const COUNT = 12
const many = folder.file(
  'many.pcap',
  pcap(Array.from({ length: COUNT }, (_, i) => handshake(50_000 + i, 10_000 * i, i < 4 ? 111 : 3389)).flat()),
)

describe('--top', () => {
  const rows = (text: string) => text.split('\n').filter((line) => line.includes('established')).length - 1

  test('is 10 in a table, and what it leaves out is counted', async () => {
    const { stdout } = await pcapx(['rtt', many])
    expect(rows(stdout)).toBe(10)
    expect(stdout).toContain('... and 2 more (--top 0 shows all)')
  })

  test('is all in JSON, JSONL and CSV', async () => {
    expect((await pcapxJson('rtt', many)).handshakes).toHaveLength(COUNT)
    expect((await pcapx(['rtt', many, '--jsonl'])).stdout.trim().split('\n')).toHaveLength(COUNT + 1)
    expect((await pcapx(['rtt', many, '--csv'])).stdout.trim().split('\r\n')).toHaveLength(COUNT + 1)
  })

  test('limits each of them, and 0 is all', async () => {
    expect(rows((await pcapx(['rtt', many, '--top', '0'])).stdout)).toBe(COUNT)
    expect(await pcapxJson('rtt', many, '--top', '3')).toMatchObject({ omitted: { handshakes: COUNT - 3 } })
    const csv = await pcapx(['rtt', many, '--csv', '--top', '3'])
    expect(csv.stdout.trim().split('\r\n')).toHaveLength(4)
    expect(csv.stderr).toBe('pcapx: warning: --top left out 9 rows\n')
  })

  test('keeps the branches of the hierarchy together', async () => {
    const { protocols, omitted } = await pcapxJson('hierarchy', many, '--top', '2')
    expect(protocols[0]).toMatchObject({ name: 'eth', children: [{ name: 'ip', children: [] }] })
    expect(omitted.protocols).toBeGreaterThan(0)
  })

  test.each(['', 'x', '-1', '1.5', '1e3', '99999999999999999999'])('%j is no number of rows', (text) => {
    expect(() => parseTop(text)).toThrow('whole number')
  })
})

describe('-Y', () => {
  test('lets only matching packets reach the analysis, and says how many', async () => {
    const { stdout } = await pcapx(['rtt', many, '-Y', 'tcp.port == 111'])
    expect(stdout.split('\n')[0]).toBe(`12 of 36 packets (tcp.port == 111)`)
    expect(await pcapxJson('rtt', many, '-Y', 'tcp.port == 111')).toMatchObject({
      filter: 'tcp.port == 111',
      packetsRead: 36,
      packetsMatched: 12,
      summary: { count: 4 },
    })
  })

  test.each(['summary', 'info', 'rtt', 'hierarchy', 'endpoints', 'destinations', 'flows'])('%s', async (command) => {
    const document = await pcapxJson(command, many, '--filter', 'tcp.dstport == 111')
    expect(document).toMatchObject({ schema: `pcapx.${command}/1`, packetsRead: 36, packetsMatched: 8, omitted: {} })
  })
})

test('several captures are read one after the other', async () => {
  const document = await pcapxJson('info', many, many)
  expect(document).toMatchObject({ captures: [many, many], packets: 72 })
  expect(document.files).toHaveLength(2)
})

describe('colour and width', () => {
  const io = (environment: Record<string, string>, columns?: number) =>
    ({ environment, stdout: new MemoryOutput({ columns }) }) as unknown as Io

  test.each([
    ['a terminal', 'auto', {}, 80, true],
    ['a pipe', 'auto', {}, undefined, false],
    ['NO_COLOR', 'auto', { NO_COLOR: '1' }, 80, false],
    ['an empty NO_COLOR', 'auto', { NO_COLOR: '' }, 80, true],
    ['FORCE_COLOR in a pipe', 'auto', { FORCE_COLOR: '1' }, undefined, true],
    ['FORCE_COLOR=0', 'auto', { FORCE_COLOR: '0' }, 80, false],
    ['both', 'auto', { FORCE_COLOR: '1', NO_COLOR: '1' }, undefined, true],
    ['a dumb terminal', 'auto', { TERM: 'dumb' }, 80, false],
    ['always', 'always', { NO_COLOR: '1' }, undefined, true],
    ['never', 'never', { FORCE_COLOR: '1' }, 80, false],
  ] as const)('%s', (_, color, environment, columns, expected) => {
    expect(styleOf({ color }, io(environment, columns)).color).toBe(expected)
  })

  test('the width is the terminal’s, or COLUMNS; none off a terminal', () => {
    expect(styleOf({ color: 'auto' }, io({}, 132)).width).toBe(132)
    expect(styleOf({ color: 'auto' }, io({ COLUMNS: '60' }, 132)).width).toBe(60)
    expect(styleOf({ color: 'auto' }, io({ COLUMNS: 'x' }, 0)).width).toBe(80)
    expect(styleOf({ color: 'auto' }, io({ COLUMNS: '60' })).width).toBe(Infinity)
  })

  test('a table on a terminal is coloured, JSON never', async () => {
    expect((await pcapx(['rtt', many], { columns: 80 })).stdout).toContain('\x1b[')
    expect((await pcapx(['rtt', many])).stdout).not.toContain('\x1b[')
    expect((await pcapx(['rtt', many, '--json', '--color', 'always'])).stdout).not.toContain('\x1b[')
  })

  test.each(['summary', 'info', 'rtt', 'hierarchy', 'endpoints', 'destinations', 'flows'])(
    '%s fits',
    async (command) => {
      for (const columns of [40, 60, 80]) {
        const { stdout } = await pcapx([command, 'fixtures/vm.pcap', '--color', 'never'], { columns })
        for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(columns)
      }
    },
  )
})

describe('help', () => {
  test('without a command, and with --help', async () => {
    const { code, stdout } = await pcapx([])
    expect(code).toBe(0)
    for (const word of ['Questions:', 'Packets:', 'Examples:', 'rtt', 'hierarchy', 'fields'])
      expect(stdout).toContain(word)
    expect((await pcapx(['--help'])).stdout).toBe(stdout)
  })

  test.each(['summary', 'info', 'rtt', 'hierarchy', 'endpoints', 'destinations', 'flows', 'filter', 'fields'])(
    '%s --help has examples',
    async (command) => {
      const { code, stdout } = await pcapx([command, '--help'])
      expect(code).toBe(0)
      expect(stdout).toContain(`$ pcapx ${command} `)
    },
  )

  test('--version', async () => {
    expect((await pcapx(['--version'])).stdout).toBe('1.2.3\n')
  })
})
