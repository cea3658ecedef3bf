import { describe, expect, test } from 'vitest'
import { nameOf, type PayloadOptions } from '../../support/signature.ts'

const from = (port: number): PayloadOptions => ({ ports: [port, 40_000] })
const to = (port: number): PayloadOptions => ({ ports: [40_000, port] })

describe('SMTP', () => {
  test.each([
    ['RFC 5321 §4.3.1: a greeting with its name', '220 mx.example.org ESMTP Postfix\r\n', {}, 'smtp'],
    ['a greeting of several lines', '220-mx.example.org SMTP\r\n220 none of that\r\n', {}, 'smtp'],
    ['a greeting without its name', '220 mx.example.org\r\n', {}, null],
    ['the same from port 25', '220 mx.example.org\r\n', from(25), 'smtp'],
    ['from port 587', '220 mx.example.org\r\n', from(587), 'smtp'],
    ['a greeting that names FTP', '220 FTP server, not SMTP\r\n', {}, null],
    ['that one from port 25', '220 FTP server, not SMTP\r\n', from(25), 'smtp'],
    ['a greeting that names FTP alone, from port 25', '220 an FTP server\r\n', from(25), 'ftp'],
    ['a greeting whose line is not ended', '220 mx.example.org ESMTP', {}, null],
    ['§4.1.1.1: EHLO', 'EHLO client.example\r\n', {}, 'smtp'],
    ['HELO in small letters', 'helo a\r\n', {}, 'smtp'],
    ['EHLO with a second line', 'EHLO client.example\r\nmore\r\n', {}, null],
    ['EHLO without a name', 'EHLO \r\n', {}, null],
    ['§4.1.1.2: MAIL', 'MAIL FROM:<a@example.org>\r\n', {}, 'smtp'],
    ['§4.1.1.3: RCPT', 'rcpt to:<b@example.org>\r\n', {}, 'smtp'],
    ['MAIL without a path', 'MAIL FROM me\r\n', {}, null],
    ['the answer to EHLO', '250-mx.example.org\r\n250-PIPELINING\r\n250 DSN\r\n', {}, 'smtp'],
    ['lines of 250 without an extension', '250-welcome\r\n250-to this\r\n250 directory\r\n', {}, null],
    ['RFC 2034 §4: an enhanced status', '250 2.1.5 Ok\r\n', {}, 'smtp'],
    ['an enhanced status of another class', '250 5.1.5 Ok\r\n', {}, null],
    ['an enhanced status behind a code that SMTP does not have', '211 2.1.5 Ok\r\n', {}, null],
    ['AUTH on port 25', 'AUTH LOGIN\r\n', to(25), 'smtp'],
    ['AUTH elsewhere', 'AUTH LOGIN\r\n', {}, null],
    ['some line on port 25', 'hello there\r\n', to(25), null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('tcp', payload, options)).toBe(name))
})

describe('POP3', () => {
  test.each([
    ['RFC 1939 §4: a greeting with its name', '+OK POP3 server ready\r\n', {}, 'pop'],
    ['§7: a greeting with a timestamp', '+OK hello <1896.697170952@dbc.example>\r\n', {}, 'pop'],
    ['a timestamp that is not the end', '+OK <1896.697170952@dbc.example> hello\r\n', {}, null],
    ['+OK alone, which is Redis as well', '+OK\r\n', {}, null],
    ['+OK alone on port 110', '+OK\r\n', from(110), 'pop'],
    ['+OK and some words', '+OK fine\r\n', {}, null],
    ['-ERR on port 110', '-ERR no such message\r\n', from(110), 'pop'],
    ['RFC 2449 §5: CAPA', 'CAPA\r\n', {}, 'pop'],
    ['CAPA with an argument', 'CAPA x\r\n', {}, null],
    ['RFC 2595 §4: STLS', 'stls\r\n', {}, 'pop'],
    ['APOP', 'APOP mrose c4c9334bac560ecc979e58001b3e22fb\r\n', {}, 'pop'],
    ['APOP with a digest that is too short', 'APOP mrose c4c9334bac560ecc979e58001b3e22f\r\n', {}, null],
    ['USER on port 110', 'USER mrose\r\n', to(110), 'pop'],
    ['USER elsewhere, which is FTP as well', 'USER mrose\r\n', {}, null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('tcp', payload, options)).toBe(name))
})

describe('IMAP', () => {
  test.each([
    ['RFC 9051 §7.1.1: a greeting with its name', '* OK IMAP4rev2 ready\r\n', {}, 'imap'],
    ['a greeting with capabilities', '* OK [CAPABILITY STARTTLS] ready\r\n', {}, 'imap'],
    ['a greeting without', '* OK ready\r\n', {}, null],
    ['the same from port 143', '* OK ready\r\n', from(143), 'imap'],
    ['§7.2.2: capabilities', '* CAPABILITY IMAP4rev1 IDLE\r\n', {}, 'imap'],
    ['a list in Markdown', '* one thing\r\n', from(143), null],
    ['§6.1.1: a command', 'a001 CAPABILITY\r\n', {}, 'imap'],
    ['§6.2.3: LOGIN', 'A1 login tim "tanstaaf"\r\n', {}, 'imap'],
    ['LOGIN behind a word', 'please LOGIN now\r\n', {}, null],
    ['LOGIN behind a word on port 143', 'please LOGIN now now\r\n', to(143), 'imap'],
    ['a completion on port 143', 'a001 OK done\r\n', from(143), 'imap'],
    ['a completion elsewhere', 'a001 OK done\r\n', {}, null],
    ['a tag that is too long', 'a0000000000000001 CAPABILITY\r\n', {}, null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('tcp', payload, options)).toBe(name))
})

describe('NNTP', () => {
  test.each([
    ['RFC 3977 §5.1: a greeting with a name', '200 news.example InterNetNews server INN 2.7 ready\r\n', {}, 'nntp'],
    ['a greeting without', '200 ready\r\n', {}, null],
    ['the same from port 119', '200 ready\r\n', from(119), 'nntp'],
    ['a code that does not greet', '211 NNTP is what we speak\r\n', {}, null],
    ['§5.3: MODE READER', 'MODE READER\r\n', {}, 'nntp'],
    ['MODE of IRC', 'MODE me +i\r\n', {}, null],
    ['RFC 4643 §2.3: AUTHINFO', 'authinfo user me\r\n', {}, 'nntp'],
    ['§6.1.1: GROUP on port 119', 'GROUP misc.test\r\n', to(119), 'nntp'],
    ['GROUP elsewhere', 'GROUP misc.test\r\n', {}, null],
  ] as const)('%s', (_what, payload, options, name) => expect(nameOf('tcp', payload, options)).toBe(name))
})

test('nothing of this over UDP', () => expect(nameOf('udp', 'EHLO client.example\r\n')).toBe(null))
