/** Sets of octets: what a class of a pattern (`[a-z]`, `\d`, `[[:alpha:]]`) stands for, as PCRE has them without locale. */

/** 256 flags. */
export type OctetSet = readonly boolean[]

export function octetSet(has: (octet: number) => boolean): OctetSet {
  return Array.from({ length: 256 }, (_, octet) => has(octet))
}

function ofText(characters: RegExp): OctetSet {
  return octetSet((octet) => octet < 128 && characters.test(String.fromCharCode(octet)))
}

export function inverse(set: OctetSet): OctetSet {
  return set.map((has) => !has)
}

const NEWLINE = 0x0a

const SPACE = octetSet((octet) => octet === 0x20 || (octet >= 0x09 && octet <= 0x0d))
const DIGIT = ofText(/[0-9]/)
const WORD = ofText(/\w/)
const HORIZONTAL = octetSet((octet) => octet === 0x20 || octet === 0x09 || octet === 0xa0)
export const VERTICAL = octetSet((octet) => (octet >= 0x0a && octet <= 0x0d) || octet === 0x85)
export const EVERY = octetSet(() => true)
export const NOT_NEWLINE = octetSet((octet) => octet !== NEWLINE)

/** `\d` and its like; a capital letter stands for all others. */
export const ESCAPED_SETS: Readonly<Record<string, OctetSet>> = {
  d: DIGIT,
  D: inverse(DIGIT),
  w: WORD,
  W: inverse(WORD),
  s: SPACE,
  S: inverse(SPACE),
  h: HORIZONTAL,
  H: inverse(HORIZONTAL),
  v: VERTICAL,
  V: inverse(VERTICAL),
}

/** The names that may stand in `[[:name:]]`. */
export const POSIX_SETS: Readonly<Record<string, OctetSet>> = {
  alpha: ofText(/[A-Za-z]/),
  lower: ofText(/[a-z]/),
  upper: ofText(/[A-Z]/),
  alnum: ofText(/[A-Za-z0-9]/),
  ascii: octetSet((octet) => octet < 128),
  blank: octetSet((octet) => octet === 0x20 || octet === 0x09),
  cntrl: octetSet((octet) => octet < 0x20 || octet === 0x7f),
  digit: DIGIT,
  graph: octetSet((octet) => octet > 0x20 && octet < 0x7f),
  print: octetSet((octet) => octet >= 0x20 && octet < 0x7f),
  punct: ofText(/[!-/:-@[-`{-~]/),
  space: SPACE,
  word: WORD,
  xdigit: ofText(/[0-9A-Fa-f]/),
}

/** `\p{name}`: an octet is the Unicode character of its number. Undefined if there is no such property. */
export function propertySet(name: string): OctetSet | undefined {
  const negated = name.startsWith('^')
  const plain = (negated ? name.slice(1) : name).replace('L&', 'LC')
  for (const property of [plain, `Script=${plain}`]) {
    if (!/^[\w=]+$/.test(property)) continue
    try {
      const pattern = new RegExp(`^\\p{${property}}$`, 'u')
      const set = octetSet((octet) => pattern.test(String.fromCharCode(octet)))
      return negated ? inverse(set) : set
    } catch {
      // Not a property by this name: the next.
    }
  }
  return undefined
}

/** The other case of an ASCII letter; other octets have none. */
export function otherCase(octet: number): number {
  return isLetter(octet) ? octet ^ 0x20 : octet
}

function isLetter(octet: number): boolean {
  const lower = octet | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

/** The set with letters in both cases. */
export function withBothCases(set: OctetSet): OctetSet {
  return set.map((has, octet) => has || set[otherCase(octet)])
}

/** The set in the notation of RE2, the octets as Latin-1 characters. */
export function formatSet(set: OctetSet): string {
  let text = ''
  for (let octet = 0; octet < 256; octet++) {
    if (!set[octet]) continue
    const first = octet
    while (octet < 255 && set[octet + 1]) octet++
    text += first === octet ? formatOctet(first) : `${formatOctet(first)}-${formatOctet(octet)}`
  }
  // An empty class is no syntax: a character that no octet is.
  return text === '' ? '\\x{100}' : `[${text}]`
}

export function formatOctet(octet: number): string {
  return `\\x${octet.toString(16).padStart(2, '0')}`
}
