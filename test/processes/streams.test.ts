/** Standard input, output and error that are closed, full, or read by nobody. */
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { Folder } from '../cli/captures.ts'
import { shell, start, VM, VM_BYTES, VM_RECORDS } from './child.ts'

const folder = new Folder()
/** More than a pipe holds, in every form. */
const LARGE = folder.file('large.pcap', Buffer.concat([VM_BYTES, VM_RECORDS, VM_RECORDS, VM_RECORDS]))
const LARGE_GZIP = folder.file('large.pcap.gz', gzipSync(Buffer.concat([VM_BYTES, VM_RECORDS]), { level: 1 }))

/** What some commands say on standard error beside their output. */
const BESIDE = /^([\d,]+ of [\d,]+ packets|in Wireshark: |client \d).*\n/gm

/** One for each way to write. */
const COMMANDS = [
  `rtt ${VM}`,
  `hierarchy ${VM} --csv`,
  `destinations ${VM} --jsonl`,
  `flows ${VM} --top 0 --json`,
  `filter ip ${LARGE}`,
  `filter ip ${LARGE} --json`,
  `filter ip ${LARGE_GZIP} --count`,
  `filter ip ${LARGE} -w -`,
  `extract --stream 3 ${VM} -w -`,
  `explain 'tcp.port == 111'`,
  `show 1 ${VM}`,
  `follow 3 ${VM} --as raw`,
  `fields -e frame.number -e ip.src ${LARGE}`,
  'fields --list',
  'unwanted --print-policy',
  'rtt --help',
  '--version',
]

/** A pipe, at the number 4, whose reader is gone for certain: it was opened for both, then for writing, then closed. */
const GONE = `exec 3<>${folder.file('pipe')} 4>${folder.file('pipe')} 3<&-`

const FULL = 'pcapx: standard output: cannot be written: no space left on the device\n'

beforeAll(() => {
  expect(shell(`mkfifo ${folder.file('pipe')}`).status).toBe(0)
})

describe.skipIf(process.platform === 'win32')('every command', () => {
  // A few at a time: each process takes a while.
  const groups = [0, 1, 2].map((group) => COMMANDS.filter((_, i) => i % 3 === group))

  test.each(groups.map((commands, i) => [i + 1, commands] as const))(
    'meets a reader that left before the first octet in silence (%i of 3)',
    (_, commands) => {
      for (const command of commands) {
        const { status, stderr } = shell(`${GONE}; pcapx ${command} >&4`)
        expect([command, status, stderr.replaceAll(BESIDE, '')]).toEqual([command, 0, ''])
      }
    },
  )

  test.skipIf(process.platform !== 'linux').each(groups.map((commands, i) => [i + 1, commands] as const))(
    'says that the disk is full, and ends with 1 (%i of 3)',
    (_, commands) => {
      for (const command of commands) {
        const { status, stderr } = shell(`pcapx ${command} > /dev/full`)
        expect([command, status, stderr.replaceAll(BESIDE, '')]).toEqual([command, 1, FULL])
      }
    },
  )
})

describe.skipIf(process.platform === 'win32')('standard output', () => {
  test.each(['filter ip', 'fields -e ip.src', 'follow 3 --as raw', 'filter ip --json', 'filter ip -w -'])(
    'of %s that is full, while the capture is quiet: it is not waited for',
    async (command) => {
      const child = start([...command.split(' ')], { output: '/dev/full' })
      child.input.write(VM_BYTES)
      const { code, stderr } = await child.ended
      expect([code, stderr.replaceAll(BESIDE, '')]).toEqual([1, FULL])
    },
  )

  test('that is closed is written to in vain', () => {
    for (const command of ['hierarchy', 'filter ip --json', 'filter ip -w -']) {
      const { status, stderr } = shell(`pcapx ${command} ${VM} >&-`)
      expect([command, status, stderr.replaceAll(BESIDE, '')]).toEqual([command, 0, ''])
    }
  })
})

describe.skipIf(process.platform === 'win32')('standard error', () => {
  test.each(['2>&-', '2> /dev/full', '2>&4'])('that takes nothing (%s) changes neither result nor exit code', (to) => {
    const whole = shell(`pcapx filter ip ${VM}`).stdout
    expect(whole.split('\n').length).toBe(1368)
    const { status, stdout } = shell(`${GONE}; pcapx filter ip ${VM} ${to}`)
    expect([status, stdout === whole]).toEqual([0, true])
    expect(shell(`${GONE}; pcapx nothing ${to}`).status).toBe(2)
    expect(shell(`${GONE}; pcapx hierarchy package.json ${to}`).status).toBe(1)
    expect(shell(`${GONE}; pcapx hierarchy package.json > /dev/full ${to}`).status).toBe(1)
  })
})

test('standard input that is closed is empty', () => {
  const { status, stdout, stderr } = shell('pcapx hierarchy <&-')
  expect([status, stdout]).toEqual([1, ''])
  expect(stderr).toBe('pcapx: standard input: is empty: 0 octets, not even a file header\n')
})
