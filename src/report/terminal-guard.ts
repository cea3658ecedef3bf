/** The last thing that text passes on its way to a terminal. */
import { escapeText, UNSAFE_BEYOND_ASCII } from './text.ts'

/**
 * What pcapx itself sends: the looks of `terminal.ts`, the line of progress that is cleared, and CSV's line ends.
 * Whatever makes text for a terminal escapes what comes from packets; this is for the day when something forgets to.
 */
const OWN = String.raw`\u001b\[(?:1|2|22|3[1-6]|39)m|\r\u001b\[K|\r\n`
const FOUND = new RegExp(`${OWN}|[\\u0000-\\u0008\\u000b-\\u001f${UNSAFE_BEYOND_ASCII}\\p{Surrogate}]`, 'gu')

/** The text with nothing that a terminal obeys but line feeds, tabs, and what is pcapx's own; a piece of text holds these whole. */
export function guardTerminal(text: string): string {
  return text.replace(FOUND, (found) => (found.length > 1 && found[0] < ' ' ? found : escapeText(found)))
}
