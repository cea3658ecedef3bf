/** The fields of TLS' Certificate messages (RFC 5246 §7.4.2), and of the certificates in them. */
import { read24 } from '../../../packet/bytes.ts'
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
    (bytes, at, end, visit) => at + 7 <= end && visit(read24(bytes, at + 4), 0),
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
  message(
    'none',
    'tls.handshake.certificates',
    [CERTIFICATE],
    'Certificates',
    (bytes, at, end, visit) => at + 7 <= end && read24(bytes, at + 4) > 0 && visit(0, 0),
  ),
  ...ofMessages(certificateItems, (scan, type) => {
    const { at, end } = scan
    if (type !== CERTIFICATE) return
    eachCertificate(scan.bytes, at - 4, end, (from, length) => {
      scanCertificate(scan, from, Math.min(end, from + length))
      return scan.found
    })
  }),
]

/** Calls `each` with where each certificate begins and its octets; stops and returns true as soon as `each` does. */
/** Calls `each(at, length)` for each certificate of a Certificate message (RFC 5246 §7.4.2); stops and returns true as soon as `each` does. */
function eachCertificate(
  bytes: Uint8Array,
  at: number,
  end: number,
  each: (at: number, length: number) => boolean,
): boolean {
  if (at + 7 > end) return false
  const stop = Math.min(end, at + 7 + read24(bytes, at + 4))
  let i = at + 7
  while (i + 3 <= stop) {
    const length = read24(bytes, i)
    if (each(i + 3, length)) return true
    i += 3 + length
  }
  return false
}
