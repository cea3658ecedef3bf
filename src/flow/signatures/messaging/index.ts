import type { Signature } from '../signature.ts'

export const messaging: readonly Signature[] = []
