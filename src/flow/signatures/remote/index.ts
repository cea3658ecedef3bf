import type { Signature } from '../signature.ts'
import { ssh } from './ssh.ts'
import { tpkt } from './tpkt.ts'

export const remote: readonly Signature[] = [ssh, tpkt]
