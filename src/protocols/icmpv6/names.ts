/** Names of values in ICMPv6, as assigned by IANA, in Wireshark's spelling. */
import type { ValueNames } from '../field.ts'

/** icmpv6.nd.ra.flag.prf */
export const ndRaFlagPrfNames: ValueNames = {
  0: 'Medium',
  1: 'High',
  2: 'Reserved',
  3: 'Low',
}

/** icmpv6.opt.type */
export const optTypeNames: ValueNames = {
  1: 'Source link-layer address',
  2: 'Target link-layer address',
  3: 'Prefix information',
  4: 'Redirected header',
  5: 'MTU',
  6: 'NBMA Shortcut Limit Option',
  7: 'Advertisement Interval',
  8: 'Home Agent Information',
  9: 'Source Address List',
  10: 'Target Address List',
  11: 'CGA',
  12: 'RSA Signature',
  13: 'Timestamp',
  14: 'Nonce',
  15: 'Trust Anchor',
  16: 'Certificate',
  17: 'IP Address/Prefix Option',
  18: 'New Router Prefix Information',
  19: 'Link-layer Address',
  20: 'Neighbor Advertisement Acknowledgment',
  23: 'MAP',
  24: 'Route Information',
  25: 'Recursive DNS Server',
  26: 'RA Flags Extension',
  27: 'Handover Key Request',
  28: 'Handover Key Reply',
  29: 'Handover Assist Information',
  30: 'Mobile Node Identifier Option',
  31: 'DNS Search List Option',
  32: 'Proxy Signature (PS)',
  33: 'Address Registration Option',
  34: '6LoWPAN Context Option',
  35: 'Authoritative Border Router',
  36: '6LoWPAN Capability Indication Option',
  37: 'DHCP Captive-Portal',
  38: 'PREF64 Option',
  138: 'CARD Request',
  139: 'CARD Reply',
  253: 'RFC3692-style Experiment 1',
  254: 'RFC3692-style Experiment 2',
}

/** icmpv6.opt.prefix.valid_lifetime */
export const optPrefixValidLifetimeNames: ValueNames = {
  4294967295: 'Infinity',
}

/** icmpv6.opt.prefix.preferred_lifetime */
export const optPrefixPreferredLifetimeNames: ValueNames = {
  4294967295: 'Infinity',
}

/** icmpv6.opt.ipa.option_code */
export const optIpaOptionCodeNames: ValueNames = {
  1: 'Old Care-of Address',
  2: 'New Care-of Address',
  3: "NAR's IP address",
  4: "NAR's Prefix (sent in PrRtAdv)",
}

/** icmpv6.opt.efo.prf */
export const optEfoPrfNames: ValueNames = {
  0: 'Medium',
  1: 'High',
  2: 'Reserved',
  3: 'Low',
}

/** icmpv6.opt.aro.status */
export const optAroStatusNames: ValueNames = {
  0: 'Success',
  1: 'Duplicate Exists',
  2: 'Neighbor Cache Full',
}

/** icmpv6.opt.name_type */
export const optNameTypeNames: ValueNames = {
  1: 'DER Encoded X.501 Name',
  2: 'FQDN',
  3: 'SHA-1 Subject Key Identifier (SKI)',
  4: 'SHA-224 Subject Key Identifier (SKI)',
  5: 'SHA-256 Subject Key Identifier (SKI)',
  6: 'SHA-384 Subject Key Identifier (SKI)',
  7: 'SHA-512 Subject Key Identifier (SKI)',
  253: 'Reserved for Experimental Use',
  254: 'Reserved for Experimental Use',
  255: 'Reserved',
}

/** icmpv6.x509_Name */
export const x509NameNames: ValueNames = {
  0: 'rdnSequence',
}

/** icmpv6.opt.lla.option_code */
export const optLlaOptionCodeNames: ValueNames = {
  0: 'Wildcard',
  1: 'Link-layer Address of the New Access Point',
  2: 'Link-layer Address of the MN',
  3: 'Link-layer Address of the NAR',
  4: 'Link-layer Address of the source',
  5: 'The AP belongs to the current interface of the router',
  6: 'No prefix information available',
  7: 'No fast handovers support available',
}

/** icmpv6.opt.naack.status */
export const optNaackStatusNames: ValueNames = {
  1: 'New CoA is invalid, perform address configuration',
  2: 'New CoA is invalid, use the supplied CoA',
  3: "NCoA is invalid, use NAR's IP address as NCoA in FBU",
  4: 'PCoA supplied, do not send FBU',
  128: 'LLA is unrecognized',
}

/** icmpv6.opt.route_info.flag.route_preference */
export const optRouteInfoFlagRoutePreferenceNames: ValueNames = {
  0: 'Medium',
  1: 'High',
  2: 'Reserved',
  3: 'Low',
}

/** icmpv6.opt.route_lifetime */
export const optRouteLifetimeNames: ValueNames = {
  4294967295: 'Infinity',
}

/** icmpv6.opt.rdnss.lifetime */
export const optRdnssLifetimeNames: ValueNames = {
  0: 'RDNSS address MUST no longer be used',
  4294967295: 'Infinity',
}

/** icmpv6.opt.dnssl.lifetime */
export const optDnsslLifetimeNames: ValueNames = {
  0: 'DNSSL domain name MUST no longer be used',
  4294967295: 'Infinity',
}

/** icmpv6.opt.hai.option_code */
export const optHaiOptionCodeNames: ValueNames = {
  1: 'Access Network Identifier (AN ID)',
  2: 'Sector ID',
}

/** icmpv6.opt.mn.option_code */
export const optMnOptionCodeNames: ValueNames = {
  1: 'NAI',
  2: 'IMSI',
}

/** icmpv6.opt.pref64.plc */
export const optPref64PlcNames: ValueNames = {
  0: '96 bits prefix length',
  1: '64 bits prefix length',
  2: '56 bits prefix length',
  3: '48 bits prefix length',
  4: '40 bits prefix length',
  5: '32 bits prefix length',
}

/** icmpv6.rpl.secure.algorithm */
export const rplSecureAlgorithmNames: ValueNames = {
  0: 'Encryption: CCM with AES-128 / Signature: RSA with SHA-256',
}

/** icmpv6.rpl.dio.flag.mop */
export const rplDioFlagMopNames: ValueNames = {
  0: 'No Downward routes maintained by RPL',
  1: 'Non-Storing Mode of Operation',
  2: 'Storing Mode of Operation with no multicast support',
  3: 'Storing Mode of Operation with multicast support',
  4: 'P2P Route Discovery Mode of Operation',
}

/** icmpv6.rpl.opt.type */
export const rplOptTypeNames: ValueNames = {
  0: '1-byte padding',
  1: 'n-byte padding',
  2: 'DAG Metric container',
  3: 'Routing Information',
  4: 'DODAG configuration',
  5: 'RPL Target',
  6: 'Transit Information',
  7: 'Solicited Information',
  8: 'Prefix Information',
  9: 'RPL Target Descriptor',
  10: 'P2P Route Discovery',
}

/** icmpv6.rpl.opt.route.pref */
export const rplOptRoutePrefNames: ValueNames = {
  0: 'Medium',
  1: 'High',
  2: 'Reserved',
  3: 'Low',
}

/** icmpv6.rpl.opt.route.lifetime */
export const rplOptRouteLifetimeNames: ValueNames = {
  4294967295: 'Infinity',
}

/** icmpv6.rpl.opt.prefix.valid_lifetime */
export const rplOptPrefixValidLifetimeNames: ValueNames = {
  4294967295: 'Infinity',
}

/** icmpv6.rpl.opt.prefix.preferred_lifetime */
export const rplOptPrefixPreferredLifetimeNames: ValueNames = {
  4294967295: 'Infinity',
}

/** icmpv6.rpl.opt.metric.type */
export const rplOptMetricTypeNames: ValueNames = {
  1: 'Node State and Attribute',
  2: 'Node Energy',
  3: 'Hop Count',
  4: 'Link Throughput',
  5: 'Link Latency',
  6: 'Link Quality Level',
  7: 'Link ETX',
  8: 'Link Color',
}

/** icmpv6.ext.echo.rsp.state */
export const extEchoRspStateNames: ValueNames = {
  0: 'Reserved',
  1: 'Incomplete',
  2: 'Reachable',
  3: 'Stale',
  4: 'Delay',
  5: 'Probe',
  6: 'Failed',
}

/** icmpv6.fmip6.subtype */
export const fmip6SubtypeNames: ValueNames = {
  2: 'Router Solicitation for Proxy Advertisement',
  3: 'Proxy Router Advertisement',
  4: 'Handover Initiate',
  5: 'Handover Acknowledge',
}

/** icmpv6.6lowpannd.da.status */
export const n6lowpanndDaStatusNames: ValueNames = {
  0: 'Success',
  1: 'Duplicate Exists',
  2: 'Neighbor Cache Full',
}

/** icmpv6.mpl.seed_info.s */
export const mplSeedInfoSNames: ValueNames = {
  0: '0 bit, not included in MPL Seed Info',
  1: '16 bits',
  2: '64 bits',
  3: '128 bits',
}

/** icmpv6.mldr.mar.record_type */
export const mldrMarRecordTypeNames: ValueNames = {
  1: 'Include',
  2: 'Exclude',
  3: 'Changed to include',
  4: 'Changed to exclude',
  5: 'Allow new sources',
  6: 'Block old sources',
}

/** icmpv6.ni.qtype */
export const niQtypeNames: ValueNames = {
  0: 'NOOP',
  1: 'Supported query types (Obsolete)',
  2: 'Node Name',
  3: 'Node addresses',
  4: 'IPv4 node addresses',
}

/** icmpv6.rr.pco.mp.opcode */
export const rrPcoMpOpcodeNames: ValueNames = {
  1: 'Add',
  2: 'Change',
  3: 'Set Global',
}

/** icmpv6.rr.pco.up.validlifetime */
export const rrPcoUpValidlifetimeNames: ValueNames = {
  4294967295: 'Infinity',
}

/** icmpv6.rr.pco.up.preferredlifetime */
export const rrPcoUpPreferredlifetimeNames: ValueNames = {
  4294967295: 'Infinity',
}

/** icmpv6.type */
export const typeNames: ValueNames = {
  1: 'Destination Unreachable',
  2: 'Packet Too Big',
  3: 'Time Exceeded',
  4: 'Parameter Problem',
  100: 'Private experimentation',
  101: 'Private experimentation',
  127: 'Reserved for expansion of ICMPv6 error messages',
  128: 'Echo (ping) request',
  129: 'Echo (ping) reply',
  130: 'Multicast Listener Query',
  131: 'Multicast Listener Report',
  132: 'Multicast Listener Done',
  133: 'Router Solicitation',
  134: 'Router Advertisement',
  135: 'Neighbor Solicitation',
  136: 'Neighbor Advertisement',
  137: 'Redirect',
  138: 'Router Renumbering',
  139: 'Node Information Query',
  140: 'Node Information Reply',
  141: 'Inverse Neighbor Discovery Solicitation',
  142: 'Inverse Neighbor Discovery Advertisement',
  143: 'Multicast Listener Report Message v2',
  144: 'Home Agent Address Discovery Request',
  145: 'Home Agent Address Discovery Reply',
  146: 'Mobile Prefix Solicitation',
  147: 'Mobile Prefix Advertisement',
  148: 'Certification Path Solicitation',
  149: 'Certification Path Advertisement',
  150: 'Experimental Mobility',
  151: 'Multicast Router Advertisement',
  152: 'Multicast Router Solicitation',
  153: 'Multicast Router Termination',
  154: 'FMIPv6',
  155: 'RPL Control',
  156: 'Locator Update',
  157: 'Duplicate Address Request',
  158: 'Duplicate Address Confirmation',
  159: 'MPL Control Message',
  160: 'Extended Echo request',
  161: 'Extended Echo reply',
  200: 'Private experimentation',
  201: 'Private experimentation',
  255: 'Reserved for expansion of ICMPv6 informational messages',
}
