/** Names of values in IPv6 and its extension headers, in Wireshark's spelling. */
import type { ValueNames } from '../field.ts'

/** ipv6.opt.type */
export const optTypeNames: ValueNames = {
  0: 'Pad1',
  1: 'PadN',
  4: 'Tunnel Encapsulation Limit',
  5: 'Router Alert',
  7: 'CALIPSO',
  8: 'SMF_DPD',
  15: 'Performance and Diagnostic Metrics',
  30: 'Experimental (0x1E)',
  38: 'Quick-Start',
  48: 'Path MTU Option',
  49: 'IOAM Option',
  62: 'Experimental (0x3E)',
  65: 'Tunnel Payload Forwarding (TPF) Information',
  94: 'Experimental (0x5E)',
  99: 'RPL Option',
  109: 'MPL Option',
  126: 'Experimental (0x7E)',
  138: 'Endpoint Identification',
  139: 'ILNP Nonce',
  140: 'Line-Identification Option',
  158: 'Experimental (0x9E)',
  190: 'Experimental (0xBE)',
  194: 'Jumbo Payload',
  201: 'Home Address',
  222: 'Experimental (0xDE)',
  238: 'IP_DFF',
  254: 'Experimental (0xFE)',
}

/** ipv6.opt.type.action */
export const optTypeActionNames: ValueNames = {
  0: 'Skip and continue',
  1: 'Discard',
  2: 'Discard and send ICMP Parameter Problem',
  3: 'Discard and send ICMP if not multicast',
}

/** ipv6.opt.router_alert */
export const optRouterAlertNames: ValueNames = {
  0: 'MLD',
  1: 'RSVP',
  2: 'Active Network',
}

/** ipv6.opt.smf_dpd.tid_type */
export const optSmfDpdTidTypeNames: ValueNames = {
  0: 'NULL',
  1: 'DEFAULT',
  2: 'IPv4',
  3: 'IPv6',
}

/** ipv6.opt.qs_func */
export const optQsFuncNames: ValueNames = {
  0: 'Rate request',
  8: 'Rate report',
}

/** ipv6.opt.qs_rate */
export const optQsRateNames: ValueNames = {
  0: '0 bit/s',
  1: '80 Kbit/s',
  2: '160 Kbit/s',
  3: '320 Kbit/s',
  4: '640 Kbit/s',
  5: '1.28 Mbit/s',
  6: '2.56 Mbit/s',
  7: '5.12 Mbit/s',
  8: '10.24 Mbit/s',
  9: '20.48 Mbit/s',
  10: '40.96 Mbit/s',
  11: '81.92 Mbit/s',
  12: '163.84 Mbit/s',
  13: '327.68 Mbit/s',
  14: '655.36 Mbit/s',
  15: '1.31072 Gbit/s',
}

/** ipv6.opt.mpl.flag.s */
export const optMplFlagSNames: ValueNames = {
  0: '0',
  1: '16-bit unsigned integer',
  2: '64-bit unsigned integer',
  3: '128-bit unsigned integer',
}

/** ipv6.opt.ioam.opt_type */
export const optIoamOptTypeNames: ValueNames = {
  0: 'Pre-allocated Trace',
  1: 'Incremental Trace',
  2: 'Proof of Transit',
  3: 'Edge to Edge',
}

/** ipv6.routing.type */
export const routingTypeNames: ValueNames = {
  0: 'Source Route',
  1: 'Nimrod',
  2: 'Type 2 Routing',
  3: 'RPL Source Route',
  4: 'Segment Routing',
  5: 'Compact Routing Header 16',
  6: 'Compact Routing Header 32',
  253: 'Experiment 1',
  254: 'Experiment 2',
}

/** ipv6.tclass.dscp */
export const tclassDscpNames: ValueNames = {
  0: 'Default',
  1: 'Lower Effort',
  8: 'Class Selector 1',
  10: 'Assured Forwarding 11',
  12: 'Assured Forwarding 12',
  14: 'Assured Forwarding 13',
  16: 'Class Selector 2',
  18: 'Assured Forwarding 21',
  20: 'Assured Forwarding 22',
  22: 'Assured Forwarding 23',
  24: 'Class Selector 3',
  26: 'Assured Forwarding 31',
  28: 'Assured Forwarding 32',
  30: 'Assured Forwarding 33',
  32: 'Class Selector 4',
  34: 'Assured Forwarding 41',
  36: 'Assured Forwarding 42',
  38: 'Assured Forwarding 43',
  40: 'Class Selector 5',
  44: 'Voice Admit',
  46: 'Expedited Forwarding',
  48: 'Class Selector 6',
  56: 'Class Selector 7',
}

/** ipv6.tclass.ecn */
export const tclassEcnNames: ValueNames = {
  0: 'Not ECN-Capable Transport',
  1: "ECN-Capable Transport codepoint '01'",
  2: "ECN-Capable Transport codepoint '10'",
  3: 'Congestion Experienced',
}
