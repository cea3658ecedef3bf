import type { Signature } from '../signature.ts'
import { h225, h245, q931 } from './h323.ts'
import { iax2 } from './iax2.ts'
import { megaco } from './megaco.ts'
import { mgcp, mgcpResponse } from './mgcp.ts'
import { mumble } from './mumble.ts'
import { rtcp } from './rtcp.ts'
import { rtp } from './rtp.ts'
import { rtsp } from './rtsp.ts'
import { sip } from './sip.ts'
import { skinny } from './skinny.ts'
import { channelData, classicStun, stun, stunOverTcp } from './stun.ts'

export const voice: readonly Signature[] = [
  sip,
  rtsp,
  mgcp,
  megaco,
  stun,
  stunOverTcp,
  h245,
  h225,
  q931,
  iax2,
  rtcp,
  classicStun,
  mgcpResponse,
  skinny,
  mumble,
  rtp,
  channelData,
]
