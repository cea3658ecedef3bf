import type { Signature } from '../signature.ts'
import { citrix } from './citrix.ts'
import { exec, rlogin, rsh } from './r-commands.ts'
import { rdpUdp } from './rdp-udp.ts'
import { spice } from './spice.ts'
import { ssh, sshKeyExchange } from './ssh.ts'
import { teamViewer } from './teamviewer.ts'
import { telnet } from './telnet.ts'
import { tpkt } from './tpkt.ts'
import { vnc } from './vnc.ts'
import { x11 } from './x11.ts'
import { xdmcp } from './xdmcp.ts'

export const remote: readonly Signature[] = [
  ssh,
  sshKeyExchange,
  vnc,
  spice,
  citrix,
  tpkt,
  telnet,
  x11,
  rdpUdp,
  rlogin,
  xdmcp,
  rsh,
  exec,
  teamViewer,
]
