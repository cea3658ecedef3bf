/** Kerberos' protocol number, for those that carry its messages and that it depends on. */
import { protocolId } from '../../protocol.ts'

export const KERBEROS = protocolId('kerberos')
