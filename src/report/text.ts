/** Text that was on a wire, made safe to show. */

/**
 * What a terminal obeys instead of showing it, or does not show, from DEL on; a class of a regular expression. Control characters
 * (DEL, C1), what breaks lines, marks that turn text around (bidirectional overrides and isolates), what has no width and no look
 * (Default_Ignorable_Code_Point of Unicode, without the variation selectors that emoji have; noncharacters), and tags.
 */
export const UNSAFE_BEYOND_ASCII = [
  String.raw`\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f`,
  String.raw`\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}`,
  ...Array.from({ length: 17 }, (_, plane) => `\\u{${plane.toString(16)}fffe}\\u{${plane.toString(16)}ffff}`),
].join('')

/**
 * Marks that may stand on one character: more of them paint over the lines around. Written languages need a handful; UAX #15 §13 has
 * 30 as more than any of them.
 */
const MOST_MARKS = 30

/** With C0, halves of surrogate pairs, and marks that are too many on one character. */
const UNSAFE = new RegExp(
  `[\\u0000-\\u001f${UNSAFE_BEYOND_ASCII}\\p{Surrogate}]|\\p{Mark}(?<=\\p{Mark}{${MOST_MARKS + 1}})`,
  'gu',
)

const SHORT: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** Writes what a terminal would obey, or not show, as an escape: `\x1b`, `\u{202e}`. The rest stays as it is. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0)!
    return SHORT[character] ?? (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`)
  })
}

/**
 * Characters that are shown of one value, so that none fills a screen, or makes every row of a table as wide as itself. A name of DNS
 * has 253 octets at most (RFC 1035 §2.3.4, without the lengths), and an escape makes four characters of one.
 */
const MOST_SHOWN = 1024

/** The beginning of a value that is too long to be shown, and how long it is; JSON has all of it. */
export function clipText(text: string): string {
  if (text.length <= MOST_SHOWN) return text
  // Not between the halves of a pair.
  const end = isHighSurrogate(text.charCodeAt(MOST_SHOWN - 1)) ? MOST_SHOWN - 1 : MOST_SHOWN
  return `${text.slice(0, end)}... (${text.length} characters, --json has all)`
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|(?!\p{Regional_Indicator})\p{Emoji_Presentation}/u
const COMBINING = /\p{Mark}/u

/** The first character that is wide, or takes no column at all. */
const FIRST_UNEVEN = 0x300

/** How many terminal columns the text takes. */
export function displayWidth(text: string): number {
  let width = 0
  for (let at = 0; at < text.length; at += charactersAt(text, at)) width += widthAt(text, at)
  return width
}

/** Columns of the character at `at`. */
function widthAt(text: string, at: number): number {
  if (text.charCodeAt(at) < FIRST_UNEVEN) return 1
  const character = String.fromCodePoint(text.codePointAt(at)!)
  return WIDE.test(character) ? 2 : COMBINING.test(character) ? 0 : 1
}

/** 2 for a pair of surrogates, else 1. */
function charactersAt(text: string, at: number): number {
  return text.codePointAt(at)! > 0xffff ? 2 : 1
}

/** Where the text from `at` on goes beyond `width` columns; its end if it does not. Linear in what fits. */
function fitting(text: string, at: number, width: number): number {
  let used = 0
  for (; at < text.length; at += charactersAt(text, at)) {
    used += widthAt(text, at)
    if (used > width) return at
  }
  return at
}

/**
 * Breaks text into lines of at most `width` columns, after a space, a colon or a dot where there is one. A line has one character at
 * least, whatever its width.
 */
export function wrapText(text: string, width: number): string[] {
  if (width === Infinity) return [text]
  const lines: string[] = []
  let at = 0
  for (let fits = fitting(text, at, width); fits < text.length; fits = fitting(text, at, width)) {
    const line = text.slice(at, fits === at ? at + charactersAt(text, at) : fits)
    const cut = behind(line, ' ') ?? behind(line, ':') ?? behind(line, '.') ?? line.length
    lines.push(line.slice(0, cut).trimEnd())
    at += cut
  }
  if (at < text.length || lines.length === 0) lines.push(text.slice(at))
  return lines
}

/** Behind the last `mark` of the line, if that leaves not too few. */
function behind(line: string, mark: string): number | undefined {
  const cut = line.lastIndexOf(mark) + 1
  return cut > line.length / 3 ? cut : undefined
}

/** Shortens text to `width` columns by taking out its middle. */
export function elide(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  if (width <= 1) return '~'.slice(0, width)
  const headWidth = Math.ceil((width - 1) / 2)
  const head = text.slice(0, fitting(text, 0, headWidth))
  const tail = lastFitting([...text], width - 1 - headWidth)
  return `${head}~${tail}`
}

/** As many of the last characters as take no more than `width` columns. */
function lastFitting(characters: readonly string[], width: number): string {
  let from = characters.length
  for (let used = 0; from > 0; from--) {
    used += displayWidth(characters[from - 1])
    if (used > width) break
  }
  return characters.slice(from).join('')
}
