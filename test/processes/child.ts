/** The built program as a process of its own, to be sent signals and to be fed slowly. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
import type { Writable } from 'node:stream'
import { builtProgram } from '../cli/build.ts'
import { fixture, ROOT } from '../cli/support.ts'

const program = builtProgram()

export const VM = fixture('vm.pcap')
/** Its file header has 24 octets; what follows are whole records. */
export const VM_BYTES = readFileSync(`${ROOT}${VM}`)
export const VM_RECORDS = VM_BYTES.subarray(24)

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A line for bash, in which `pcapx ` is the program; it ends with the exit code of pcapx, whatever it is piped into. */
export function shell(command: string) {
  const line = command.replaceAll('pcapx ', `"${process.execPath}" "${program}" `)
  const options = { cwd: ROOT, encoding: 'utf8', maxBuffer: 1 << 28, timeout: 25_000 } as const
  return spawnSync('bash', ['-o', 'pipefail', '-c', line], options)
}

export interface Child {
  readonly process: ChildProcess
  readonly input: Writable
  /** So far. */
  readonly output: () => { stdout: string; stderr: string }
  readonly ended: Promise<Ended>
  /** Resolves once `has` is true; it is asked whenever something may have changed. */
  until(has: () => boolean): Promise<void>
}

/** `output` is a file for standard output; without `reads` nobody reads it until the test does. */
export function start(words: readonly string[], { reads = true, output = '' } = {}): Child {
  const to = output === '' ? 'pipe' : openSync(output, 'w')
  const child = spawn(process.execPath, [program, ...words], { cwd: ROOT, stdio: ['pipe', to, 'pipe'] })
  if (typeof to === 'number') closeSync(to)
  let stdout = ''
  let stderr = ''
  if (reads)
    child.stdout?.on('data', (chunk) => {
      stdout += chunk
    })
  child.stderr!.on('data', (chunk) => {
    stderr += chunk
  })
  // It may end before it has read all.
  child.stdin!.on('error', () => {})
  let isOver = false
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => {
      isOver = true
      resolve({ code, signal, stdout, stderr })
    })
  })
  return {
    process: child,
    input: child.stdin!,
    output: () => ({ stdout, stderr }),
    ended,
    async until(has) {
      while (!has()) {
        if (isOver) throw new Error(`pcapx ${words.join(' ')} ended before: ${stderr}`)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
    },
  }
}

/**
 * Writes them all, and resolves when the program must have taken most of them: more than a pipe holds. It reads standard input
 * only once it listens for signals.
 */
export function feed(child: Child, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    child.input.write(bytes, (error) => (error == null ? resolve() : reject(error)))
  })
}
