/** Loaded before a program (`node --require`), it writes the program's peak memory in KiB to file descriptor 3. */
const { writeSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

// Further threads load it too, and their memory is the program's.
if (isMainThread) process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))
