/**
 * Countries of addresses, from a database that the user has: an MMDB file ("MaxMind DB" 2.0: a search tree over the bits of the
 * address, and a record for each network), as MaxMind, DB-IP, IPinfo and ip-location-db publish them. mmdb-lib reads it.
 */
import { readFile } from 'node:fs/promises'
import { isIP } from 'node:net'
import type { Reader } from 'mmdb-lib'
import { reasonOf } from '../source/errors.ts'

/** Stands before the metadata, which end the file. */
const METADATA_MARKER = Buffer.from('abcdef4d61784d696e642e636f6d', 'hex')

/** Octets between the search tree and the records. */
const SEPARATOR_LENGTH = 16

/** An address that every database of the Internet has a record of. */
const SAMPLE = '8.8.8.8'

/** What the schemas have in common: `country` is an object in MaxMind's and DB-IP's, text in IPinfo's. */
interface LocationRecord {
  readonly country?: string | { readonly iso_code?: string }
  readonly country_code?: string
}

/** mmdb-lib wants to be told MaxMind's own types; records have whatever the file has. */
type Records = Reader<never>

/**
 * Gives the ISO 3166 code of the country that an address is in, `DE`, or null where the database does not know. The whole file is kept
 * in memory. Throws an `Error` whose message begins with the path if it cannot be read, is something else, or has no countries.
 */
export async function openCountries(path: string): Promise<(address: string) => string | null> {
  const file = await readFile(path).catch((error: unknown) => {
    throw new Error(`${path}: cannot be opened: ${reasonOf(error)}`, { cause: error })
  })
  const metadataAt = file.lastIndexOf(METADATA_MARKER)
  if (metadataAt < 0) throw new Error(`${path}: is not a country database: it has no MMDB metadata`)
  const records = await open(path, file, metadataAt)
  const sample = recordOf(records, SAMPLE)
  if (sample !== null && countryOf(sample) === null)
    throw new Error(`${path}: has no countries (its type is ${records.metadata.databaseType})`)
  return (address) => {
    const record = recordOf(records, unmapped(address))
    return record === null ? null : countryOf(record)
  }
}

async function open(path: string, file: Buffer, metadataAt: number): Promise<Records> {
  const { Reader } = await import('mmdb-lib')
  try {
    const reader = new Reader(file) as Records
    if (reader.metadata.searchTreeSize + SEPARATOR_LENGTH <= metadataAt) return reader
  } catch (error) {
    throw new Error(`${path}: is damaged: its metadata cannot be read`, { cause: error })
  }
  throw new Error(`${path}: is damaged: its search tree is not whole`)
}

/** Null where there is none, and where it cannot be read. */
function recordOf(records: Records, address: string): LocationRecord | null {
  const version = isIP(address)
  // The reader would go down a tree of IPv4 networks with the first bits of an IPv6 address.
  if (version === 0 || version > records.metadata.ipVersion) return null
  try {
    return records.get(address)
  } catch {
    return null
  }
}

function countryOf({ country, country_code }: LocationRecord): string | null {
  // IPinfo has the country's name in `country` where it has a code beside it.
  const code = country_code ?? (typeof country === 'object' ? country.iso_code : country)
  return typeof code === 'string' && /^[A-Z]{2}$/i.test(code) ? code.toUpperCase() : null
}

/** The IPv4 address in an IPv6 one that only stands for it (RFC 4291 §2.5.5.2): not all databases say it twice. */
function unmapped(address: string): string {
  return /^::ffff:([\d.]+)$/i.exec(address)?.[1] ?? address
}
