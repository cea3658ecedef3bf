import { describe, expect, test } from 'vitest'
import { FAULT_MALFORMED } from '../../src/packet/packet.ts'
import { packetOf, stackOf, valuesOf } from '../support/packet.ts'

// Expected values: tshark 4.0.17.

/** IPv4 and UDP to `port`, around `payload`. */
function over(port: number, payload: string) {
  const octets = payload.replace(/\s/g, '')
  const hex = (n: number) => n.toString(16).padStart(4, '0')
  const length = 8 + octets.length / 2
  return packetOf(
    228,
    `4500${hex(20 + length)} 00010000 40110000 c0000201 c0000202 c000${hex(port)} ${hex(length)}0000 ${octets}`,
  )
}

// IPv4 without data; IPv6 without a next header.
const IPV4 = '45000014 00020000 40110000 0a000001 0a000002'
const IPV6 = '60000000 00003b40 20010db8000000000000000000000001 20010db8000000000000000000000002'

describe('GTP', () => {
  test.each([
    ['30ff0014 00000101', IPV4, 'ip:udp:gtp:ip'],
    ['30ff0028 00000101', IPV6, 'ip:udp:gtp:ipv6'],
    ['32ff0018 00000101 00070000', IPV4, 'ip:udp:gtp:ip'], // S: sequence number
    ['34ff001c 00000101 00000085 01000100', IPV4, 'ip:udp:gtp:ip'], // E: one extension, of 4 octets
    ['30010004 00000101', IPV4, 'ip:udp:gtp'], // echo request: no user data
  ])('%s', (header, payload, stack) => {
    const packet = over(2152, `${header} ${payload}`)
    expect(stackOf(packet)).toBe(stack)
    expect(valuesOf(packet, 'gtp.teid')).toEqual([0x101])
  })

  test('an extension of no length does not hang', () => {
    const packet = over(2152, `34ff001c 00000101 00000085 00000000 ${IPV4}`)
    expect(stackOf(packet)).toBe('ip:udp:gtp')
    expect(packet.fault).toBe(FAULT_MALFORMED)
  })
})

describe('Teredo', () => {
  test.each([
    [''],
    ['0000 c001 fdfffdfe'], // origin indication
    ['0001 0000 0102030405060708 00'], // authentication
    ['0001 0000 0102030405060708 00 0000 c001 fdfffdfe'], // both
  ])('%s', (header) => {
    expect(stackOf(over(3544, `${header} ${IPV6}`))).toBe('ip:udp:teredo:ipv6')
  })
})

test('LISP data (RFC 9300 §5.3): 8 octets, then the packet', () => {
  expect(stackOf(over(4341, `80000000 00000000 ${IPV4}`))).toBe('ip:udp:lisp-data:ip')
  expect(stackOf(over(4341, `80000000 00000000 ${IPV6}`))).toBe('ip:udp:lisp-data:ipv6')
  expect(stackOf(over(4341, '80000000 00000000'))).toBe('ip:udp:lisp-data')
})

test('LISP control (RFC 9301 §5.8): a message of type 8 carries a packet', () => {
  // Types 8 with the bit D, 1 (Map-Request), and 8 with the bit S.
  expect(stackOf(over(4342, `84000000 ${IPV4}`))).toBe('ip:udp:lisp:ip')
  expect(stackOf(over(4342, '14000001 00000000'))).toBe('ip:udp:lisp')
  expect(stackOf(over(4342, `88000000 00000000 ${IPV4}`))).toBe('ip:udp:lisp')
})
