import type { Signature } from '../signature.ts'
import { imap } from './imap.ts'
import { nntp } from './nntp.ts'
import { pop } from './pop.ts'
import { smtp } from './smtp.ts'

export const mail: readonly Signature[] = [smtp, pop, nntp, imap]
