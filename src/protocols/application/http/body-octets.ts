/** The body of an HTTP message without its encodings. Not hot: read for `http.file_data` alone. */
import { brotliDecompressSync, constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import type { Packet } from '../../../packet/packet.ts'
import { latin1, lineEnd, nextLine } from '../lines.ts'
import { chunkSize, chunkSizeIn, chunksEnd } from './chunks.ts'
import { REQUEST, RESPONSE } from './first-line.ts'
import { head, readHead } from './head.ts'

/** Octets that a body is decompressed to at most. */
const MAX_DECOMPRESSED = 16 * 1_048_576

/** The body of the message that layer `layer` is; null if it has none that can be read. */
export function bodyOf(packet: Packet, layer: number): Uint8Array | null {
  const { bytes } = packet
  const at = packet.layerAt[layer]
  const end = packet.layerEnd[layer]
  if (at >= end || bytes[at] < 0x20 || bytes[at] > 0x7e) return null
  readHead(bytes, at, end)
  const body = head.bodyAt
  const hasNone = head.kind === RESPONSE && (head.status === 204 || head.status === 304 || head.status < 200)
  if (body >= end || (hasNone && !head.hasLength)) return null
  if (head.kind === REQUEST && !head.hasLength && !head.hasTransferEncoding) return null
  const plain = head.isChunked ? dechunked(bytes, body, end) : bytes.subarray(body, end)
  if (plain === null || head.isTransferCompressed) return null
  return head.encodingAt < 0 ? plain : decompressed(plain, latin1(bytes, head.encodingAt, head.encodingEnd))
}

function dechunked(bytes: Uint8Array, at: number, end: number): Uint8Array | null {
  const stop = chunksEnd(bytes, at, end)
  if (stop <= at) return null
  const pieces: Uint8Array[] = []
  let chunk = at
  while (chunk < stop) {
    const line = lineEnd(bytes, chunk, end, true)
    if (line <= chunk) break
    const data = nextLine
    chunkSizeIn(bytes, chunk, line)
    if (chunkSize === 0) break
    pieces.push(bytes.subarray(data, Math.min(data + chunkSize, end)))
    chunk = data + chunkSize + 2
  }
  return Buffer.concat(pieces)
}

function decompressed(bytes: Uint8Array, encoding: string): Uint8Array | null {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_DECOMPRESSED }
  try {
    switch (encoding.toLowerCase()) {
      case 'identity':
        return bytes
      case 'gzip':
      case 'x-gzip':
        return gunzipSync(bytes, options)
      case 'deflate':
      case 'x-deflate':
        return (bytes[0] & 0x0f) === 8 ? inflateSync(bytes, options) : inflateRawSync(bytes, options)
      case 'br':
        return brotliDecompressSync(bytes, { maxOutputLength: MAX_DECOMPRESSED })
    }
  } catch {
    // Damaged or cut beyond use: there is no body to show.
  }
  return null
}
