// Compares the retransmissions that `pcapx flows` counts with those that tshark marks, stream by stream, and fails below a figure.
//   node .ci/retransmissions.mjs <folder of captures> [captures at most]
//
// Left out are streams for which both count on purpose otherwise (docs/CONFORMANCE.md): with packets captured twice, or with
// segments whose options the snaplen cut off.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Percent of streams that must agree. */
const FIGURE = 99
/** Larger captures take tshark too long. */
const MAX_BYTES = 600_000

const [folder, limit = '150'] = process.argv.slice(2)
const captures = readdirSync(folder, { recursive: true })
  .map((name) => join(folder, name))
  .filter((path) => statSync(path).isFile() && statSync(path).size <= MAX_BYTES)
  .sort()
const step = Math.max(1, captures.length / Number(limit))
let agree = 0
let total = 0
for (let i = 0; i < captures.length; i += step) {
  const capture = captures[Math.floor(i)]
  const marked = countsOf(tshark(capture, 'tcp.analysis.retransmission'))
  const cut = countsOf(tshark(capture, 'frame.cap_len < frame.len && tcp.hdr_len > 20'))
  const run = spawnSync(process.execPath, ['bin/pcapx.js', 'flows', '--json', '--by', 'tcp', capture], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  })
  if (run.status !== 0) continue
  for (const { stream, clientRetransmissions, serverRetransmissions, duplicates } of JSON.parse(run.stdout).flows) {
    const theirs = marked.get(String(stream)) ?? 0
    const ours = clientRetransmissions + serverRetransmissions
    if ((theirs === 0 && ours === 0) || duplicates > 0 || cut.has(String(stream))) continue
    total++
    if (ours === theirs) agree++
    else console.log(`  ${capture} tcp.stream ${stream}: tshark ${theirs}, pcapx ${ours}`)
  }
}
const percent = total === 0 ? 0 : (100 * agree) / total
console.log(`retransmissions: ${agree} of ${total} streams agree (${percent.toFixed(3)} %), at least ${FIGURE} wanted`)
if (percent < FIGURE) process.exitCode = 1

function tshark(capture, filter) {
  const words = ['-n', '-r', capture, '-Y', filter, '-T', 'fields', '-e', 'tcp.stream']
  return spawnSync('tshark', words, { encoding: 'utf8', maxBuffer: 1 << 30 }).stdout
}

/** How often each line occurs. */
function countsOf(text) {
  const counts = new Map()
  for (const line of text.split('\n')) if (line !== '') counts.set(line, (counts.get(line) ?? 0) + 1)
  return counts
}
