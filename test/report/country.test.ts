import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCountries } from '../../src/report/country.ts'

// The format: maxmind.github.io/MaxMind-DB, version 2.0.

type Value = string | number | { readonly [key: string]: Value }

/** Data section: a control octet with the type and length, then the content. Short values only. */
function encode(value: Value): number[] {
  // Type 2: UTF-8 text.
  if (typeof value === 'string') return [(2 << 5) | value.length, ...Buffer.from(value)]
  // Type 6: an unsigned integer of four octets.
  if (typeof value === 'number')
    return [(6 << 5) | 4, value >>> 24, (value >> 16) & 0xff, (value >> 8) & 0xff, value & 0xff]
  // Type 7: a map.
  const entries = Object.entries(value)
  return [(7 << 5) | entries.length, ...entries.flatMap(([key, content]) => [...encode(key), ...encode(content)])]
}

/**
 * A database of one record, for the network whose address begins with `bits`: a node for each bit, each of two records of three
 * octets. A record below the number of nodes is another node, that number is "unknown", and above it is a place in the data.
 */
function database(bits: string, record: Value, ipVersion: 4 | 6 = 4): Buffer {
  const nodeCount = bits.length
  const tree = [...bits].flatMap((bit, node) => {
    const next = node + 1 < nodeCount ? node + 1 : nodeCount + 16
    return (bit === '0' ? [next, nodeCount] : [nodeCount, next]).flatMap((to) => [
      to >> 16,
      (to >> 8) & 0xff,
      to & 0xff,
    ])
  })
  const metadata = {
    node_count: nodeCount,
    record_size: 24,
    ip_version: ipVersion,
    database_type: 'Test',
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: 0,
  }
  return Buffer.concat([
    Buffer.from(tree),
    Buffer.alloc(16),
    Buffer.from(encode(record)),
    Buffer.from('\xab\xcd\xefMaxMind.com', 'latin1'),
    Buffer.from(encode(metadata)),
  ])
}

const NET_192 = '11000000'
const NET_8 = '00001000'
/** 2001::/16 */
const NET_2001 = '0010000000000001'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pcapx-country-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function written(content: Buffer | string): Promise<string> {
  const path = join(folder, 'a.mmdb')
  await writeFile(path, content)
  return path
}

describe('the code of a country', () => {
  test.each<[string, Value]>([
    ['MaxMind, DB-IP', { country: { geoname_id: 2921044, iso_code: 'DE' } }],
    ['IPinfo, country', { country: 'DE' }],
    ['IPinfo, lite', { country: 'Germany', country_code: 'DE' }],
    ['ip-location-db', { country_code: 'DE' }],
  ])('%s', async (_name, record) => {
    const country = await openCountries(await written(database(NET_192, record)))
    expect(country('192.0.2.1')).toBe('DE')
    expect(country('10.0.0.1')).toBeNull()
  })

  test('is null where the record has none', async () => {
    const country = await openCountries(await written(database(NET_192, { country: { geoname_id: 1 } })))
    expect(country('192.0.2.1')).toBeNull()
  })

  test('of IPv6 addresses', async () => {
    const country = await openCountries(await written(database(NET_2001, { country_code: 'us' }, 6)))
    expect(country('2001:db8::1')).toBe('US')
    expect(country('3001:db8::1')).toBeNull()
    expect(country('192.0.2.1')).toBeNull()
  })

  test('of an IPv4 address within an IPv6 one', async () => {
    const country = await openCountries(await written(database(NET_192, { country_code: 'DE' })))
    expect(country('::ffff:192.0.2.1')).toBe('DE')
  })

  test('of IPv6 addresses is not known to a database of IPv4', async () => {
    const country = await openCountries(await written(database(NET_192, { country_code: 'DE' })))
    expect(country('c000::1')).toBeNull()
  })

  test('of what is no address is null', async () => {
    const country = await openCountries(await written(database(NET_192, { country_code: 'DE' })))
    expect(country('00:00:5e:00:53:01')).toBeNull()
  })
})

describe('what is no country database', () => {
  test('is missing', async () => {
    const path = join(folder, 'missing.mmdb')
    await expect(openCountries(path)).rejects.toThrow(`${path}: cannot be opened: no such file`)
  })

  test('is a folder', async () => {
    await expect(openCountries(folder)).rejects.toThrow(`${folder}: cannot be opened: is a directory`)
  })

  test('is something else', async () => {
    await expect(openCountries(await written('{}'))).rejects.toThrow(
      'is not a country database: it has no MMDB metadata',
    )
  })

  test('is damaged', async () => {
    const whole = database(NET_192, { country_code: 'DE' })
    await expect(openCountries(await written(whole.subarray(0, -60)))).rejects.toThrow('its metadata cannot be read')
    await expect(openCountries(await written(whole.subarray(40)))).rejects.toThrow('its search tree is not whole')
  })

  test('knows other things of addresses', async () => {
    const path = await written(database(NET_8, { autonomous_system_number: 15169 }))
    await expect(openCountries(path)).rejects.toThrow(`${path}: has no countries (its type is Test)`)
  })
})
