import type { Signature } from '../signature.ts'
import { dhcp } from './dhcp.ts'
import { ntp } from './ntp.ts'

export const management: readonly Signature[] = [dhcp, ntp]
