/** The signatures by the first octet of a payload: most are ruled out by it, which is quicker than asking each. */
import { signatures } from './index.ts'
import type { Signature } from './signature.ts'

/** 256 lists, each in the order of all signatures. */
export type SignatureTable = readonly (readonly Signature[])[]

const tables: Partial<Record<'tcp' | 'udp', SignatureTable>> = {}

/** Made when it is first asked for: not every command names streams. */
export function signaturesByOctet(transport: 'tcp' | 'udp'): SignatureTable {
  tables[transport] ??= build(transport)
  return tables[transport]
}

function build(transport: 'tcp' | 'udp'): SignatureTable {
  const table = Array.from({ length: 256 }, (): Signature[] => [])
  const all = table.map((_, octet) => octet)
  for (const signature of signatures) {
    if (signature.transport !== 'both' && signature.transport !== transport) continue
    for (const octet of signature.begins ?? all) table[octet].push(signature)
  }
  return table
}
