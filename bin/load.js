/**
 * Loads the compiled program: one file, with V8's code for it beside it.
 *
 * Loading it as a hundred modules, or compiling it anew, takes longer than most captures do: with the stored code a command
 * on a small capture takes 80 ms instead of 130 (of which 50 are Node's own). V8 refuses stored code that another version
 * or other flags made, and compiles; then it only takes longer.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script } from 'node:vm'

export const PROGRAM = fileURLToPath(new URL('../dist/cli/program.cjs', import.meta.url))
export const STORED_CODE = `${PROGRAM}.v8`

/** The compiled script of the program. */
export function compile() {
  // The bundle is ASCII: read as Latin-1 it needs one octet a character, and no decoding.
  const source = `(function(module,require,__filename,__dirname){${readFileSync(PROGRAM, 'latin1')}\n})`
  return new Script(source, { filename: PROGRAM, cachedData: storedCode() })
}

/** What `src/cli/main.ts` exports. */
export function load(script = compile()) {
  const module = { exports: {} }
  script.runInThisContext().call(module.exports, module, createRequire(PROGRAM), PROGRAM, dirname(PROGRAM))
  return module.exports
}

function storedCode() {
  try {
    return readFileSync(STORED_CODE)
  } catch {
    return undefined
  }
}
