import type { Signature } from '../signature.ts'

export const routing: readonly Signature[] = []
