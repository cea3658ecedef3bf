import type { Signature } from '../signature.ts'

export const voice: readonly Signature[] = []
