import type { Signature } from '../signature.ts'
import { rpc, rpcOverTcp } from './rpc.ts'

export const files: readonly Signature[] = [rpcOverTcp, rpc]
