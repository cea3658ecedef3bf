/**
 * JA4: a fingerprint of TLS clients by their ClientHello, published by FoxIO (technical_details/JA4.md). Unlike JA3's it does not
 * change with the order of suites and extensions, which clients shuffle.
 *
 *   t13d1516h2_8daaf6152771_e5627efa2ab1
 *   |||  | | |  |            SHA-256 of extensions and signature algorithms, its first twelve digits
 *   |||  | | |  SHA-256 of the cipher suites, likewise
 *   |||  | | first and last character of the first application protocol
 *   |||  | number of extensions
 *   |||  number of cipher suites
 *   ||d: names the server; i: does not
 *   |version
 *   t: over TCP; q: within QUIC
 */
import { createHash } from 'node:crypto'
import { read16 } from '../../../packet/bytes.ts'
import type { Field } from '../../field.ts'
import { isGrease } from './grease.ts'
import { CLIENT_HELLO, eachExtension, RANDOM, SUPPORTED_VERSIONS, suitesAt, VERSION } from './handshake.ts'
import { each16 } from './lists.ts'
import { message } from './message-field.ts'

const SERVER_NAME = 0
const SIGNATURES = 13
const ALPN = 16

const VERSIONS: Readonly<Record<number, string>> = {
  772: '13',
  771: '12',
  770: '11',
  769: '10',
  768: 's3',
  2: 's2',
}

const LARGEST_COUNT = 99
const HASH_DIGITS = 12

/** What a ClientHello says, without GREASE. */
interface Hello {
  version: number
  namesServer: boolean
  protocol: Uint8Array
  readonly suites: number[]
  readonly types: number[]
  readonly signatures: number[]
}

function readHello(bytes: Uint8Array, at: number, end: number): Hello | null {
  const block = suitesAt(bytes, at, end)
  if (at + RANDOM > end || block < 0) return null
  const hello: Hello = {
    version: read16(bytes, at + VERSION),
    namesServer: false,
    protocol: NO_PROTOCOL,
    suites: [],
    types: [],
    signatures: [],
  }
  each16(bytes, block, end - block, pushTo(hello.suites))
  eachExtension(bytes, at, end, (type, value, length) => {
    if (isGrease(type)) return false
    hello.types.push(type)
    if (type === SERVER_NAME) hello.namesServer = true
    else if (type === SIGNATURES) each16(bytes, value, length, pushTo(hello.signatures))
    else if (type === SUPPORTED_VERSIONS) hello.version = highest(bytes, value, length, hello.version)
    else if (type === ALPN && length > 3)
      hello.protocol = bytes.subarray(value + 3, Math.min(value + length, value + 3 + bytes[value + 2]))
    return false
  })
  return hello
}

const NO_PROTOCOL = new Uint8Array(0)

function pushTo(list: number[]): (value: number) => boolean {
  return (value) => {
    if (!isGrease(value)) list.push(value)
    return false
  }
}

/** The highest version of an extension that lists them behind an octet of length. */
function highest(bytes: Uint8Array, at: number, length: number, otherwise: number): number {
  let version = 0
  for (let i = 1; i + 2 <= length && i < bytes[at]; i += 2) {
    const offered = read16(bytes, at + i)
    if (!isGrease(offered) && offered > version) version = offered
  }
  return version === 0 ? otherwise : version
}

const digits = (value: number): string => value.toString(16).padStart(4, '0')
const listed = (values: readonly number[]): string => values.map(digits).join(',')
const sorted = (values: readonly number[]): string => listed([...values].sort((a, b) => a - b))
const counted = (values: readonly number[]): string =>
  Math.min(LARGEST_COUNT, values.length).toString().padStart(2, '0')

function isAlphanumeric(octet: number): boolean {
  return (octet >= 0x30 && octet <= 0x39) || (octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a)
}

/** First and last character of a protocol's name; of its hexadecimal digits, if either is no letter or digit. */
function endsOf(protocol: Uint8Array): string {
  if (protocol.length === 0) return '00'
  const first = protocol[0]
  const last = protocol[protocol.length - 1]
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last)
  return (first >> 4).toString(16) + (last & 0x0f).toString(16)
}

function hash(list: string): string {
  return list === '' ? '0'.repeat(HASH_DIGITS) : createHash('sha256').update(list).digest('hex').slice(0, HASH_DIGITS)
}

/** The three parts of a fingerprint, the lists not yet hashed; null if the hello is cut. */
function ja4(bytes: Uint8Array, at: number, end: number, isQuic: boolean): readonly [string, string, string] | null {
  const hello = readHello(bytes, at, end)
  if (hello === null) return null
  const { suites, types, signatures } = hello
  const first = `${isQuic ? 'q' : 't'}${VERSIONS[hello.version] ?? '00'}${hello.namesServer ? 'd' : 'i'}`
  // What the first part already tells is left out of the last, so that it is the same for whatever server is asked.
  const extensions = sorted(types.filter((type) => type !== SERVER_NAME && type !== ALPN))
  return [
    `${first}${counted(suites)}${counted(types)}${endsOf(hello.protocol)}`,
    sorted(suites),
    signatures.length === 0 ? extensions : `${extensions}_${listed(signatures)}`,
  ]
}

/** The fingerprint, and what it is made of. Wireshark has them since 4.2. */
export const ja4Fields: readonly Field[] = [
  message('string', 'tls.handshake.ja4', [CLIENT_HELLO], 'JA4', (bytes, at, end, visit, isQuic) => {
    const parts = ja4(bytes, at, end, isQuic)
    return parts !== null && visit(`${parts[0]}_${hash(parts[1])}_${hash(parts[2])}`, 0)
  }),
  message('string', 'tls.handshake.ja4_r', [CLIENT_HELLO], 'JA4_r; in full', (bytes, at, end, visit, isQuic) => {
    const parts = ja4(bytes, at, end, isQuic)
    return parts !== null && visit(parts.join('_'), 0)
  }),
]
