import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCountries } from '../../src/report/country.ts'
import { database, type Value } from '../support/mmdb.ts'

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
