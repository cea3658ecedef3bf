/** What two sides said to each other, as a person reads it: text or octets, a heading wherever the speaker changes. */
import type { Carrier } from '../flow/byte-stream.ts'
import type { Chunk, FollowSink, Gap, Side, SideTotals } from '../flow/follow.ts'
import type { StreamName } from '../flow/stream-name.ts'
import type { StreamEndpoints } from '../flow/streams.ts'
import { hexLines, OFFSET_DIGITS } from './hex-view.ts'
import { OctetText } from './octet-text.ts'
import { formatEndpoint } from './rtt.ts'
import { painter, type Style, shades } from './terminal.ts'
import { counted, showMoment } from './units.ts'

/** What stands for the sides in headings and before lines of octets: where it went. */
const MARKS: Readonly<Record<Side, string>> = { client: '>', server: '<' }
/** Columns of the mark before a line of octets. */
const MARK_WIDTH = 2

/** `[1,448 octets missing]` */
export function gapText({ length, cause }: Gap): string {
  return `[${counted(length, 'octet')} ${cause === 'snaplen' ? 'cut by the snaplen' : 'missing'}]`
}

/** `83 octets, 1,448 missing, 20 sent again` */
export function totalsText({ octets, missing, retransmitted }: SideTotals): string {
  const parts = [counted(octets, 'octet')]
  if (missing > 0) parts.push(`${counted(missing, 'missing', 'missing')}`)
  if (retransmitted > 0) parts.push(`${counted(retransmitted, 'sent again', 'sent again')}`)
  return parts.join(', ')
}

export interface FollowStyle extends Style {
  /** Only one side is shown: no headings are needed to tell whose octets they are. */
  readonly only: Side | null
}

/** Headings, gaps, and whatever shows octets between them. */
abstract class FollowLines implements FollowSink {
  protected readonly style: FollowStyle
  readonly #name: StreamName
  readonly #write: (text: string) => void
  readonly #paint
  readonly #shades: Readonly<Record<Side, (text: string) => string>>
  #speaker: Side | null = null
  #isLineOpen = false

  constructor(name: StreamName, style: FollowStyle, write: (text: string) => void) {
    this.#name = name
    this.style = style
    this.#write = write
    this.#paint = painter(style.color)
    const looks = shades(style.color)
    this.#shades = { client: looks[0], server: looks[1 % looks.length] }
  }

  protected abstract octets(chunk: Chunk): void
  /** What is shown of the side so far is all that belongs together. */
  protected abstract interrupt(): void

  begin({ client, server, guessed }: StreamEndpoints): void {
    if (this.style.only !== null) return
    const { protocol, stream } = this.#name
    const guess = guessed && protocol === 'tcp' ? ' (its beginning was not seen: who is the client is a guess)' : ''
    this.#write(`${this.#paint(`${protocol.toUpperCase()} stream ${stream}${guess}`, 'strong')}\n`)
    this.#write(`${this.shade('client', `${MARKS.client} client ${formatEndpoint(client)}`)}\n`)
    this.#write(`${this.shade('server', `${MARKS.server} server ${formatEndpoint(server)}`)}\n`)
  }

  chunk(chunk: Chunk): void {
    // Each datagram stands for itself.
    if (chunk.from !== this.#speaker || this.#name.protocol === 'udp') this.#heading(chunk.from, chunk.carrier)
    this.octets(chunk)
  }

  gap(gap: Gap): void {
    if (gap.from !== this.#speaker) this.#heading(gap.from, gap.carrier)
    this.interrupt()
    this.#endLine()
    this.#write(`${this.#paint(gapText(gap), 'warning')}\n`)
  }

  end(): void {
    this.interrupt()
    this.#endLine()
  }

  protected shade(side: Side, text: string): string {
    return this.#shades[side](text)
  }

  /** Writes text of the side that speaks; it may end within a line. */
  protected say(text: string): void {
    if (text === '' || this.#speaker === null) return
    this.#write(this.shade(this.#speaker, text))
    this.#isLineOpen = !text.endsWith('\n')
  }

  #heading(side: Side, carrier: Carrier | null): void {
    this.interrupt()
    this.#endLine()
    const isFirst = this.#speaker === null
    this.#speaker = side
    const { only } = this.style
    if (only !== null && this.#name.protocol === 'tcp') return
    const where = carrier === null ? '' : ` packet ${carrier.number}`
    const when = carrier?.hasTime ? `, ${showMoment(carrier)}` : ''
    if (!isFirst || only === null) this.#write('\n')
    this.#write(`${this.#paint(this.shade(side, `${MARKS[side]}${where}${when}`), 'strong')}\n`)
  }

  #endLine(): void {
    if (this.#isLineOpen) this.#write('\n')
    this.#isLineOpen = false
  }
}

/** As text: see `OctetText`. */
export class FollowText extends FollowLines {
  readonly #text = new OctetText()

  protected override octets({ bytes, at, length }: Chunk): void {
    this.say(this.#text.push(bytes, at, length))
  }

  protected override interrupt(): void {
    this.say(this.#text.flush())
  }
}

/** In hexadecimal: offsets count from the first octet of the side. */
export class FollowHex extends FollowLines {
  protected override octets({ from, bytes, at, length, offset }: Chunk): void {
    const digits = (offset + length).toString(16).length
    const width = this.style.width - MARK_WIDTH - Math.max(0, digits - OFFSET_DIGITS)
    const octets = bytes.subarray(at, at + length)
    let lines = ''
    for (const line of hexLines(octets, new Int16Array(length), width, (text) => text, offset))
      lines += `${MARKS[from]} ${line}\n`
    this.say(lines)
  }

  protected override interrupt(): void {}
}
