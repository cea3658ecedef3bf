/** Numbers for people, and moments for everybody. Nothing here depends on the user's locale. */
import type { Moment } from '../analyzers/analyzer.ts'

/** `1,234,567` */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}

/** `1 packet`, `28 packets` */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

/** The part's share of the whole: `12.5%`; `<0.1%` for what is there but rounds to nothing. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '-'
  const percent = (100 * part) / whole
  if (percent > 0 && percent < 0.1) return '<0.1%'
  // 100.0% is said of all, and of nothing less.
  if (percent < 100 && percent > 99.9) return '99.9%'
  return `${percent.toFixed(1)}%`
}

/** A short time, such as a round trip: `2.211 ms`, `1.003 s`. */
export function formatSpan(seconds: number | null): string {
  if (seconds === null) return '-'
  if (Math.abs(seconds) < 0.9999995) return `${(seconds * 1000).toFixed(3)} ms`
  return formatDuration(seconds)
}

/** A time of any length: `0.040 s`, `12.345 s`, `3 min 05 s`, `2 h 03 min`, `4 d 02 h`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null) return '-'
  if (seconds < 0) return `-${formatDuration(-seconds)}`
  if (seconds < 59.9995) return `${seconds.toFixed(3)} s`
  const whole = Math.round(seconds)
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`
  return `${Math.floor(whole / 86_400)} d ${two(Math.floor((whole % 86_400) / 3600))} h`
}

/** `648,988 bytes`, and from 10 kB on a rounded figure beside it. Decimal units, as networks count. */
export function formatBytes(bytes: number): string {
  const exact = counted(bytes, 'byte')
  return bytes < 10_000 ? exact : `${exact} (${scaled(bytes)}B)`
}

/** `1.2 Mbit/s`; `-` without a duration. */
export function formatRate(amount: number, seconds: number | null, unit: string): string {
  if (seconds === null || seconds <= 0) return '-'
  return `${scaled(amount / seconds)}${unit}/s`
}

const PREFIXES = ['', 'k', 'M', 'G', 'T', 'P']

/** `12.3 M`, with the prefix's space, for a unit to follow. */
export function scaled(amount: number): string {
  let step = 0
  let value = amount
  while (value >= 999.5 && step < PREFIXES.length - 1) {
    value /= 1000
    step++
  }
  const digits = value >= 99.5 || (step === 0 && Number.isInteger(value)) ? 0 : value >= 9.95 ? 1 : 2
  return `${value.toFixed(digits)} ${PREFIXES[step]}`
}

/** The largest number of seconds that a `Date` holds. */
const LAST_SECOND = 8.64e12

/** RFC 3339, UTC, nanoseconds; null for a moment that no calendar reaches (a damaged timestamp). */
export function formatMoment(moment: Moment | null): string | null {
  if (moment === null || Math.abs(moment.seconds) > LAST_SECOND) return null
  const text = new Date(moment.seconds * 1000).toISOString()
  return `${text.slice(0, -5)}.${String(moment.nanoseconds).padStart(9, '0')}Z`
}

/** The same for people: `2017-01-09 18:51:33.123456789 UTC`. */
export function showMoment(moment: Moment | null): string {
  return formatMoment(moment)?.replace('T', ' ').replace('Z', ' UTC') ?? '-'
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}
