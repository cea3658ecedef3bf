import type { Signature } from '../signature.ts'

export const privateNetworks: readonly Signature[] = []
