/**
 * Builds `dist/`: the program as one file with V8's code for it (`bin/load.js` says why), and the library with its type
 * declarations.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { joinParts } from './parts.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))

const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20.19', logLevel: 'warning' }

rmSync(`${root}dist`, { recursive: true, force: true })
const { outputFiles } = await build({
  ...common,
  entryPoints: ['src/cli/main.ts'],
  outdir: 'dist/cli',
  format: 'esm',
  splitting: true,
  write: false,
  // Writes the values of constants where their names stand.
  minifySyntax: true,
  // No comments; names stay, and lines that a stack trace can point to.
  minifyWhitespace: true,
  lineLimit: 120,
  // Which @datadog/sketches-js asks for only to write sketches out, and does not bring along.
  external: ['protobufjs/minimal'],
  define: { 'import.meta.url': '__url' },
  plugins: [without('node:child_process')],
})
const { program, index } = joinParts(
  outputFiles.map(({ path, text }) => ({ name: basename(path), text })),
  'main.js',
)
mkdirSync(`${root}dist/cli`, { recursive: true })
writeFileSync(`${root}dist/cli/program.cjs`, program)
writeFileSync(`${root}dist/cli/program.json`, JSON.stringify(index))
await build({ ...common, entryPoints: ['src/index.ts'], outfile: 'dist/index.js', format: 'esm', packages: 'external' })

const node = (words, stdout) =>
  execFileSync(process.execPath, words, {
    cwd: root,
    stdio: ['ignore', stdout, stdout === 'ignore' ? 'pipe' : 'inherit'],
  })
node([createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], 'inherit')
node(['scripts/store-code.mjs'], 'ignore')

/** An esbuild plugin: a module that is asked for, and never used, is empty. commander starts no other programs here. */
function without(name) {
  return {
    name: 'without',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${name}$`) }, ({ path }) => ({ path, namespace: 'without' }))
      build.onLoad({ filter: /.*/, namespace: 'without' }, () => ({ contents: '', loader: 'js' }))
    },
  }
}
