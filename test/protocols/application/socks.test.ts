import { expect, it } from 'vitest'
import { stackOf } from '../../support/packet.ts'
import { Exchange } from './exchange.ts'

const http = Buffer.from('GET / HTTP/1.1\r\nHost: example.com\r\n\r\n')

it('SOCKS 5 hands on what comes after the reply to the port that was asked for', () => {
  const exchange = new Exchange('tcp', 1080)
  expect(stackOf(exchange.client('05 01 00'))).toBe('ip:tcp:socks')
  expect(stackOf(exchange.server('05 00'))).toBe('ip:tcp:socks')
  // CONNECT 192.0.2.9, port 80.
  expect(stackOf(exchange.client('05 01 00 01 c0000209 0050'))).toBe('ip:tcp:socks')
  expect(stackOf(exchange.server('05 00 00 01 c0000209 0050'))).toBe('ip:tcp:socks')
  expect(stackOf(exchange.client(http))).toBe('ip:tcp:socks:http')
})

it('puts messages behind SOCKS together', () => {
  const exchange = new Exchange('tcp', 1080)
  // Version 4: CONNECT, port 80, 192.0.2.9, no name; and its reply.
  exchange.client('04 01 0050 c0000209 00')
  exchange.server('00 5a 0050 c0000209')
  expect(stackOf(exchange.client(http.subarray(0, 20)))).toBe('ip:tcp:socks')
  expect(stackOf(exchange.client(http.subarray(20)))).toBe('ip:tcp:socks:http')
})

it('is not SOCKS if the client begins otherwise', () => {
  expect(stackOf(new Exchange('tcp', 1080).client('deadbeef'))).toBe('ip:tcp:data')
})
