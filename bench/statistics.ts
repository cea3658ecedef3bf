/** What is said of repeated measurements. */

/** A median, and how far the middle half of the values lies apart, as a share of it. */
export interface Spread {
  readonly median: number
  readonly spread: number
}

/** The value below which `share` of the values lie, between two of them if need be. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('no values')
  const sorted = [...values].sort((a, b) => a - b)
  const place = (sorted.length - 1) * share
  const [lower, upper] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return lower + (upper - lower) * (place - Math.floor(place))
}

export function spreadOf(values: readonly number[]): Spread {
  const median = quantile(values, 0.5)
  return { median, spread: median === 0 ? 0 : (quantile(values, 0.75) - quantile(values, 0.25)) / median }
}

/** Each value as a multiple of its partner. */
export function ratios(values: readonly number[], partners: readonly number[]): number[] {
  return values.map((value, index) => value / partners[index])
}

/** Of n + 1 measurements the means of neighbours: what the yardstick would have shown between two of its runs. */
export function between(values: readonly number[]): number[] {
  return values.slice(1).map((value, index) => (values[index] + value) / 2)
}
