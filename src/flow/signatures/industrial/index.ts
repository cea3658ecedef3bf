import type { Signature } from '../signature.ts'

export const industrial: readonly Signature[] = []
