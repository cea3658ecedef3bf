import { describe, expect, test } from 'vitest'
import type { StreamFacts } from '../../src/policy/facts.ts'
import { judge } from '../../src/policy/judge.ts'
import { builtInPolicy, parsePolicy } from '../../src/policy/read.ts'

const NOT_KNOWN: StreamFacts = {
  transport: 'tcp',
  application: null,
  carries: [],
  evidence: null,
  client: { address: '10.0.0.5', port: 40_000 },
  server: { address: '10.0.0.4', port: 8080 },
  isAnswered: true,
  firstPacket: 7,
  signs: [],
  domain: null,
}

function stream(application: string, more: Partial<StreamFacts> = {}): StreamFacts {
  return { ...NOT_KNOWN, application, evidence: { kind: 'payload', packet: 9, what: 'what it says' }, ...more }
}

const OUTSIDE = { client: { address: '203.0.113.9', port: 50_000 } }
const noCountry = () => null

const builtIn = builtInPolicy()

function rulesAgainst(facts: StreamFacts): string[] {
  return judge(builtIn, facts, noCountry).map(({ rule }) => rule.id)
}

describe('the built-in policy', () => {
  test.each([
    ['BitTorrent', stream('bittorrent'), ['peer-to-peer']],
    ['its DHT', stream('bt-dht', { transport: 'udp' }), ['peer-to-peer']],
    ['mining', stream('stratum'), ['mining']],
    ['Telnet', stream('telnet'), ['telnet']],
    ['Telnet that nobody answers', stream('telnet', { isAnswered: false }), []],
    ['RDP within the network', stream('tpkt', { carries: ['cotp', 'rdp'] }), []],
    ['RDP from outside', stream('tpkt', { carries: ['cotp', 'rdp'], ...OUTSIDE }), ['remote-desktop-outside']],
    ['what else TPKT carries', stream('tpkt', { carries: ['cotp', 'h225'], ...OUTSIDE }), []],
    ['VNC from outside, not answered', stream('vnc', { ...OUTSIDE, isAnswered: false }), []],
    ['VNC from outside', stream('vnc', OUTSIDE), ['remote-desktop-outside']],
    ['a database from outside', stream('pgsql', OUTSIDE), ['database-outside']],
    ['a database outside', stream('pgsql', { server: { address: '203.0.113.9', port: 5432 } }), []],
    ['a port mapper from outside', stream('rpc', { carries: ['portmap'], ...OUTSIDE }), ['rpc-outside']],
    ['NFS from outside', stream('rpc', { carries: ['nfs'], ...OUTSIDE }), ['files-outside']],
    ['SMB 1', stream('nbss', { carries: ['smb'] }), ['smb1']],
    ['SMB 2', stream('nbss', { carries: ['smb2'] }), []],
    ['SMB 2 that was begun as 1', stream('nbss', { carries: ['smb', 'smb2'] }), []],
    ['mailslots', stream('nbdgm', { carries: ['smb', 'browser'], transport: 'udp' }), []],
    ['Tor', stream('tls', { signs: [{ kind: 'tor', packet: 4, what: 'certificate' }] }), ['tor']],
    ['a VPN with outside', stream('wg', { ...OUTSIDE, transport: 'udp' }), ['vpn-outside']],
    ['a VPN within', stream('wg', { transport: 'udp' }), []],
    ['web', stream('http'), []],
    ['web from outside', stream('tls', OUTSIDE), []],
    ['mail', stream('smtp', OUTSIDE), []],
    ['SSH from outside', stream('ssh', OUTSIDE), []],
    ['what is not known', NOT_KNOWN, []],
    ['what is not known, from outside', { ...NOT_KNOWN, ...OUTSIDE }, []],
  ])('%s', (_what, facts, expected) => {
    expect(rulesAgainst(facts)).toEqual(expected)
  })

  test('a port alone raises nothing, an announcement does', () => {
    const port = { kind: 'port', packet: 1, what: 'port 6881' } as const
    expect(rulesAgainst(stream('bittorrent', { evidence: port }))).toEqual([])
    expect(rulesAgainst(stream('telnet', { evidence: port, ...OUTSIDE }))).toEqual([])
    expect(rulesAgainst(stream('bittorrent', { evidence: { ...port, kind: 'announced' } }))).toEqual(['peer-to-peer'])
  })

  test('the port of another is said only of what nothing else is said of', () => {
    const signs = [{ kind: 'port-of-another', packet: 9, what: 'SSH on port 443' }] as const
    expect(rulesAgainst(stream('ssh', { signs }))).toEqual(['port-of-another'])
    expect(rulesAgainst(stream('ssh', { signs, isAnswered: false }))).toEqual([])
    expect(rulesAgainst(stream('bittorrent', { signs }))).toEqual(['peer-to-peer'])
  })

  test('lookups of reputation are no tunnel', () => {
    const tunnel = (domain: string) =>
      stream('dns', { domain, signs: [{ kind: 'dns-tunnel', packet: 3, what: '80 different names' }] })
    expect(rulesAgainst(tunnel('tunnel.example'))).toEqual(['dns-tunnel'])
    expect(rulesAgainst(tunnel('sophosxl.net'))).toEqual([])
    expect(rulesAgainst(tunnel('avqs.mcafee.com'))).toEqual([])
    expect(rulesAgainst(tunnel('notmcafee.com'))).toEqual(['dns-tunnel'])
  })
})

test('the ground of an objection: what told', () => {
  const [rdp] = judge(builtIn, stream('tpkt', { carries: ['cotp', 'rdp'], ...OUTSIDE }), noCountry)
  expect(rdp).toMatchObject({ protocol: 'rdp', ground: { kind: 'payload', packet: 9, what: 'what it says' } })
  const signs = [{ kind: 'clear-text-login', packet: 12, what: 'PASS of user "alice"' }] as const
  const [login] = judge(builtIn, stream('ftp', { signs }), noCountry)
  expect(login).toMatchObject({
    protocol: 'ftp',
    ground: { kind: 'payload', packet: 12, what: 'PASS of user "alice"' },
  })
})

describe('what users write', () => {
  async function against(rules: string, facts: StreamFacts, countryOf = noCountry as (a: string) => string | null) {
    const policy = await parsePolicy(`extends: none\nrules:\n${rules}`, 'p.yaml')
    return judge(policy, facts, countryOf).map(({ rule, ground }) => `${rule.id}: ${ground.kind}, ${ground.what}`)
  }

  test('a rule on a port alone asks for no evidence, and says so', async () => {
    const rule = '  - {id: telnet-port, severity: low, deny: {port: [23, 2000-9000], client: private}}'
    expect(await against(rule, NOT_KNOWN)).toEqual([
      'telnet-port: policy, asked for by the rule: port 8080, client 10.0.0.5',
    ])
    expect(await against(rule, { ...NOT_KNOWN, server: { address: '10.0.0.4', port: 22 } })).toEqual([])
  })

  test('networks, of either side or of one', async () => {
    const either = '  - {id: a, severity: low, deny: {address: [192.0.2.0/24, 10.0.0.4]}}'
    expect(await against(either, NOT_KNOWN)).toHaveLength(1)
    expect(await against(either, { ...NOT_KNOWN, server: OUTSIDE.client })).toHaveLength(0)
    expect(await against('  - {id: a, severity: low, deny: {server: 10.0.0.5}}', NOT_KNOWN)).toHaveLength(0)
    expect(await against('  - {id: a, severity: low, deny: {server: public}}', NOT_KNOWN)).toHaveLength(0)
    expect(await against('  - {id: a, severity: low, deny: {server: private}}', NOT_KNOWN)).toHaveLength(1)
  })

  test('countries', async () => {
    const countryOf = (address: string) => (address === '203.0.113.9' ? 'NL' : null)
    const facts = { ...NOT_KNOWN, ...OUTSIDE }
    const rule = (country: string) => `  - {id: a, severity: low, deny: {country: ${country}}}`
    expect(await against(rule('nl'), facts, countryOf)).toEqual(['a: policy, asked for by the rule: the country'])
    expect(await against(rule('any'), facts, countryOf)).toHaveLength(1)
    expect(await against(rule('any'), NOT_KNOWN, countryOf)).toHaveLength(0)
    expect(await against(rule('any, not: {country: [NL, BE]}'), facts, countryOf)).toHaveLength(0)
    expect(await against(rule('any, not: {country: [DE]}'), facts, countryOf)).toHaveLength(1)
  })

  test('only what is on a list: any protocol, but not these', async () => {
    const rule = '  - {id: a, severity: low, deny: {protocol: any, not: {protocol: [http, tls, dns]}}}'
    expect(await against(rule, stream('http'))).toHaveLength(0)
    expect(await against(rule, stream('ssh'))).toHaveLength(1)
    expect(await against(rule, NOT_KNOWN)).toHaveLength(0)
    expect(await against(rule, stream('ssh', { evidence: { kind: 'port', packet: 1, what: 'port 22' } }))).toHaveLength(
      0,
    )
  })

  test('what is allowed is let pass by all rules, or by those that are named', async () => {
    const rules = `
  - {id: ftp, severity: low, deny: {protocol: ftp}}
  - {id: old, severity: low, deny: {protocol: [ftp, telnet]}}
`
    const facts = stream('ftp')
    expect(await against(rules, facts)).toHaveLength(2)
    expect(await against(`${rules}  - {id: ok, allow: {server: 10.0.0.4}}`, facts)).toHaveLength(0)
    expect(await against(`${rules}  - {id: ok, allow: {server: 10.0.0.9}}`, facts)).toHaveLength(2)
    expect(await against(`${rules}  - {id: ok, allow: {server: 10.0.0.4, rule: old}}`, facts)).toHaveLength(1)
  })

  test('evidence, transport, answered', async () => {
    const rule = (match: string) => `  - {id: a, severity: low, deny: {protocol: ftp, ${match}}}`
    expect(await against(rule('evidence: announced'), stream('ftp'))).toHaveLength(0)
    expect(await against(rule('evidence: [payload, announced]'), stream('ftp'))).toHaveLength(1)
    expect(await against(rule('transport: udp'), stream('ftp'))).toHaveLength(0)
    expect(await against(rule('answered: false'), stream('ftp'))).toHaveLength(0)
  })
})
