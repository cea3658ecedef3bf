/** rsync's daemon: the documentation's "rsyncd" greeting, `@RSYNCD: <version>.<subprotocol>`, which both sides send. */
import { isDigit } from '../mail/line.ts'
import { firstOctets, type Signature } from '../signature.ts'

const GREETING = '@RSYNCD: '

export const rsync: Signature = {
  name: 'rsync',
  title: 'RSYNC File Synchroniser',
  transport: 'tcp',
  evidence: 'greeting "@RSYNCD:"',
  begins: firstOctets([GREETING]),
  matches: (payload) =>
    payload.startsWith(GREETING) &&
    payload.end - payload.at > GREETING.length &&
    (isDigit(payload.bytes[payload.at + GREETING.length]) ||
      payload.startsWith('OK\n', GREETING.length) ||
      payload.startsWith('EXIT\n', GREETING.length) ||
      payload.startsWith('AUTHREQD ', GREETING.length)),
}
