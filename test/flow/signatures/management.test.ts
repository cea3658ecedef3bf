import { describe, expect, test } from 'vitest'
import { hex, nameOf, type Octets, type PayloadOptions } from '../../support/signature.ts'

/** So many octets of 0. */
const zeros = (count: number): number[] => new Array<number>(count).fill(0)

type Case = [what: string, octets: Octets, name: string | null, options?: PayloadOptions]

describe('on their ports', () => {
  const bootp = [...hex('01 01 06 00 12345678'), ...zeros(256)]
  // RFC 8415 §8: SOLICIT, transaction; §21.9: elapsed time
  const solicit = hex('01 aabbcc 0008 0002 0000')
  // RFC 8415 §9: hops, two addresses; §21.10: relayed message of 4 octets
  const relayed = [...hex('0c 00'), ...zeros(32), ...hex('0009 0004 01aabbcc')]
  // IEEE 1588-2008 §13.3: Sync, version 2, length 44
  const sync = [...hex('00 02 002c'), ...zeros(40)]
  const sync1 = [...hex('0001 0001'), ...Buffer.from('_DFLT'), ...zeros(115)]
  // RFC 6886 §3.3: map UDP; RFC 6887 §7.1: MAP
  const map = hex('00 01 0000 1234 1234 00000e10')
  const pcp = [...hex('02 01 0000 00000e10'), ...zeros(16 + 36)]
  // RFC 5415 §4.3: preamble, 4 words, 802.11; §4.5.1.1: discovery request, sequence, length 3 with flags, flags
  const discovery = hex('00 10 02 00 0000 0000  00000001 00 0003 00')
  const secured = hex('01 000000 16 feff 0000 000000000000 0010 01 000004 0000 000000 000004 fefd0000')

  test.each<Case>([
    ['RFC 951: BOOTP without a cookie', bootp, 'dhcp', { ports: [68, 67] }],
    ['RFC 951: 17 octets of address', bootp.with(2, 17), null, { ports: [68, 67] }],
    ['BOOTP on other ports', bootp, null],
    ['RFC 8415 §8: SOLICIT', solicit, 'dhcpv6', { ports: [546, 547] }],
    ['RFC 8415 §9: a relayed message', relayed, 'dhcpv6', { ports: [547, 547] }],
    ['RFC 8415 §7.6: 33 hops', relayed.with(1, 33), null, { ports: [547, 547] }],
    ['an option beyond the end', solicit.with(7, 3), null, { ports: [546, 547] }],
    ['SOLICIT on another port', solicit, null],
    ['RFC 9327 §2: control, read status', hex('16 01 0001 0000 0000 0000 0000'), 'ntp', { ports: [9, 123] }],
    ['RFC 9327 §3: opcode 20', hex('16 14 0001 0000 0000 0000 0000'), null, { ports: [9, 123] }],
    ['NTP, private mode', [...hex('17 00 03 2a 0000 0000'), ...zeros(40)], 'ntp', { ports: [9, 123] }],
    [
      'NTP, private mode of implementation 9',
      [...hex('17 00 09 2a 0000 0000'), ...zeros(40)],
      null,
      { ports: [9, 123] },
    ],
    ['IEEE 1588-2008: Sync', sync, 'ptp', { ports: [319, 319] }],
    ['over IPv6, with 2 octets behind', [...sync, 0, 0], 'ptp', { ports: [319, 319] }],
    ['IEEE 1588-2002: Sync', sync1, 'ptp', { ports: [319, 319] }],
    ['a length that does not fit', sync.with(3, 0x2d), null, { ports: [319, 319] }],
    ['message type 5', sync.with(0, 5), null, { ports: [319, 319] }],
    ['Sync on another port', sync, null],
    ['RFC 6886 §3.2: asking for the address', hex('00 00'), 'portcontrol', { ports: [40_000, 5351] }],
    ['RFC 6886 §3.2: the address', hex('00 80 0000 00000010 c0000201'), 'portcontrol', { ports: [5351, 40_000] }],
    ['RFC 6886 §3.3: a mapping', map, 'portcontrol', { ports: [40_000, 5351] }],
    ['a mapping with reserved bits', map.with(3, 1), null, { ports: [40_000, 5351] }],
    ['a mapping from the server', map, null, { ports: [5351, 40_000] }],
    ['RFC 6887: MAP', pcp, 'portcontrol', { ports: [40_000, 5351] }],
    ['RFC 6887: opcode 9', pcp.with(1, 9), null, { ports: [40_000, 5351] }],
    ['RFC 5415: a discovery request', discovery, 'capwap', { ports: [40_000, 5246] }],
    ['RFC 5415: a header of one word', discovery.with(1, 8), null, { ports: [40_000, 5246] }],
    ['RFC 5415: a length that does not fit', discovery.with(14, 9), null, { ports: [40_000, 5246] }],
    ['RFC 5415 §4.1: control over DTLS', secured, 'capwap', { ports: [5246, 40_000] }],
    ['RFC 5415 §4.4.1: data', [...discovery.slice(0, 8), ...zeros(24)], 'capwap.data', { ports: [40_000, 5247] }],
    [
      'RFC 5415 §4.3: reserved bits',
      [...discovery.slice(0, 8).with(7, 1), ...zeros(24)],
      null,
      { ports: [40_000, 5247] },
    ],
  ])('%s', (_what, octets, name, options = {}) => expect(nameOf('udp', octets, options)).toBe(name))
})

describe('on any port', () => {
  // RFC 1157 §4: SEQUENCE, version, community "public", GetRequest with four integers' worth of content
  const get = hex('30 18 02 01 00 04 06 7075626c6963 a0 0b 02 01 01 02 01 00 02 01 00 30 00')
  // RFC 3412 §6: version 3, header data, security parameters, scoped PDU
  const get3 = hex('30 18 02 01 03 30 0d 02 01 01 02 02 05dc 04 01 04 02 01 03 04 00 30 02 05 00')
  // RFC 2608 §8: version 2, request, length, flags, extension, transaction, "en"
  const slp2 = hex('02 01 000012 0000 000000 0044 0002 656e 0000')
  // RFC 2165 §4: version 1, request, length, flags, dialect, "en", encoding, transaction
  const slp1 = hex('01 01 000e 00 00 656e 0003 0044 0000')
  // sFlow 5 §5: version, IPv4, agent, sub-agent, sequence, uptime, 1 sample: counters, 8 octets
  const sflow = hex('00000005 00000001 c0000201 00000000 00000001 00000064 00000001 00000002 00000008 0000000000000000')
  // NetFlow 5: version, 1 record, uptime, seconds, nanoseconds, ...
  const netflow5 = [...hex('0005 0001 00000064 5f000000'), ...zeros(12 + 48)]
  // RFC 3954 §5: version, count, uptime, seconds, sequence, source; template set of 8, data set of 8
  const netflow9 = hex('0009 0002 00000064 5f000000 00000001 00000000 0000 0008 01000000 0100 0008 00000000')
  // RFC 7011 §3: version, length, seconds, sequence, domain; template set of 8
  const ipfix = hex('000a 0018 5f000000 00000001 00000000 0002 0008 01000000')
  const collectd = [...hex('0000 0009'), ...Buffer.from('host\0'), ...hex('0008 000c'), ...zeros(8)]
  // DSP0136 §3.2.4.3: presence ping
  const ping = hex('06 00 ff 06 000011be 80 00 00 00')
  // IPMI 2.0 §13.6: no authentication, sequence, session, length 1
  const ipmi = hex('06 00 ff 07 00 00000000 00000000 01 20')
  const plus = hex('06 00 ff 07 06 10 00000000 00000000 0002 aabb').with(14, 2).with(15, 0)
  const bjnp = [...Buffer.from('BJNP'), ...hex('01 01 00000001 0000 00000002 aabb')]

  test.each<Case>([
    ['RFC 1157: GetRequest', get, 'snmp'],
    ['RFC 1901: version 2c', get.with(4, 1), 'snmp'],
    ['RFC 3412: version 3', get3, 'snmp'],
    ['SNMP: version 2', get.with(4, 2), null],
    ['SNMP: a PDU that is none', get.with(13, 0xaf), null],
    ['SNMP: a PDU that does not end with the message', get.with(14, 10), null],
    ['SNMP: an octet behind the message', [...get, 0], null],
    ['SNMP version 3: no security parameters', get3.with(20, 5), null],
    ['RFC 2608: a request', slp2, 'srvloc'],
    ['RFC 2608: a length that does not fit', slp2.with(4, 0x13), null],
    ['RFC 2608: reserved flags', slp2.with(6, 1), null],
    ['RFC 2608: function 12', slp2.with(1, 12), null],
    ['RFC 2165: a request', slp1, 'srvloc'],
    ['RFC 2165: a language that is no letters', slp1.with(6, 0x31), null],
    ['sFlow 5: counters', sflow, 'sflow'],
    ['sFlow 5: a sample beyond the end', sflow.with(35, 12), null],
    ['sFlow: version 3', sflow.with(3, 3), null],
    ['NetFlow 5: a record', netflow5, 'cflow'],
    ['NetFlow 5: two records in the place of one', netflow5.with(3, 2), null],
    ['NetFlow 5: in 1990', netflow5.with(8, 0x25), null],
    ['RFC 3954: a template and data', netflow9, 'cflow'],
    ['RFC 3954: a set that is reserved', netflow9.with(21, 7), null],
    ['RFC 7011: a template', ipfix, 'cflow'],
    ['RFC 7011: a length that does not fit', ipfix.with(3, 0x19), null],
    ['collectd: a host and a time', collectd, 'collectd'],
    ['collectd: no end of the name', collectd.with(8, 0x61), null],
    ['collectd: a time of 13 octets', [...collectd.with(12, 13), 0], null],
    ['DSP0136: presence ping', ping, 'rmcp'],
    ['DSP0136: another enterprise', ping.with(7, 0xbf), null],
    ['DSP0136: acknowledgment', hex('06 00 01 86'), 'rmcp'],
    ['IPMI 1.5: a message', ipmi, 'rmcp'],
    ['IPMI 1.5: a length that does not fit', ipmi.with(13, 2), null],
    ['IPMI 2.0: RMCP+', plus, 'rmcp'],
    ['IPMI 2.0: a payload beyond the end', plus.with(14, 3), null],
    ['BJNP: discovery', bjnp, 'bjnp'],
    ['BJNP: a length that does not fit', bjnp.with(15, 3), null],
  ])('%s', (_what, octets, name) => expect(nameOf('udp', octets)).toBe(name))

  test.each<Case>([
    ['RFC 3430: SNMP', get, 'snmp'],
    ['RFC 2608 §6: SLP', slp2, 'srvloc'],
  ])('over TCP: %s', (_what, octets, name) => expect(nameOf('tcp', octets)).toBe(name))
})
