/** The compiled program, for the tests that run it as a user does. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './support.ts'

/** Milliseconds between two looks, and those after which another test file's build is taken for dead. */
const LOOK_EVERY = 50
const PATIENCE = 110_000

/** Builds `dist/` if it is missing or any source is newer; the path of `bin/pcapx.js`. */
export function builtProgram(): string {
  // One at a time: several test files run at once.
  const release = lock(join(tmpdir(), `pcapx-build-${createHash('sha256').update(ROOT).digest('hex').slice(0, 16)}`))
  try {
    const built = `${ROOT}dist/cli/program.v8`
    const newest = readdirSync(`${ROOT}src`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .reduce((latest, entry) => Math.max(latest, statSync(`${entry.parentPath}/${entry.name}`).mtimeMs), 0)
    if (!existsSync(built) || statSync(built).mtimeMs < newest)
      execFileSync(process.execPath, [`${ROOT}scripts/build.mjs`], { stdio: 'inherit' })
    return `${ROOT}bin/pcapx.js`
  } finally {
    release()
  }
}

/** Waits until the folder can be made; removes it in the end. */
function lock(folder: string): () => void {
  const waiting = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; waited < PATIENCE; waited += LOOK_EVERY) {
    try {
      mkdirSync(folder)
      return () => rmdirSync(folder)
    } catch {
      Atomics.wait(waiting, 0, 0, LOOK_EVERY)
    }
  }
  return () => {}
}
