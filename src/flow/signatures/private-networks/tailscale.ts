/** Tailscale's discovery of paths between nodes: "TS" and a speech balloon in UTF-8, a public key (32), a nonce (24), a sealed box. */
import type { Signature } from '../signature.ts'

const MAGIC = 'TS\xf0\x9f\x92\xac'
const SHORTEST = MAGIC.length + 32 + 24 + 16

export const tailscale: Signature = {
  name: 'tailscale',
  title: 'Tailscale path discovery',
  transport: 'udp',
  evidence: 'magic "TS" and a speech balloon',
  begins: ['T'.charCodeAt(0)],
  matches: (payload) => payload.length >= SHORTEST && payload.startsWith(MAGIC),
}
