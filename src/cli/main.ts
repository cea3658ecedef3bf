/** The program: a command line from start to exit code. What it does is in `program.ts`, which tests call without a process. */
import { readFileSync } from 'node:fs'

/** Runs the words of a command line, and sets the process's exit code. */
export async function main(words: readonly string[]): Promise<void> {
  if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
    // Answered before anything is loaded: scripts ask this often.
    process.stdout.write(`${version()}\n`)
    return
  }
  const [{ run }, { processIo }] = await Promise.all([import('./program.ts'), import('./io.ts')])
  // Not `process.exit`, which would cut off what is still being written.
  process.exitCode = await run(words, processIo(), version())
}

function version(): string {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version
}
