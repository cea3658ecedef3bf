/** Writes captures, pcap or pcapng. Shares no code with `src/capture/writer.ts`, whose speed is measured with them. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'

export interface Written {
  readonly packets: number
  readonly bytes: number
  /** The first half of the SHA-256 of the file, in hexadecimal. */
  readonly digest: string
}

export interface CaptureWriter {
  /** `microseconds` since `START`. */
  packet(microseconds: number, frame: Buffer): void
  close(): Written
}

/** Seconds since 1970 of the first packet: 2023-11-14 22:13:20 UTC. */
export const START = 1_700_000_000

const SNAPLEN = 262_144
const ETHERNET = 1
const BUFFER_LENGTH = 4 * 1_048_576

/** A file that is written in large pieces. */
class Output {
  readonly #file: number
  readonly #hash = createHash('sha256')
  readonly #buffer = Buffer.allocUnsafe(BUFFER_LENGTH)
  #length = 0
  #bytes = 0

  constructor(path: string) {
    this.#file = openSync(path, 'w', 0o600)
  }

  put(...parts: readonly Buffer[]): void {
    for (const part of parts) {
      if (this.#length + part.length > BUFFER_LENGTH) this.#flush()
      this.#length += part.copy(this.#buffer, this.#length)
    }
  }

  close(packets: number): Written {
    this.#flush()
    closeSync(this.#file)
    return { packets, bytes: this.#bytes, digest: this.#hash.digest('hex').slice(0, 32) }
  }

  #flush(): void {
    const part = this.#buffer.subarray(0, this.#length)
    this.#hash.update(part)
    for (let at = 0; at < part.length; ) at += writeSync(this.#file, part, at)
    this.#bytes += this.#length
    this.#length = 0
  }
}

/** draft-ietf-opsawg-pcap, with microseconds. */
export class PcapWriter implements CaptureWriter {
  readonly #output: Output
  #packets = 0

  constructor(path: string) {
    this.#output = new Output(path)
    this.#output.put(words(0xa1b2c3d4, 0x0004_0002, 0, 0, SNAPLEN, ETHERNET))
  }

  packet(microseconds: number, frame: Buffer): void {
    const seconds = START + Math.floor(microseconds / 1_000_000)
    this.#output.put(words(seconds, microseconds % 1_000_000, frame.length, frame.length), frame)
    this.#packets++
  }

  close(): Written {
    return this.#output.close(this.#packets)
  }
}

/** draft-ietf-opsawg-pcapng: a section (§4.1), an interface (§4.2), enhanced packet blocks (§4.3). */
export class PcapngWriter implements CaptureWriter {
  readonly #output: Output
  #packets = 0

  constructor(path: string) {
    this.#output = new Output(path)
    // Section length -1: not told.
    this.#block(0x0a0d0d0a, words(0x1a2b3c4d, 0x0000_0001, 0xffff_ffff, 0xffff_ffff))
    this.#block(0x0000_0001, words(ETHERNET, SNAPLEN))
  }

  packet(microseconds: number, frame: Buffer): void {
    const time = START * 1_000_000 + microseconds
    const upper = Math.floor(time / 0x1_0000_0000)
    const header = words(0, upper, time % 0x1_0000_0000, frame.length, frame.length)
    this.#block(0x0000_0006, header, frame, Buffer.alloc(-frame.length & 3))
    this.#packets++
  }

  close(): Written {
    return this.#output.close(this.#packets)
  }

  #block(type: number, ...body: readonly Buffer[]): void {
    const length = body.reduce((total, part) => total + part.length, 12)
    this.#output.put(words(type, length), ...body, words(length))
  }
}

function words(...values: readonly number[]): Buffer {
  const octets = Buffer.allocUnsafe(values.length * 4)
  for (const [index, value] of values.entries()) octets.writeUInt32LE(value >>> 0, index * 4)
  return octets
}
