/** SSH: RFC 4253 §4.2. */
import { firstOctets, type Signature } from '../signature.ts'

export const ssh: Signature = {
  name: 'ssh',
  title: 'SSH Protocol',
  transport: 'tcp',
  evidence: 'identification "SSH-"',
  begins: firstOctets(['SSH-']),
  matches: (payload) => payload.startsWith('SSH-2.0-') || payload.startsWith('SSH-1.'),
}
