/** Commands that a report names, for people to paste into a shell. */

/** The word as a POSIX shell takes it. */
export function quote(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
