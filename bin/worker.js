/** A further thread of the program: one part of a capture. */
const { load } = require('./load.js')

load().work()
