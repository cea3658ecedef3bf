/** Where the octets of a capture come from: a file, standard input, or what a decompressor makes of either. */
export interface ByteSource {
  /** The path as the user wrote it; `-` for standard input. */
  readonly name: string
  /** Octets of the raw (possibly compressed) input, or null where it cannot be known (pipe). */
  readonly size: number | null
  /** Octets of the raw input taken so far, for progress. */
  readonly position: number
  /** What the raw input is compressed with; null if `size` octets is what comes out. */
  readonly compression: Compression | null
  /** What is read is there at once, so that nothing is won by asking for it early. */
  readonly isImmediate?: boolean
  /** Milliseconds that reading `length` octets to `at` takes; nothing is consumed. Of what is immediate alone. */
  timeOf?(into: Uint8Array, at: number, length: number): number
  /**
   * Puts up to `length` octets into `into` from `at` on and says how many; 0 is the end, and only the end. Gives what
   * there is rather than wait for more, so that a live pipe flows. One read at a time.
   * Rejects with a `CaptureError` when the input fails or, decompressing, contradicts its format; what came before
   * that was delivered.
   */
  read(into: Uint8Array, at: number, length: number): Promise<number>
  /** Lets go of the input; a read under way may then never settle. */
  close(): Promise<void>
}

export type Compression = 'gzip' | 'zstd' | 'lz4'
