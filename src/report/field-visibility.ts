/** Which fields are part of a packet's tree, which only repeat what others in it say, and which Wireshark worked out. */
import type { Field } from '../protocols/field.ts'

/** Wireshark keeps these for filters, and shows others that say the same: what its PDML marks `hide`. */
const HIDDEN: ReadonlySet<string> = new Set(
  [
    'afs.cb afs.fs afs.prot afs.vldb dccp.ack_res dccp.port dccp.res1 dccp.res2',
    'dhcp.option.agent_information_option.value dhcp.option.value eth.addr eth.addr.oui eth.dst.oui eth.ig',
    'eth.lg eth.src.oui fddi.addr ftp.request ftp.response geneve.option.flags geneve.option.type.critical',
    'geneve.reserved http.chat http.request http.request.line http.response http.response.line imap.command',
    'imap.isrequest imap.tag ip.addr ip.host ipv6.6to4_gw_ipv4 ipv6.6to4_sla_id ipv6.addr ipv6.host',
    'ipv6.slaac_mac ipv6.tc_ipv4 ipv6.tc_port ipv6.ts_ipv4 ipx.addr ipx.dst ipx.net ipx.node ipx.socket',
    'ipx.src isl.addr mgcp.dup mgcp.messagecount mgcp.req mgcp.rsp nfs.status ospf.msg.dbdesc ospf.msg.hello',
    'ospf.msg.lsack ospf.msg.lsreq ospf.msg.lsupdate pgm.port pgsql.frontend pweth.cw radius.req radius.rsp',
    'rsvp.ctype rsvp.hello rsvp.path sctp.initiate_tag sctp.port sip.tag smtp.req smtp.rsp tcp.port',
    'tns.request tns.response tr.addr udp.port udplite.port wlan.addr wlan.fc.fromds wlan.fc.tods xmpp.in',
    'xmpp.out',
  ].flatMap((names) => names.split(' ')),
)

/** Wireshark's names for an address looked up; without look-ups they are the address once more. */
const REPEATS = /_(host|resolved)$/

export function isShown({ name, parts }: Field): boolean {
  return parts === undefined && !HIDDEN.has(name) && !REPEATS.test(name)
}

/** What Wireshark works out, and shows in brackets, though it needs no other packet for it. */
const WORKED_OUT: ReadonlySet<string> = new Set([
  'dns.time',
  'frame.ignored',
  'frame.marked',
  'frame.offset_shift',
  'frame.protocols',
  'http.request.full_uri',
  'http.request_number',
  'http.response_number',
  'http.time',
  'icmp.resptime',
  'tcp.completeness',
  'tcp.flags.str',
  'tcp.len',
])

/** Whether a checksum is right is no field of the packet. */
const VERDICT = /\.(checksum|fcs|crc)(\w*)\.status$/

/** Whether the value is a judgment, of which Wireshark shows the name alone. */
export function isVerdict({ name }: Field): boolean {
  return VERDICT.test(name)
}

/** Whether the value was worked out, from other packets or from several fields, rather than read. */
export function isWorkedOut(field: Field): boolean {
  if (field.place !== undefined || field.lies !== undefined) return false
  // What is decoded on demand only was read all the same; numbers of packets are what they are.
  const isOfOthers = field.need !== undefined && field.need !== 'dissection' && field.need !== 'numbers'
  return isOfOthers || field.type === 'framenum' || WORKED_OUT.has(field.name) || isVerdict(field)
}
