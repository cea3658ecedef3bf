/** FIX: FIX Session Layer, "Standard Header": the version, the length and the type of the message come first, in this order. */
import { digitsAt } from '../mail/line.ts'
import { firstOctets, type Signature } from '../signature.ts'

const BEGIN_STRING = '8='
const BODY_LENGTH = '\x019='
const MESSAGE_TYPE = '\x0135='
/** "FIX.4.2", "FIXT.1.1"; exchanges that compress their messages have a letter instead. */
const MAX_VERSION_LENGTH = 8

export const fix: Signature = {
  name: 'fix',
  title: 'Financial Information eXchange Protocol',
  transport: 'tcp',
  evidence: 'version, length and type of a message of FIX, in this order',
  begins: firstOctets([BEGIN_STRING]),
  matches: (payload) => {
    if (!payload.startsWith(BEGIN_STRING)) return false
    const length = payload.indexOf(BODY_LENGTH, BEGIN_STRING.length)
    if (length <= BEGIN_STRING.length || length > BEGIN_STRING.length + MAX_VERSION_LENGTH) return false
    const digits = digitsAt(payload, length + BODY_LENGTH.length)
    return digits > 0 && payload.startsWith(MESSAGE_TYPE, length + BODY_LENGTH.length + digits)
  },
}
