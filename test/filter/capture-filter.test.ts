import { expect, test } from 'vitest'
import { translate } from '../../src/filter/capture-filter.ts'
import { compileFilter } from '../../src/filter/filter.ts'

test.each([
  ['port 80', 'tcp.port == 80 || udp.port == 80'],
  ['tcp port 80', 'tcp.port == 80'],
  ['tcp port http', 'tcp.port == 80'],
  ['udp dst port 53', 'udp.dstport == 53'],
  ['portrange 1-1023', 'tcp.port in {1..1023} || udp.port in {1..1023}'],
  ['host 10.0.0.1', 'ip.addr == 10.0.0.1'],
  ['src host 10.0.0.1', 'ip.src == 10.0.0.1'],
  ['src 10.0.0.1', 'ip.src == 10.0.0.1'],
  ['src or dst host 10.0.0.1', 'ip.addr == 10.0.0.1'],
  ['ip6 host fe80::1', 'ipv6.addr == fe80::1'],
  ['net 10.0.0.0/8', 'ip.addr == 10.0.0.0/8'],
  ['dst net 192.168', 'ip.dst == 192.168.0.0/16'],
  ['ether src 00:00:5e:00:53:01', 'eth.src == 00:00:5e:00:53:01'],
  ['ip proto 17', 'ip.proto == 17'],
  ['vlan 100', 'vlan.id == 100'],
  ['broadcast', 'eth.dst == ff:ff:ff:ff:ff:ff'],
  ['less 64', 'frame.len <= 64'],
  ['not port 22', '!(tcp.port == 22 || udp.port == 22)'],
  ['host 10.0.0.1 and port 80', 'ip.addr == 10.0.0.1 && (tcp.port == 80 || udp.port == 80)'],
  ['icmp or (arp and host 10.0.0.1)', 'icmp || (arp && ip.addr == 10.0.0.1)'],
])('%s', (capture, display) => {
  expect(translate(capture)).toBe(display)
  expect(() => compileFilter(display)).not.toThrow()
})

test.each([
  'tcp',
  'tcp and udp',
  'tcp.port == 80',
  'port',
  'host',
  'host example.com',
  'tcp udp',
  '',
  `${'('.repeat(999)}`,
])('not a capture filter: %.30s', (text) => {
  expect(translate(text)).toBeUndefined()
})
