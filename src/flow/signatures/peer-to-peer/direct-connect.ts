/** Direct Connect: NMDC 1.3 (`$Lock`, `$MyNick`, `$SR`), and its successor ADC 1.0.4 §3 (`HSUP` and its like). */
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'

const NAME = 'direct-connect'
const TITLE = 'Direct Connect'
const SUPPORTS = ['HSUP AD', 'CSUP AD', 'ISUP AD']
const VERTICAL_BAR = '|'

/** Hot: a lock with its key, or a nick; every command of NMDC ends in a vertical bar. */
function isGreeting(payload: Payload): boolean {
  if (payload.startsWith('$Lock ')) return payload.indexOf(' Pk=') > 0
  return payload.startsWith('$MyNick ') && payload.indexOf(VERTICAL_BAR) > 0 && payload.indexOf('$Lock ') > 0
}

export const directConnect: Signature = {
  name: NAME,
  title: TITLE,
  transport: 'tcp',
  evidence: 'lock or list of features',
  begins: firstOctets(['$', ...SUPPORTS]),
  matches: (payload) => {
    for (const text of SUPPORTS) if (payload.startsWith(text)) return true
    return isGreeting(payload)
  },
}

/** A result of a search: nick, path, size and slots, and the hub's name and address in parentheses. */
export const directConnectResult: Signature = {
  name: NAME,
  title: TITLE,
  transport: 'udp',
  evidence: 'search result "$SR"',
  begins: firstOctets(['$SR ']),
  matches: (payload) => payload.startsWith('$SR ') && payload.indexOf('\x05') > 0 && payload.indexOf(VERTICAL_BAR) > 0,
}
