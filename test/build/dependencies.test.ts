/** What pcapx is made of besides its own sources: few packages, named in SECURITY.md, that cannot do anything when installed. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ROOT } from '../cli/support.ts'

interface Locked {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
}

const read = (name: string) => readFileSync(`${ROOT}${name}`, 'utf8')
const ours = JSON.parse(read('package.json'))
const lock: { packages: Record<string, Locked> } = JSON.parse(read('package-lock.json'))
const packages = Object.entries(lock.packages).filter(([path]) => path !== '')
/** Development alone, in full view: it checks the program that it brings. */
const WITH_INSTALL_SCRIPT = ['node_modules/esbuild', 'node_modules/fsevents']

describe('the lock file', () => {
  test('has every package of package.json', () => {
    expect(packages.length).toBeGreaterThan(10)
    for (const name of [...Object.keys(ours.dependencies), ...Object.keys(ours.devDependencies)])
      expect(packages.map(([path]) => path)).toContain(`node_modules/${name}`)
  })

  test('pins each by version and hash', () => {
    const loose = packages.filter(
      ([, { version, integrity }]) => !/^\d+\.\d+\.\d+/.test(version ?? '') || !/^sha512-/.test(integrity ?? ''),
    )
    expect(loose).toEqual([])
  })

  test('names no address to fetch from', () => {
    expect(packages.filter(([, { resolved }]) => resolved !== undefined)).toEqual([])
    expect(read('.npmrc')).toMatch(/^omit-lockfile-registry-resolved=true$/m)
  })

  test('has no package that runs a script when it is installed, but for a tool of development', () => {
    const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)
    expect(scripted.filter((path) => !WITH_INSTALL_SCRIPT.includes(path))).toEqual([])
    expect(scripted.filter((path) => lock.packages[path].dev !== true)).toEqual([])
  })
})

test('SECURITY.md lists what pcapx runs with', () => {
  const [, section] = read('SECURITY.md').split('\n## Dependencies\n')
  const listed = [...section.split('\n## ')[0].matchAll(/^\| `([^`]+)` /gm)].map(([, name]) => name)
  expect(listed).toEqual(Object.keys(ours.dependencies).sort())
  expect([ours.optionalDependencies, ours.bundleDependencies]).toEqual([undefined, undefined])
})

test('installing from the sources builds: scripts of its own are not switched off', () => {
  expect(read('.npmrc')).not.toMatch(/^\s*ignore-scripts\s*=\s*true/m)
  // Of somebody who installs the package, nothing is run: `prepare` is for the sources alone.
  expect(Object.keys(ours.scripts).filter((name) => /^(pre|post)?install$/.test(name))).toEqual([])
  expect(ours.scripts.prepare).toBe('npm run build')
})
