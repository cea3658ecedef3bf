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
