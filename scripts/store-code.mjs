/**
 * Stores V8's code for the program, once it has run a little of everything: functions are compiled when they are first
 * called, and only those that were are stored.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile, load, STORED_CODE } from '../bin/load.js'

const CAPTURE = fileURLToPath(new URL('../fixtures/vm.pcap', import.meta.url))

const COMMANDS = [
  ['hierarchy', CAPTURE],
  ['rtt', CAPTURE, '--json'],
  ['endpoints', CAPTURE, '-Y', 'ip.addr == 10.0.0.0/8 and tcp.port in {80, 443}'],
  ['destinations', CAPTURE],
  ['flows', CAPTURE],
  ['info', CAPTURE],
  ['filter', 'tcp.port == 111', CAPTURE],
  ['fields', '-e', 'frame.number', '-e', 'ip.src', CAPTURE],
]

const script = compile()
const { main } = load(script)
// They print on the process's own standard output: whoever runs this script has closed it.
for (const words of COMMANDS) {
  await main(words)
  if (process.exitCode !== 0) throw new Error(`pcapx ${words.join(' ')} ended with ${process.exitCode}`)
}
writeFileSync(STORED_CODE, script.createCachedData())
