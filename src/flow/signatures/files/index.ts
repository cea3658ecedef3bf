import type { Signature } from '../signature.ts'
import { dsi } from './dsi.ts'
import { ftp } from './ftp.ts'
import { iscsi } from './iscsi.ts'
import { lnet } from './lnet.ts'
import { nbd } from './nbd.ts'
import { ndmp } from './ndmp.ts'
import { nbss } from './netbios-session.ts'
import { plan9 } from './plan9.ts'
import { rpc, rpcOverTcp } from './rpc.ts'
import { rsync } from './rsync.ts'
import { rx } from './rx.ts'
import { tftp } from './tftp.ts'
import { bzr, cvs, git, svn } from './version-control.ts'

export const files: readonly Signature[] = [
  rpcOverTcp,
  rpc,
  nbss,
  ndmp,
  rsync,
  git,
  svn,
  bzr,
  cvs,
  nbd,
  lnet,
  plan9,
  ftp,
  tftp,
  iscsi,
  dsi,
  rx,
]
