/** What a packet may say to whoever looks at it, octet by octet; and what must never be written for anybody to see. */

export interface Attack {
  readonly name: string
  readonly octets: Buffer
}

const utf8 = (text: string): Buffer => Buffer.from(text)
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

/**
 * Several attacks stand in one text, so that there are few captures: each text begins with a formula, and `Zq` marks where it is
 * shown. Control functions are those of ECMA-48 and of xterm ("ctlseqs").
 */
const OCTETS: Readonly<Record<string, Buffer>> = {
  // Clears the screen (ED), sets the title (OSC 0, ended by BEL), colours (CSI and SGR, C1 in UTF-8).
  'HYPERLINK; ESC, BEL, C1': utf8('=Zq&HYPERLINK("http:x")\u001b[2Ja\u001b]0;b\u0007c\u009b31md'),
  // A hyperlink (OSC 8, ended by ST), a device control string, what rubs out, and a C1 octet that is no UTF-8.
  '+; ESC \\, DCS, BS, DEL, C1 as one octet': latin1('+1Zq\x1b]8;;x:y\x1b\\b\x1bP+q54\x1b\\bad\b\b\bok\x7fa\x9b31m'),
  'direction; what is not seen': utf8(
    '-1+1Zq-\u202egnp.exe\u2066a\u2069\u061cb\u200f\u200b\u00ad\u2060\u{e0041}c\u{e007f}\uffffd',
  ),
  'full width; ends of lines in Unicode': utf8('＝1＋1Zq\u2028b\u2029c\u0085d\ufeffe'),
  // Half a surrogate pair as CESU-8 has it, ESC in two octets, a character that ends too soon.
  'octets that are no UTF-8': latin1('=1+1Zq\xed\xa0\xbdb\xc0\x9b[2Jc\xff\xe2\x82'),
  // A colour is what pcapx sends itself.
  'quotes; markup; SGR': latin1('"=1Zq,\\u0000\\x1b\\n</script>\'<img src=x>;=1\x1b[31mb\x1b[39m'),
  'CR, LF, TAB, space': latin1(' =1+1Zq\rgood\npcapx: all is well\tb'),
  NUL: latin1('=1Zq\0b\x01\x02'),
}

export const ATTACKS: readonly Attack[] = Object.entries(OCTETS).map(([name, octets]) => ({ name, octets }))

/**
 * What a terminal may obey or hide: C0 but the line feed, DEL, C1 (ECMA-48); soft hyphen; marks of direction (UAX #9); zero width;
 * separators of lines; byte order mark, interlinear annotation; noncharacters; tags. Written out here by the standards, and not taken
 * from what is tested.
 */
const OBEYED =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is its purpose.
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\u{e0000}-\u{e007f}]/u

/** SGR as chalk writes it at its first level. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC begins them.
const LOOKS = /\x1b\[(1|2|22|3[1-6]|39)m/g

export interface Allowed {
  /** Colour is on. */
  readonly looks?: boolean
  /** Between columns, as tshark separates them; in what was said on a connection. */
  readonly tabs?: boolean
  /** At the end of a line: RFC 4180. */
  readonly carriageReturns?: boolean
}

/** What in the octets must not be there: null if nothing, else the first of it with what is around it. */
export function offence(octets: Buffer, allowed: Allowed = {}): string | null {
  const text = octets.toString()
  if (!Buffer.from(text).equals(octets)) return 'no UTF-8'
  let rest = text
  if (allowed.looks) rest = rest.replace(LOOKS, '')
  if (allowed.tabs) rest = rest.replaceAll('\t', ' ')
  if (allowed.carriageReturns) rest = rest.replaceAll('\r\n', '\n')
  const found = OBEYED.exec(rest)
  if (found === null) return null
  return `U+${rest.codePointAt(found.index)!.toString(16).padStart(4, '0')} in ${JSON.stringify(rest.slice(Math.max(0, found.index - 60), found.index + 20))}`
}

/** Cells of a CSV file that a spreadsheet would compute, in full; RFC 4180 is read here anew. */
export function formulas(csv: string): string[] {
  const cells: string[] = []
  for (const line of csv.split('\r\n'))
    for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
      cells.push(quoted?.replaceAll('""', '"') ?? plain)
  return cells.filter((cell) => /^[\s"]*[=+\-@＝＋－＠]/.test(cell) && !/^-?\d+(\.\d+)?(e[+-]?\d+)?$/.test(cell))
}
