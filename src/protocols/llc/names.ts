/** Wireshark's names of what stands in LLC and SNAP headers. */
import type { ValueNames } from '../field.ts'

/** Service access points (IEEE 802.2 §3.3.1). */
export const sapNames: ValueNames = {
  0: 'NULL LSAP',
  1: 'NULL LSAP',
  2: 'LLC Sub-Layer Management',
  4: 'SNA Path Control',
  6: 'TCP/IP',
  8: 'SNA',
  12: 'SNA',
  14: 'PROWAY (IEC955) Network Management and Initialization',
  16: 'NetWare (unofficial?)',
  20: 'ISO Network Layer (OSLAN 1)',
  24: 'Texas Instruments',
  32: 'ISO Network Layer (unofficial?)',
  52: 'ISO Network Layer (unofficial?)',
  66: 'Spanning Tree BPDU',
  78: 'EIA RS-511 Manufacturing Message Service',
  84: 'ISO Network Layer (OSLAN 2)',
  126: 'ISO 8208 (X.25 over 802.2)',
  127: 'ISO 802.2',
  128: 'XNS',
  130: 'BACnet',
  134: 'Nestar',
  142: 'PROWAY (IEC955) Active Station List Maintenance',
  152: 'ARP',
  170: 'SNAP',
  180: 'HP JetDirect Printer',
  186: 'Banyan Vines',
  188: 'Banyan Vines',
  224: 'NetWare',
  240: 'NetBIOS',
  244: 'IBM Net Management',
  248: 'HP Extended LLC',
  250: 'Ungermann-Bass',
  252: 'Remote Program Load',
  254: 'ISO Network Layer',
  255: 'Global LSAP',
}

/** Unnumbered commands (IEEE 802.2 §5.4). */
export const commandNames: ValueNames = {
  0: 'Unnumbered Information',
  1: 'Set Initialization Mode',
  3: 'Set Asynchronous Response Mode',
  8: 'Unnumbered Poll',
  11: 'Set Asynchronous Balanced Mode',
  16: 'Disconnect',
  19: 'Set Asynchronous Response Mode Extended',
  24: 'Unnumbered Acknowledge',
  27: 'Set Asynchronous Balanced Mode Extended',
  32: 'Set Normal Response Mode',
  33: 'Frame reject',
  35: 'Reset',
  43: 'Exchange identification',
  49: 'Configure',
  51: 'Set Normal Response Mode Extended',
  56: 'Test',
  59: 'Beacon',
}

/** Unnumbered responses: some have another meaning than the command of the same bits. */
export const responseNames: ValueNames = {
  ...commandNames,
  1: 'Request Initialization Mode',
  3: 'Disconnected mode',
  16: 'Request Disconnect',
}

/** Supervisory functions (IEEE 802.2 §5.4.2.3). */
export const supervisoryNames: ValueNames = {
  0: 'Receiver ready',
  1: 'Receiver not ready',
  2: 'Reject',
  3: 'Selective reject',
}

/** Formats of the control field. */
export const formatNames: ValueNames = {
  0: 'Information frame',
  1: 'Supervisory frame',
  3: 'Unnumbered frame',
}

export const ciscoNames: ValueNames = {
  258: 'DRIP',
  260: 'PAgP',
  261: 'MLS Hello',
  264: 'RLQ BPDUs (request)',
  265: 'RLQ BPDUs (response)',
  267: 'PVSTP+',
  268: 'VLAN Bridge',
  273: 'UDLD',
  313: 'MCP',
  8192: 'CDP',
  8193: 'CGMP',
  8195: 'VTP',
  8196: 'DTP',
  8202: 'STP Uplink Fast',
}

export const ianaNames: ValueNames = {
  1: 'MARS Data Messages (short form)',
  2: 'Reserved for future NHRP use',
  3: 'MARS/NHRP Control Messages',
  4: 'MARS Data Messages (long form)',
  5: 'SCSP',
  6: 'VRID',
  7: 'L2TP',
  8: 'VPN ID',
  9: 'MSDP-GRE-Protocol Type',
}

export const nortelNames: ValueNames = {
  417: 'NDP flatnet hello',
  418: 'NDP segment hello',
  419: 'NDP bridge hello',
}

export const bluetoothNames: ValueNames = {
  1: 'AMP_U L2CAP ACL data',
  2: 'AMP-C Activity Report',
  3: 'AMP-C Security frames',
  4: 'AMP-C Link supervision request',
  5: 'AMP-C Link supervision reply',
}
