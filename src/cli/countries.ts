/** Countries of addresses, for the commands that can tell them. */
import { UsageError } from './errors.ts'
import type { Io } from './io.ts'

/** The database that is used if `--geo` names none. */
const GEO_VARIABLE = 'PCAPX_GEO'

export const GEO_FLAGS = '--geo <file>'
export const GEO_DESCRIPTION = `countries of addresses, from an MMDB file (or ${GEO_VARIABLE} in the environment)`

/** What tells countries, from the database that `--geo` names; undefined, and nothing loaded, if none is named. */
export async function openNamedCountries(
  io: Io,
  named: string | undefined,
): Promise<((address: string) => string | null) | undefined> {
  const path = named ?? io.environment[GEO_VARIABLE]
  if (path === undefined || path === '') return undefined
  const { openCountries } = await import('../report/country.ts')
  try {
    return await openCountries(path)
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}
