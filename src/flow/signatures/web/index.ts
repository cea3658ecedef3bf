import type { Signature } from '../signature.ts'
import { http, ssdp } from './http.ts'
import { tls, tlsRecord } from './tls.ts'

export const web: readonly Signature[] = [http, tls, tlsRecord, ssdp]
