/**
 * Builds and tests pcapx with other versions of Node, whose programs come as npm packages:
 *
 *   npm run test:node                 the whole test suite, with the newest of each version below
 *   npm run test:node -- 24           with one version
 *   npm run test:node -- --quick      every command once, instead of the test suite
 *
 * Everything happens in a copy of the project in a temporary folder. A version that cannot be fetched is skipped, and said to be.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const VERSIONS = ['20', '22', '24', '26']
/** What is not copied: it is large, or made anew. */
const LEFT_OUT = ['node_modules', 'dist', '.git', 'coverage']

const root = fileURLToPath(new URL('..', import.meta.url))
const words = process.argv.slice(2)
const isQuick = words.includes('--quick')
const named = words.filter((word) => word !== '--quick')
const wrong = named.find((word) => !/^\d+(\.\d+){0,2}$/.test(word))
if (wrong !== undefined) {
  console.error(`test-node: ${wrong} is no version of Node; for example: npm run test:node -- 24`)
  process.exit(2)
}

const outcomes = []
for (const version of named.length > 0 ? named : VERSIONS) {
  const folder = mkdtempSync(join(tmpdir(), `pcapx-node-${version}-`))
  try {
    outcomes.push(test(version, folder))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
for (const { version, outcome } of outcomes) console.log(`Node ${version}: ${outcome}`)
if (outcomes.some(({ outcome }) => outcome.startsWith('FAILED'))) process.exitCode = 1

function test(version, folder) {
  const fetched = fetch(version, folder)
  if (fetched.node === undefined) return { version, outcome: `SKIPPED: it cannot be fetched: ${fetched.reason}` }
  const { node } = fetched
  const exact = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1)
  console.log(`\n=== Node ${exact}`)
  const project = join(folder, 'pcapx')
  cpSync(root, project, { recursive: true, filter: (path) => !LEFT_OUT.includes(relative(root, path)) })
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'), 'junction')
  // What tests start by the name of `node` is this one too.
  const environment = { ...process.env, PATH: dirname(node) + delimiter + process.env.PATH }
  const run = (line) => spawnSync(node, line, { cwd: project, env: environment, stdio: 'inherit' }).status === 0
  if (!run(['scripts/build.mjs'])) return { version: exact, outcome: 'FAILED: it cannot be built' }
  if (isQuick) return { version: exact, outcome: everyCommand(node, project) }
  const isFine = run([join('node_modules', 'vitest', 'vitest.mjs'), 'run'])
  return { version: exact, outcome: isFine ? 'all tests pass' : 'FAILED: see above' }
}

/** The program of that version; or why not. Nothing is recorded, and no script of a package is run. */
function fetch(version, folder) {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const name = `node-${platform}-${process.arch}`
  const options = ['--ignore-scripts', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--loglevel=error']
  const { status, stderr, error } = spawnSync(
    'npm',
    ['install', '--prefix', folder, ...options, `${name}@${version}`],
    { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' },
  )
  const node = join(folder, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (status === 0 && existsSync(node)) return { node }
  return { reason: error?.message ?? stderr.trim().split('\n')[0] ?? 'npm did not say why' }
}

/** Every command, over every fixture that has packets: each ends as it does with the version that is running this. */
function everyCommand(node, project) {
  const captures = readdirSync(join(project, 'fixtures'))
    .filter((name) => /\.pcap(ng)?$/.test(name))
    .map((name) => join('fixtures', name))
  const capture = join('fixtures', 'vm.pcap')
  const lines = [
    ...['summary', 'hierarchy', 'endpoints', 'destinations', 'flows', 'unwanted', 'info', 'rtt'].map((command) => [
      command,
      ...captures,
      '--json',
    ]),
    ['filter', 'tcp.port == 111', ...captures, '--jsonl'],
    ['filter', 'frame matches "(?i)http"', capture, '--count'],
    ['extract', '--stream', '3', capture, '-w', '-'],
    ['fields', '-e', 'frame.number', '-e', 'tcp.flags', ...captures],
    ['explain', 'tcp.port == 111'],
    ['show', '1', capture],
    ['follow', 'tcp:3', capture],
    ['--help'],
  ]
  const result = (program, line) => {
    const { status, stdout } = spawnSync(program, [join('bin', 'pcapx.js'), ...line], {
      cwd: project,
      maxBuffer: 1 << 30,
    })
    return { status, stdout }
  }
  for (const line of lines) {
    const here = result(process.execPath, line)
    const there = result(node, line)
    if (there.status !== here.status || !there.stdout.equals(here.stdout))
      return `FAILED: pcapx ${line.slice(0, 2).join(' ')} ... answers otherwise (exit codes ${there.status} and ${here.status})`
  }
  return `all commands answer as with Node ${process.versions.node}`
}
