/**
 * Stratum: miners and their pools, in lines of JSON over TCP. Bitcoin's (`mining.subscribe`), Ethereum's (`eth_submitLogin`) and
 * Monero's (`login`, and jobs with a blob). The jobs and methods are named in every request and every notification of a pool.
 */
import type { Payload } from '../payload.ts'
import { firstOctets, type Signature } from '../signature.ts'

const METHODS = ['"mining.', '"eth_submitLogin"', '"eth_submitHashrate"', '"eth_getWork"', '"eth_submitWork"']
const LOGIN = ['"method"', '"login"', '"pass"', '"agent"']
const JOB = ['"blob"', '"job_id"', '"target"']

/** Hot. */
function hasAll(payload: Payload, texts: readonly string[]): boolean {
  for (const text of texts) if (payload.indexOf(text) < 0) return false
  return true
}

export const stratum: Signature = {
  name: 'stratum',
  title: 'Stratum Mining Protocol',
  transport: 'tcp',
  evidence: 'method, login or job of mining in JSON',
  begins: firstOctets(['{']),
  matches: (payload) => {
    for (const method of METHODS) if (payload.indexOf(method) > 0) return true
    return hasAll(payload, LOGIN) || hasAll(payload, JOB)
  },
}
