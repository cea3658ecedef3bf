/** Expected values: the baseline that the specification publishes (baseline/baseline_deflt.json), and tshark 4.0.17 where said. */
import { isIPv6 } from 'node:net'
import { Address4, Address6 } from 'ip-address'
import { expect, test } from 'vitest'
import { communityId, icmpPorts } from '../../src/flow/community-id.ts'

const octets = (text: string): Uint8Array =>
  Uint8Array.from(isIPv6(text) ? new Address6(text).toUnsignedByteArray() : new Address4(text).toArray())

/** Ports of ICMP and ICMPv6 are type and code. */
function idOf(protocol: number, source: string, destination: string, from = 0, to = 0): string {
  const isIcmp = protocol === 1 || protocol === 58
  const ports = isIcmp ? icmpPorts(from, to, protocol === 58) : { source: from, destination: to, isOneWay: false }
  return communityId(protocol, octets(source), octets(destination), ports.source, ports.destination, ports)
}

test.each<[string, number, string, string, number?, number?]>([
  // TCP, UDP, SCTP
  ['1:LQU9qZlK+B5F3KDmev6m5PMibrg=', 6, '128.232.110.120', '66.35.250.204', 34855, 80],
  ['1:/qFaeAR+gFe1KYjMzVDsMv+wgU4=', 6, '2001:470:e5bf:dead:4957:2174:e82c:4887', '2607:f8b0:400c:c03::1a', 63943, 25],
  ['1:d/FP5EW3wiY1vCndhwleRRKHowQ=', 17, '192.168.1.52', '8.8.8.8', 54585, 53],
  ['1:MP2EtRCAUIZvTw6MxJHLV7N7JDs=', 132, '192.168.170.8', '192.168.170.56', 7, 7],
  // RSVP: no ports
  ['1:KHlLkgoJW7ifUTyTSgyVfkFHzKw=', 46, '10.1.12.1', '10.1.12.2'],
])('%s is the name of both directions', (id, protocol, source, destination, from, to) => {
  expect(idOf(protocol, source, destination, from, to)).toBe(id)
  expect(idOf(protocol, destination, source, to, from)).toBe(id)
})

test.each<[string, number, string, string, number, number]>([
  ['an echo', 8, '192.168.0.89', '192.168.0.1', 0, 1],
  ['a neighbor', 135, 'fe80::200:86ff:fe05:80da', 'fe80::260:97ff:fe07:69ea', 136, 58],
  ['an IPv6 echo', 128, '3ffe:507:0:1:200:86ff:fe05:80da', '3ffe:501:0:1001::2', 129, 58],
])('%s and its answer have one name', (_name, request, source, destination, reply, protocol) => {
  const ids: Record<number, string> = {
    8: '1:X0snYXpgwiv9TZtqg64sgzUn6Dk=',
    128: '1:+TW+HtLHvV1xnGhV1lv7XoJrqQg=',
    135: '1:dGHyGvjMfljg6Bppwm3bg0LO8TY=',
  }
  expect(idOf(protocol, source, destination, request, 0)).toBe(ids[request])
  expect(idOf(protocol, destination, source, reply, 0)).toBe(ids[request])
})

test('who asked makes a difference', () => {
  const [a, b] = ['fe80::200:86ff:fe05:80da', 'fe80::260:97ff:fe07:69ea']
  expect(idOf(58, b, a, 135, 0)).toBe('1:zavyT/cezQr1fmImYCwYnMXbgck=')
  expect(idOf(58, a, b, 136, 0)).toBe('1:zavyT/cezQr1fmImYCwYnMXbgck=')
})

test.each<[string, number, string, string, number, number]>([
  ['1:YHxtAirCG//0OzkcVAukqKQN9xM=', 1, '10.0.0.1', '10.0.0.2', 11, 0],
  ['1:2ObVBgIn28oZvibYZhZMBgh7WdQ=', 58, '3ffe:501:1800:2345::2', '3ffe:507:0:1:200:86ff:fe05:80da', 3, 0],
  ['1:hLZd0XGWojozrvxqE0dWB1iM6R0=', 58, '3ffe:501:410:0:2c0:dfff:fe47:33e', '3ffe:507:0:1:200:86ff:fe05:80da', 1, 4],
])(
  '%s: a message that nothing answers, by type and code, in one direction',
  (id, protocol, source, destination, type, code) => {
    expect(idOf(protocol, source, destination, type, code)).toBe(id)
    expect(idOf(protocol, destination, source, type, code)).not.toBe(id)
  },
)

test('messages to a group', () => {
  expect(idOf(58, 'fe80::200:86ff:fe05:80da', 'ff02::2', 133, 0)).toBe('1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0=')
  expect(idOf(58, 'fe80::260:97ff:fe07:69ea', 'ff02::1', 134, 0)).toBe('1:pkvHqCL88/tg1k4cPigmZXUtL00=')
})

test('ports decide between equal addresses', () => {
  const [a, b] = [octets('127.0.0.1'), octets('127.0.0.1')]
  expect(communityId(6, a, b, 80, 1024)).toBe(communityId(6, b, a, 1024, 80))
  expect(communityId(6, a, b, 80, 1024)).not.toBe(communityId(6, a, b, 80, 1024 + 1))
})
