/** What a signature sees: the first octets that one segment or datagram carries, or that one side of a stream began with. */

/** Octets of a payload that are looked at. What decides lies before; what may be long is cut here, whatever the snaplen. */
export const HEAD_LENGTH = 512

/** One object, refilled for each payload. */
export class Payload {
  bytes: Uint8Array = new Uint8Array(0)
  /** First octet of the payload in `bytes`. */
  at = 0
  /** One past the last octet that may be read: what was captured, up to `HEAD_LENGTH`. */
  end = 0
  /** Octets of the whole segment's or datagram's payload on the wire: never less than `end - at`. */
  length = 0
  sourcePort = 0
  destinationPort = 0
  /** Nothing was seen before of what this side of the stream sends. */
  isFirst = true

  /** Hot. */
  hasPort(port: number): boolean {
    return this.sourcePort === port || this.destinationPort === port
  }

  /** Hot: whether the octets of `text` stand at `offset` of the payload. */
  startsWith(text: string, offset = 0): boolean {
    const from = this.at + offset
    if (this.end - from < text.length) return false
    for (let i = 0; i < text.length; i++) if (this.bytes[from + i] !== text.charCodeAt(i)) return false
    return true
  }

  /** Hot: the same for letters of either case. `text` is in lower case. */
  startsWithIgnoringCase(text: string, offset = 0): boolean {
    const from = this.at + offset
    if (this.end - from < text.length) return false
    for (let i = 0; i < text.length; i++) {
      const octet = this.bytes[from + i]
      const lower = octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet
      if (lower !== text.charCodeAt(i)) return false
    }
    return true
  }

  /** Hot: where `text` first stands at or behind `offset`, in octets from the payload's first; -1 if nowhere. */
  indexOf(text: string, offset = 0): number {
    const first = text.charCodeAt(0)
    const last = this.end - text.length
    for (let i = this.at + offset; i <= last; i++)
      if (this.bytes[i] === first && this.startsWith(text, i - this.at)) return i - this.at
    return -1
  }

  /** Hot: the same for letters of either case. `text` is in lower case. */
  indexOfIgnoringCase(text: string, offset = 0): number {
    const last = this.end - text.length - this.at
    for (let i = offset; i <= last; i++) if (this.startsWithIgnoringCase(text, i)) return i
    return -1
  }
}
