/** The built program with V8's code of another version: it is compiled, and answers the same. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtProgram } from '../cli/build.ts'
import { ROOT } from '../cli/support.ts'

const folder = mkdtempSync(join(tmpdir(), 'pcapx-load-'))
afterAll(() => rmSync(folder, { recursive: true }))

const CODE = join(folder, 'dist/cli/program.v8')
/** V8's header before its code: a magic number, then a hash of its version, each of 32 bits. */
const VERSION_HASH = 4

let own: Buffer
beforeAll(() => {
  builtProgram()
  for (const part of ['bin', 'dist/cli', 'package.json', 'data'])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  own = readFileSync(CODE)
}, 120_000)

/** What a command prints, and whether V8 refused the code of each group that was loaded for it. */
function run() {
  const script = `
    const { load } = require(${JSON.stringify(join(folder, 'bin/load.js'))})
    const { main, scripts } = load()
    main(['hierarchy', 'fixtures/vm.pcap', '--json']).then(() => {
      process.stderr.write(JSON.stringify([...scripts.values()].map((script) => script.cachedDataRejected)))
    })`
  const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', script], { cwd: ROOT, encoding: 'utf8' })
  return { status, packets: JSON.parse(stdout).packets, refused: JSON.parse(stderr) as (boolean | null)[] }
}

test('code of this version is taken', () => {
  const { refused, ...answer } = run()
  expect(answer).toEqual({ status: 0, packets: 1447 })
  expect(refused.length).toBeGreaterThan(1)
  expect(refused.every((each) => each === false)).toBe(true)
})

test('code of another version is refused, and the program compiled', () => {
  const other = Buffer.from(own)
  const { groups } = JSON.parse(readFileSync(join(folder, 'dist/cli/program.json'), 'utf8'))
  for (const { code } of groups) if (code) other[code.at + VERSION_HASH] ^= 0xff
  writeFileSync(CODE, other)
  const { refused, ...answer } = run()
  expect(answer).toEqual({ status: 0, packets: 1447 })
  expect(refused.length).toBeGreaterThan(1)
  expect(refused.every((each) => each === true)).toBe(true)
})

test('without stored code the program is compiled', () => {
  rmSync(CODE)
  const { refused, ...answer } = run()
  expect(answer).toEqual({ status: 0, packets: 1447 })
  expect(refused.every((each) => each === null)).toBe(true)
})
