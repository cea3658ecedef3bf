/** Text of ASCII protocols. Not hot: read for what is shown or filtered by. */

/** Octets as text, up to the first zero octet; Wireshark shows what is no ASCII as replacement characters. */
export function asciiText(bytes: Uint8Array, at: number, length: number): string {
  let end = at
  while (end < at + length && bytes[end] !== 0) end++
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + at, end - at).toString('latin1')
  return text.replace(/[\x80-\xff]/g, '\ufffd')
}
