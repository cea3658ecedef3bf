/** A name that means nothing here: what was probably meant. */
import { FilterError } from './errors.ts'
import { knownNames, lookUp } from './names.ts'
import { suggest } from './suggest.ts'
import type { Word } from './syntax.ts'
import { wiresharkKind } from './wireshark-fields.ts'

/** The error for `word`, which stands in `expression` where a field should. */
export function unknownName(expression: string, word: Word): FilterError {
  const { text, at, length } = word
  const name = text.replace(/^\./, '')
  const parts = name.split('-')
  if (parts.length > 1 && lookUp(parts[0]) !== undefined)
    return new FilterError(
      expression,
      at,
      length,
      `unknown field ${text}`,
      `a minus sign needs spaces around it: ${parts.join(' - ')}`,
    )
  const kind = wiresharkKind(name)
  if (kind !== undefined) {
    const { message, hint } = notHere(name, kind)
    return new FilterError(expression, at, length, message, hint)
  }
  const near = suggest(name, knownNames())
  const guess = near === undefined ? '' : `, did you mean ${near}?`
  const hint = near === undefined ? howToFind(name) : undefined
  return new FilterError(expression, at, length, `unknown field ${text}${guess}`, hint)
}

/** What to say of a field or a protocol of Wireshark that pcapx does not have. */
export function notHere(name: string, kind: 'field' | 'protocol'): { message: string; hint: string } {
  const count = [...knownNames()].length.toLocaleString('en-US')
  const group = knownGroup(name)
  const list = group === undefined ? 'pcapx fields --list' : `pcapx fields --list ${group}`
  return {
    message: `${name} is a Wireshark ${kind} that pcapx does not have (yet)`,
    hint: `pcapx has ${count} fields and protocols: ${list}`,
  }
}

function howToFind(name: string): string | undefined {
  const group = knownGroup(name)
  return group === undefined ? undefined : `pcapx fields --list ${group} shows those that there are`
}

/** Characters of a name in which its group is looked for. */
const MAX_GROUP = 60

/** The longest beginning of the name, up to a dot, with which fields of pcapx begin. */
function knownGroup(name: string): string | undefined {
  const names = [...knownNames()]
  // Longer than any group, and a filter may be long.
  for (let end = name.lastIndexOf('.', MAX_GROUP); end > 0; end = name.lastIndexOf('.', end - 1)) {
    const group = name.slice(0, end)
    if (names.some((known) => known === group || known.startsWith(`${group}.`))) return group
  }
  return undefined
}
