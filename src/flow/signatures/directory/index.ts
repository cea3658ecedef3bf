import type { Signature } from '../signature.ts'
import { giop, miop, ziop } from './corba.ts'
import { dceRpc, dceRpcOverUdp } from './dce-rpc.ts'
import { diameter } from './diameter.ts'
import { kerberos, kerberosOverTcp, kpasswd, kpasswdOverTcp } from './kerberos.ts'
import { cldap, ldap } from './ldap.ts'
import { radius } from './radius.ts'
import { rmi } from './rmi.ts'
import { tacacs } from './tacacs.ts'
import { thrift, thriftFrame } from './thrift.ts'

export const directory: readonly Signature[] = [
  kerberos,
  kerberosOverTcp,
  ldap,
  cldap,
  giop,
  ziop,
  miop,
  thrift,
  thriftFrame,
  rmi,
  diameter,
  dceRpc,
  dceRpcOverUdp,
  tacacs,
  radius,
  kpasswd,
  kpasswdOverTcp,
]
