/** The built program, as a user runs it: pipes, signals, exit codes. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createReadStream, openSync, readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from 'vitest'
import { builtProgram } from '../cli/build.ts'
import { fixture, ROOT } from '../cli/support.ts'

let program = ''
beforeAll(() => {
  program = builtProgram()
}, 120_000)

function pcapx(words: string[], input?: Uint8Array) {
  return spawnSync(process.execPath, [program, ...words], { cwd: ROOT, input, encoding: 'buffer' })
}

function shell(command: string) {
  // pipefail: the exit codes of all of the pipe's programs count.
  const line = command.replaceAll('pcapx ', `"${process.execPath}" "${program}" `)
  return spawnSync('bash', ['-o', 'pipefail', '-c', line], { cwd: ROOT, encoding: 'utf8' })
}

function start(words: string[]): ChildProcess {
  return spawn(process.execPath, [program, ...words], { cwd: ROOT, stdio: ['pipe', 'pipe', 'pipe'] })
}

const VM = fixture('vm.pcap')

describe('the program', () => {
  test('--version is that of package.json', () => {
    const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'))
    expect(pcapx(['--version']).stdout.toString()).toBe(`${version}\n`)
  })

  test('exits with 2 for a wrong command line', () => {
    const { status, stdout, stderr } = pcapx(['rtt', '--top', 'x', VM])
    expect([status, stdout.length]).toEqual([2, 0])
    expect(stderr.toString()).toMatch(/^pcapx: /)
  })

  test('exits with 1 for what is no capture', () => {
    expect(pcapx(['rtt', 'package.json']).status).toBe(1)
  })

  test('reads standard input: a pipe, a file, and by the name of -', () => {
    const expected = JSON.parse(pcapx(['rtt', '--json', VM]).stdout.toString()).summary
    const capture = readFileSync(`${ROOT}${VM}`)
    expect(JSON.parse(pcapx(['rtt', '--json'], capture).stdout.toString()).summary).toEqual(expected)
    expect(JSON.parse(pcapx(['rtt', '-', '--json'], capture).stdout.toString()).summary).toEqual(expected)
    const redirected = spawnSync(process.execPath, [program, 'rtt', '--json'], {
      cwd: ROOT,
      stdio: [openSync(`${ROOT}${VM}`, 'r'), 'pipe', 'pipe'],
    })
    expect(JSON.parse(redirected.stdout.toString()).summary).toEqual(expected)
  })

  test('sums up standard input, without a word or with options alone', () => {
    const capture = readFileSync(`${ROOT}${VM}`)
    const { status, stdout } = pcapx([], capture)
    expect(status).toBe(0)
    expect(stdout.toString()).toMatch(
      /^File +pcapx info CAPTURE\nstandard input: pcap, microseconds, ETHERNET\n1,447 packets in /,
    )
    expect(JSON.parse(pcapx(['--json'], capture).stdout.toString())).toMatchObject({ captures: ['-'], packets: 1447 })
    expect(JSON.parse(pcapx(['-', '--json'], capture).stdout.toString())).toMatchObject({
      captures: ['-'],
      packets: 1447,
    })
    expect(pcapx([], Buffer.from('<?xml version="1.0"?>')).status).toBe(1)
  })

  test('prints a policy, and judges by it', () => {
    // What reads YAML is loaded late, which a program in one file does in its own way.
    const { status, stdout } = shell(`pcapx unwanted --print-policy | pcapx unwanted --policy /dev/stdin --json ${VM}`)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ policy: 'my-policy', severities: { high: 2 } })
  })

  test('writes a capture that another one reads', () => {
    const { status, stdout, stderr } = shell(`pcapx filter 'tcp.port == 111' ${VM} -w - | pcapx rtt --json`)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ packetsRead: 60, summary: { count: 6 } })
    expect(stderr).toBe('60 of 1,447 packets\n')
  })

  test.each([
    `pcapx fields -e frame.number -e ip.src -e tcp.port ${[VM, VM, VM, VM, VM, VM].join(' ')} | head -2`,
    `pcapx filter ip ${[VM, VM, VM, VM].join(' ')} | head -2`,
    `pcapx flows --top 0 --json ${[VM, VM, VM, VM, VM, VM].join(' ')} | head -2`,
    `pcapx filter ip ${[VM, VM, VM, VM].join(' ')} -w - | head -c 30 | wc -c | sed p`,
  ])('ends quietly: %s', (command) => {
    const { status, stdout, stderr } = shell(command)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.trim().split('\n')).toHaveLength(2)
  })

  test('does not lose what is still to be written', () => {
    const { status, stdout } = shell(`pcapx fields -e frame.number -e frame.protocols ${VM} | (sleep 0.3; tail -1)`)
    expect(status).toBe(0)
    expect(stdout).toMatch(/^1447\t/)
  })

  test('hands on what it has while a live capture waits', async () => {
    for (const words of [
      ['fields', '-e', 'frame.number'],
      ['filter', 'ip'],
      ['filter', 'ip', '-w', '-'],
    ]) {
      const child = start(words)
      const first = new Promise((resolve) => child.stdout!.once('data', resolve))
      createReadStream(`${ROOT}${VM}`, { end: 10_000 }).pipe(child.stdin!, { end: false })
      await first
      child.kill('SIGTERM')
      await new Promise((resolve) => child.on('close', resolve))
    }
  })

  test('ends when its reader has left, though the live capture goes on', async () => {
    const child = start(['filter', 'ip'])
    createReadStream(`${ROOT}${VM}`, { end: 10_000 }).pipe(child.stdin!, { end: false })
    child.stdout!.once('data', () => {
      child.stdout!.destroy()
      createReadStream(`${ROOT}${VM}`, { start: 10_001, end: 20_000 }).pipe(child.stdin!, { end: false })
    })
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0)
  })
})
