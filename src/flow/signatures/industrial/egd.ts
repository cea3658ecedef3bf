/** Ethernet Global Data (GE GFK-2224, appendix B): PDU type 13, version 1, request id, producer (4), exchange id, ... Little-endian. */
import type { Signature } from '../signature.ts'

const EGD_PORT = 18_246
const DATA = 0x0d
const VERSION = 1
const HEADER = 32

export const egd: Signature = {
  name: 'egd',
  title: 'Ethernet Global Data',
  transport: 'udp',
  evidence: `production data of version 1 on port ${EGD_PORT}`,
  begins: [DATA],
  matches: (payload) =>
    payload.hasPort(EGD_PORT) && payload.end - payload.at >= HEADER && payload.bytes[payload.at + 1] === VERSION,
}
