import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ClearTextLogins } from '../../src/analyzers/clear-text-logins.ts'
import { LoginReader } from '../../src/analyzers/login-reader.ts'

const base64 = (text: string): string => Buffer.from(text, 'latin1').toString('base64')

/** What the segments of one stream, numbered from 1, come to where it carries `application`. */
function loginIn(application: string, segments: readonly string[]) {
  const logins = new ClearTextLogins()
  for (const [i, text] of segments.entries()) observe(logins, text, i + 1)
  return logins.of(0, [application])
}

/** Neither before nor behind the segment's octets must anything be read. */
function observe(logins: ClearTextLogins, text: string, packet: number): void {
  const octets = Buffer.from(`AUTH${text}\r\nPASS x\r\n`, 'latin1')
  logins.observe(octets, 4, 4 + text.length, 0, packet)
}

const request = (fields: string): string => `GET /a HTTP/1.1\r\nHost: www.example.com\r\n${fields}\r\n\r\n`

test.each([
  ['FTP', 'ftp', ['220 ready\r\n', 'USER alice\r\n', '331 password\r\n', 'PASS secret\r\n'], 4, 'alice', 'PASS'],
  ['in lower case, without CR', 'ftp', ['user alice\n', 'pass secret\n'], 2, 'alice', 'PASS'],
  ['in one segment', 'pop', ['USER alice\r\nPASS secret\r\n'], 1, 'alice', 'PASS'],
  ['POP', 'pop', ['USER alice\r\n', '+OK\r\n', 'PASS secret\r\n'], 3, 'alice', 'PASS'],
  ['whose beginning was not captured', 'pop', ['PASS secret\r\n'], 1, null, 'PASS'],
  ['SMTP, at once', 'smtp', [`AUTH PLAIN ${base64('\0alice\0secret')}\r\n`], 1, 'alice', 'AUTH'],
  ['SMTP, when asked', 'smtp', ['AUTH PLAIN\r\n', '334 \r\n', base64('\0alice\0secret')], 2, null, 'AUTH'],
  ['SMTP LOGIN', 'smtp', [`AUTH LOGIN ${base64('alice')}\r\n`, '334 UGFzc3dvcmQ6\r\n'], 2, 'alice', 'AUTH'],
  ['IMAP', 'imap', ['a001 LOGIN alice secret\r\n'], 1, 'alice', 'LOGIN'],
  ['IMAP, quoted', 'imap', ['7 login "alice smith" "secret"\r\n'], 1, 'alice smith', 'LOGIN'],
  ['IMAP, literals', 'imap', ['A1 LOGIN {5}\r\n'], 1, null, 'LOGIN'],
  ['IMAP, mechanism', 'imap', [`A1 AUTHENTICATE PLAIN ${base64('\0alice\0secret')}\r\n`], 1, 'alice', 'AUTH'],
  ['IMAP, mechanism when asked', 'imap', ['A1 AUTHENTICATE PLAIN\r\n', '+ \r\n'], 2, null, 'AUTH'],
  ['HTTP', 'http', [request(`Authorization: Basic ${base64('alice:secret')}`)], 1, 'alice', 'Authorization: Basic'],
  [
    'HTTP to a proxy, in lower case',
    'http',
    [request(`proxy-authorization:  basic ${base64('alice:')}`)],
    1,
    'alice',
    'Authorization: Basic',
  ],
])('%s', (_what, application, segments, packet, user, how) => {
  expect(loginIn(application, segments)).toEqual({ packet, user, how })
})

test.each([
  ['anonymous FTP', 'ftp', ['USER anonymous\r\n', 'PASS me@example.com\r\n']],
  ['anonymous FTP by its other name', 'ftp', ['USER FTP\r\n', 'PASS x\r\n']],
  ['a name without a password', 'ftp', ['USER alice\r\n', '530 use TLS\r\n']],
  ['an empty password', 'ftp', ['PASS \r\n']],
  ['AUTH TLS', 'ftp', ['AUTH TLS\r\n', '234 go on\r\n']],
  ['POP with APOP', 'pop', ['APOP alice c4c9334bac560ecc979e58001b3e22fb\r\n']],
  ['a mechanism that hides the password', 'smtp', ['AUTH CRAM-MD5\r\n', '334 PDE4OTY+\r\n']],
  ['a mechanism whose name begins alike', 'smtp', ['AUTH PLAIN-CLIENTTOKEN\r\n', '334 \r\n']],
  ['a mechanism that the server refuses', 'smtp', ['AUTH PLAIN\r\n', '530 Must issue STARTTLS first\r\n']],
  ['what the server asks for another mechanism', 'smtp', ['AUTH PLAIN\r\n', 'AUTH CRAM-MD5\r\n', '334 PDE4\r\n']],
  ['a response without a password', 'smtp', [`AUTH PLAIN ${base64('alice')}\r\n`]],
  ['a cancelled exchange', 'smtp', ['AUTH PLAIN *\r\n']],
  ['IMAP without a password', 'imap', ['a001 LOGIN alice\r\n']],
  ['IMAP with a word that begins alike', 'imap', ['a001 LOGINS alice secret\r\n']],
  ['IMAP commands', 'imap', ['a001 CAPABILITY\r\n', 'a002 STARTTLS\r\n']],
  ['HTTP with a token', 'http', [request('Authorization: Bearer YWxpY2U6c2VjcmV0')]],
  ['HTTP without a colon', 'http', [request(`Authorization: Basic ${base64('alice')}`)]],
  ['HTTP with neither name nor password', 'http', [request(`Authorization: Basic ${base64(':')}`)]],
  ['HTTP that is no base64', 'http', [request('Authorization: Basic %%%%')]],
  ['what the server says', 'http', ['HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n']],
  ['what is behind the header', 'http', [`${request('Accept: */*')}Authorization: Basic ${base64('a:b')}\r\n`]],
  ['a page that tells of it', 'http', [`see Authorization: Basic ${base64('a:b')}\r\n`]],
])('no login: %s', (_what, application, segments) => {
  expect(loginIn(application, segments)).toBeNull()
})

test('a login counts only in a protocol that has it', () => {
  expect(loginIn('irc', ['PASS secret\r\n'])).toBeNull()
  expect(loginIn('http', ['USER alice\r\n', 'PASS secret\r\n'])).toBeNull()
  expect(loginIn('ftp', [request(`Authorization: Basic ${base64('alice:secret')}`)])).toBeNull()
})

test('the first of several', () => {
  const segments = ['USER anonymous\r\n', 'PASS x\r\n', 'USER bob\r\n', 'PASS y\r\n', 'USER alice\r\n', 'PASS z\r\n']
  expect(loginIn('ftp', segments)).toMatchObject({ packet: 4, user: 'bob' })
})

test('long names are cut', () => {
  const user = loginIn('ftp', [`USER ${'x'.repeat(500)}\r\nPASS y\r\n`])?.user
  expect(user).toBe(`${'x'.repeat(61)}...`)
})

describe('hostile octets', () => {
  test('nothing is read beyond the end, whatever stands there', () => {
    const words = [
      'USER ',
      'PASS ',
      'AUTH PLAIN ',
      'a LOGIN "',
      'A1 AUTHENTICATE LOGIN ',
      '334 ',
      '+ ',
      request('Authorization: Basic '),
    ]
    const payload = fc.tuple(fc.constantFrom('', ...words), fc.uint8Array({ maxLength: 40 }))
    fc.assert(
      fc.property(payload, fc.nat({ max: 80 }), ([word, rest], cut) => {
        const octets = Uint8Array.of(...Buffer.from(word, 'latin1'), ...rest).subarray(0, cut)
        const strict = new Proxy(octets, {
          get(target, key) {
            if (typeof key === 'string' && /^\d+$/.test(key) && Number(key) >= target.length)
              throw new Error(`read ${key} of ${target.length}`)
            const value = Reflect.get(target, key, target)
            return typeof value === 'function' ? value.bind(target) : value
          },
        })
        const reader = new LoginReader()
        reader.read(strict, 0, octets.length)
        reader.user()
      }),
    )
  })
})

test('parts of a stream come to the same as the whole', () => {
  const line = fc.constantFrom(
    ...['USER alice\r\n', 'USER anonymous\r\n', 'PASS x\r\n', 'USER bob\r\nPASS y\r\n', 'AUTH PLAIN\r\n'],
    ...['AUTH CRAM-MD5\r\n', `AUTH LOGIN ${base64('carol')}\r\n`, '334 \r\n', '+ \r\n', 'a LOGIN dave x\r\n'],
    ...[`AUTH PLAIN ${base64('\0erin\0x')}\r\n`, 'NOOP\r\n'],
  )
  const mapping = Int32Array.of(0)
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 12 }),
      fc.array(fc.nat({ max: 12 }), { maxLength: 3 }),
      fc.boolean(),
      (lines, cuts, isRight) => {
        const parts = [new ClearTextLogins()]
        const whole = new ClearTextLogins()
        for (const [i, text] of lines.entries()) {
          if (cuts.includes(i)) parts.push(new ClearTextLogins())
          observe(parts[parts.length - 1], text, i + 1)
          observe(whole, text, i + 1)
        }
        const join = (into: ClearTextLogins, later: ClearTextLogins): ClearTextLogins => {
          into.merge(later, mapping)
          return into
        }
        const merged = isRight ? parts.reduceRight((later, earlier) => join(earlier, later)) : parts.reduce(join)
        for (const names of [['ftp'], ['pop'], ['imap'], ['smtp']])
          expect(merged.of(0, names)).toEqual(whole.of(0, names))
      },
    ),
  )
})
