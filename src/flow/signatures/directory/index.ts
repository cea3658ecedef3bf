import type { Signature } from '../signature.ts'

export const directory: readonly Signature[] = []
