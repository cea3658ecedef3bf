/** Opens a capture by path, and undoes its compression, which is recognised by magic number and never by name. */
import type { ExpansionLimit } from './expansion.ts'
import { openFile } from './file.ts'
import { PrefixedSource } from './prefixed.ts'
import type { ByteSource, Compression } from './source.ts'
import { openStandardInput } from './stdin.ts'

/** `-` is standard input. Throws a `CaptureError` if it cannot be opened. */
export async function openSource(path: string): Promise<ByteSource> {
  const source = path === '-' ? openStandardInput() : await openFile(path)
  // A file can be read once more from its beginning.
  const reopen = path === '-' || source.size === null ? undefined : () => openFile(path)
  try {
    return await decompressed(source, { reopen })
  } catch (error) {
    await source.close()
    throw error
  }
}

const MAGIC_LENGTH = 4
/** 0x184D2A50 to 5F: frames of somebody's own data, which zstd and LZ4 share (RFC 8878 §3.1.2); pzstd begins with one. */
const SKIPPABLE_MAGIC = 0x184d2a50

/** Frames of somebody's own data in front of what is compressed; pzstd writes one. */
const MAX_SKIPPABLE = 1024

export interface DecompressOptions {
  /** Instead of the usual ones (`EXPANSION_LIMITS`). */
  readonly limit?: ExpansionLimit
  /** Opens the source once more, from its beginning. */
  readonly reopen?: () => Promise<ByteSource>
}

/** The source itself if it is not compressed (in one of the ways we know). Needs no seek. */
export async function decompressed(source: ByteSource, { limit, reopen }: DecompressOptions = {}): Promise<ByteSource> {
  const first = new Uint8Array(MAGIC_LENGTH)
  for (let skipped = 0; ; skipped++) {
    const length = await readFully(source, first)
    const whole = new PrefixedSource(source, first.subarray(0, length))
    if (length < MAGIC_LENGTH) return whole
    const magic = (first[0] | (first[1] << 8) | (first[2] << 16) | (first[3] << 24)) >>> 0
    if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE_MAGIC) {
      if (skipped === MAX_SKIPPABLE) return whole
      if (await skipFrame(source)) continue
      return whole
    }
    // Loaded only when needed: most captures are not compressed.
    switch (compressionOf(magic)) {
      case 'gzip':
        return new (await import('./gzip.ts')).GzipSource(whole, { limit, reopen: skipped === 0 ? reopen : undefined })
      case 'zstd':
        return new (await import('./zstd.ts')).ZstdSource(whole, limit)
      case 'lz4':
        return new (await import('./lz4.ts')).Lz4Source(whole, limit)
      default:
        return whole
    }
  }
}

/** RFC 1952 §2.3.1 (gzip, method deflate); RFC 8878 §3.1.1 (zstd); LZ4 frame format, "General Structure". */
function compressionOf(magic: number): Compression | null {
  if ((magic & 0xff_ffff) === 0x088b1f) return 'gzip'
  if (magic === 0xfd2fb528) return 'zstd'
  return magic === 0x184d2204 ? 'lz4' : null
}

/** Fills `into` as far as the source goes, and says how far. */
export async function readFully(source: ByteSource, into: Uint8Array): Promise<number> {
  let length = 0
  while (length < into.length) {
    const count = await source.read(into, length, into.length - length)
    if (count === 0) break
    length += count
  }
  return length
}

/** Passes over a skippable frame whose magic was read, and not an octet more. False if the source ends in it. */
async function skipFrame(source: ByteSource): Promise<boolean> {
  const field = new Uint8Array(4)
  if ((await readFully(source, field)) < 4) return false
  const away = new Uint8Array(4096)
  let left = (field[0] | (field[1] << 8) | (field[2] << 16) | (field[3] << 24)) >>> 0
  while (left > 0) {
    const count = await source.read(away, 0, Math.min(left, away.length))
    if (count === 0) return false
    left -= count
  }
  return true
}
