/**
 * Logins whose password goes over the wire for everybody to read, as one segment has them:
 *
 *   FTP (RFC 959 §4.1.1), POP (RFC 1939 §7)      USER name, PASS password
 *   SMTP (RFC 4954), POP (RFC 5034)              AUTH PLAIN and AUTH LOGIN, with or without what they begin with
 *   IMAP (RFC 9051 §6.2.2, §6.2.3)               tag LOGIN name password, tag AUTHENTICATE PLAIN
 *   HTTP (RFC 7617)                              Authorization: Basic, Proxy-Authorization: Basic
 *
 * It goes by what stands there; whether the stream is of that protocol is for others to ask. What a password is, nobody is told.
 */

// What a segment says.
export const NOTHING = 0
/** `USER`: a password may follow. */
export const NAMED = 1
/** `PASS`, for the name before. */
export const PASSWORD = 2
/** `AUTH` with a mechanism that sends the password as it is; the server has yet to ask for it. */
export const CLEAR_MECHANISM = 3
/** `AUTH` with another mechanism. */
export const OTHER_MECHANISM = 4
/** The server asks for what the mechanism wants. */
export const CONTINUE = 5
/** All of a login in one segment. */
export const LOGIN = 6

// How the login is made.
export const BY_PASS = 0
export const BY_MECHANISM = 1
export const BY_LOGIN = 2
export const BY_BASIC = 3
/** How many ways there are. */
export const WAYS = 4

// How the name is written.
const PLAIN_TEXT = 0
const BASE64 = 1
/** Base64 of authorization identity, name and password, with zeros between (RFC 4616). */
const BASE64_PLAIN = 2
/** Base64 of name and password, with a colon between (RFC 7617 §2). */
const BASE64_BASIC = 3

/** Octets of one segment that are looked through for header fields. */
const MAX_HEADER = 8192
/** Octets of a line, of a tag of IMAP, of a name. */
const MAX_LINE = 1024
const MAX_TAG = 24
const MAX_NAME = 64

const SPACE = 0x20
const CR = 0x0d
const LF = 0x0a

export class LoginReader {
  /** How the login is made. */
  way = BY_PASS
  #bytes: Uint8Array = new Uint8Array(0)
  #at = 0
  #end = 0
  // Where the name stands; nowhere, if both are the same.
  #nameAt = 0
  #nameEnd = 0
  #form = PLAIN_TEXT

  /** Hot: what the octets say; `user` is the name that goes with it. */
  read(bytes: Uint8Array, at: number, end: number): number {
    if (end - at < 4) return NOTHING
    this.#bytes = bytes
    this.#at = at
    this.#end = end
    this.#nameAt = this.#nameEnd = at
    this.#form = PLAIN_TEXT
    const first = bytes[at]
    const second = bytes[at + 1]
    // "+ ", "334 ": the server wants more (RFC 9051 §7.6, RFC 1939, RFC 4954 §4).
    if (first === 0x2b) return second === SPACE || second === CR ? this.#by(BY_MECHANISM, CONTINUE) : NOTHING
    if (first === 0x33 && this.#has('334 ', at)) return this.#by(BY_MECHANISM, CONTINUE)
    // A tag of IMAP may begin with a digit; all else begins with a letter.
    const isLetter = (first | 0x20) >= 0x61 && (first | 0x20) <= 0x7a
    if (!isLetter && (first < 0x30 || first > 0x39)) return NOTHING
    if (isLetter) {
      if (this.#has('user ', at)) return this.#readUser()
      if (this.#has('pass ', at)) return this.#isText(at + 5) ? this.#by(BY_PASS, PASSWORD) : NOTHING
      if (this.#has('auth ', at)) return this.#readMechanism(at + 5)
    }
    return this.#readTagged()
  }

  /** Not hot: the name that the segment read last has; null if it has none, or none that can be read. Undefined: no login at all. */
  user(): string | null | undefined {
    const text = Buffer.from(this.#bytes.subarray(this.#nameAt, this.#nameEnd))
    if (this.#form === PLAIN_TEXT) return shorten(text.toString())
    const written = text.toString('latin1')
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(written)) return this.#form === BASE64 ? null : undefined
    const decoded = Buffer.from(written, 'base64').toString()
    if (this.#form === BASE64) return shorten(decoded)
    if (this.#form === BASE64_BASIC) {
      const colon = decoded.indexOf(':')
      return colon < 0 || decoded.length === 1 ? undefined : shorten(decoded.slice(0, colon))
    }
    const [, name, password, more] = decoded.split('\0')
    return password === undefined || password === '' || more !== undefined ? undefined : shorten(name)
  }

  #by(way: number, says: number): number {
    this.way = way
    return says
  }

  /** `USER name`, and perhaps `PASS` in the same segment. */
  #readUser(): number {
    const nameAt = this.#at + 5
    if (!this.#isText(nameAt)) return NOTHING
    const lineEnd = this.#lineEnd(nameAt)
    this.#setName(nameAt, lineEnd, PLAIN_TEXT)
    const next = this.#nextLine(lineEnd)
    return this.#by(BY_PASS, this.#has('pass ', next) && this.#isText(next + 5) ? LOGIN : NAMED)
  }

  /** Behind `AUTH` or `AUTHENTICATE`: the mechanism, and what it begins with. */
  #readMechanism(at: number): number {
    const isPlain = this.#has('plain', at)
    if (!isPlain && !this.#has('login', at)) return this.#by(BY_MECHANISM, OTHER_MECHANISM)
    const behind = at + 5
    const lineEnd = this.#lineEnd(behind)
    if (lineEnd === behind) return this.#by(BY_MECHANISM, CLEAR_MECHANISM)
    if (this.#bytes[behind] !== SPACE) return this.#by(BY_MECHANISM, OTHER_MECHANISM)
    this.#setName(behind + 1, lineEnd, isPlain ? BASE64_PLAIN : BASE64)
    return this.#by(BY_MECHANISM, isPlain && this.#nameEnd > this.#nameAt ? LOGIN : CLEAR_MECHANISM)
  }

  /** `tag LOGIN`, `tag AUTHENTICATE`, or the request line of HTTP: a word, a space, and more. */
  #readTagged(): number {
    const bytes = this.#bytes
    const most = Math.min(this.#end, this.#at + MAX_TAG)
    let at = this.#at
    while (at < most && bytes[at] > SPACE && bytes[at] < 0x7f) at++
    if (at === most || bytes[at] !== SPACE) return NOTHING
    if (this.#has('login ', at + 1)) return this.#readLogin(at + 7)
    if (this.#has('authenticate ', at + 1)) return this.#readMechanism(at + 14)
    return this.#readRequest()
  }

  /** Behind IMAP's `LOGIN`: a name, as an atom, between quotes or as a literal, which comes in a segment of its own. */
  #readLogin(at: number): number {
    const bytes = this.#bytes
    const lineEnd = this.#lineEnd(at)
    if (lineEnd === at) return NOTHING
    if (bytes[at] === 0x7b) return this.#by(BY_LOGIN, LOGIN)
    const isQuoted = bytes[at] === 0x22
    const stop = isQuoted ? 0x22 : SPACE
    const nameAt = isQuoted ? at + 1 : at
    let nameEnd = nameAt
    while (nameEnd < lineEnd && bytes[nameEnd] !== stop) nameEnd++
    // Without a password it is something else.
    if (nameEnd === nameAt || lineEnd - nameEnd < (isQuoted ? 3 : 2)) return NOTHING
    this.#setName(nameAt, nameEnd, PLAIN_TEXT)
    return this.#by(BY_LOGIN, LOGIN)
  }

  /** A request of HTTP/1 (RFC 9112 §3): the header fields behind its first line. */
  #readRequest(): number {
    const bytes = this.#bytes
    const first = bytes[this.#at]
    if (first < 0x41 || first > 0x5a) return NOTHING
    const most = Math.min(this.#end, this.#at + MAX_HEADER)
    let lineEnd = this.#at
    while (lineEnd < most && bytes[lineEnd] !== LF) lineEnd++
    if (lineEnd === most || !this.#has('http/1.', lineEnd - 9)) return NOTHING
    for (let at = lineEnd + 1; at < most && bytes[at] !== CR && bytes[at] !== LF; at++) {
      const letter = bytes[at] | 0x20
      let value = -1
      if (letter === 0x61 && this.#has('authorization:', at)) value = at + 14
      else if (letter === 0x70 && this.#has('proxy-authorization:', at)) value = at + 20
      if (value >= 0) {
        while (value < most && (bytes[value] === SPACE || bytes[value] === 0x09)) value++
        if (this.#has('basic ', value)) {
          this.#setName(value + 6, this.#lineEnd(value + 6), BASE64_BASIC)
          if (this.#nameEnd > this.#nameAt) return this.#by(BY_BASIC, LOGIN)
        }
      }
      while (at < most && bytes[at] !== LF) at++
    }
    return NOTHING
  }

  #setName(at: number, end: number, form: number): void {
    while (at < end && this.#bytes[at] === SPACE) at++
    while (end > at && this.#bytes[end - 1] === SPACE) end--
    this.#nameAt = at
    this.#nameEnd = end
    this.#form = form
  }

  /** Whether the octets of `text`, which is in lower case, stand at `at`; letters of either case. */
  #has(text: string, at: number): boolean {
    if (at < this.#at || at + text.length > this.#end) return false
    for (let i = 0; i < text.length; i++) {
      const octet = this.#bytes[at + i]
      if ((octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet) !== text.charCodeAt(i)) return false
    }
    return true
  }

  /** Something that can be read stands at `at`. */
  #isText(at: number): boolean {
    return at < this.#end && this.#bytes[at] > SPACE && this.#bytes[at] !== 0x7f
  }

  #lineEnd(at: number): number {
    const most = Math.min(this.#end, at + MAX_LINE)
    let end = at
    while (end < most && this.#bytes[end] !== CR && this.#bytes[end] !== LF) end++
    return end
  }

  #nextLine(lineEnd: number): number {
    let at = lineEnd
    while (at < this.#end && at < lineEnd + 2 && (this.#bytes[at] === CR || this.#bytes[at] === LF)) at++
    return at
  }
}

function shorten(name: string): string | null {
  if (name === '') return null
  const characters = [...name]
  return characters.length <= MAX_NAME ? name : `${characters.slice(0, MAX_NAME - 3).join('')}...`
}
