import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange, text } from './exchange.ts'

// Expected values: tshark 4.0.17.

const GET = 'GET /a?b=c&d=e HTTP/1.1\r\nHost: example.org\r\nUser-Agent: test\r\nCookie: k=v; l=w\r\n\r\n'

function response(body: string, ...headers: readonly string[]): string {
  return `HTTP/1.1 200 OK\r\n${headers.map((header) => `${header}\r\n`).join('')}\r\n${body}`
}

describe('HTTP', () => {
  test('a request', () => {
    const packet = new Exchange('tcp', 80).client(text(GET))
    expect(applicationsOf(packet)).toBe('http')
    expect(valuesOf(packet, 'http.request')).toEqual([1])
    expect(valuesOf(packet, 'http.response')).toEqual([])
    expect(valuesOf(packet, 'http.request.method')).toEqual(['GET'])
    expect(valuesOf(packet, 'http.request.uri')).toEqual(['/a?b=c&d=e'])
    expect(valuesOf(packet, 'http.request.uri.path')).toEqual(['/a'])
    expect(valuesOf(packet, 'http.request.uri.query.parameter')).toEqual(['b=c', 'd=e'])
    expect(valuesOf(packet, 'http.request.version')).toEqual(['HTTP/1.1'])
    expect(valuesOf(packet, 'http.host')).toEqual(['example.org'])
    expect(valuesOf(packet, 'http.cookie_pair')).toEqual(['k=v', 'l=w'])
    expect(valuesOf(packet, 'http.request.full_uri')).toEqual(['http://example.org/a?b=c&d=e'])
    expect(valuesOf(packet, 'http.request.line')[1]).toBe('User-Agent: test\r\n')
  })

  test('a response belongs to its request', () => {
    const exchange = new Exchange('tcp', 80)
    const { number } = exchange.client(text(GET))
    const packet = exchange.server(text('HTTP/1.1 404 Not There\r\nContent-Length: 0\r\nServer: x\r\n\r\n'))
    expect(valuesOf(packet, 'http.response.code')).toEqual([404])
    expect(valuesOf(packet, 'http.response.code.desc')).toEqual(['Not Found'])
    expect(valuesOf(packet, 'http.response.phrase')).toEqual(['Not There'])
    expect(valuesOf(packet, 'http.content_length')).toEqual([0n])
    expect(valuesOf(packet, 'http.request_in')).toEqual([number])
    expect(valuesOf(packet, 'http.response_for.uri')).toEqual(['http://example.org/a?b=c&d=e'])
  })

  test('a message lies in the frame that completes it', () => {
    const exchange = new Exchange('tcp', 80)
    expect(applicationsOf(exchange.server(text('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n')))).toBe('')
    expect(applicationsOf(exchange.server(text('Content-Type: text/plain\r\n\r\nabc')))).toBe('')
    const packet = exchange.server(text('def'))
    expect(applicationsOf(packet)).toBe('http:data-text-lines')
    expect(valuesOf(packet, 'http.file_data')).toEqual(['abcdef'])
  })

  test('chunks are waited for, and put together', () => {
    const exchange = new Exchange('tcp', 80)
    expect(applicationsOf(exchange.server(text(response('3\r\nabc\r\n', 'Transfer-Encoding: chunked'))))).toBe('')
    const packet = exchange.server(text('2\r\nde\r\n0\r\n\r\n'))
    expect(applicationsOf(packet)).toBe('http:data')
    expect(valuesOf(packet, 'data.len')).toEqual([5])
  })

  test('without a length a response lasts until the connection ends', () => {
    expect(applicationsOf(new Exchange('tcp', 80).server(text(response('abc'))))).toBe('')
  })

  test('a request without a length has no body, nor has a response to HEAD', () => {
    const exchange = new Exchange('tcp', 80)
    expect(applicationsOf(exchange.client(text('HEAD / HTTP/1.1\r\n\r\n')))).toBe('http')
    expect(applicationsOf(exchange.server(text(response('', 'Content-Length: 10'))))).toBe('http')
  })

  test('several messages in one segment', () => {
    const message = response('abcd', 'Content-Type: application/octet-stream', 'Content-Length: 4')
    const packet = new Exchange('tcp', 80).server(text(message + response('xyz', 'Content-Length: 3')))
    expect(applicationsOf(packet)).toBe('http:data:data')
    expect(valuesOf(packet, 'http.response.code')).toEqual([200, 200])
    expect(valuesOf(packet, 'data.len')).toEqual([4, 3])
  })

  test.each([
    ['text/html; charset=x', '<html></html>', 'data-text-lines'],
    ['image/png', '\x89PNG\r\n\x1a\nabcd', 'png'],
    ['image/png', 'none of that', 'media'],
    ['application/json', '{"a":[1,{"b":null}]} ', 'json'],
    ['application/json', '{"a":1,}', 'json:data-text-lines'],
    ['text/plain', '<?xml version="1.0" encoding="UTF-8"?><a/>', 'data-text-lines:xml'],
    [
      'multipart/mixed; boundary="xx"',
      '--xx\r\nContent-Type: text/css\r\n\r\na\r\n--xx\r\nA: b\r\n\r\nc\r\n--xx--\r\n',
      'mime_multipart:data-text-lines:data',
    ],
    ['multipart/mixed; boundary=yy', '--xx\r\n\r\na\r\n--xx--\r\n', 'mime_multipart:data'],
    ['x/y', 'abc', 'media'],
  ])('a body of %s', (type, body, protocols) => {
    const message = response(body, `Content-Type: ${type}`, `Content-Length: ${body.length}`)
    expect(applicationsOf(new Exchange('tcp', 80).server(text(message)))).toBe(`http:${protocols}`)
  })

  test('once a request was seen, all else is more of it', () => {
    const exchange = new Exchange('tcp', 80)
    expect(applicationsOf(exchange.server('00010203'))).toBe('')
    expect(applicationsOf(exchange.server(text('hello world\r\n')))).toBe('')
    exchange.client(text(GET))
    expect(applicationsOf(exchange.server('00010203'))).toBe('http:data')
    expect(applicationsOf(exchange.server(text('hello world\r\n')))).toBe('http:data')
  })

  test('on other ports, by its first line', () => {
    expect(applicationsOf(new Exchange('tcp', 50001).client(text('GET / HTTP/1.1\r\n\r\n')))).toBe('http')
    expect(applicationsOf(new Exchange('tcp', 50001).client(text('GET / HTTP/2.1\r\n\r\n')))).toBe('data')
  })

  test('what goes through a proxy is decoded by the port it goes to', () => {
    const exchange = new Exchange('tcp', 8080)
    exchange.client(text('CONNECT a.b:443 HTTP/1.1\r\nHost: a.b\r\n\r\n'))
    exchange.server(text('HTTP/1.1 200 OK\r\n\r\n'))
    // TLS: application data of two octets.
    const packet = exchange.client('17 0303 0002 aabb')
    expect(applicationsOf(packet)).toBe('http:tls')
    expect(valuesOf(packet, 'http.proxy_connect_host')).toEqual(['a.b'])
    expect(valuesOf(packet, 'http.proxy_connect_port')).toEqual([443])
    expect(valuesOf(packet, 'http.request')).toEqual([])
  })

  test('WebSocket after an upgrade', () => {
    const exchange = new Exchange('tcp', 80)
    exchange.client(text('GET / HTTP/1.1\r\nUpgrade: websocket\r\n\r\n'))
    exchange.server(text('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n'))
    // FIN and opcode 2, no mask, three octets; then a ping without any.
    const packet = exchange.server('82 03 010203 89 00')
    expect(applicationsOf(packet)).toBe('websocket')
    expect(valuesOf(packet, 'websocket.opcode')).toEqual([2, 9])
    expect(valuesOf(packet, 'websocket.payload_length')).toEqual([3n, 0n])
  })

  test('SSDP has the same fields', () => {
    const packet = new Exchange('udp', 1900).client(text('M-SEARCH * HTTP/1.1\r\nHost: 239.255.255.250:1900\r\n\r\n'))
    expect(applicationsOf(packet)).toBe('ssdp')
    expect(valuesOf(packet, 'http.request.method')).toEqual(['M-SEARCH'])
  })
})
