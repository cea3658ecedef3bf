/** What `+ - * / % &` give. Hot. */
import type { ArithmeticOperator } from './syntax.ts'

const NANOSECONDS = 1_000_000_000

/** Integer arithmetic as C does it: division rounds towards zero. By zero there is no value: NaN. */
export function calculate(operator: ArithmeticOperator, a: number, b: number, float = false): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return b === 0 ? Number.NaN : float ? a / b : Math.trunc(a / b)
    case '%':
      return b === 0 ? Number.NaN : a % b
    case '&':
      return (a & b) >>> 0
  }
}

/** 64-bit integers; undefined by zero. */
export function calculateWide(operator: ArithmeticOperator, a: bigint, b: bigint): bigint | undefined {
  if ((operator === '/' || operator === '%') && b === 0n) return undefined
  if (operator === '+') return a + b
  if (operator === '-') return a - b
  if (operator === '*') return a * b
  if (operator === '/') return a / b
  return operator === '%' ? a % b : a & b
}

/** The sum of two times; seconds and nanoseconds of the result have one sign. */
export function addTimes(s1: number, n1: number, s2: number, n2: number): { seconds: number; nanoseconds: number } {
  let seconds = s1 + s2
  let nanoseconds = n1 + n2
  if (nanoseconds >= NANOSECONDS || (seconds < 0 && nanoseconds > 0)) {
    seconds++
    nanoseconds -= NANOSECONDS
  }
  if (nanoseconds <= -NANOSECONDS || (seconds > 0 && nanoseconds < 0)) {
    seconds--
    nanoseconds += NANOSECONDS
  }
  return { seconds, nanoseconds }
}

/**
 * Less than 0, 0, or more, as the first time is earlier, the same or later. As in Wireshark the difference of the seconds is one
 * of 32 bits: of two moments more than 68 years apart the later one counts as the earlier. Only absurd times are that far apart.
 */
export function compareTimes(s1: number, n1: number, s2: number, n2: number): number {
  return s1 === s2 ? n1 - n2 : (s1 - s2) | 0
}
