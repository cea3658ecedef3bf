import type { Signature } from '../signature.ts'

export const databases: readonly Signature[] = []
