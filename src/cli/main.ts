/** The program: a command line from start to exit code. What it does is in `program.ts`, which tests call without a process. */
import { readFileSync } from 'node:fs'

/** Runs the words of a command line, and sets the process's exit code. `worker` is the module that calls `work`. */
export async function main(words: readonly string[], worker?: URL): Promise<void> {
  const [{ run }, { processIo }] = await Promise.all([import('./program.ts'), import('./io.ts')])
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  // Not `process.exit`, which would cut off what is still being written.
  process.exitCode = await run(words, processIo(worker), version)
}

/** What a further thread does. */
export async function work(): Promise<void> {
  const { work: run } = await import('../engine/worker.ts')
  await run()
}
