/** How bad a finding is. */

/**
 * From the least to the worst. `low`: worth knowing, may well be meant. `medium`: should not be here, in most networks. `high`:
 * act today. `critical`: act now, somebody outside can get at data or at machines.
 */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const

export type Severity = (typeof SEVERITIES)[number]

/** Negative if `a` is the less bad one. */
export function compareSeverities(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b)
}
