/** Commands that a report names, for people to paste into a shell. */
import { escapeText } from './text.ts'

/**
 * The word as a POSIX shell takes it. What a terminal would obey or not show is written in dollar quotes (POSIX.1-2024 §2.2.4), as
 * octal octets, so that the command can be pasted and still names the same.
 */
export function quote(word: string): string {
  if (/^[\w./:@%+,-]+$/.test(word)) return word
  if (escapeText(word) === word) return `'${word.replaceAll("'", "'\\''")}'`
  return `$'${[...word].map(dollarQuoted).join('')}'`
}

function dollarQuoted(character: string): string {
  if (character === "'" || character === '\\') return `\\${character}`
  if (escapeText(character) === character && !/\p{Mark}/u.test(character)) return character
  let text = ''
  for (const octet of Buffer.from(character)) text += `\\${octet.toString(8).padStart(3, '0')}`
  return text
}
