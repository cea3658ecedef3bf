/** What TCP and UDP carry, decoded only when a field, a filter or a report asks for it (`dissection`). */
import type { Protocol } from '../protocol.ts'
import { bencode, bittorrent } from './bittorrent.ts'
import { btDht } from './bt-dht.ts'
import { cflow } from './cflow.ts'
import { dcerpc } from './dcerpc.ts'
import { dhcp } from './dhcp.ts'
import { dhcpv6 } from './dhcpv6.ts'
import { dns } from './dns.ts'
import { dtls } from './dtls.ts'
import { ftp, ftpData } from './ftp.ts'
import { bodyProtocols } from './http/body.ts'
import { http, ssdp } from './http/http.ts'
import { imap } from './imap.ts'
import { irc } from './irc.ts'
import { isakmp } from './isakmp.ts'
import { kerberos } from './kerberos/kerberos.ts'
import { cldap, ldap } from './ldap/ldap.ts'
import { llmnr } from './llmnr.ts'
import { mdns } from './mdns.ts'
import { modbus, modbusTcp } from './modbus/modbus.ts'
import { mqtt } from './mqtt/mqtt.ts'
import { mysql } from './mysql.ts'
import { namedByLook } from './named-by-look.ts'
import { namedServices } from './named-services.ts'
import { nbdgm } from './nbdgm.ts'
import { nbns } from './nbns.ts'
import { ntp } from './ntp.ts'
import { pop } from './pop.ts'
import { quic } from './quic.ts'
import { radius } from './radius.ts'
import { rip } from './rip.ts'
import { rpcPrograms } from './rpc/program-protocols.ts'
import { rpc } from './rpc/rpc.ts'
import { securityProtocols } from './security/gss-api.ts'
import { ntlmssp } from './security/ntlmssp.ts'
import { mailslotProtocols } from './smb/mailslot.ts'
import { nbss } from './smb/nbss.ts'
import { netbios } from './smb/netbios.ts'
import { smb } from './smb/smb.ts'
import { smb2 } from './smb/smb2.ts'
import { smtp } from './smtp/smtp.ts'
import { snmp } from './snmp.ts'
import { socks } from './socks.ts'
import { ssh } from './ssh.ts'
import { stun } from './stun.ts'
import { syslog } from './syslog.ts'
import { telnet } from './telnet.ts'
import { tftp } from './tftp.ts'
import { tls } from './tls/tls.ts'
import { cotp, cotpPayloads } from './tpkt/cotp.ts'
import { rdp } from './tpkt/rdp.ts'
import { t124, t125 } from './tpkt/t125.ts'
import { h245, tpkt } from './tpkt/tpkt.ts'
import { mgcp } from './voip/mgcp.ts'
import { rtcp, rtp } from './voip/rtp.ts'
import { rtsp } from './voip/rtsp.ts'
import { sdp } from './voip/sdp.ts'
import { sip } from './voip/sip.ts'
import { skinny } from './voip/skinny.ts'
import { t38 } from './voip/t38.ts'
import { websocket } from './websocket.ts'
import { wireGuard } from './wireguard.ts'
import { xmpp } from './xmpp.ts'

export const applications: readonly Protocol[] = [
  bencode,
  bittorrent,
  ...bodyProtocols,
  btDht,
  cflow,
  cldap,
  cotp,
  ...cotpPayloads,
  dcerpc,
  dhcp,
  dhcpv6,
  dns,
  dtls,
  ftp,
  ftpData,
  h245,
  http,
  imap,
  irc,
  isakmp,
  kerberos,
  ldap,
  llmnr,
  ...mailslotProtocols,
  mdns,
  mgcp,
  modbus,
  modbusTcp,
  mqtt,
  mysql,
  ...namedByLook,
  ...namedServices,
  nbdgm,
  nbns,
  nbss,
  netbios,
  ntlmssp,
  ntp,
  pop,
  quic,
  radius,
  rdp,
  rip,
  rpc,
  ...rpcPrograms,
  rtcp,
  rtp,
  rtsp,
  sdp,
  ...securityProtocols,
  sip,
  skinny,
  smb,
  smb2,
  smtp,
  snmp,
  socks,
  ssdp,
  ssh,
  stun,
  syslog,
  t124,
  t125,
  t38,
  telnet,
  tftp,
  tls,
  tpkt,
  websocket,
  wireGuard,
  xmpp,
]
