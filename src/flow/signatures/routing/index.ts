import type { Signature } from '../signature.ts'
import { babel } from './babel.ts'
import { bfd } from './bfd.ts'
import { bgp } from './bgp.ts'
import { bmp } from './bmp.ts'
import { glbp, hsrp } from './hsrp.ts'
import { ldp } from './ldp.ts'
import { mplsEcho } from './mpls-echo.ts'
import { msdp } from './msdp.ts'
import { olsr } from './olsr.ts'
import { openFlow } from './openflow.ts'
import { pcep } from './pcep.ts'
import { rip, ripng } from './rip.ts'
import { rpkiRouter } from './rpki-router.ts'

export const routing: readonly Signature[] = [
  bgp,
  rpkiRouter,
  ldp,
  bmp,
  pcep,
  openFlow,
  babel,
  bfd,
  msdp,
  rip,
  ripng,
  hsrp,
  glbp,
  olsr,
  mplsEcho,
]
