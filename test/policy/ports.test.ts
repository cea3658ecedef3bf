import { expect, test } from 'vitest'
import { isUsualPort, ownerOfPort } from '../../src/policy/ports.ts'

test.each([
  [443, 'ssh', 'HTTPS'],
  [80, 'tls', 'HTTP'],
  [53, 'http', 'DNS'],
  [22, 'tls', 'SSH'],
  [443, 'tls', null],
  [443, 'quic', null],
  [443, 'stun', null],
  [993, 'tls', null],
  [587, 'smtp', null],
  [3389, 'tls', null],
  [5432, 'tls', null],
  [8080, 'ssh', null],
  [50_000, 'http', null],
])('port %i, %s: it belongs to %s', (port, application, owner) => {
  expect(ownerOfPort(port, application)).toBe(owner)
})

test('ports that servers are known to have', () => {
  expect(isUsualPort(3389, 'tpkt')).toBe(true)
  expect(isUsualPort(27_017, 'mongo')).toBe(true)
  expect(isUsualPort(40_000, 'mongo')).toBe(false)
  expect(isUsualPort(80, 'constructor')).toBe(false)
})
