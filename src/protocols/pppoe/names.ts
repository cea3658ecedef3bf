/** Wireshark's names of what stands in PPPoE packets. */
import type { ValueNames } from '../field.ts'

/** Codes (RFC 2516 appendix A, RFC 5578 §3). */
export const codeNames: ValueNames = {
  0: 'Session Data',
  7: 'Active Discovery Offer (PADO)',
  9: 'Active Discovery Initiation (PADI)',
  10: 'Active Discovery Session-Grant (PADG)',
  11: 'Active Discovery Session-Credit Resp.(PADC)',
  12: 'Active Discovery Quality (PADQ)',
  25: 'Active Discovery Request (PADR)',
  101: 'Active Discovery Session-confirmation (PADS)',
  167: 'Active Discovery Terminate (PADT)',
  211: 'Active Discovery Message (PADM)',
  212: 'Active Discovery Network (PADN)',
}

/** Tag types (RFC 2516 appendix A, RFC 4937, RFC 5578 §4). */
export const tagNames: ValueNames = {
  0: 'End-Of-List',
  257: 'Service-Name',
  258: 'AC-Name',
  259: 'Host-Uniq',
  260: 'AC-Cookie',
  261: 'Vendor-Specific',
  262: 'Credits',
  263: 'Metrics',
  264: 'Sequence Number',
  265: 'Credit Scale Factor',
  272: 'Relay-Session-Id',
  273: 'HURL',
  274: 'MOTM',
  288: 'PPP-Max-Payload',
  289: 'IP Route Add',
  513: 'Service-Name-Error',
  514: 'AC-System-Error',
  515: 'Generic-Error',
}

/** Tags of the Broadband Forum (TR-101 §3.9.4, RFC 4679 §3.3). */
export const broadbandTagNames: ValueNames = {
  1: 'Circuit-ID',
  2: 'Remote-ID',
  129: 'Actual-Data-Rate-Up',
  130: 'Actual-Data-Rate-Down',
  131: 'Min-Data-Rate-Up',
  132: 'Min-Data-Rate-Down',
  133: 'Attainable-Data-Rate-Up',
  134: 'Attainable-Data-Rate-Down',
  135: 'Max-Data-Rate-Up',
  136: 'Max-Data-Rate-Down',
  137: 'Min-Data-Rate-Up-Low-Power',
  138: 'Min-Data-Rate-Down-Low-Power',
  139: 'Max-Interleaving-Delay-Up',
  140: 'Actual-Interleaving-Delay-Up',
  141: 'Max-Interleaving-Delay-Down',
  142: 'Actual-Interleaving-Delay-Down',
  144: 'Access-Loop-Encapsulation',
}

export const dataLinkNames: ValueNames = { 0: 'ATM AAL5', 1: 'Ethernet' }

export const encapsulation1Names: ValueNames = {
  0: 'NA',
  1: 'Untagged Ethernet',
  2: 'Single-tagged Ethernet',
  3: 'Double-tagged Ethernet',
}

export const encapsulation2Names: ValueNames = {
  0: 'NA',
  1: 'PPPoA LLC',
  2: 'PPPoA Null',
  3: 'IPoA LLC',
  4: 'IPoA Null',
  5: 'Ethernet over AAL5 LLC w FCS',
  6: 'Ethernet over AAL5 LLC w/o FCS',
  7: 'Ethernet over AAL5 Null w FCS',
  8: 'Ethernet over AAL5 Null w/o FCS',
}

/** What a data rate is counted in (RFC 5578 §4.4). */
export const unitNames: ValueNames = {
  0: 'kilobits per second',
  1: 'megabits per second',
  2: 'gigabits per second',
  3: 'terabits per second',
}
