// Runs the comparison with tshark on a part of the captures, and fails below the figures that pcapx stands by.
//   node .ci/conformance.mjs <check.mjs> [captures at most]
//
// docs/CONFORMANCE.md lists the differences that stay, with their reasons. Two kinds can be told here from what tshark says
// of the capture; they are printed, counted apart, and do not count against the figure. All others do.
import { spawnSync } from 'node:child_process'

/** Percent that must agree. */
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

/** Whether the difference is one that stays; each is `{ capture, item, tshark }`. */
const EXPLAINED = {
  'frames read': {
    reason: 'tshark refuses the link type',
    test: ({ tshark }) => tshark === '0',
  },
  destinations: {
    reason: 'a packet with several IP headers (a tunnel, or ICMP that quotes one)',
    test: ({ capture, item }) => severalHeaders(capture).has(item.split(' ')[0]),
  },
}

const [check, limit = '150'] = process.argv.slice(2)
const only = 'stacks,hierarchy,endpoints,flows,destinations,rtt'
const run = spawnSync(
  process.execPath,
  [check, '--pcapx', `${process.execPath} bin/pcapx.js`, '--only', only, '--limit', limit, '--show', '100000'],
  { encoding: 'utf8', maxBuffer: 1 << 30 },
)
process.stderr.write(run.stderr)
if (run.status !== 0) throw new Error(`check.mjs ended with ${run.status}`)

const { crashes, checks } = JSON.parse(run.stdout.trim().split('\n').at(-1))
const differences = readDifferences(run.stdout)
const failures = []
for (const [name, least] of Object.entries(FIGURES)) {
  const { agree, total } = checks[name] ?? { agree: 0, total: 0 }
  const found = differences.get(name) ?? []
  const explained = found.filter((difference) => EXPLAINED[name]?.test(difference))
  const percent = (part) => (total === 0 ? 0 : (100 * part) / total).toFixed(3)
  console.log(`${name}: ${agree} of ${total} agree (${percent(agree)} %), at least ${least} wanted`)
  if (explained.length > 0)
    console.log(
      `  ${explained.length} more explained: ${EXPLAINED[name].reason}: ${percent(agree + explained.length)} %`,
    )
  for (const { capture, item, tshark, pcapx } of found.filter((d) => !explained.includes(d)).slice(0, 10))
    console.log(`  ${capture} ${item}: tshark ${tshark}, pcapx ${pcapx}`)
  if (!(Number(percent(agree + explained.length)) >= least)) failures.push(name)
}
if (crashes > 0) failures.push(`${crashes} runs without a usable answer`)
if (failures.length > 0) {
  console.error(`conformance: below the figure: ${failures.join(', ')}`)
  process.exit(1)
}
console.log('conformance: every figure is reached')

/** check.mjs prints a line for each check, and below it three for each difference: where, what tshark says, what pcapx. */
function readDifferences(text) {
  const found = new Map()
  let list = []
  let last = null
  for (const line of text.split('\n')) {
    const heading = /^(\S.*): \d+ of \d+ agree/.exec(line)
    const value = /^ {6}(tshark|pcapx) +(.*)$/.exec(line)
    if (heading) {
      list = []
      found.set(heading[1], list)
    } else if (value && last) last[value[1]] = value[2].replace(/^"(.*)"$/, '$1')
    else if (line.startsWith('    ')) {
      const [capture, ...item] = line.trim().split(' ')
      last = { capture, item: item.join(' ') }
      list.push(last)
    }
  }
  return found
}

/** The destinations of a capture's packets that have several IP headers. */
function severalHeaders(capture) {
  const fields = ['-T', 'fields', '-E', 'occurrence=a', '-e', 'ip.dst', '-e', 'ipv6.dst']
  const { stdout } = spawnSync('tshark', ['-n', '-r', capture, ...fields], { encoding: 'utf8', maxBuffer: 1 << 30 })
  const found = new Set()
  for (const line of stdout.split('\n')) {
    const addresses = line.split(/[\t,]/).filter((address) => address !== '')
    if (addresses.length > 1) for (const address of addresses) found.add(address)
  }
  return found
}
