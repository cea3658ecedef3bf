import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange, text } from './exchange.ts'

// Expected values: tshark 4.0.17.

/** TLS: application data of two octets. */
const TLS_RECORD = '17 0303 0002 aabb'

describe('FTP', () => {
  test('commands and replies', () => {
    const exchange = new Exchange('tcp', 21)
    const command = exchange.client(text('USER bob\r\n'))
    expect(applicationsOf(command)).toBe('ftp')
    expect(valuesOf(command, 'ftp.request')).toEqual([1])
    expect(valuesOf(command, 'ftp.request.command')).toEqual(['USER'])
    expect(valuesOf(command, 'ftp.request.arg')).toEqual(['bob'])
    const reply = exchange.server(text('227 Entering Passive Mode (10,0,0,2,4,210).\r\n'))
    expect(valuesOf(reply, 'ftp.response.code')).toEqual([227])
    expect(valuesOf(reply, 'ftp.passive.ip')).toEqual([0x0a000002])
    expect(valuesOf(reply, 'ftp.passive.port')).toEqual([1234])
    expect(valuesOf(exchange.server(text('none\r\n')), 'ftp.response.arg')).toEqual(['none'])
  })

  test('TLS once it is asked for and granted', () => {
    const exchange = new Exchange('tcp', 21)
    exchange.client(text('AUTH TLS\r\n'))
    exchange.server(text('234 go\r\n'))
    expect(applicationsOf(exchange.client(TLS_RECORD))).toBe('tls')
  })

  test('data', () => {
    expect(applicationsOf(new Exchange('tcp', 20).server(text('a\r\n')))).toBe('ftp-data:data-text-lines')
    expect(applicationsOf(new Exchange('tcp', 20).server('0001'))).toBe('ftp-data')
  })
})

describe('SMTP', () => {
  test('commands and replies', () => {
    const exchange = new Exchange('tcp', 25)
    const greeting = exchange.server(text('220-welcome\r\n220 end\r\n'))
    expect(valuesOf(greeting, 'smtp.response.code')).toEqual([220])
    expect(valuesOf(greeting, 'smtp.rsp.parameter')).toEqual(['welcome', 'end'])
    const commands = exchange.client(text('MAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n'))
    expect(applicationsOf(commands)).toBe('smtp')
    expect(valuesOf(commands, 'smtp.req.command')).toEqual(['MAIL', 'RCPT'])
    expect(valuesOf(commands, 'smtp.req.parameter')).toEqual(['FROM:<a@b>', 'TO:<c@d>'])
    expect(applicationsOf(exchange.client(text('DA')))).toBe('')
    expect(valuesOf(exchange.client(text('TA\r\n')), 'smtp.command_line')).toEqual(['DATA\r\n'])
  })

  test('a message is decoded where it ends', () => {
    const exchange = new Exchange('tcp', 25)
    exchange.client(text('DATA\r\n'))
    exchange.server(text('354 go\r\n'))
    expect(applicationsOf(exchange.client(text('From: x\r\nContent-Type: text/plain\r\n\r\na\r\n')))).toBe(
      'smtp:data-text-lines',
    )
    const end = exchange.client(text('x\r\n.\r\n'))
    expect(applicationsOf(end)).toBe('smtp:imf:data-text-lines')
    expect(valuesOf(end, 'smtp.eom')).toEqual([0])
    expect(valuesOf(exchange.client(text('QUIT\r\n')), 'smtp.req.command')).toEqual(['QUIT'])
  })

  test('the head of a message', () => {
    const exchange = new Exchange('tcp', 25)
    exchange.client(text('DATA\r\n'))
    exchange.server(text('354 go\r\n'))
    const lines = [
      'From: "A, B" <a@x.org>',
      'To: b@x.org, C <c@x.org>',
      'Subject: two',
      ' lines',
      'Content-Type: text/plain; charset=utf-8',
      'X-Odd: 1',
      '',
      'Subject: of the body',
      '.',
      '',
    ]
    const packet = exchange.client(text(lines.join('\r\n')))
    expect(valuesOf(packet, 'imf.from')).toEqual(['"A, B" <a@x.org>'])
    expect(valuesOf(packet, 'imf.subject')).toEqual(['two\r\n lines'])
    expect(valuesOf(packet, 'imf.address')).toEqual(['a@x.org', 'b@x.org', 'c@x.org'])
    expect(valuesOf(packet, 'imf.display_name')).toEqual(['"A, B"', 'C'])
    expect(valuesOf(packet, 'imf.content.type.type')).toEqual(['text/plain'])
    expect(valuesOf(packet, 'imf.content.type.parameters')).toEqual([' charset=utf-8'])
    expect(valuesOf(packet, 'imf.extension')).toEqual(['x-odd: 1'])
  })

  test('AUTH LOGIN', () => {
    const exchange = new Exchange('tcp', 25)
    exchange.client(text('AUTH LOGIN\r\n'))
    exchange.server(text('334 VXNlcm5hbWU6\r\n'))
    expect(valuesOf(exchange.client(text('Ym9i\r\n')), 'smtp.auth.username')).toEqual(['Ym9i'])
    exchange.server(text('334 UGFzc3dvcmQ6\r\n'))
    expect(valuesOf(exchange.client(text('c2VjcmV0\r\n')), 'smtp.auth.password')).toEqual(['c2VjcmV0'])
  })

  test('STARTTLS', () => {
    const exchange = new Exchange('tcp', 25)
    expect(valuesOf(exchange.client(text('STARTTLS\r\n')), 'smtp.req.command')).toEqual(['STAR'])
    exchange.server(text('220 go\r\n'))
    expect(applicationsOf(exchange.client(TLS_RECORD))).toBe('tls')
  })
})

describe('POP', () => {
  test('requests and responses', () => {
    const exchange = new Exchange('tcp', 110)
    const request = exchange.client(text('USER bob\r\n'))
    expect(valuesOf(request, 'pop.request.command')).toEqual(['USER'])
    expect(valuesOf(request, 'pop.request.parameter')).toEqual(['bob'])
    const response = exchange.server(text('-ERR no\r\n'))
    expect(valuesOf(response, 'pop.response.indicator')).toEqual(['-ERR'])
    expect(valuesOf(response, 'pop.response.description')).toEqual(['no'])
  })

  test('a message without a length is one in each segment', () => {
    const exchange = new Exchange('tcp', 110)
    exchange.client(text('retr 1\r\n'))
    expect(applicationsOf(exchange.server(text('+OK\r\n')))).toBe('pop')
    expect(applicationsOf(exchange.server(text('From: x\r\n\r\na\r\n')))).toBe('pop:imf')
  })
})

describe('IMAP', () => {
  test('requests and responses', () => {
    const exchange = new Exchange('tcp', 143)
    const request = exchange.client(text('a2 UID FETCH 1\r\n'))
    expect(valuesOf(request, 'imap.isrequest')).toEqual([1])
    expect(valuesOf(request, 'imap.request_tag')).toEqual(['a2'])
    expect(valuesOf(request, 'imap.request.command')).toEqual(['FETCH'])
    const first = exchange.server(text('* 2 EXISTS\r\n* 1 REC'))
    expect(valuesOf(first, 'imap.line')).toEqual(['* 2 EXISTS\r\n'])
    const response = exchange.server(text('ENT\r\na2 OK done\r\n'))
    expect(valuesOf(response, 'imap.line')).toEqual(['* 1 RECENT\r\n', 'a2 OK done\r\n'])
    expect(valuesOf(response, 'imap.response.status')).toEqual(['OK'])
  })

  test('a literal is waited for', () => {
    const exchange = new Exchange('tcp', 143)
    const first = exchange.server(text('* 1 FETCH (BODY[] {9}\r\nFrom'))
    expect(applicationsOf(first)).toBe('imap')
    expect(valuesOf(first, 'imap.line')).toEqual([])
    expect(applicationsOf(exchange.server(text(': a\r\n)\r\n')))).toBe('imap:imf')
  })

  test('STARTTLS', () => {
    const exchange = new Exchange('tcp', 143)
    exchange.client(text('a4 STARTTLS\r\n'))
    exchange.server(text('a4 OK begin\r\n'))
    expect(applicationsOf(exchange.client(TLS_RECORD))).toBe('tls')
  })
})

describe('Telnet', () => {
  test('commands and text', () => {
    const exchange = new Exchange('tcp', 23)
    const commands = exchange.server('fffd18 fffd1f')
    expect(valuesOf(commands, 'telnet.cmd')).toEqual([253, 253])
    expect(valuesOf(commands, 'telnet.subcmd')).toEqual([24, 31])
    expect(valuesOf(exchange.client(text('a\r\nb\r\n')), 'telnet.data')).toEqual(['a\r\n', 'b\r\n'])
    // IAC SB terminal-type IS "XT" IAC SE, then text.
    const mixed = exchange.client('fffa18005854fff0 61')
    expect(valuesOf(mixed, 'telnet.cmd')).toEqual([250, 240])
    expect(valuesOf(mixed, 'telnet.data')).toEqual(['a'])
  })
})

describe('IRC', () => {
  test('lines', () => {
    const packet = new Exchange('tcp', 6667).server(text(':a!b PRIVMSG #c :hi\r\n'))
    expect(applicationsOf(packet)).toBe('irc')
    expect(valuesOf(packet, 'irc.response.prefix')).toEqual(['a!b'])
    expect(valuesOf(packet, 'irc.response.command')).toEqual(['PRIVMSG'])
  })
})
