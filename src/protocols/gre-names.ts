/** Names of values in GRE, in Wireshark's spelling. */
import type { ValueNames } from './field.ts'

/** gre.flags.version */
export const flagsVersionNames: ValueNames = {
  0: 'GRE',
  1: 'Enhanced GRE',
}

/** gre.3gpp2_attrib_id */
export const n3gpp2AttribIdNames: ValueNames = {
  1: '1x SDB/HRPD DOS Indicator',
  2: 'Flow Control Indication',
  3: 'IP Flow Discriminator',
  4: 'Segmentation Indication',
}

/** gre.ggp2_3gpp2_seg */
export const ggp23gpp2SegNames: ValueNames = {
  0: 'Packet Started',
  1: 'Packet continued',
  2: 'Packet Ended',
}

/** gre.wccp.service_id */
export const wccpServiceIdNames: ValueNames = {
  0: 'HTTP',
}

/** gre.proto */
export const protocolNames: ValueNames = {
  0: 'Possible GRE keepalive packet',
  34827: 'PPP',
  2048: 'IP',
  2054: 'ARP',
  254: 'OSI',
  34878: 'WCCP',
  8192: 'CDP (Cisco)',
  8193: 'NHRP',
  35006: 'ERSPAN',
  8939: 'ERSPAN III',
  25600: 'MIKROTIK EoIP',
  65198: 'AIROHIVE AP AP',
  33079: 'IPX',
  25944: 'Transparent Ethernet bridging',
  25945: 'Frame Relay',
  34525: 'IPv6',
  34887: 'MPLS label switched packet',
  35151: 'Network Service Header',
  34945: 'CDMA2000 A10 Unstructured byte stream',
  35026: 'CDMA2000 A10 3GPP2 Packet',
  35081: 'CiscoMetaData',
  47082: 'Huawei GRE bonding',
  33280: 'ARUBA WLAN',
  33296: 'ARUBA WLAN',
  33312: 'ARUBA WLAN',
  33328: 'ARUBA WLAN',
  33344: 'ARUBA WLAN',
  33360: 'ARUBA WLAN',
  33376: 'ARUBA WLAN',
  33392: 'ARUBA WLAN',
  33408: 'ARUBA WLAN',
  33424: 'ARUBA WLAN',
  33440: 'ARUBA WLAN',
  33456: 'ARUBA WLAN',
  33472: 'ARUBA WLAN',
  33488: 'ARUBA WLAN',
  33504: 'ARUBA WLAN',
  33520: 'ARUBA WLAN',
  33536: 'ARUBA WLAN',
  33552: 'ARUBA WLAN',
  33568: 'ARUBA WLAN',
  33584: 'ARUBA WLAN',
  33600: 'ARUBA WLAN',
  33616: 'ARUBA WLAN',
  33632: 'ARUBA WLAN',
  33648: 'ARUBA WLAN',
  36864: 'ARUBA WLAN',
}
