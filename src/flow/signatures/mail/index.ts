import type { Signature } from '../signature.ts'

export const mail: readonly Signature[] = []
