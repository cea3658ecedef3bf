#!/usr/bin/env node
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const words = process.argv.slice(2)
if (words.length === 1 && (words[0] === '--version' || words[0] === '-V')) {
  // Answered before the program is loaded: scripts ask this often.
  process.stdout.write(`${require('../package.json').version}\n`)
} else {
  const { load } = require('./load.js')
  load().main(words, pathToFileURL(join(__dirname, 'worker.js')))
}
