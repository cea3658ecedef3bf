/**
 * Builds `dist/`: the program as one file with V8's code for it (`bin/load.js` says why), and the library with its type
 * declarations.
 */
import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))

const common = { absWorkingDir: root, bundle: true, platform: 'node', target: 'node20.19', logLevel: 'warning' }

rmSync(`${root}dist`, { recursive: true, force: true })
await build({
  ...common,
  entryPoints: ['src/cli/main.ts'],
  outfile: 'dist/cli/program.cjs',
  // CommonJS, because only such a script can be compiled with stored code.
  format: 'cjs',
  // Which @datadog/sketches-js asks for only to write sketches out, and does not bring along.
  external: ['protobufjs/minimal'],
  define: { 'import.meta.url': '__url' },
  banner: { js: "const __url=require('node:url').pathToFileURL(__filename).href;" },
})
await build({ ...common, entryPoints: ['src/index.ts'], outfile: 'dist/index.js', format: 'esm', packages: 'external' })

const node = (words, stdout) =>
  execFileSync(process.execPath, words, {
    cwd: root,
    stdio: ['ignore', stdout, stdout === 'ignore' ? 'pipe' : 'inherit'],
  })
node([createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], 'inherit')
node(['scripts/store-code.mjs'], 'ignore')
