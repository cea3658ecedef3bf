/**
 * Loads the compiled program: one file, of which each part is read when it is first needed, with V8's code for it.
 *
 * Finding, reading and compiling several hundred modules takes longer than most captures do. `program.cjs` holds the
 * parts as functions in groups (`scripts/parts.mjs`), `program.v8` the code that V8 made of each group, and
 * `program.json` says where in both they are. V8 refuses stored code that another version or other flags made, and
 * compiles; then it only takes longer.
 *
 * CommonJS, as the program: Node takes 5 to 10 ms to start its loader of ES modules.
 */
const { openSync, readFileSync, readSync } = require('node:fs')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { Script } = require('node:vm')

const FOLDER = join(__dirname, '../dist/cli')
const PROGRAM = join(FOLDER, 'program.cjs')
const CODE = join(FOLDER, 'program.v8')
const INDEX = join(FOLDER, 'program.json')

/** What `src/cli/main.ts` exports; and the scripts of the groups that are loaded so far, by their place in the index. */
function load() {
  const { main, groups } = JSON.parse(readFileSync(INDEX, 'utf8'))
  const program = openSync(PROGRAM)
  const code = openCode()
  const scripts = new Map()
  const functions = new Map()
  const exported = new Map()

  /** The exports of a part. */
  function part(name) {
    let exports = exported.get(name)
    if (exports === undefined) {
      if (!functions.has(name)) loadGroup(groups.findIndex(({ parts }) => parts.includes(name)))
      exports = functions.get(name)()
      exported.set(name, exports)
    }
    return exports
  }

  function loadGroup(number) {
    const { at, length, line, code: stored } = groups[number]
    // It is ASCII: read as Latin-1 it needs one octet a character, and no decoding.
    const script = new Script(read(program, at, length).toString('latin1'), {
      filename: PROGRAM,
      lineOffset: line,
      cachedData: code && stored && read(code, stored.at, stored.length),
    })
    scripts.set(number, script)
    const made = script.runInThisContext()(part, require, pathToFileURL(PROGRAM).href)
    for (const name of Object.keys(made)) functions.set(name, made[name])
  }

  return { ...part(main), scripts }
}

/** Missing while it is made. */
function openCode() {
  try {
    return openSync(CODE)
  } catch {
    return undefined
  }
}

function read(file, at, length) {
  const bytes = Buffer.allocUnsafeSlow(length)
  readSync(file, bytes, 0, length, at)
  return bytes
}

exports.load = load
exports.CODE = CODE
exports.INDEX = INDEX
