import type { Signature } from '../signature.ts'
import { bjnp } from './bjnp.ts'
import { capwapControl, capwapData } from './capwap.ts'
import { collectd } from './collectd.ts'
import { bootp, dhcp } from './dhcp.ts'
import { dhcpv6 } from './dhcpv6.ts'
import { netflow } from './netflow.ts'
import { ntp } from './ntp.ts'
import { portControl } from './port-control.ts'
import { ptp } from './ptp.ts'
import { rmcp } from './rmcp.ts'
import { serviceLocation } from './service-location.ts'
import { sflow } from './sflow.ts'
import { snmp } from './snmp.ts'

export const management: readonly Signature[] = [
  dhcp,
  snmp,
  serviceLocation,
  sflow,
  netflow,
  collectd,
  rmcp,
  bjnp,
  dhcpv6,
  ptp,
  ntp,
  portControl,
  capwapControl,
  capwapData,
  bootp,
]
