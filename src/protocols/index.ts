/** Every protocol, in the order a reader would look for them. Adding one is a line here and a module beside this file. */
import { ah } from './ah.ts'
import { applications } from './application/index.ts'
import { arp } from './arp.ts'
import { capwapControl, capwapData } from './capwap.ts'
import { cdp } from './cdp.ts'
import { chdlc } from './chdlc.ts'
import { data } from './data.ts'
import { dccp } from './dccp.ts'
import { erspan } from './erspan.ts'
import { esp } from './esp.ts'
import { ethernet } from './ethernet.ts'
import { fddi } from './fddi.ts'
import type { Field } from './field.ts'
import { frame } from './frame.ts'
import { frameRelay } from './frame-relay.ts'
import { geneve } from './geneve.ts'
import { gre } from './gre.ts'
import { gtp } from './gtp.ts'
import { register } from './handoff.ts'
import { icmp } from './icmp.ts'
import { icmpv6 } from './icmpv6.ts'
import { ieee8021ad } from './ieee8021ad.ts'
import { ieee8021ah } from './ieee8021ah.ts'
import { igmp } from './igmp.ts'
import { ipoib } from './ipoib.ts'
import { ipv4 } from './ipv4.ts'
import { ipv6 } from './ipv6.ts'
import { destinationOptions, fragment, hopByHop, routing } from './ipv6-extension.ts'
import { juniper } from './juniper.ts'
import { lisp } from './lisp.ts'
import { lispData } from './lisp-data.ts'
import { llc } from './llc.ts'
import { lldp } from './lldp.ts'
import { mpls, pwChannel, pwControlWord, pwEthernet } from './mpls.ts'
import { namedProtocols } from './named.ts'
import { nflog } from './nflog.ts'
import { nsh } from './nsh.ts'
import { nullLoopback } from './null.ts'
import { osi } from './osi.ts'
import { pktap } from './pktap.ts'
import { linkData, ppi } from './ppi.ts'
import { ppp } from './ppp.ts'
import { pppoeDiscovery, pppoeSession } from './pppoe.ts'
import { avs, prism } from './prism.ts'
import { type Decode, type Protocol, protocolCount } from './protocol.ts'
import { radiotap, wlanRadio } from './radiotap.ts'
import { raw } from './raw.ts'
import { sctp } from './sctp.ts'
import { sflow } from './sflow.ts'
import { sll } from './sll.ts'
import { stp } from './stp.ts'
import { tcp } from './tcp.ts'
import { teredo } from './teredo.ts'
import { udp } from './udp.ts'
import { udpEncapsulation } from './udpencap.ts'
import { udpLite } from './udplite.ts'
import { unknownLink } from './unknown-link.ts'
import { vlan } from './vlan.ts'
import { vxlan, vxlanGpe } from './vxlan.ts'
import { wlan } from './wlan.ts'

export const protocols: readonly Protocol[] = [
  frame,
  // Link layer
  ethernet,
  fddi,
  llc,
  vlan,
  ieee8021ad,
  ieee8021ah,
  arp,
  mpls,
  pwChannel,
  pwEthernet,
  pwControlWord,
  pppoeDiscovery,
  pppoeSession,
  ppp,
  chdlc,
  frameRelay,
  raw,
  nullLoopback,
  sll,
  radiotap,
  wlanRadio,
  wlan,
  prism,
  avs,
  ppi,
  pktap,
  linkData,
  nflog,
  ipoib,
  stp,
  cdp,
  lldp,
  osi,
  ...namedProtocols,
  juniper,
  unknownLink,
  // Network layer
  ipv4,
  ipv6,
  hopByHop,
  destinationOptions,
  routing,
  fragment,
  ah,
  esp,
  icmp,
  icmpv6,
  igmp,
  // Tunnels
  gre,
  erspan,
  vxlan,
  vxlanGpe,
  gtp,
  teredo,
  lisp,
  lispData,
  geneve,
  udpEncapsulation,
  nsh,
  capwapControl,
  capwapData,
  sflow,
  // Transport layer
  tcp,
  udp,
  udpLite,
  sctp,
  dccp,
  // What TCP and UDP carry
  ...applications,
  // What nothing decodes
  data,
]

const byNumber: (Protocol | undefined)[] = new Array(protocolCount()).fill(undefined)
for (const protocol of protocols) {
  byNumber[protocol.id] = protocol
  register(protocol)
}

/** The protocol of a number. */
export const protocolById: readonly (Protocol | undefined)[] = byNumber

/** Decoders by protocol number. */
export const decoders: readonly Decode[] = byNumber.map((protocol) => protocol?.decode ?? missing)

function missing(): never {
  throw new Error('a protocol has a number but is not in the list of protocols')
}

let byName: Map<string, { protocol: Protocol; field: Field }> | undefined

/** The protocol and the declaration of a field name, the first if there are several; undefined if there is none. */
export function findField(name: string): { protocol: Protocol; field: Field } | undefined {
  if (byName === undefined) {
    byName = new Map()
    for (const protocol of protocols)
      for (const field of protocol.fields) if (!byName.has(field.name)) byName.set(field.name, { protocol, field })
  }
  return byName.get(name)
}
