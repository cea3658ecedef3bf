// Compares the names of streams with nDPI's verdicts on its own captures, and fails below the figure.
//   node .ci/ndpi.mjs <ndpi.mjs>
import { spawnSync } from 'node:child_process'

/** Percent, each of nDPI's labels weighing the same. tshark reaches 77. */
const LEAST = 88

const [check] = process.argv.slice(2)
const run = spawnSync(process.execPath, [check, '--pcapx', `${process.execPath} bin/pcapx.js`], {
  encoding: 'utf8',
  maxBuffer: 1 << 30,
})
process.stderr.write(run.stderr)
process.stdout.write(run.stdout)
if (run.status !== 0) throw new Error(`ndpi.mjs ended with ${run.status}`)
const { percentMeanOverLabels } = JSON.parse(run.stdout.trim().split('\n').at(-1))
if (!(percentMeanOverLabels >= LEAST)) {
  console.error(`applications: ${percentMeanOverLabels} % of nDPI's verdicts, at least ${LEAST} wanted`)
  process.exit(1)
}
