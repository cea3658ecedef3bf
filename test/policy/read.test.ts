import { describe, expect, test } from 'vitest'
import { PolicyError } from '../../src/policy/problems.ts'
import { builtInPolicy, parsePolicy, printPolicy, readPolicy } from '../../src/policy/read.ts'

async function problemsOf(text: string): Promise<string[]> {
  try {
    await parsePolicy(text, 'p.yaml')
  } catch (error) {
    if (error instanceof PolicyError) return [error.message, ...error.details]
    throw error
  }
  return []
}

test('a policy extends the one that is built in, unless it says otherwise', async () => {
  const inherited = builtInPolicy().rules.length
  expect((await parsePolicy('name: office', 'p.yaml')).rules).toHaveLength(inherited)
  expect((await parsePolicy('{}', 'dir/p.yaml')).name).toBe('p.yaml')
  expect((await parsePolicy('{"extends": "none"}', 'p.json')).rules).toEqual([])
  const fewer = await parsePolicy('disable: [smb1, irc]', 'p.yaml')
  expect(fewer.rules.map(({ id }) => id)).not.toContain('smb1')
  expect(fewer.rules).toHaveLength(inherited - 2)
})

test('a rule takes the place of the one that has its id', async () => {
  const text = 'rules:\n  - {id: telnet, severity: low, title: Old switches, deny: {protocol: telnet}}\n'
  const policy = await parsePolicy(text, 'p.yaml')
  expect(policy.rules.filter(({ id }) => id === 'telnet')).toMatchObject([{ severity: 'low', title: 'Old switches' }])
})

test('rules that allow come first, those that are last come last', async () => {
  const text = `
extends: none
rules:
  - {id: c, severity: low, last: true, deny: {port: 1}}
  - {id: b, severity: low, deny: [{port: 1}, {port: [80, 1000-2000, "22"]}]}
  - {id: a, allow: {address: 10.0.0.0/8}}
`
  const { rules } = await parsePolicy(text, 'p.yaml')
  expect(rules.map(({ id, effect }) => `${effect} ${id}`)).toEqual(['allow a', 'deny b', 'deny c'])
  expect(rules[1].matches[1].port).toEqual([
    { first: 80, last: 80 },
    { first: 1000, last: 2000 },
    { first: 22, last: 22 },
  ])
})

test('what is printed is the same policy', async () => {
  const builtIn = builtInPolicy()
  const printed = await printPolicy(builtIn)
  expect(printed).toMatch(/^# built-in, as it holds/)
  const read = await parsePolicy(printed, 'p.yaml')
  expect(read.rules).toEqual(builtIn.rules)
  expect(read.name).toBe('my-policy')
})

test('JSON with tabs is read', async () => {
  const policy = await parsePolicy(
    '{\n\t"rules": [\n\t\t{"id": "x", "severity": "high", "deny": {"port": 23}}\n\t]\n}',
    'p',
  )
  expect(policy.rules.some(({ id }) => id === 'x')).toBe(true)
})

test('countries are asked for, also within "not"', async () => {
  const text = 'rules: [{id: far, severity: low, deny: {protocol: any, not: {country: [de, AT]}}}]'
  const policy = await parsePolicy(text, 'p.yaml')
  expect(policy.countryRule?.id).toBe('far')
  expect(policy.countryRule?.matches[0].not?.country).toEqual(['DE', 'AT'])
  expect(builtInPolicy().countryRule).toBeNull()
})

describe('what is wrong is said, with file, line and what is allowed', () => {
  test.each([
    [
      'severity',
      '{id: a, severity: hgih, deny: {port: 1}}',
      /^p\.yaml:2: rules\[0\]\.severity: "hgih" is no severity, did you mean high\? \(allowed: low, medium, high, critical\)$/,
    ],
    ['none at all', '{id: a, deny: {port: 1}}', /^p\.yaml:2: rules\[0\]: the rule has no severity: low, medium/],
    [
      'key',
      '{id: a, severity: low, deny: {protocl: telnet}}',
      /"protocl" is no key that is known here, did you mean protocol\?/,
    ],
    [
      'protocol',
      '{id: a, severity: low, deny: {protocol: [ftp, telnt]}}',
      /^p\.yaml:2: rules\[0\]\.deny\.protocol\[1\]: "telnt" is no protocol, did you mean telnet\?$/,
    ],
    [
      'address',
      '{id: a, severity: low, deny: {client: 10.0.0.0/33}}',
      /"10\.0\.0\.0\/33" is no address or network \(allowed: 10\.0\.0\.0\/8/,
    ],
    ['host name', '{id: a, severity: low, deny: {server: www.example.com}}', /host names are not looked up/],
    [
      'port',
      '{id: a, severity: low, deny: {port: 70000}}',
      /70000 is no port: a number up to 65535, or a range such as/,
    ],
    ['range', '{id: a, severity: low, deny: {port: 90-80}}', /"90-80" is no port/],
    ['country', '{id: a, severity: low, deny: {country: Germany}}', /"Germany" is no country: two letters/],
    ['port as evidence', '{id: a, severity: low, deny: {evidence: port}}', /a port alone is no evidence of a protocol/],
    [
      'sign',
      '{id: a, severity: low, deny: {sign: dns-tunel}}',
      /is no sign, did you mean dns-tunnel\? \(allowed: clear-text-login, dns-tunnel/,
    ],
    ['flag', '{id: a, severity: low, deny: {answered: yes}}', /"yes" is neither true nor false/],
    ['nothing to match', '{id: a, severity: low, deny: {}}', /such as \{protocol: telnet\}; this is \{\}/],
    ['empty list', '{id: a, severity: low, deny: {protocol: []}}', /the list is empty: nothing would match/],
    ['neither', '{id: a, severity: low}', /a rule has either "deny" or "allow"; this has neither/],
    ['both', '{id: a, severity: low, deny: {port: 1}, allow: {port: 2}}', /either "deny" or "allow", not both/],
    ['id', '{id: "a b", severity: low, deny: {port: 1}}', /"a b" is no id: letters, digits/],
    ['no id', '{severity: low, deny: {port: 1}}', /the rule has no id/],
    ['rule', '{id: a, allow: {rule: telnte}}', /"telnte" is no rule of this policy, did you mean telnet\?/],
    [
      'rule of a rule that denies',
      '{id: a, severity: low, deny: {rule: telnet}}',
      /only a rule that allows can name rules/,
    ],
    ['text for a rule', 'telnet', /a rule is an object with the keys id, title, severity/],
  ])('%s', async (_what, rule, message) => {
    const problems = await problemsOf(`rules:\n  - ${rule}\n`)
    expect(problems[0]).toMatch(message)
    expect(problems[0]).toMatch(/^p\.yaml:2: /)
    expect(problems).toHaveLength(1)
  })

  test.each([
    [
      'extends: buildin',
      /^p\.yaml:1: extends: "buildin" is no policy to extend, did you mean built-in\? \(allowed: built-in, none\)$/,
    ],
    [
      '\ndisable: [telnte]',
      /^p\.yaml:2: disable\[0\]: "telnte" is no rule of the policy that is extended, did you mean telnet\?/,
    ],
    ['a: 1\nb: [1, 2', /^p\.yaml:2: column \d+: /],
    ['a: 1\na: 2', /^p\.yaml:2: column 1: Map keys must be unique/],
    ['', /this is null$/],
    ['<html>', /^p\.yaml:1: a policy is an object with the keys name, extends, disable, rules; this is "<html>"$/],
    ['rules: telnet', /^p\.yaml:1: rules: a list of rules is wanted/],
    ['rules: &a [*a]', /^p\.yaml:1: rules\[0\]: .* something that holds itself$/],
    ['rulse: []', /"rulse" is no key that is known here, did you mean rules\?/],
  ])('%j', async (text, message) => {
    expect((await problemsOf(text))[0]).toMatch(message)
  })

  test('all of them at once, by line', async () => {
    const text = `
rules:
  - id: a
    severity: bad
    deny:
      port: x
  - id: a
    severity: low
    deny: {port: 1}
extnds: none
`
    const lines = (await problemsOf(text)).map((problem) => problem.split(':')[1])
    expect(lines).toEqual(['4', '6', '7', '10'])
  })

  test('a file that is not there', async () => {
    await expect(readPolicy('nowhere/p.yaml')).rejects.toThrow(/^nowhere\/p\.yaml: cannot be read: no such file/)
  })

  test('values nested without end, and a bomb of aliases', async () => {
    const nested = `rules: [{id: a, severity: low, deny: ${'{not: '.repeat(50)}{port: 1}${'}'.repeat(50)}}]`
    expect((await problemsOf(nested))[0]).toMatch(/too many of them in one another/)
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1]',
      ...[...'bcdefgh'].map((c, i) => `${c}: &${c} [${`*${'abcdefg'[i]},`.repeat(9)}]`),
    ]
    expect((await problemsOf(bomb.join('\n')))[0]).toMatch(/^p\.yaml: /)
  })
})
