/** MGCP: RFC 3435 §3.2.1 (commands), §3.3 (responses). */
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'
import { firstLineLength, hasStatusCode, isDigit } from '../web/first-line.ts'

const GATEWAY_PORT = 2427
const CALL_AGENT_PORT = 2727
const VERBS = ['EPCF ', 'CRCX ', 'MDCX ', 'DLCX ', 'RQNT ', 'NTFY ', 'AUEP ', 'AUCX ', 'RSIP ']
const TRANSACTION = 5
const MAX_TRANSACTION_DIGITS = 9

/** Hot: one past the transaction identifier's digits at `offset`; 0 if there are none or too many. */
function transactionEnd({ bytes, at, end }: Payload, offset: number): number {
  let digits = offset
  while (at + digits < end && isDigit(bytes[at + digits])) digits++
  return digits > offset && digits - offset <= MAX_TRANSACTION_DIGITS ? digits : 0
}

export const mgcp: Signature = {
  name: 'mgcp',
  title: 'Media Gateway Control Protocol',
  transport: 'both',
  evidence: 'command line of MGCP',
  begins: firstOctets(VERBS),
  matches: (payload) => {
    for (const verb of VERBS) {
      if (!payload.startsWith(verb)) continue
      const transaction = transactionEnd(payload, TRANSACTION)
      if (transaction === 0 || !payload.startsWith(' ', transaction)) return false
      const version = payload.indexOf(' MGCP ', transaction + 1)
      return version > 0 && version < firstLineLength(payload)
    }
    return false
  },
}

/** A response has a code, the transaction, and little else. */
export const mgcpResponse: Signature = {
  name: 'mgcp',
  title: 'Media Gateway Control Protocol',
  transport: 'both',
  evidence: `response code and transaction of MGCP on port ${GATEWAY_PORT} or ${CALL_AGENT_PORT}`,
  begins: firstOctets(['1', '2', '4', '5']),
  matches: (payload) => {
    if (!payload.hasPort(GATEWAY_PORT) && !payload.hasPort(CALL_AGENT_PORT)) return false
    if (!hasStatusCode(payload, 0)) return false
    const transaction = transactionEnd(payload, 4)
    const line = firstLineLength(payload)
    return transaction !== 0 && (line === transaction || payload.startsWith(' ', transaction))
  },
}
