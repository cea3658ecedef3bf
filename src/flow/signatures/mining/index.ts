import type { Signature } from '../signature.ts'

export const mining: readonly Signature[] = []
