// Runs the comparison with tshark on a part of the captures and fails below the figures that pcapx stands by.
//   node .ci/conformance.mjs <check.mjs> [captures at most]
import { spawnSync } from 'node:child_process'

/** Percent that must agree; see docs/CONFORMANCE.md for what does not, and why. */
const FIGURES = {
  'frames read': 100,
  'stacks (to transport)': 99.5,
  'hierarchy (to transport)': 99,
  endpoints: 99,
  destinations: 99,
  flows: 99,
  'rtt (initial)': 97,
  'rtt (SYN to SYN-ACK)': 97,
}

const [check, limit = '150'] = process.argv.slice(2)
const only = 'stacks,hierarchy,endpoints,flows,destinations,rtt'
const run = spawnSync(
  process.execPath,
  [check, '--pcapx', `${process.execPath} bin/pcapx.js`, '--only', only, '--limit', limit, '--show', '3'],
  { encoding: 'utf8', maxBuffer: 1 << 28 },
)
process.stdout.write(run.stdout)
process.stderr.write(run.stderr)
if (run.status !== 0) throw new Error(`check.mjs ended with ${run.status}`)

const { crashes, checks } = JSON.parse(run.stdout.trim().split('\n').at(-1))
const failures = Object.entries(FIGURES)
  .filter(([name, least]) => !(checks[name]?.percent >= least))
  .map(([name, least]) => `${name}: ${checks[name]?.percent ?? 'not compared'}, at least ${least} wanted`)
if (crashes > 0) failures.push(`${crashes} runs without a usable answer`)
if (failures.length > 0) {
  console.error(`conformance: ${failures.join('; ')}`)
  process.exit(1)
}
console.log('conformance: every figure is reached')
