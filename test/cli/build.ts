/** The compiled program, for the tests that run it as a user does. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { ROOT } from './support.ts'

/** Builds `dist/` if it is missing or any source is newer; the path of `bin/pcapx.js`. */
export function builtProgram(): string {
  const built = `${ROOT}dist/cli/program.v8`
  const newest = readdirSync(`${ROOT}src`, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(`${entry.parentPath}/${entry.name}`).mtimeMs), 0)
  if (!existsSync(built) || statSync(built).mtimeMs < newest)
    execFileSync(process.execPath, [`${ROOT}scripts/build.mjs`], { stdio: 'inherit' })
  return `${ROOT}bin/pcapx.js`
}
