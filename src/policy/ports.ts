/**
 * Ports that belong to a protocol (IANA's service names), and what else is at home there. Only ports of which everybody knows what
 * they are for: HTTP on 8080 is nobody's surprise.
 */

interface Port {
  /** As people call it. */
  readonly owner: string
  /** Wireshark's names of what may be there. */
  readonly protocols: readonly string[]
}

/** Media that browsers send to where firewalls let them through: RFC 8656 (TURN), RFC 8445 (ICE). */
const MEDIA = ['stun', 'classicstun', 'turnchannel', 'dtls', 'rtp', 'rtcp', 'srtp']

const WEB = ['http', 'http2', 'websocket', 'ocsp', ...MEDIA]

/** By port. TLS is at home wherever a protocol can begin with it or change to it. */
const PORTS: Readonly<Record<number, Port>> = {
  20: { owner: 'FTP', protocols: ['ftp-data', 'ftp', 'tls'] },
  21: { owner: 'FTP', protocols: ['ftp', 'tls'] },
  22: { owner: 'SSH', protocols: ['ssh'] },
  23: { owner: 'Telnet', protocols: ['telnet', 'tn3270', 'tn5250'] },
  25: { owner: 'SMTP', protocols: ['smtp', 'imf', 'tls'] },
  53: { owner: 'DNS', protocols: ['dns', 'mdns', 'llmnr', 'dnscrypt'] },
  67: { owner: 'DHCP', protocols: ['dhcp', 'bootp'] },
  69: { owner: 'TFTP', protocols: ['tftp'] },
  80: { owner: 'HTTP', protocols: [...WEB, 'rtmpt', 'ajp13'] },
  88: { owner: 'Kerberos', protocols: ['kerberos'] },
  110: { owner: 'POP', protocols: ['pop', 'imf', 'tls'] },
  111: { owner: 'RPC', protocols: ['rpc', 'portmap'] },
  123: { owner: 'NTP', protocols: ['ntp', 'nts-ke'] },
  139: { owner: 'NetBIOS', protocols: ['nbss', 'smb', 'smb2', 'netbios'] },
  143: { owner: 'IMAP', protocols: ['imap', 'imf', 'tls'] },
  161: { owner: 'SNMP', protocols: ['snmp', 'dtls', 'tls'] },
  389: { owner: 'LDAP', protocols: ['ldap', 'cldap', 'tls'] },
  443: { owner: 'HTTPS', protocols: ['tls', 'ssl', 'quic', 'gquic', 'http2', 'websocket', 'dnscrypt', ...MEDIA] },
  445: { owner: 'SMB', protocols: ['nbss', 'smb', 'smb2', 'netbios', 'quic'] },
  465: { owner: 'SMTP', protocols: ['tls', 'smtp', 'imf'] },
  587: { owner: 'SMTP', protocols: ['smtp', 'tls', 'imf'] },
  636: { owner: 'LDAP', protocols: ['tls', 'ldap'] },
  853: { owner: 'DNS', protocols: ['tls', 'dtls', 'quic', 'dns', 'doq'] },
  993: { owner: 'IMAP', protocols: ['tls', 'imap', 'imf'] },
  995: { owner: 'POP', protocols: ['tls', 'pop', 'imf'] },
  1433: { owner: 'SQL Server', protocols: ['tds', 'tls'] },
  3306: { owner: 'MySQL', protocols: ['mysql', 'mysqlx', 'tls'] },
  3389: { owner: 'Remote Desktop', protocols: ['tpkt', 'rdp', 'rdpudp', 'rdpudp2', 'tls', 'dtls'] },
  5432: { owner: 'PostgreSQL', protocols: ['pgsql', 'tls'] },
}

/** The owner of the port, if `application` is a guest there; null if it is at home, or the port is nobody's. */
export function ownerOfPort(port: number, application: string): string | null {
  const known = PORTS[port]
  return known === undefined || known.protocols.includes(application) ? null : known.owner
}

/** Ports of services that the table above leaves out, since others use them too. */
const USUAL: Readonly<Record<string, readonly number[]>> = {
  vnc: [5900, 5901, 5902, 5903],
  x11: [6000, 6001],
  tpkt: [102, 1720, 3389],
  rpc: [111, 2049],
  mongo: [27017],
  resp: [6379],
  memcache: [11211],
  cql: [9042],
  tns: [1521],
  tds: [1433],
  mbtcp: [502],
  dnp3: [20000],
  iec60870_104: [2404],
  enip: [44818],
  bvlc: [47808],
  opcua: [4840],
  rsync: [873],
  socks: [1080],
  irc: [6667],
}

/** Whether servers of the application are known to listen on the port. */
export function isUsualPort(port: number, application: string): boolean {
  if (Object.hasOwn(USUAL, application) && USUAL[application].includes(port)) return true
  return PORTS[port]?.protocols.includes(application) ?? false
}
