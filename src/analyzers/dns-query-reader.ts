/**
 * Questions to a name server (RFC 1035 §4.1) whose names look like coded data: what a tunnel through DNS sends on, since all that
 * a client can tell its server is a name. One object, refilled for each datagram.
 *
 * A name has its registered domain at its end (the last two labels, or three where the last are as in `example.co.uk`), and data in
 * front of it. Names that end in no top-level domain, as some tunnels to a server of their own have them, are data as a whole.
 */
import { read16 } from '../packet/bytes.ts'

const HEADER_LENGTH = 12
const MAX_NAME = 255
const INTERNET = 1

// Types (RFC 1035 §3.2.2, RFC 6895 §3.1).
const CNAME = 5
const NULL = 10
const MX = 15
const TXT = 16
const FIRST_PRIVATE = 65_280
const LAST_PRIVATE = 65_534

/** Octets of data that no hash has, written in letters and digits: a SHA-256 is 52 or 64 of them. */
const LONG_DATA = 70
/** Octets of data that names have which are asked for another type than an address. */
const TYPED_DATA = 30
/** Octets of the longest label, from which on it may be coded. */
const CODED_LABEL = 24
/** Bits of each character: text that is coded has more, words written again and again have less. */
const LEAST_ENTROPY = 3.3
/** One character in so many is a digit. */
const DIGIT_SHARE = 10

/** The longest top-level domain that there is has 24 octets. */
const MAX_TOP_LABEL = 24

// Why a question counts, as bits.
/** Its name is coded and longer than any hash. */
export const LONG = 1
/** Of a type that nothing else asks for: NULL, and those for private use. */
export const ODD_TYPE = 2
/** Its name is coded, and asked for TXT, CNAME or MX. */
export const TYPED = 4

/** n log2 n */
const N_LOG_N = Float64Array.from({ length: MAX_NAME + 1 }, (_, n) => (n === 0 ? 0 : n * Math.log2(n)))

export class DnsQueryReader {
  /** Octets of the name in front of the domain. */
  dataLength = 0
  /** Of the whole name, whatever the case of its letters. */
  hash = 0
  #bytes: Uint8Array = new Uint8Array(0)
  #nameAt = 0
  #nameEnd = 0
  /** Where the label begins that the domain begins with; the name's end if it has no domain. */
  #domainAt = 0
  /** Where each label begins. */
  readonly #labels = new Int32Array(128)
  readonly #counts = new Uint8Array(256)

  /** Hot: why the datagram counts, as bits; 0 if it does not, or is no question at all. */
  read(bytes: Uint8Array, at: number, end: number): number {
    // A question, not an answer, not cut; no reserved bit, no error.
    if (end - at < HEADER_LENGTH + 5 || (bytes[at + 2] & 0xfa) !== 0 || (bytes[at + 3] & 0x4f) !== 0) return 0
    // One question; no answers; EDNS and a signature at most.
    if (read16(bytes, at + 4) !== 1 || read16(bytes, at + 6) !== 0 || read16(bytes, at + 8) !== 0) return 0
    if (read16(bytes, at + 10) > 2) return 0
    const labels = this.#labels
    let label = at + HEADER_LENGTH
    const most = Math.min(end, label + MAX_NAME)
    let count = 0
    let longest = 0
    for (;;) {
      if (label >= most) return 0
      const length = bytes[label]
      if (length === 0) break
      if (length > 63) return 0
      labels[count++] = label
      if (length > longest) longest = length
      label += length + 1
    }
    if (label + 5 > end || read16(bytes, label + 3) !== INTERNET) return 0
    const type = read16(bytes, label + 1)
    const isOdd = type === NULL || (type >= FIRST_PRIVATE && type <= LAST_PRIVATE)
    if (count < 2 || (!isOdd && longest < CODED_LABEL)) return 0
    this.#bytes = bytes
    this.#nameAt = at + HEADER_LENGTH
    this.#nameEnd = label
    const domain = this.#domainLabel(count)
    this.#domainAt = domain === count ? label : labels[domain]
    this.dataLength = this.#domainAt - this.#nameAt - domain
    if (this.dataLength <= 0) return 0
    let why = isOdd ? ODD_TYPE : 0
    if (this.dataLength >= TYPED_DATA && this.#isCoded(domain)) {
      if (this.dataLength >= LONG_DATA) why |= LONG
      if (type === TXT || type === CNAME || type === MX) why |= TYPED
    }
    if (why !== 0) this.hash = this.#hashName()
    return why
  }

  /** Not hot: the registered domain, in lower case; empty if the name ends in no top-level domain. */
  domain(): string {
    return this.#textOf(this.#domainAt).toLowerCase()
  }

  /** Not hot: the whole name. */
  name(): string {
    return this.#textOf(this.#nameAt)
  }

  #textOf(from: number): string {
    const labels: string[] = []
    for (let at = from; at < this.#nameEnd; at += this.#bytes[at] + 1)
      labels.push(Buffer.from(this.#bytes.subarray(at + 1, at + 1 + this.#bytes[at])).toString('latin1'))
    return labels.join('.')
  }

  /** The label that the registered domain begins with; `count` if the last label is no top-level domain. */
  #domainLabel(count: number): number {
    const bytes = this.#bytes
    const last = this.#labels[count - 1]
    if (bytes[last] > MAX_TOP_LABEL) return count
    const isPunycode = bytes[last] > 4 && bytes[last + 3] === 0x2d && bytes[last + 4] === 0x2d
    for (let i = 1; i <= bytes[last] && !isPunycode; i++) {
      const letter = bytes[last + i] | 0x20
      if (letter < 0x61 || letter > 0x7a) return count
    }
    const isTwofold = count > 2 && bytes[last] === 2 && bytes[this.#labels[count - 2]] <= 3
    return count - (isTwofold ? 3 : 2)
  }

  /** Whether the labels before label `domain` look coded: spread over many characters, digits or what no host name has among them. */
  #isCoded(domain: number): boolean {
    const bytes = this.#bytes
    const counts = this.#counts.fill(0)
    let digits = 0
    let odd = 0
    for (let i = 0; i < domain; i++) {
      const from = this.#labels[i] + 1
      const to = from + bytes[from - 1]
      for (let at = from; at < to; at++) {
        const octet = lower(bytes[at])
        counts[octet]++
        if (octet >= 0x30 && octet <= 0x39) digits++
        else if ((octet < 0x61 || octet > 0x7a) && octet !== 0x2d && octet !== 0x5f) odd++
      }
    }
    const length = this.dataLength
    if (odd * DIGIT_SHARE < length && digits * DIGIT_SHARE < length) return false
    let sum = 0
    for (let octet = 0; octet < 256; octet++) sum += N_LOG_N[counts[octet]]
    return Math.log2(length) - sum / length >= LEAST_ENTROPY
  }

  /** FNV-1a (public domain). */
  #hashName(): number {
    let hash = 0x811c9dc5
    for (let at = this.#nameAt; at < this.#nameEnd; at++) hash = Math.imul(hash ^ lower(this.#bytes[at]), 0x01000193)
    return hash
  }
}

function lower(octet: number): number {
  return octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet
}
