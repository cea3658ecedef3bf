import type { Signature } from '../signature.ts'

export const games: readonly Signature[] = []
