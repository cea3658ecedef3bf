/** Names of assigned numbers that several protocols share. */
import type { ValueNames } from './field.ts'

/** IANA's protocol numbers, in Wireshark's spelling. */
export const ipProtocolNames: ValueNames = {
  0: 'IPv6 Hop-by-Hop Option',
  1: 'ICMP',
  2: 'IGMP',
  4: 'IPIP',
  6: 'TCP',
  17: 'UDP',
  33: 'DCCP',
  41: 'IPv6',
  43: 'Routing Header for IPv6',
  44: 'Fragment Header for IPv6',
  47: 'Generic Routing Encapsulation',
  50: 'Encap Security Payload',
  51: 'Authentication Header',
  58: 'ICMPv6',
  59: 'No Next Header for IPv6',
  60: 'Destination Options for IPv6',
  89: 'OSPF IGP',
  103: 'Protocol Independent Multicast',
  112: 'Virtual Router Redundancy Protocol',
  132: 'SCTP',
  136: 'UDPlite',
}
