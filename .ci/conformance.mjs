// Runs the comparison with tshark on a part of the captures, and fails below the figures that pcapx stands by.
//   node .ci/conformance.mjs <check.mjs> [captures at most]
//
// docs/CONFORMANCE.md lists the differences that stay, with their reasons. Two kinds can be shown here from what tshark
// says of the capture; they are printed, counted apart, and do not count against the figure. All others do.
import { spawnSync } from 'node:child_process'

/** Percent that must agree. */
const FIGURES = {
  'frames read': 100,
  'stacks (to transport)': 99.5,
  'hierarchy (to transport)': 99,
  endpoints: 99,
  destinations: 99,
  flows: 99,
  'apps (streams tshark names)': 97,
  'apps (streams tshark leaves unnamed, also unnamed)': 99.5,
  'rtt (initial)': 97,
  'rtt (SYN to SYN-ACK)': 97,
  fields: 99,
  // A line counts as a difference if one packet of all captures does; docs/CONFORMANCE.md says which do, and why.
  filters: 90,
}

/**
 * Whether the difference is one that stays. Each is `{ capture, item, tshark, pcapx }`. It is not enough that the capture
 * is of the kind: tshark must say so of the file, or pcapx's number be the one that tshark's own fields give.
 */
const EXPLAINED = {
  'frames read': {
    reason: 'tshark refuses the link type',
    test: ({ capture, tshark }) => tshark === '0' && isRefused(capture),
  },
  'apps (streams tshark leaves unnamed, also unnamed)': {
    reason: 'named by what they carry, or by what another stream announced',
    test: ({ capture, item }) => evidenceOf(capture, item) !== 'port',
  },
  destinations: {
    reason: "tshark's statistic counts each IP header, its fields give the number of pcapx",
    test: ({ capture, item, pcapx }) => pcapx === String(destinationsOf(capture).get(item)),
  },
}

/** By capture: the evidence of each stream. */
const flowsOf = new Map()

const [check, limit = '150'] = process.argv.slice(2)
const only = 'stacks,apps,hierarchy,endpoints,flows,destinations,rtt,fields,filters'
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

/** Why pcapx names the stream `tcp 3` of the capture as it does. */
function evidenceOf(capture, stream) {
  let flows = flowsOf.get(capture)
  if (flows === undefined) {
    const { stdout } = spawnSync(process.execPath, ['bin/pcapx.js', 'flows', '--json', capture], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    })
    flows = new Map(JSON.parse(stdout).flows.map((flow) => [`${flow.protocol} ${flow.stream}`, flow.evidence]))
    flowsOf.set(capture, flows)
  }
  return flows.get(stream)?.kind
}

function isRefused(capture) {
  const { stderr } = spawnSync('tshark', ['-n', '-r', capture], { encoding: 'utf8' })
  return /network type \d+ unknown or unsupported/.test(stderr)
}

/**
 * What `destinations` must say of a capture by tshark's fields, in the words of check.mjs: each packet once, for its
 * innermost own IP header; what an ICMP error quotes is not its own. Undefined where no packet has it.
 */
function destinationsOf(capture) {
  const names = ['frame.protocols', 'icmp.type', 'ip.dst', 'ipv6.dst', 'tcp.dstport', 'udp.dstport']
  const fields = ['-T', 'fields', '-E', 'occurrence=a', ...names.flatMap((name) => ['-e', name])]
  const { stdout } = spawnSync('tshark', ['-n', '-r', capture, ...fields], { encoding: 'utf8', maxBuffer: 1 << 30 })
  const counts = new Map()
  for (const line of stdout.split('\n')) {
    const [stack, icmpTypes = '', ...lists] = line.split('\t')
    const values = Object.fromEntries(
      ['ip', 'ipv6', 'tcp', 'udp'].map((name, i) => [name, (lists[i] ?? '').split(',')]),
    )
    const layers = stack.split(':')
    const error = /^(3|4|5|11|12)$/.test(icmpTypes.split(',')[0]) ? layers.indexOf('icmp') : -1
    const own = error < 0 ? layers : layers.slice(0, error)
    // The nth layer of a name has the nth of its values.
    const valueAt = (at) => values[own[at]][own.slice(0, at).filter((name) => name === own[at]).length]
    const network = own.findLastIndex((name) => name === 'ip' || name === 'ipv6')
    if (network < 0 || !valueAt(network)) continue
    const transport = own.findIndex((name, at) => at > network && (name === 'tcp' || name === 'udp'))
    const port = transport < 0 ? undefined : valueAt(transport)
    const protocol = port ? own[transport].toUpperCase() : 'NONE'
    const address = valueAt(network)
    for (const item of [address, `${address} ${protocol}`, `${address} ${protocol} ${port || 0}`])
      counts.set(item, (counts.get(item) ?? 0) + 1)
  }
  return counts
}
