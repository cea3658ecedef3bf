/**
 * Which TCP streams hold a login in clear text, and whose. Every stream is looked at, since a name may be told only later; whether
 * what was found means a login there is asked of the stream's protocol in the end.
 *
 * Anonymous FTP is no login, and neither is what the server has refused to begin with. A mechanism counts once the server has asked
 * for the password, or the client has sent it unasked.
 */
import {
  BY_BASIC,
  BY_LOGIN,
  BY_MECHANISM,
  BY_PASS,
  CLEAR_MECHANISM,
  CONTINUE,
  LOGIN,
  LoginReader,
  NAMED,
  NOTHING,
  PASSWORD,
  WAYS,
} from './login-reader.ts'

export interface ClearTextLogin {
  readonly packet: number
  /** Null if it was not seen, or cannot be read. */
  readonly user: string | null
  /** What the password came with. */
  readonly how: string
}

const HOW = ['PASS', 'AUTH', 'LOGIN', 'Authorization: Basic']

/** By Wireshark's name of a protocol: the ways of its logins. */
const WAYS_OF: Readonly<Record<string, readonly number[]>> = {
  ftp: [BY_PASS],
  pop: [BY_PASS, BY_MECHANISM],
  imap: [BY_LOGIN, BY_MECHANISM],
  smtp: [BY_MECHANISM],
  http: [BY_BASIC],
}

/** Names that everybody may use (RFC 1635). */
const ANONYMOUS = ['anonymous', 'ftp']

interface FoundLogin {
  readonly packet: number
  readonly user: string | null
}

/** What one stream said so far. Parts of a stream can be put together: what the first lacks, the second still has open. */
class StreamLogins {
  /** The first login by each way. */
  readonly first: (FoundLogin | null)[] = new Array(WAYS).fill(null)
  /** The name of the last `USER`; undefined before the first. */
  user: string | null | undefined = undefined
  /** The first `PASS` before any `USER`; 0 without one. */
  earlyPassword = 0
  /** The last mechanism: whose login it is, or false if it is not in clear text; undefined before the first. */
  mechanism: { readonly user: string | null } | false | undefined = undefined
  /** The first time that the server asked before any mechanism was named; 0 without one. */
  earlyContinue = 0

  found(way: number, packet: number, user: string | null): void {
    const known = this.first[way]
    if (known === null || packet < known.packet) this.first[way] = { packet, user }
  }

  password(packet: number): void {
    if (this.user === undefined) {
      if (this.earlyPassword === 0) this.earlyPassword = packet
    } else if (!isAnonymous(this.user)) this.found(BY_PASS, packet, this.user)
  }

  continues(packet: number): void {
    if (this.mechanism === undefined) {
      if (this.earlyContinue === 0) this.earlyContinue = packet
    } else if (this.mechanism !== false) this.found(BY_MECHANISM, packet, this.mechanism.user)
  }

  /** `later` is what the stream said behind this. */
  append(later: StreamLogins): void {
    if (later.earlyPassword > 0) this.password(later.earlyPassword)
    if (later.earlyContinue > 0) this.continues(later.earlyContinue)
    if (later.user !== undefined) this.user = later.user
    if (later.mechanism !== undefined) this.mechanism = later.mechanism
    for (const [way, login] of later.first.entries()) if (login !== null) this.found(way, login.packet, login.user)
  }
}

/** Streams of which it is kept what they said of a login, the first to come; 400 octets each. */
export const MAX_STREAMS = 262_144

export class ClearTextLogins {
  readonly #reader = new LoginReader()
  /** By row of the stream; few streams are here. */
  readonly #streams = new Map<number, StreamLogins>()

  /** Hot: the payload of a segment. */
  observe(bytes: Uint8Array, at: number, end: number, row: number, packet: number): void {
    const says = this.#reader.read(bytes, at, end)
    if (says !== NOTHING) this.#note(says, row, packet)
  }

  /** Not hot: few segments say anything. */
  #note(says: number, row: number, packet: number): void {
    const reader = this.#reader
    let stream = this.#streams.get(row)
    if (stream === undefined) {
      if (this.#streams.size >= MAX_STREAMS) return
      stream = new StreamLogins()
      this.#streams.set(row, stream)
    }
    if (says === NAMED) stream.user = reader.user() ?? null
    else if (says === PASSWORD) stream.password(packet)
    else if (says === CONTINUE) stream.continues(packet)
    else if (says === CLEAR_MECHANISM) stream.mechanism = { user: reader.user() ?? null }
    else if (says === LOGIN) this.#noteLogin(stream, packet)
    else stream.mechanism = false
  }

  #noteLogin(stream: StreamLogins, packet: number): void {
    const user = this.#reader.user()
    // It looks like one, and holds no name and password.
    if (user === undefined) return
    const { way } = this.#reader
    if (way === BY_PASS) {
      stream.user = user
      stream.password(packet)
    } else stream.found(way, packet, user)
    if (way === BY_MECHANISM) stream.mechanism = { user }
  }

  /** The first login of a stream that carries these protocols; null if there was none. */
  of(row: number, names: readonly string[]): ClearTextLogin | null {
    const stream = this.#streams.get(row)
    if (stream === undefined) return null
    let first: ClearTextLogin | null = null
    for (const way of names.flatMap((name) => WAYS_OF[name] ?? [])) {
      // Whose password it was, the capture does not have.
      const early = way === BY_PASS && stream.earlyPassword > 0 ? { packet: stream.earlyPassword, user: null } : null
      const login = early ?? stream.first[way]
      if (login !== null && (first === null || login.packet < first.packet)) first = { ...login, how: HOW[way] }
    }
    return first
  }

  forget(row: number): void {
    this.#streams.delete(row)
  }

  /** `mapping` says which stream of the whole each of the later part is. */
  merge(later: ClearTextLogins, mapping: Int32Array): void {
    for (const [row, logins] of later.#streams) {
      const ours = this.#streams.get(mapping[row])
      if (ours === undefined) this.#streams.set(mapping[row], logins)
      else ours.append(logins)
    }
  }
}

function isAnonymous(user: string | null): boolean {
  return user !== null && ANONYMOUS.includes(user.toLowerCase())
}
