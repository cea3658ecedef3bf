/** The fields of TLS' Certificate messages (RFC 5246 §7.4.2, RFC 8446 §4.4.2), and of the certificates in them. */
import { read16, read24 } from '../../../packet/bytes.ts'
import type { Field } from '../../field.ts'
import { certificateItems, scanCertificate } from '../x509/certificate.ts'
import { message } from './message-field.ts'
import { ofMessages } from './message-scan.ts'

const CERTIFICATE = 11

export const certificateFields: readonly Field[] = [
  message(
    'uint24',
    'tls.handshake.certificates_length',
    [CERTIFICATE],
    'Certificates Length; octets',
    (bytes, at, end, visit) => {
      const list = listAt(bytes, at, end)
      return list >= 0 && visit(read24(bytes, list), 0)
    },
  ),
  message(
    'uint24',
    'tls.handshake.certificate_length',
    [CERTIFICATE],
    'Certificate Length; octets',
    (bytes, at, end, visit) => eachCertificate(bytes, at, end, (_from, length) => visit(length, 0)),
  ),
  message('bytes', 'tls.handshake.certificate', [CERTIFICATE], 'Certificate; X.509, in DER', (bytes, at, end, visit) =>
    eachCertificate(bytes, at, end, (from, length) => from + length <= end && visit(from, length)),
  ),
  message('none', 'tls.handshake.certificates', [CERTIFICATE], 'Certificates', (bytes, at, end, visit) => {
    const list = listAt(bytes, at, end)
    return list >= 0 && read24(bytes, list) > 0 && visit(0, 0)
  }),
  ...ofMessages(certificateItems, (scan, type) => {
    const { at, end } = scan
    if (type !== CERTIFICATE) return
    eachCertificate(scan.bytes, at - 4, end, (from, length) => {
      scanCertificate(scan, from, Math.min(end, from + length))
      return scan.found
    })
  }),
]

/** Where the length of the list lies; -1 if the lengths of the message contradict each other. */
function listAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 7 <= end && at + 7 + read24(bytes, at + 4) === end) return at + 4
  // TLS 1.3 has a context before it (RFC 8446 §4.4.2).
  const list = at + 5 + bytes[at + 4]
  return list + 3 <= end && list + 3 + read24(bytes, list) === end ? list : -1
}

/** Calls `each` with where each certificate begins and its octets; stops and returns true as soon as `each` does. */
function eachCertificate(
  bytes: Uint8Array,
  at: number,
  end: number,
  each: (at: number, length: number) => boolean,
): boolean {
  const list = listAt(bytes, at, end)
  if (list < 0) return false
  const hasExtensions = list !== at + 4
  let i = list + 3
  while (i + 3 <= end) {
    const length = read24(bytes, i)
    if (each(i + 3, length)) return true
    i += 3 + length
    if (hasExtensions) i += i + 2 <= end ? 2 + read16(bytes, i) : 2
  }
  return false
}
