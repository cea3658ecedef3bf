/**
 * Neighbour discovery, RFC 4861 §4; the router advertisement's preference and flags: RFC 4191 §2.2, RFC 6275 §7.1, RFC 4389.
 * Inverse discovery: RFC 3122. What these messages have before their options.
 */
import { flag, item, part, type Row } from '../scan.ts'
import { reserved } from './common.ts'
import * as names from './names.ts'

/** Octets that a message without anything of its own leaves unused. */
const UNUSED = { ...reserved, octets: 4 }

export const solicitationRows: readonly Row[] = [[UNUSED]]

export const routerAdvertisementRows: readonly Row[] = [
  [item('uint8', 'icmpv6.nd.ra.cur_hop_limit', 'Cur hop limit; 0 where the router does not say')],
  [
    item('uint8', 'icmpv6.nd.ra.flag', 'Flags', { base: 'hex' }),
    flag('icmpv6.nd.ra.flag.m', 1, 0x80, 'Managed address configuration'),
    flag('icmpv6.nd.ra.flag.o', 1, 0x40, 'Other configuration'),
    flag('icmpv6.nd.ra.flag.h', 1, 0x20, 'Home Agent'),
    part('uint8', 'icmpv6.nd.ra.flag.prf', 1, 0x18, 'Prf (Default Router Preference)', {
      values: names.ndRaFlagPrfNames,
    }),
    flag('icmpv6.nd.ra.flag.p', 1, 0x04, 'Proxy'),
    part('uint8', 'icmpv6.nd.ra.flag.rsv', 1, 0x03, 'Reserved'),
  ],
  [item('uint16', 'icmpv6.nd.ra.router_lifetime', 'Router lifetime (s); 0: no default router')],
  [item('uint32', 'icmpv6.nd.ra.reachable_time', 'Reachable time (ms)')],
  [item('uint32', 'icmpv6.nd.ra.retrans_timer', 'Retrans timer (ms)')],
]

export const neighbourSolicitationRows: readonly Row[] = [
  [UNUSED],
  [item('ipv6', 'icmpv6.nd.ns.target_address', 'Target Address')],
]

export const neighbourAdvertisementRows: readonly Row[] = [
  [
    item('uint32', 'icmpv6.nd.na.flag', 'Flags', { base: 'hex' }),
    flag('icmpv6.nd.na.flag.r', 4, 0x80000000, 'Router'),
    flag('icmpv6.nd.na.flag.s', 4, 0x40000000, 'Solicited'),
    flag('icmpv6.nd.na.flag.o', 4, 0x20000000, 'Override'),
    part('uint32', 'icmpv6.nd.na.flag.rsv', 4, 0x1fffffff, 'Reserved'),
  ],
  [item('ipv6', 'icmpv6.nd.na.target_address', 'Target Address')],
]

export const redirectRows: readonly Row[] = [
  [UNUSED],
  [item('ipv6', 'icmpv6.nd.rd.target_address', 'Target Address; the better next hop')],
  [item('ipv6', 'icmpv6.rd.na.destination_address', 'Destination Address')],
]
