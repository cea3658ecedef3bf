/**
 * QUIC packet protection: RFC 9001 §5. The keys of Initial packets follow from the connection id that the client chose, so anyone
 * can read them; the later ones only with the TLS secrets that a capture may carry (see `packet/secrets.ts`).
 */
import type * as Crypto from 'node:crypto'

/** Loaded when the first packet of QUIC is met. */
let crypto: typeof Crypto | undefined
function load(): typeof Crypto {
  crypto ??= process.getBuiltinModule('node:crypto')
  return crypto
}

const VERSION_1 = 0x0000_0001
const VERSION_2 = 0x6b33_43cf
const DRAFT = 0xff00_0000

/** Initial salts: RFC 9001 §5.2, RFC 9369 §3.3.1 and the drafts before them, from the draft on that is named. */
const SALT_VERSION_1 = '38762cf7f55934b34d179ae6a4c80cadccbb7f0a'
const SALT_VERSION_2 = '0dede3def700a6db819381be6e269dcbf9bd2ed9'
const SALT_DRAFT_29 = 'afbfec289993d24c9e9786f19c6111e04390a899'
const SALT_DRAFT_23 = 'c3eef712c72ebb5a11a7d2432bb46365bef9f502'
const SALT_DRAFT_21 = '7fbcdb0e7c66bbe9193a96cd21519ebd7a02644a'
/** Versions of Facebook and Google, which follow drafts, or have a salt of their own. */
const OWN_SALTS: Readonly<Record<number, string>> = {
  4207849473: SALT_DRAFT_21,
  4207849474: SALT_DRAFT_23,
  4207849486: SALT_DRAFT_23,
  1362113840: '504574efd066fe2f9d945cfcdbd3a7f0d3b56b45',
  1412445488: '7ff579e5acd072915580304c43a2367c60488310',
  1412445489: '7a4edef4e7ccee5fa4506c19124fc8ccda6e033d',
}

/** Octets of the sample that header protection is worked out from, and how far behind the packet number's start it lies. */
const SAMPLE_LENGTH = 16
const SAMPLE_OFFSET = 4
const TAG_LENGTH = 16
const NONCE_LENGTH = 12

/** What a suite of TLS 1.3 uses; `ecb` is null for ChaCha20, which makes the mask in another way. */
interface Suite {
  readonly aead: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305'
  readonly hash: 'sha256' | 'sha384'
  readonly keyLength: number
  readonly ecb: 'aes-128-ecb' | 'aes-256-ecb' | null
}

const AES_128: Suite = { aead: 'aes-128-gcm', hash: 'sha256', keyLength: 16, ecb: 'aes-128-ecb' }
const SUITES: Readonly<Record<number, Suite>> = {
  4865: AES_128,
  4866: { aead: 'aes-256-gcm', hash: 'sha384', keyLength: 32, ecb: 'aes-256-ecb' },
  4867: { aead: 'chacha20-poly1305', hash: 'sha256', keyLength: 32, ecb: null },
}

/** The keys of one direction at one level. */
export interface Keys {
  readonly suite: Suite
  readonly key: Buffer
  readonly iv: Buffer
  readonly headerProtection: Buffer
}

/** An opened packet: its payload, and its number. */
export interface Opened {
  readonly payload: Buffer
  readonly packetNumber: number
  /** The first octet without its protection. */
  readonly first: number
}

function saltOf(version: number): string | null {
  if (version === VERSION_1) return SALT_VERSION_1
  if (version === VERSION_2) return SALT_VERSION_2
  // What is offered to be refused has no salt of its own; Wireshark takes that of draft 29.
  if ((version & 0x0f0f_0f0f) === 0x0a0a_0a0a) return SALT_DRAFT_29
  if (OWN_SALTS[version] !== undefined) return OWN_SALTS[version]
  if ((version & 0xffff_ff00) >>> 0 !== DRAFT) return null
  const draft = version & 0xff
  if (draft >= 33) return SALT_VERSION_1
  if (draft >= 29) return SALT_DRAFT_29
  if (draft >= 23) return SALT_DRAFT_23
  return draft >= 21 ? SALT_DRAFT_21 : null
}

/** The keys of the client's and the server's Initial packets; null for a version whose salt is not known. */
export function initialKeys(version: number, destination: Uint8Array): readonly [Keys, Keys] | null {
  const salt = saltOf(version)
  if (salt === null) return null
  const secret = load().createHmac('sha256', Buffer.from(salt, 'hex')).update(destination).digest()
  return [
    keysOf(expandLabel(secret, 'client in', 32, 'sha256'), AES_128, version),
    keysOf(expandLabel(secret, 'server in', 32, 'sha256'), AES_128, version),
  ]
}

/** The keys that a TLS traffic secret stands for; null for a suite that QUIC does not use. */
export function trafficKeys(secret: Buffer, cipherSuite: number, version: number): Keys | null {
  const suite = SUITES[cipherSuite]
  return suite === undefined ? null : keysOf(secret, suite, version)
}

function keysOf(secret: Buffer, suite: Suite, version: number): Keys {
  const prefix = version === VERSION_2 ? 'quicv2' : 'quic'
  return {
    suite,
    key: expandLabel(secret, `${prefix} key`, suite.keyLength, suite.hash),
    iv: expandLabel(secret, `${prefix} iv`, NONCE_LENGTH, suite.hash),
    headerProtection: expandLabel(secret, `${prefix} hp`, suite.keyLength, suite.hash),
  }
}

/** HKDF-Expand-Label (RFC 8446 §7.1) with an empty context; one block of HMAC is enough for every length used here. */
function expandLabel(secret: Buffer, label: string, length: number, hash: string): Buffer {
  const full = Buffer.from(`tls13 ${label}`, 'latin1')
  const info = Buffer.concat([Buffer.from([length >> 8, length & 0xff, full.length]), full, Buffer.from([0, 1])])
  return load().createHmac(hash, secret).update(info).digest().subarray(0, length)
}

function maskOf({ suite, headerProtection }: Keys, sample: Uint8Array): Buffer {
  if (suite.ecb !== null) return load().createCipheriv(suite.ecb, headerProtection, null).update(sample)
  // RFC 9001 §5.4.4: the sample is counter and nonce; Node takes them in one.
  return load().createCipheriv('chacha20', headerProtection, sample).update(Buffer.alloc(5))
}

/**
 * Opens the packet from `at` to `end`, whose number starts at `numberAt` (RFC 9001 §5.3, §5.4). `largest` is the greatest
 * packet number seen before, -1 if none. Null if the keys do not fit.
 */
export function open(
  keys: Keys,
  bytes: Uint8Array,
  at: number,
  numberAt: number,
  end: number,
  largest: number,
): Opened | null {
  const sampleAt = numberAt + SAMPLE_OFFSET
  if (sampleAt + SAMPLE_LENGTH > end) return null
  const mask = maskOf(keys, bytes.subarray(sampleAt, sampleAt + SAMPLE_LENGTH))
  const isLong = (bytes[at] & 0x80) !== 0
  const first = bytes[at] ^ (mask[0] & (isLong ? 0x0f : 0x1f))
  const width = (first & 3) + 1
  const header = Buffer.from(bytes.subarray(at, numberAt + width))
  header[0] = first
  let truncated = 0
  for (let i = 0; i < width; i++) {
    header[numberAt - at + i] ^= mask[1 + i]
    truncated = truncated * 256 + header[numberAt - at + i]
  }
  const packetNumber = fullNumber(truncated, 256 ** width, largest)
  const nonce = Buffer.from(keys.iv)
  for (let i = 0, rest = packetNumber; i < 6; i++, rest = Math.floor(rest / 256))
    nonce[NONCE_LENGTH - 1 - i] ^= rest % 256
  const bodyAt = numberAt + width
  if (bodyAt + TAG_LENGTH > end) return null
  // The three ciphers differ in types only.
  const decipher = load().createDecipheriv(keys.suite.aead as 'aes-128-gcm', keys.key, nonce, {
    authTagLength: TAG_LENGTH,
  })
  decipher.setAAD(header)
  decipher.setAuthTag(bytes.subarray(end - TAG_LENGTH, end))
  try {
    const payload = decipher.update(bytes.subarray(bodyAt, end - TAG_LENGTH))
    decipher.final()
    return { payload, packetNumber, first }
  } catch {
    return null
  }
}

/** RFC 9000 §A.3: the number nearest to the one expected next. */
function fullNumber(truncated: number, window: number, largest: number): number {
  const expected = largest + 1
  const candidate = expected - (expected % window) + truncated
  if (candidate <= expected - window / 2) return candidate + window
  return candidate > expected + window / 2 && candidate >= window ? candidate - window : candidate
}
