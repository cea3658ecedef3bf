/** Lines of an outline, which go on further in where a terminal is too narrow for them. */
import { wrapText } from './text.ts'

/** A line stays at least this wide, however deep it stands. */
const LEAST_WIDTH = 20

/**
 * The text behind `indent` spaces, in lines of at most `width` columns; those that follow the first stand `hanging`
 * columns further in. `paint` gets the text of a line without the spaces.
 */
export function* wrapIndented(
  text: string,
  indent: number,
  hanging: number,
  width: number,
  paint: (text: string) => string = (plain) => plain,
): Generator<string> {
  const most = Math.max(0, width - LEAST_WIDTH)
  const first = Math.min(indent, most)
  const [head] = wrapText(text, width - first)
  yield ' '.repeat(first) + paint(head)
  if (head.length >= text.length) return
  const behind = Math.min(indent + hanging, most)
  for (const part of wrapText(text.slice(head.length).trimStart(), width - behind))
    yield ' '.repeat(behind) + paint(part)
}
