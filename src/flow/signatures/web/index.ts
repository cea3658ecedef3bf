import type { Signature } from '../signature.ts'
import { ajp13 } from './ajp13.ts'
import { dtls } from './dtls.ts'
import { fastcgi } from './fastcgi.ts'
import { gquic, gquicServer } from './gquic.ts'
import { http, ssdp } from './http.ts'
import { http2, http2Settings } from './http2.ts'
import { icap } from './icap.ts'
import { proxy } from './proxy.ts'
import { quic } from './quic.ts'
import { rtmp } from './rtmp.ts'
import { socks, socksOnPort } from './socks.ts'
import { spdy } from './spdy.ts'
import { sslHello, tls, tlsRecord, tlsRecords } from './tls.ts'

export const web: readonly Signature[] = [
  http,
  tls,
  tlsRecords,
  tlsRecord,
  sslHello,
  ssdp,
  http2,
  http2Settings,
  quic,
  gquic,
  gquicServer,
  dtls,
  icap,
  fastcgi,
  ajp13,
  spdy,
  rtmp,
  proxy,
  socks,
  socksOnPort,
]
