/** Bars: how much of a whole, at a glance. */

/** An eighth of a column up to seven of them: U+258F to U+2589, the left blocks. */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']
const FULL = '█'
/** Where a terminal has no such characters. */
const PLAIN = '#'

/** What is there is never without a bar, and nothing but the whole has the longest. */
export function bar(part: number, whole: number, width: number, plain: boolean): string {
  if (!(part > 0)) return ''
  if (plain) return PLAIN.repeat(Math.ceil((width * part) / whole))
  const eighths = Math.max(1, Math.round((8 * width * part) / whole))
  const length = part < whole ? Math.min(eighths, 8 * width - 1) : eighths
  return FULL.repeat(Math.floor(length / 8)) + EIGHTHS[length % 8]
}
