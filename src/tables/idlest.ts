/**
 * Which rows to close out to make room: of those in use, an eighth (one at least) that were idle longest. `idleFor` says for how
 * long a row was, or is negative for rows that are not in use. Ties go to the lower row.
 */
export function idlest(rows: number, idleFor: (row: number) => number): number[] {
  const idle = new Float64Array(rows)
  let used = 0
  for (let row = 0; row < rows; row++) {
    const time = idleFor(row)
    if (time >= 0) idle[used++] = time
  }
  const sorted = idle.subarray(0, used).sort()
  const many = Math.min(used, Math.max(1, used >> 3))
  const threshold = sorted[used - many]
  const found: number[] = []
  for (let row = 0; row < rows && found.length < many; row++) if (idleFor(row) > threshold) found.push(row)
  for (let row = 0; row < rows && found.length < many; row++) if (idleFor(row) === threshold) found.push(row)
  return found
}
