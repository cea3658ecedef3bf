/**
 * What should not be here, in most networks: the policy that holds unless another is named. It is written as users write theirs,
 * and `pcapx unwanted --print-policy` prints it. Every rule wants evidence from payload; none goes by a port.
 */
import type { PolicyDocument } from './policy.ts'

export const BUILT_IN = 'built-in'

/** Whoever is asked from outside, and answers. */
const FROM_OUTSIDE = { client: 'outside', answered: true } as const

export const builtInDocument: PolicyDocument = {
  name: BUILT_IN,
  rules: [
    {
      id: 'database-outside',
      title: 'Database answers to clients outside',
      severity: 'critical',
      deny: {
        protocol: [
          'mysql',
          'pgsql',
          'tds',
          'tns',
          'drda',
          'mongo',
          'resp',
          'memcache',
          'cql',
          'cassandra',
          'elasticsearch',
          'couchbase',
          'zookeeper',
        ],
        ...FROM_OUTSIDE,
      },
    },
    {
      id: 'industrial-outside',
      title: 'Industrial control answers to clients outside',
      severity: 'critical',
      deny: {
        protocol: [
          'mbtcp',
          's7comm',
          'mms',
          'dnp3',
          'iec60870_104',
          'enip',
          'bvlc',
          'opcua',
          'omron',
          'hart_ip',
          'dlms',
          'synphasor',
          'ecatf',
          'egd',
        ],
        ...FROM_OUTSIDE,
      },
    },
    {
      id: 'peer-to-peer',
      title: 'Peer-to-peer file sharing',
      severity: 'high',
      per: 'host',
      deny: {
        protocol: [
          'bittorrent',
          'bt-dht',
          'bt-utp',
          'bt-tracker',
          'bt-lsd',
          'edonkey',
          'gnutella',
          'direct-connect',
          'slsk',
        ],
      },
    },
    {
      id: 'mining',
      title: 'Cryptocurrency: mining, or a node of its network',
      severity: 'high',
      per: 'host',
      deny: {
        protocol: ['stratum', 'bitcoin', 'bitcoin-cash', 'litecoin', 'dogecoin', 'dash', 'zcash', 'ethereum', 'levin'],
      },
    },
    {
      id: 'telnet',
      title: 'Telnet, rlogin, rsh or rexec: passwords and all else in clear text',
      severity: 'high',
      deny: { protocol: ['telnet', 'rlogin', 'rsh', 'exec'], answered: true },
    },
    {
      id: 'remote-desktop-outside',
      title: 'Remote desktop answers to clients outside',
      severity: 'high',
      deny: { protocol: ['rdp', 'rdpudp', 'vnc', 'x11', 'xdmcp'], ...FROM_OUTSIDE },
    },
    {
      id: 'files-outside',
      title: 'File sharing answers to clients outside',
      severity: 'high',
      deny: { protocol: ['smb', 'smb2', 'nfs', 'mount', 'dsi', 'tftp', 'iscsi', 'nbd'], ...FROM_OUTSIDE },
    },
    {
      id: 'rpc-outside',
      title: 'RPC port mapper answers to clients outside',
      severity: 'high',
      deny: { protocol: ['portmap', 'rpc'], ...FROM_OUTSIDE, not: { protocol: ['nfs', 'mount'] } },
    },
    {
      id: 'dns-tunnel',
      title: 'Tunnel through DNS',
      severity: 'high',
      per: 'host',
      deny: { sign: 'dns-tunnel' },
    },
    {
      id: 'tor',
      title: 'Tor',
      severity: 'medium',
      per: 'host',
      deny: { sign: 'tor' },
    },
    {
      id: 'proxy-outside',
      title: 'SOCKS proxy outside, or for clients outside',
      severity: 'medium',
      deny: { protocol: 'socks', address: 'outside', answered: true },
    },
    {
      id: 'clear-text-login',
      title: 'Login in clear text',
      severity: 'medium',
      deny: { sign: 'clear-text-login' },
    },
    {
      id: 'smb1',
      title: 'SMB version 1',
      severity: 'medium',
      // Mailslots over UDP are not it, nor is the offer of both versions that SMB 2 begins with.
      deny: { protocol: 'smb', transport: 'tcp', answered: true, not: { protocol: 'smb2' } },
    },
    {
      id: 'snmp-outside',
      title: 'SNMP or IPMI answers to clients outside',
      severity: 'medium',
      deny: { protocol: ['snmp', 'rmcp'], ...FROM_OUTSIDE },
    },
    {
      id: 'vpn-outside',
      title: 'VPN with outside, as anonymisers use it',
      severity: 'low',
      per: 'host',
      deny: {
        protocol: ['openvpn', 'wg', 'tailscale', 'zerotier', 'nebula', 'tinc'],
        address: 'outside',
        answered: true,
      },
    },
    {
      id: 'irc',
      title: 'IRC',
      severity: 'low',
      deny: { protocol: 'irc', answered: true },
    },
    {
      id: 'port-of-another',
      title: "Protocol on another's port",
      severity: 'low',
      per: 'host',
      last: true,
      deny: { sign: 'port-of-another', answered: true },
    },
    {
      id: 'reputation-lookups',
      title: 'Lookups of reputation and of antivirus, which look like a tunnel',
      allow: {
        rule: 'dns-tunnel',
        domain: [
          'sophosxl.net',
          'sophosxl.com',
          'mcafee.com',
          'trellix.com',
          'e5.sk',
          'spamhaus.org',
          'spamhaus.net',
          'cymru.com',
          'barracudabrts.com',
          'barracudacentral.org',
          'brightcloud.com',
          'webcfs00.com',
          'webcfs03.com',
          'trendmicro.com',
          'surbl.org',
          'uribl.com',
          'dnswl.org',
        ],
      },
    },
  ],
}
