#!/usr/bin/env node
const { writeSync } = require('node:fs')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')

const words = process.argv.slice(2)
if (!isAnswered(words)) {
  const { load } = require('./load.js')
  load().main(words, pathToFileURL(join(__dirname, 'worker.js')))
}

/** `--version` is answered before the program is loaded: scripts ask this often. */
function isAnswered([word, ...more]) {
  if (more.length > 0 || (word !== '--version' && word !== '-V')) return false
  try {
    writeSync(1, `${require('../package.json').version}\n`)
    return true
  } catch {
    // The program knows what to say of a full disk, and of a reader that has left.
    return false
  }
}
