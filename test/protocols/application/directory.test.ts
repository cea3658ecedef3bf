import { describe, expect, test } from 'vitest'
import { valuesOf } from '../../support/packet.ts'
import { applicationsOf, Exchange, text } from './exchange.ts'

// Expected values: tshark 4.0.17.

/** An ASN.1 element of less than 128 octets. */
function element(tag: string, contents: string): string {
  return `${tag}${(contents.length / 2).toString(16).padStart(2, '0')}${contents}`
}

function string(tag: string, value: string): string {
  return element(tag, Buffer.from(text(value)).toString('hex'))
}

function message(id: string, operation: string): string {
  return element('30', element('02', id) + operation)
}

const SEARCH = message(
  '02',
  element(
    '63',
    `${string('04', 'dc=x')}0a01020a010002010002010001 0100`.replaceAll(' ', '') +
      string('87', 'objectClass') +
      element('30', string('04', 'cn') + string('04', 'sn')),
  ),
)
const DONE = message('02', element('65', '0a010004000400'))
const NTLM = `4e544c4d5353500001000000058208a0${'00'.repeat(16)}`

describe('LDAP', () => {
  test('a search and its end; two messages in a segment', () => {
    const exchange = new Exchange('tcp', 389)
    const search = exchange.client(SEARCH)
    expect(applicationsOf(search)).toBe('ldap')
    expect(valuesOf(search, 'ldap.messageID')).toEqual([2])
    expect(valuesOf(search, 'ldap.protocolOp')).toEqual([3])
    expect(valuesOf(search, 'ldap.baseObject')).toEqual(['dc=x'])
    expect(valuesOf(search, 'ldap.scope')).toEqual([2])
    expect(valuesOf(search, 'ldap.AttributeDescription')).toEqual(['cn', 'sn'])
    expect(valuesOf(exchange.server(DONE + DONE), 'ldap.resultCode')).toEqual([0, 0])
  })

  test('a bind with NTLM, and what is protected after it', () => {
    const exchange = new Exchange('tcp', 389)
    const sasl = element('a3', string('04', 'GSS-SPNEGO') + element('04', NTLM))
    const bind = exchange.client(message('01', element('60', `0201030400${sasl}`)))
    expect(applicationsOf(bind)).toContain('ntlmssp')
    expect(valuesOf(bind, 'ldap.mechanism')).toEqual(['GSS-SPNEGO'])
    const secret = exchange.client('00000010 01000000 00112233 44556677 8899aabb')
    expect(valuesOf(secret, 'ldap.sasl_buffer_length')).toEqual([16])
    expect(valuesOf(secret, 'ldap.messageID')).toEqual([])
  })

  test('what is not LDAP is nothing at all, over UDP it is CLDAP', () => {
    expect(applicationsOf(new Exchange('tcp', 389).client(text('GET / HTTP')))).toBe('')
    const packet = new Exchange('udp', 389).client(SEARCH)
    expect(applicationsOf(packet)).toBe('cldap')
    expect(valuesOf(packet, 'ldap.messageID')).toEqual([2])
  })
})

describe('Kerberos', () => {
  /** TGS-REQ with a body: realm, server's name, till, nonce, etypes. */
  const BODY = element(
    '30',
    element('a2', string('1b', 'EXAMPLE')) +
      element(
        'a3',
        element('30', `a003020102${element('a1', element('30', string('1b', 'krbtgt') + string('1b', 'X')))}`),
      ) +
      element('a5', string('18', '20370913024805Z')) +
      'a703020105' +
      element('a8', element('30', '020117020112')),
  )
  const REQUEST = element('6c', element('30', `a103020105a20302010c${element('a4', BODY)}`))

  test('the fields of a request', () => {
    const packet = new Exchange('udp', 88).client(REQUEST)
    expect(applicationsOf(packet)).toBe('kerberos')
    expect(valuesOf(packet, 'kerberos.msg_type')).toEqual([12])
    expect(valuesOf(packet, 'kerberos.realm')).toEqual(['EXAMPLE'])
    expect(valuesOf(packet, 'kerberos.SNameString')).toEqual(['krbtgt', 'X'])
    expect(valuesOf(packet, 'kerberos.till')).toEqual([2136422885])
    expect(valuesOf(packet, 'kerberos.ENCTYPE')).toEqual([23, 18])
  })

  test('options, and addresses of the client', () => {
    // Forwardable, renewable, canonicalize; NetBIOS name CLIENT, address 192.0.2.1.
    const addresses = [
      element('30', `a003020114${element('a1', string('04', 'CLIENT          '))}`),
      element('30', 'a003020102a1060404c0000201'),
    ]
    const body = element('30', `a00703050040810000${element('a9', element('30', addresses.join('')))}`)
    const packet = new Exchange('udp', 88).client(
      element('6a', element('30', `a103020105a20302010a${element('a4', body)}`)),
    )
    expect(valuesOf(packet, 'kerberos.kdc_options')).toEqual(['40810000'])
    expect(valuesOf(packet, 'kerberos.KDCOptions.forwardable')).toEqual([1])
    expect(valuesOf(packet, 'kerberos.KDCOptions.canonicalize')).toEqual([1])
    expect(valuesOf(packet, 'kerberos.KDCOptions.renewable.ok')).toEqual([0])
    expect(valuesOf(packet, 'kerberos.addr_type')).toEqual([20, 2])
    expect(valuesOf(packet, 'kerberos.addr_nb')).toEqual(['CLIENT         <20>'])
    expect(valuesOf(packet, 'kerberos.addr_ip')).toEqual([0xc0000201])
  })

  test('over TCP behind its length; other octets are no message', () => {
    const exchange = new Exchange('tcp', 88)
    const length = (REQUEST.length / 2).toString(16).padStart(8, '0')
    const packet = exchange.client(length + REQUEST)
    expect(valuesOf(packet, 'kerberos.rm.length')).toEqual([REQUEST.length / 2])
    expect(valuesOf(packet, 'kerberos.nonce')).toEqual([5])
    expect(applicationsOf(exchange.client('00000003 303132'))).toBe('')
    expect(applicationsOf(new Exchange('udp', 88).client('300161'))).toBe('data')
  })
})
