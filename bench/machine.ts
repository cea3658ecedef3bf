/** What a result was measured on. Nothing that names the machine, its user or its folders. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { findProgram } from './measure.ts'

export interface Machine {
  readonly processor: string
  readonly cores: number
  /** GB. */
  readonly memory: number
  readonly kernel: string
}

export type Versions = Record<string, string>

export function machine(): Machine {
  return {
    processor: `${cpus()[0]?.model.trim() ?? 'unknown'} (${arch()})`,
    cores: availableParallelism(),
    memory: Math.round(totalmem() / 1e9),
    kernel: `${type()} ${release()}`,
  }
}

/** How each tool tells its version: the first line that has one. */
const TOOLS: Record<string, string[]> = {
  tcpdump: ['--version'],
  capinfos: ['--version'],
  tshark: ['--version'],
  dd: ['--version'],
  gzip: ['--version'],
}

/** Of Node, of the pcapx in `build`, and of the tools that are installed. */
export function versions(build: string): Versions {
  const { version } = JSON.parse(readFileSync(join(build, 'package.json'), 'utf8')) as { version: string }
  const found: Versions = { node: process.versions.node, pcapx: [version, commit(build)].filter(Boolean).join(' ') }
  for (const [tool, words] of Object.entries(TOOLS)) {
    if (findProgram(tool) === null) continue
    const { stdout, stderr } = spawnSync(tool, words, { encoding: 'utf8' })
    const told = /\d+(\.\d+)+/.exec(`${stdout}${stderr}`)
    if (told !== null) found[tool] = told[0]
  }
  return found
}

/** The commit that was built, as far as it can be told; "-dirty" if something was changed since. */
function commit(build: string): string {
  const { stdout, status } = spawnSync('git', ['-C', build, 'describe', '--always', '--dirty'], { encoding: 'utf8' })
  return status === 0 ? `(${stdout.trim()})` : ''
}
