/** Loaded before a program (`node --require`), it writes the program's peak memory in KiB to file descriptor 3. */
const { writeSync } = require('node:fs')

process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)))
