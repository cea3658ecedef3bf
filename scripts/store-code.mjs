/**
 * Stores V8's code for the program, once it has run a little of everything: functions are compiled when they are first
 * called, and only those that were are stored.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { CODE, INDEX, load } from '../bin/load.js'

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url))
const CAPTURE = `${FIXTURES}vm.pcap`
/** All kinds of traffic that there are, for their decoders and signatures. */
const CAPTURES = readdirSync(FIXTURES)
  .filter((name) => /\.pcap(ng)?$/.test(name))
  .map((name) => FIXTURES + name)

const COMMANDS = [
  ['--help'],
  ['summary', CAPTURE],
  ['hierarchy', ...CAPTURES],
  ['rtt', CAPTURE, '--json'],
  ['endpoints', CAPTURE, '-Y', 'ip.addr == 10.0.0.0/8 and tcp.port in {80, 443}'],
  ['destinations', CAPTURE],
  ['flows', CAPTURE],
  ['unwanted', CAPTURE],
  ['info', CAPTURE],
  ['filter', 'tcp.port == 111', CAPTURE],
  ['explain', 'tcp.port == 111'],
  ['show', '1', CAPTURE],
  ['follow', 'tcp:0', CAPTURE],
  ['fields', '-e', 'frame.number', '-e', 'ip.src', CAPTURE],
]

const { main, scripts } = load()
// They print on the process's own standard output: whoever runs this script has closed it.
for (const words of COMMANDS) {
  await main(words)
  if (process.exitCode !== 0) throw new Error(`pcapx ${words.join(' ')} ended with ${process.exitCode}`)
}
const index = JSON.parse(readFileSync(INDEX, 'utf8'))
const stored = []
let at = 0
for (const [group, script] of scripts) {
  const code = script.createCachedData()
  index.groups[group].code = { at, length: code.length }
  stored.push(code)
  at += code.length
}
writeFileSync(CODE, Buffer.concat(stored))
writeFileSync(INDEX, JSON.stringify(index))
