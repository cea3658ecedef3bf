/** Text that was on a wire, made safe to show. */

/**
 * Control characters (C0, DEL, C1), separators that break lines, marks that turn or hide text (bidirectional overrides,
 * zero-width characters, tags), and halves of surrogate pairs.
 */
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/gu

const SHORT: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** Writes what a terminal would obey, or not show, as an escape: `\x1b`, `\u{202e}`. The rest stays as it is. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0)!
    return SHORT[character] ?? (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`)
  })
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const COMBINING = /\p{Mark}/u

/** How many terminal columns the text takes. */
export function displayWidth(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII, where every character takes one column.
  if (/^[\x00-\x7f]*$/.test(text)) return text.length
  let width = 0
  for (const character of text) width += WIDE.test(character) ? 2 : COMBINING.test(character) ? 0 : 1
  return width
}

/** Breaks text into lines of at most `width` columns, after a space, a colon or a dot where there is one. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = []
  let rest = text
  while (displayWidth(rest) > width) {
    let fits = 0
    for (let used = 0; fits < rest.length; ) {
      const character = String.fromCodePoint(rest.codePointAt(fits)!)
      used += displayWidth(character)
      if (used > width) break
      fits += character.length
    }
    if (fits === 0) break
    const cut = behind(rest, ' ', fits) ?? behind(rest, ':', fits) ?? behind(rest, '.', fits) ?? fits
    lines.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut)
  }
  lines.push(rest)
  return lines
}

/** Behind the last `mark` that leaves at most `most` characters, and not too few. */
function behind(text: string, mark: string, most: number): number | undefined {
  const cut = text.lastIndexOf(mark, most - 1) + 1
  return cut > most / 3 ? cut : undefined
}

/** Shortens text to `width` columns by taking out its middle. */
export function elide(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  if (width <= 1) return '~'.slice(0, width)
  const head = Math.ceil((width - 1) / 2)
  const tail = width - 1 - head
  const characters = [...text]
  return `${characters.slice(0, head).join('')}~${tail === 0 ? '' : characters.slice(-tail).join('')}`
}
