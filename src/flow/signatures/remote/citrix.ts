/** Citrix: the greetings of ICA (port 1494) and of CGP (port 2598), which carries it on through broken connections. */
import { firstOctets, type Signature } from '../signature.ts'

const ICA = '\x7f\x7fICA\0'
const CGP = '\x1aCGP/01'

/** Wireshark has none. */
export const citrix: Signature = {
  name: 'citrix',
  title: 'Citrix Independent Computing Architecture',
  transport: 'tcp',
  evidence: 'greeting "ICA" or "CGP/01"',
  begins: firstOctets([ICA, CGP]),
  matches: (payload) => payload.startsWith(ICA) || payload.startsWith(CGP),
}
