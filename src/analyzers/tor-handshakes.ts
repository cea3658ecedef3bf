/**
 * Which TLS streams begin as Tor's do. Tor makes up names for each connection ("tor-spec", Certificates and TLS handshake): the
 * client asks for `www.` and 4 to 25 characters of base32 (RFC 4648 §6, in lower case) and `.com`; the server's certificate is
 * of a name like that in `.net`, and signed by another in `.com`. TLS 1.3 hides the certificate; then the client's name has to
 * do, if it has digits in two places, as few words have, and the client offers no protocol (ALPN), as browsers always do.
 */
import { read16, read24 } from '../packet/bytes.ts'

// TLS records and messages (RFC 8446 §5.1, §4), from the payload's first octet.
const HANDSHAKE_RECORD = 22
const MESSAGE = 5
const CLIENT_HELLO = 1
const SERVER_HELLO = 2
const CERTIFICATE = 11
/** Version and random, in front of the session's identification. */
const HELLO_SESSION = MESSAGE + 4 + 2 + 32
const SERVER_NAME = 0
const ALPN = 16

/** Octets in which the certificate's names stand. */
const MAX_CERTIFICATE = 2048

// Characters of a name that was made up: of clients, where something must tell it from a word; of certificates.
const LEAST_CLIENT = 8
const MOST_CLIENT = 25
const LEAST_CERTIFICATE = 8
const MOST_CERTIFICATE = 20

export interface TorHandshake {
  readonly packet: number
  readonly what: string
}

interface Found {
  certificate: TorHandshake | null
  client: TorHandshake | null
}

export class TorHandshakes {
  /** By row of the stream; few streams are here. */
  readonly #streams = new Map<number, Found>()

  /** Hot: the payload of a segment. */
  observe(bytes: Uint8Array, at: number, end: number, row: number, packet: number): void {
    if (end - at <= MESSAGE || bytes[at] !== HANDSHAKE_RECORD || bytes[at + 1] !== 3) return
    const message = bytes[at + MESSAGE]
    if (message === CLIENT_HELLO) {
      const name = madeUpName(bytes, at, end)
      if (name > 0) this.#note(row, packet, false, `asks for ${textAt(bytes, name)}, a name made up as Tor does`)
    } else if (message === SERVER_HELLO || message === CERTIFICATE) {
      const issuer = commonName(bytes, at, Math.min(end, at + MAX_CERTIFICATE))
      if (issuer === 0 || !isMadeUp(bytes, issuer, end, COM, LEAST_CERTIFICATE, MOST_CERTIFICATE)) return
      const subject = commonName(bytes, issuer, Math.min(end, at + MAX_CERTIFICATE))
      if (subject === 0 || !isMadeUp(bytes, subject, end, NET, LEAST_CERTIFICATE, MOST_CERTIFICATE)) return
      const names = `${textAt(bytes, subject)}, signed by ${textAt(bytes, issuer)}`
      this.#note(row, packet, true, `certificate of ${names}: names made up as Tor does`)
    }
  }

  #note(row: number, packet: number, isCertificate: boolean, what: string): void {
    let found = this.#streams.get(row)
    if (found === undefined) {
      found = { certificate: null, client: null }
      this.#streams.set(row, found)
    }
    if (isCertificate) found.certificate ??= { packet, what }
    else found.client ??= { packet, what }
  }

  /** Null if the stream does not begin like that. The certificate says more than what the client asks for. */
  of(row: number): TorHandshake | null {
    const found = this.#streams.get(row)
    return found?.certificate ?? found?.client ?? null
  }

  forget(row: number): void {
    this.#streams.delete(row)
  }

  /** `mapping` says which stream of the whole each of the later part is. */
  merge(later: TorHandshakes, mapping: Int32Array): void {
    for (const [row, { certificate, client }] of later.#streams) {
      const ours = this.#streams.get(mapping[row])
      if (ours === undefined) this.#streams.set(mapping[row], { certificate, client })
      else {
        ours.certificate ??= certificate
        ours.client ??= client
      }
    }
  }
}

const COM = '.com'
const NET = '.net'

/** Hot: where the length octet of the name is that a ClientHello asks for, if it is made up; 0 if not, or if not all of it is there. */
function madeUpName(bytes: Uint8Array, at: number, end: number): number {
  let next = at + HELLO_SESSION
  if (next + 1 > end) return 0
  next += 1 + bytes[next]
  if (next + 2 > end) return 0
  next += 2 + read16(bytes, next)
  if (next + 1 > end) return 0
  next += 1 + bytes[next]
  if (next + 2 > end) return 0
  const extensionsEnd = next + 2 + read16(bytes, next)
  if (extensionsEnd > end || extensionsEnd !== at + MESSAGE + 4 + read24(bytes, at + MESSAGE + 1)) return 0
  let name = 0
  for (next += 2; next + 4 <= extensionsEnd; next += 4 + read16(bytes, next + 2)) {
    const type = read16(bytes, next)
    if (type === ALPN) return 0
    // RFC 6066 §3: the list's length, the kind of name, the name's length.
    if (type === SERVER_NAME && next + 9 < extensionsEnd && bytes[next + 6] === 0 && bytes[next + 7] === 0)
      name = next + 8
  }
  if (name === 0 || !isMadeUp(bytes, name, extensionsEnd, COM, LEAST_CLIENT, MOST_CLIENT)) return 0
  return hasDigitsApart(bytes, name) ? name : 0
}

/** Hot: where the length octet of the next common name is (X.520: object identifier 2.5.4.3, then a string); 0 without one. */
function commonName(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at + 7 < end; at++)
    if (
      bytes[at] === 0x06 &&
      bytes[at + 1] === 3 &&
      bytes[at + 2] === 0x55 &&
      bytes[at + 3] === 4 &&
      bytes[at + 4] === 3
    )
      return at + 6
  return 0
}

/** Hot: whether at `at`, behind its length, there is `www.`, base32 of so many characters, and `ending`. */
function isMadeUp(bytes: Uint8Array, at: number, end: number, ending: string, least: number, most: number): boolean {
  const length = bytes[at] - 8
  if (length < least || length > most || at + 1 + bytes[at] > end) return false
  for (let i = 0; i < 4; i++) {
    if (bytes[at + 1 + i] !== 'www.'.charCodeAt(i)) return false
    if (bytes[at + 5 + length + i] !== ending.charCodeAt(i)) return false
  }
  for (let i = at + 5; i < at + 5 + length; i++) {
    const isLetter = bytes[i] >= 0x61 && bytes[i] <= 0x7a
    if (!isLetter && (bytes[i] < 0x32 || bytes[i] > 0x37)) return false
  }
  return true
}

/** Hot: digits in two places, letters between. */
function hasDigitsApart(bytes: Uint8Array, at: number): boolean {
  let groups = 0
  const end = at + 1 + bytes[at] - 4
  for (let i = at + 5; i < end; i++) if (bytes[i] < 0x61 && bytes[i - 1] >= 0x61) groups++
  return groups >= 2
}

function textAt(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.subarray(at + 1, at + 1 + bytes[at])).toString('latin1')
}
