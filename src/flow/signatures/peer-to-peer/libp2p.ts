/** libp2p, as IPFS and others use it: a stream begins with multistream-select, which is told in lines that their length precedes. */
import { firstOctets, type Signature } from '../signature.ts'

const LINE = '\x13/multistream/1.0.0\n'

export const libp2p: Signature = {
  name: 'libp2p',
  title: 'libp2p',
  transport: 'tcp',
  evidence: 'line "/multistream/1.0.0"',
  begins: firstOctets([LINE]),
  matches: (payload) => payload.startsWith(LINE),
}
