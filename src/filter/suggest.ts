/** Did-you-mean: the known name nearest to a mistyped one. */

/** A name further away than this is not a slip of the finger. */
const MAX_DISTANCE = 3

/** Up to this length a name is too near to others: its first letter must be right. */
const SHORT = 4

/** The nearest of `names`, or undefined if none is near. Ties go to the one that comes first. */
export function suggest(word: string, names: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase()
  const all = [...names]
  if (all.includes(wanted)) return wanted
  // In a known group (`tcp.`) a field of another group is not what was meant.
  const group = wanted.slice(0, wanted.lastIndexOf('.') + 1)
  const inGroup = group === '' ? [] : all.filter((name) => name.startsWith(group))
  const near = nearest(wanted, inGroup.length > 0 ? inGroup : all)
  return near ?? inGroup.find((name) => name.startsWith(wanted))
}

function nearest(wanted: string, names: readonly string[]): string | undefined {
  // A short word is near to everything: allow one slip in every three characters.
  let best = Math.min(MAX_DISTANCE, Math.floor(wanted.length / 3)) + 1
  let found: string | undefined
  for (const name of names) {
    if (Math.abs(name.length - wanted.length) >= best) continue
    if (wanted.length <= SHORT && name[0] !== wanted[0]) continue
    const distance = editDistance(wanted, name, best)
    if (distance < best) {
      best = distance
      found = name
    }
  }
  return found
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b` (optimal string alignment);
 * `limit` or more when there are at least that many.
 */
export function editDistance(a: string, b: string, limit = Infinity): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)
      let distance = Math.min(replaced, last[j] + 1, row[j - 1] + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        distance = Math.min(distance, beforeLast[j - 2] + 1)
      row.push(distance)
      least = Math.min(least, distance)
    }
    if (least >= limit) return limit
    beforeLast = last
    last = row
  }
  return last[b.length]
}
